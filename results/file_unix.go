//go:build unix

package results

import (
	"io/fs"
	"os"
	"syscall"
)

// dupFD returns a second handle of descriptor n, called name.
func dupFD(n int, name string) (*os.File, error) {
	// Between these two calls another goroutine might start a process.
	syscall.ForkLock.RLock()
	fd, err := syscall.Dup(n)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// keepOwner gives f the owner of old, as far as this process may: a run by
// root must not take a user's file away from him.
func keepOwner(f *os.File, old fs.FileInfo) {
	if was, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(was.Uid), int(was.Gid))
	}
}

// syncDir makes a rename in dir last through a power cut. Some file systems
// refuse that; the rename stands all the same.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
