package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// publish writes text to path by way of a File.
func publish(t *testing.T, path, text string) *File {
	t.Helper()
	f, err := Create(path)
	must(t, err)
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	must(t, f.Commit())
	return f
}

// holds fails unless the file at path holds text.
func holds(t *testing.T, path, text string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != text {
		t.Errorf("%s holds %q, error %v, want %q", path, got, err, text)
	}
}

// only fails unless dir holds exactly these names.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

// fails returns the error of Create and checks that it names the path.
func fails(t *testing.T, path string, cause error) {
	t.Helper()
	f, err := Create(path)
	if err == nil {
		f.Abort()
		t.Fatalf("%q was taken", path)
	}
	wants(t, err, cause)
	var named *fs.PathError
	if !errors.As(err, &named) || named.Path != path {
		t.Errorf("%v does not name %q", err, path)
	}
}

func TestAnOutputAppearsOnlyWhenItIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.jsonl")
	must(t, os.WriteFile(path, []byte("old"), 0o644))
	f, err := Create(path)
	must(t, err)
	f.Write([]byte("ne"))
	holds(t, path, "old")
	f.Write([]byte("w"))
	holds(t, path, "old")
	must(t, f.Commit())
	holds(t, path, "new")
	if f.Name() != path || f.Direct() {
		t.Errorf("name %q, direct %v", f.Name(), f.Direct())
	}
	only(t, dir, "out.jsonl")
	f.Abort() // deferred as a rule: it must not harm
	holds(t, path, "new")
	wants(t, f.Commit(), fs.ErrClosed)
}

func TestAnAbortedOutputLeavesWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	for range 2 { // once without an old file, once with one
		f, err := Create(path)
		must(t, err)
		f.Write([]byte("half a rec"))
		f.Abort()
		f.Abort()
		wants(t, f.Commit(), fs.ErrClosed)
		if _, err := os.Stat(path); err == nil {
			holds(t, path, "old")
			only(t, dir, "out")
		} else {
			only(t, dir)
			must(t, os.WriteFile(path, []byte("old"), 0o644))
		}
	}
}

func TestASecondAbortTouchesNoOtherOutput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	first, err := Create(path)
	must(t, err)
	first.Abort()
	second, err := Create(path) // its temporary file has the free name again
	must(t, err)
	first.Abort()
	second.Write([]byte("second"))
	must(t, second.Commit())
	holds(t, path, "second")
}

func TestAfterAFailedWriteTheOldFileStays(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	must(t, os.WriteFile(path, []byte("old"), 0o644))
	f, err := Create(path)
	must(t, err)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	real := f.f
	f.f = full
	_, err = f.Write([]byte("new"))
	wants(t, err, syscall.ENOSPC)
	if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "/dev/full") {
		t.Errorf("%v does not name the path as it was given", err)
	}
	f.f = real
	full.Close()
	_, err = f.Write([]byte("more"))
	wants(t, err, syscall.ENOSPC)
	wants(t, f.Commit(), syscall.ENOSPC)
	holds(t, path, "old")
	only(t, dir, "out")
}

func TestARenameThatFailsLeavesNoTemporaryFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	f, err := Create(path)
	must(t, err)
	must(t, os.Mkdir(path, 0o777)) // somebody was quicker
	err = f.Commit()
	var named *fs.PathError
	if !errors.As(err, &named) || named.Path != path {
		t.Errorf("%v does not name the path", err)
	}
	only(t, dir, "out")
}

func TestAnExistingFileKeepsItsMode(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o666, 0o640, 0o755} {
		path := filepath.Join(t.TempDir(), "out")
		must(t, os.WriteFile(path, nil, 0o600))
		must(t, os.Chmod(path, mode))
		f, err := Create(path)
		must(t, err)
		if info, err := f.f.Stat(); err != nil || info.Mode().Perm()&^mode != 0 {
			t.Errorf("meanwhile the mode is %v, error %v, wider than %v", info.Mode(), err, mode)
		}
		must(t, f.Commit())
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != mode {
			t.Errorf("the mode became %v, want %v", info.Mode().Perm(), mode)
		}
	}
}

func TestAPrivateFileIsForItsOwnerAloneUnlessItWasNot(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	path := filepath.Join(t.TempDir(), "out")
	for _, mode := range []fs.FileMode{0o600, 0o644} {
		f, err := CreatePrivate(path)
		must(t, err)
		_, err = f.Write([]byte("x"))
		must(t, err)
		must(t, f.Commit())
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != mode {
			t.Errorf("the mode is %v, want %v", info.Mode().Perm(), mode)
		}
		must(t, os.Chmod(path, 0o644))
	}
}

