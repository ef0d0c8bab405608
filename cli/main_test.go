package cli

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// interop is the variable that forbids to skip tests of what is not installed.
const interop = "CRAWL_INTEROP"

// TestMain hides the settings of whoever runs the tests.
func TestMain(m *testing.M) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, envPrefix) && name != interop {
			os.Unsetenv(name)
		}
	}
	os.Setenv("XDG_CONFIG_HOME", os.DevNull)
	os.Exit(m.Run())
}

// program is the path of one that a test needs.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv(interop) != "" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
	return path
}

// must ends the test for an error that it is not about.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
