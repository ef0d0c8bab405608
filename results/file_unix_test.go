//go:build unix

package results

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestAFIFOIsWrittenDirectly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	must(t, syscall.Mkfifo(path, 0o600))
	got := make(chan string, 1)
	go func() {
		r, err := os.Open(path)
		if err != nil {
			got <- err.Error()
			return
		}
		defer r.Close()
		b, _ := io.ReadAll(r)
		got <- string(b)
	}()
	if !publish(t, path, "through").Direct() {
		t.Error("the FIFO is taken for a file")
	}
	if s := <-got; s != "through" {
		t.Errorf("the reader got %q", s)
	}
	if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Error("the FIFO is none any more")
	}
}

func TestAFIFOWhoseReaderWentAwayIsABrokenPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	must(t, syscall.Mkfifo(path, 0o600))
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	must(t, err)
	f, err := Create(path)
	must(t, err)
	r.Close()
	_, err = f.Write([]byte("x"))
	wants(t, err, syscall.EPIPE)
	wants(t, f.Commit(), syscall.EPIPE)
}

// A file behind a descriptor is what `crawl -o /dev/stdout > file` writes:
// after what the shell wrote before, and without renaming anything over it.
func TestADescriptorIsWrittenWhereItStands(t *testing.T) {
	dir := t.TempDir()
	behind := filepath.Join(dir, "behind")
	f, err := os.Create(behind)
	must(t, err)
	defer f.Close()
	f.WriteString("before ")
	link := filepath.Join(dir, "link")
	must(t, os.Symlink(fmt.Sprintf("/dev/fd/%d", f.Fd()), link))
	for _, path := range []string{
		fmt.Sprintf("/dev/fd/%d", f.Fd()),
		fmt.Sprintf("/dev/../proc/self/fd/%d", f.Fd()),
		fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), f.Fd()),
		link,
	} {
		if !publish(t, path, "x").Direct() {
			t.Errorf("%s is not written directly", path)
		}
	}
	f.WriteString(" after")
	holds(t, behind, "before xxxx after")
	only(t, dir, "behind", "link")
}

func TestStandardOutputHasADescriptor(t *testing.T) {
	for path, want := range map[string]int{"/dev/stdout": 1, "/dev/stderr": 2, "/dev/fd/1": 1, "/dev/./stdout": 1, "/dev/fd/07": 7} {
		if n, ok := ownFD(path); !ok || n != want {
			t.Errorf("%s: descriptor %d, %v", path, n, ok)
		}
	}
	for _, path := range []string{"/dev/stdout2", "stdout", "/dev/fd/", "/dev/fd/x", "/dev/fd/-1", "/dev/fd/+1", "/dev/fd/1/x", "/dev/shm/out", "/proc/1/fd/1", ""} {
		if n, ok := ownFD(path); ok {
			t.Errorf("%q is taken for descriptor %d", path, n)
		}
	}
}

func TestAnExistingFileKeepsItsOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may give files away")
	}
	path := filepath.Join(t.TempDir(), "out")
	must(t, os.WriteFile(path, nil, 0o640))
	must(t, os.Chown(path, 12345, 54321))
	must(t, os.Chmod(path, 0o640))
	publish(t, path, "x")
	info, err := os.Stat(path)
	must(t, err)
	st := info.Sys().(*syscall.Stat_t)
	if st.Uid != 12345 || st.Gid != 54321 || info.Mode().Perm() != 0o640 {
		t.Errorf("owner %d:%d, mode %v", st.Uid, st.Gid, info.Mode().Perm())
	}
}

func TestAKillLeavesNoHoldFileBehind(t *testing.T) {
	dir := t.TempDir()
	o := ordered(io.Discard, 100, dir)
	for i := range 9 {
		must(t, o.Write(at(i+1)))
	}
	if o.file.head() == noHead {
		t.Error("nothing waits on disk")
	}
	only(t, dir) // already now
	must(t, o.Close())
}

// /dev/null stands for a file system without sync: both say EINVAL.
func TestAFileSystemThatCannotSyncIsNoFailure(t *testing.T) {
	f, err := os.OpenFile("/dev/null", os.O_WRONLY, 0)
	must(t, err)
	must(t, onDisk(f))
	f.Close()
	wants(t, onDisk(f), fs.ErrClosed)
}

// The umask belongs to the whole process: this test runs alone.
func TestANewFileGetsTheModeOfTheUmask(t *testing.T) {
	for _, mask := range []int{0o022, 0o077, 0} {
		path := filepath.Join(t.TempDir(), "out")
		old := syscall.Umask(mask)
		f, err := Create(path)
		syscall.Umask(old)
		must(t, err)
		must(t, f.Commit())
		info, err := os.Stat(path)
		must(t, err)
		if want := fs.FileMode(0o666 &^ mask); info.Mode().Perm() != want {
			t.Errorf("umask %03o: mode %v, want %v", mask, info.Mode().Perm(), want)
		}
	}
}
