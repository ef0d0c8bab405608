package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is that of the next release.
const version = "0.1.0-dev"

// userAgent is the honest name that requests go by.
func userAgent() string { return "crawl/" + version }

// versionLine says what this binary is.
func versionLine() string {
	line := fmt.Sprintf("crawl %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				line += " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return line
}
