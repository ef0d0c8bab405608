package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// version is that of the next release.
const version = "0.1.0-dev"

// userAgent is the honest name that requests go by.
func userAgent() string { return "crawl/" + version }

// versionLine says what this binary is.
func versionLine() string {
	info, _ := debug.ReadBuildInfo()
	return describe(info)
}

// describe is the version, what it was built of, and by what. info may be nil.
func describe(info *debug.BuildInfo) string {
	built := ""
	if info != nil {
		built = provenance(info)
	}
	return fmt.Sprintf("crawl %s%s %s %s/%s", version, built, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// provenance is " (module v1.2.3, commit 0123456789ab of 2026-01-02T15:04:05Z,
// modified)", as far as it is known.
func provenance(info *debug.BuildInfo) string {
	vcs := map[string]string{}
	for _, s := range info.Settings {
		vcs[s.Key] = s.Value
	}
	var parts []string
	if v := info.Main.Version; v != "" && v != "(devel)" {
		parts = append(parts, "module "+v)
	}
	if commit := vcs["vcs.revision"]; commit != "" {
		text := "commit " + commit[:min(12, len(commit))]
		if date := vcs["vcs.time"]; date != "" {
			text += " of " + date
		}
		parts = append(parts, text)
	}
	if vcs["vcs.modified"] == "true" {
		parts = append(parts, "modified")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
