package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUser(t *testing.T) {
	for typed, want := range map[string][2]string{
		"me:secret":  {"me", "secret"},
		"me:":        {"me", ""},
		":":          {"", ""},
		"me:a:b@c/d": {"me", "a:b@c/d"},
	} {
		o, err := equipped(t, nil, "-user", typed)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		u := o.engine.Fetch.User
		if password, ok := u.Password(); u.Username() != want[0] || password != want[1] || !ok {
			t.Errorf("%s: %q, %q, %v", typed, u.Username(), password, ok)
		}
	}
}

// The file of names and passwords is that of NETRC, or in the home directory.
func TestNetrcFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"mine": "machine a.example login me password mine", ".netrc": "machine a.example login me password home",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	home := "HOME"
	if os.PathSeparator == '\\' {
		home = "USERPROFILE"
	}
	t.Setenv(home, dir)
	for netrc, want := range map[string]string{filepath.Join(dir, "mine"): "mine", "": "home"} {
		t.Setenv("NETRC", netrc)
		o, err := equipped(t, nil, "-netrc")
		if err != nil {
			t.Errorf("NETRC=%s: %v", netrc, err)
			continue
		}
		if _, got, ok := o.engine.Fetch.Netrc("a.example"); !ok || got != want {
			t.Errorf("NETRC=%s: %q, %v, want %q", netrc, got, ok, want)
		}
	}
	if o, err := equipped(t, nil); err != nil || o.engine.Fetch.Netrc != nil {
		t.Errorf("without -netrc: %v", err)
	}
}

// Without the file, -netrc is a mistake; nothing of a bad one is shown.
func TestNetrcThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad")
	if err := os.WriteFile(bad, []byte("machine a.example\nlogin \"hush"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", "")
	t.Setenv("USERPROFILE", "")
	for netrc, want := range map[string]string{
		filepath.Join(dir, "none"): "-netrc: open " + filepath.Join(dir, "none") + ": ",
		dir:                        "-netrc: " + dir + ": read " + dir,
		bad:                        "-netrc: " + bad + ": line 2: a quote that does not end on its line",
		"":                         "-netrc: the environment has neither NETRC nor a home directory",
	} {
		t.Setenv("NETRC", netrc)
		if _, err := equipped(t, nil, "-netrc"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("NETRC=%s: %v, want %s…", netrc, err, want)
		}
	}
}