func TestALeftoverOfAKilledRunIsKnownAndNotInTheWay(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.jsonl")
	killed, err := Create(path)
	must(t, err)
	name := filepath.Base(killed.f.Name())
	if !strings.HasPrefix(name, ".out.jsonl.crawl-") || !strings.HasSuffix(name, "-0.tmp") {
		t.Errorf("a leftover would be called %q", name)
	}
	publish(t, path, "second")
	only(t, dir, name, "out.jsonl")
	killed.f.Close()
	publish(t, path, "third")
	holds(t, path, "third")
	only(t, dir, name, "out.jsonl")
}

func TestALongNameStillHasATemporaryOne(t *testing.T) {
	for _, name := range []string{strings.Repeat("n", 255), strings.Repeat("日", 85), strings.Repeat("n", 199) + "é", "\xff" + strings.Repeat("\xfe", 254)} {
		path := filepath.Join(t.TempDir(), name)
		publish(t, path, "x")
		holds(t, path, "x")
	}
}

func TestARelativePathIsWrittenWhereTheProcessStands(t *testing.T) {
	t.Chdir(t.TempDir())
	publish(t, "out", "x")
	holds(t, "out", "x")
	must(t, os.Mkdir("d", 0o777))
	publish(t, "d/out", "y")
	holds(t, "d/out", "y")
	only(t, ".", "d", "out")
	only(t, "d", "out")
}

func TestASymbolicLinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must(t, os.MkdirAll("real/deep", 0o777))
	must(t, os.Symlink("deep/target", "real/second"))
	must(t, os.Symlink("real/second", "first"))
	for _, text := range []string{"made", "replaced"} { // first without a target
		publish(t, filepath.Join(dir, "first"), text)
		holds(t, "real/deep/target", text)
	}
	publish(t, "first", "relative")
	holds(t, "real/deep/target", "relative")
	for _, link := range []string{"first", "real/second"} {
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", link)
		}
	}
	only(t, "real/deep", "target")
	// ".." counts from where a linked directory leads, not from where it stands.
	must(t, os.Symlink("real/deep", "shortcut"))
	must(t, os.Symlink("shortcut/../up", "third"))
	publish(t, "third", "up")
	holds(t, "real/up", "up")
}

func TestAPathThatCannotBeWrittenIsRefusedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	must(t, os.Symlink("loop", loop))
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	fails(t, "", fs.ErrNotExist)
	fails(t, dir, syscall.EISDIR)
	fails(t, dir+"/", syscall.EISDIR)
	fails(t, dir+"/new/", syscall.EISDIR)
	fails(t, dir+"/absent/out", fs.ErrNotExist)
	fails(t, dir+"/file/out", syscall.ENOTDIR)
	fails(t, loop, syscall.ELOOP)
	fails(t, "/dev/fd/987654", syscall.EBADF)
	only(t, dir, "file", "loop")
}

func TestAReadOnlyFileOrDirectoryIsLeftAlone(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("nothing is read-only to root")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	must(t, os.WriteFile(path, []byte("old"), 0o400))
	fails(t, path, fs.ErrPermission)
	must(t, os.Chmod(dir, 0o500))
	fails(t, filepath.Join(dir, "new"), fs.ErrPermission)
	for _, path := range []string{dir, filepath.Join(dir, "new")} {
		_, err := NewSaver(path)
		wants(t, err, fs.ErrPermission)
		var named *fs.PathError
		if !errors.As(err, &named) || named.Path != path {
			t.Errorf("%v does not name %q", err, path)
		}
	}
	must(t, os.Chmod(dir, 0o700))
	only(t, dir, "out")
}

func TestADeviceIsWrittenAndNeverReplaced(t *testing.T) {
	full, err := Create("/dev/full")
	must(t, err)
	if !full.Direct() {
		t.Fatal("/dev/full is taken for a file")
	}
	_, err = full.Write([]byte("x"))
	wants(t, err, syscall.ENOSPC)
	wants(t, full.Commit(), syscall.ENOSPC)

	publish(t, "/dev/null", "x")
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink("/dev/null", link))
	publish(t, link, "x")
	for _, path := range []string{"/dev/full", "/dev/null"} {
		if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
			t.Fatalf("%s is no device any more", path)
		}
	}
}
