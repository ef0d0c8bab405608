package results

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestTwoPathsOfOneFileAreTheSame(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must(t, os.MkdirAll("real/deep", 0o777))
	must(t, os.WriteFile("real/file", nil, 0o666))
	must(t, os.WriteFile("real/other", nil, 0o666))
	must(t, os.Link("real/file", "hard"))
	symlink(t, "real", "short")
	symlink(t, "real/file", "soft")
	symlink(t, "real/new", "dangling")
	symlink(t, "dangling", "twice")
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"real/file", "real/file", true},
		{"real/file", "./real/../real/file", true},
		{"real/file", filepath.Join(dir, "real/file"), true},
		{"real/file", "hard", true},
		{"hard", "soft", true},
		{"short/file", "real/file", true},
		{"real/file", "real/other", false},
		// Names of files to make.
		{"new", "./new", true},
		{"new", filepath.Join(dir, "new"), true},
		{"short/new", "real/new", true},
		{"dangling", "real/new", true},
		{"twice", "short/new", true},
		{"twice", "dangling", true},
		{"short/deep/../new", "real/new", true},
		{"absent/new", "./absent/new", true},
		{"short/absent/new", "real/absent/new", true},
		{"new", "real/new", false},
		{"new", "real/file", false},
		{"dangling", "real/other", false},
		// No files.
		{"real", "real", false},
		{"", "", false},
		{os.DevNull, os.DevNull, false},
	} {
		if a, b := Locate(c.a), Locate(c.b); a.Same(b) != c.same || b.Same(a) != c.same {
			t.Errorf("%q and %q: %v and %v, want same: %v", c.a, c.b, a, b, c.same)
		}
	}
	if Locate("new").Exists() || !Locate("soft").Exists() || Locate("dangling").Exists() {
		t.Error("it is not known what is there")
	}
	if p := Locate("twice").Path; p != canonical(filepath.Join(dir, "real", "new")) || !filepath.IsAbs(p) {
		t.Error(p)
	}
}

// symlink makes a link, where the system lets it.
func symlink(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(filepath.FromSlash(to), name); err != nil && runtime.GOOS == "windows" {
		t.Skip(err)
	} else {
		must(t, err)
	}
}

func TestAFileIsInItsDirectoryByWhateverName(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.Mkdir("real", 0o777))
	symlink(t, "real", "short")
	for _, c := range []struct {
		file, dir string
		in        bool
	}{
		{"real/x", "real", true}, {"real/x", "short/", true}, {"short/x", "./real", true},
		{"state/x", "state", true}, {"short/state/x", "real/state", true},
		{"real/x", ".", false}, {"real/deep/x", "real", false}, {"x", "real", false}, {"x", "", false}, {"", ".", false},
	} {
		if Locate(c.file).In(c.dir) != c.in {
			t.Errorf("%q in %q: want %v", c.file, c.dir, c.in)
		}
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{{"real", "short", true}, {"absent", "./absent/", true}, {"real", ".", false}, {"", "", false}, {"", ".", false}} {
		if SameDir(c.a, c.b) != c.same {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.same)
		}
	}
}

func TestAnOpenFileIsTheOneOfItsPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	if at := LocateFile(f); !at.Direct || !at.Exists() || !at.Same(Locate(path)) || Locate(path).Direct {
		t.Errorf("%v, %v", at, Locate(path))
	}
	r, w, err := os.Pipe()
	must(t, err)
	defer r.Close()
	defer w.Close()
	if at := LocateFile(w); at.Exists() || at.Same(LocateFile(w)) {
		t.Errorf("a pipe is taken for a file: %v", at)
	}
	w.Close()
	if LocateFile(w).Exists() {
		t.Error("a closed file is taken for one")
	}
}
