package cli

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxConfig is the longest file of settings.
const maxConfig = 1 << 20

// userConfig is the user's file of settings, "" where there is no place for one:
// without HOME, say, or where the places that the environment names are relative.
func userConfig(getenv func(string) string) string {
	dir, below := getenv("XDG_CONFIG_HOME"), ""
	if !filepath.IsAbs(dir) {
		dir, below = getenv("HOME"), ".config"
		switch runtime.GOOS {
		case "darwin":
			below = "Library/Application Support"
		case "windows":
			dir, below = getenv("AppData"), ""
		}
	}
	if !filepath.IsAbs(dir) {
		return ""
	}
	return filepath.Join(dir, below, "crawl", "config.toml")
}

// readConfig reads a file of settings, without its byte order mark. What is no regular
// file is not opened, for it may be waited for or never end: but the process's own
// descriptors are, as which <(command) comes, and os.DevNull, which is no settings.
func readConfig(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !isDescriptor(name) && name != os.DevNull {
		what := "is no regular file"
		switch {
		case info.IsDir():
			what = "is a directory"
		case info.Mode()&fs.ModeNamedPipe != 0:
			what += "; a pipe may be given as /dev/stdin or <(command)"
		}
		return nil, fmt.Errorf("%s %s", name, what)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxConfig {
		return nil, fmt.Errorf("%s: over 1 MiB, which no settings are", name)
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}

// isDescriptor says that a name is one of the process's own descriptors.
func isDescriptor(name string) bool {
	name = filepath.ToSlash(filepath.Clean(name))
	return name == "/dev/stdin" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}
