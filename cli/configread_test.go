package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A file that is too long is not read to its end.
func TestASettingsFileHasABound(t *testing.T) {
	name := filepath.Join(t.TempDir(), "big.toml")
	if err := os.WriteFile(name, bytes.Repeat([]byte("#\n"), maxConfig/2+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readConfig(name); err == nil || !strings.HasSuffix(err.Error(), "big.toml: over 1 MiB, which no settings are") {
		t.Error(err)
	}
	if err := os.Truncate(name, maxConfig); err != nil {
		t.Fatal(err)
	}
	if data, err := readConfig(name); err != nil || len(data) != maxConfig {
		t.Error(err)
	}
}

// What is no file of settings is told at once: by -config, and where the user's own
// should stand.
func TestWhatIsNoFileIsNoSettings(t *testing.T) {
	dir := t.TempDir()
	if _, err := readConfig(dir); err == nil || err.Error() != dir+" is a directory" {
		t.Error(err)
	}
	if _, err := readConfig(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "crawl", "config.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, _, err := parse([]string{"http://a.example/"}, fromFile(t.Context(), []string{"XDG_CONFIG_HOME=" + dir}))
	if runtime.GOOS == "linux" && (err == nil || !strings.HasPrefix(err.Error(), "settings: ") || !strings.HasSuffix(err.Error(), "config.toml is a directory")) {
		t.Error(err)
	}
	if data, err := readConfig(os.DevNull); err != nil || len(data) != 0 { // the way to say none
		t.Errorf("%q, %v", data, err)
	}
}
