package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// The version says what is known of the build, and nothing that is not.
func TestVersionSaysWhatItWasBuiltOf(t *testing.T) {
	end := " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	vcs := func(pairs ...string) (settings []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			settings = append(settings, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return settings
	}
	commit := []string{"vcs.revision", "0123456789abcdef", "vcs.time", "2026-01-02T15:04:05Z"}
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, ""},
		{&debug.BuildInfo{}, ""},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, ""},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, " (module v1.2.3)"},
		{&debug.BuildInfo{Settings: vcs("vcs.revision", "0123")}, " (commit 0123)"},
		{&debug.BuildInfo{Settings: vcs(append(commit, "vcs.modified", "false")...)}, " (commit 0123456789ab of 2026-01-02T15:04:05Z)"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: vcs(append(commit, "vcs.modified", "true")...)},
			" (module v1.2.3, commit 0123456789ab of 2026-01-02T15:04:05Z, modified)"},
	} {
		if got, want := describe(c.info), "crawl "+version+c.want+end; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
