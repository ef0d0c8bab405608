package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"
)

// File is an output that appears whole or not at all (cli.md §4): what is
// written goes to a temporary file beside it, and Commit renames that over the
// path. Until then, and for ever after an error or Abort, what was there
// before stays as it was.
//
// This holds for regular files and new names. A device, a FIFO, a socket and
// the process's own descriptors (/dev/stdout, /dev/fd/N) cannot be replaced
// by a rename; they are written directly, as the bytes come.
//
// A File is for one goroutine.
type File struct {
	path string   // as the caller named it, for errors
	f    *os.File // the temporary file, or the thing itself
	dest string   // where the rename goes, links resolved; "" when direct
	err  error    // the first failed write: then there is no Commit
	done bool
}

// Create opens the output at path. A symbolic link is followed and stays a
// link: the file it leads to is the one replaced, or made. An existing file
// keeps its mode, and its owner where this process may set it; other hard
// links to it keep the old content. A new file gets 0666 less the umask.
//
// The errors are *fs.PathError and name path; they wrap the cause, such as
// fs.ErrPermission or syscall.EISDIR. A file that exists must be writable
// although a rename would not need that: read-only means leave it alone. To
// open a FIFO blocks until it has a reader.
func Create(path string) (*File, error) { return create(path, 0o666) }

// CreatePrivate is Create, but a new file gets 0600: it is for its owner alone.
func CreatePrivate(path string) (*File, error) { return create(path, 0o600) }

func create(path string, mode fs.FileMode) (*File, error) {
	if n, ok := ownFD(path); ok {
		return openFD(path, n)
	}
	dest, err := follow(path)
	if err != nil {
		return nil, named("open", path, err)
	}
	if n, ok := ownFD(dest); ok {
		return openFD(path, n)
	}
	info, err := os.Stat(dest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		info = nil
	case err != nil:
		return nil, named("open", path, err)
	case info.IsDir():
		return nil, named("open", path, syscall.EISDIR)
	}
	if info == nil && endsInSeparator(dest) {
		return nil, named("open", path, syscall.EISDIR)
	}
	if info != nil {
		f, err := os.OpenFile(dest, os.O_WRONLY, 0)
		if err != nil {
			return nil, named("open", path, err)
		}
		if !info.Mode().IsRegular() {
			return &File{path: path, f: f}, nil
		}
		f.Close() // it was only asked whether we may
	}
	f, err := createBeside(dest, info, mode)
	if err != nil {
		return nil, named("create", path, err)
	}
	return &File{path: path, f: f, dest: dest}, nil
}

func openFD(path string, n int) (*File, error) {
	f, err := dupFD(n, path)
	if err != nil {
		return nil, named("open", path, err)
	}
	return &File{path: path, f: f}, nil
}

// Write writes to what will be the file. An error names the path and wraps its
// cause (syscall.ENOSPC, syscall.EPIPE); after it there is only Abort, and
// Commit does that.
func (f *File) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.f.Write(p)
	if err != nil {
		f.err = named("write", f.path, err)
	}
	return n, f.err
}

// Name is the path as it was given to Create.
func (f *File) Name() string { return f.path }

// Direct reports that the output is no file that Commit publishes, but a
// device, a pipe or the like that has each byte already.
func (f *File) Direct() bool { return f.dest == "" }

// Commit publishes the file: what was written is brought to the disk, then the
// rename makes it appear. It blocks on the disk. On any error, a failed Write
// before it included, the old file stays and the temporary one goes. What is
// written directly is only closed. A second Commit, and one after Abort, is an
// error.
func (f *File) Commit() error {
	if f.done {
		return named("commit", f.path, fs.ErrClosed)
	}
	if f.Direct() {
		f.done = true
		return errors.Join(f.err, named("close", f.path, f.f.Close()))
	}
	if f.err == nil {
		f.err = named("sync", f.path, onDisk(f.f))
	}
	if f.err != nil {
		f.Abort()
		return f.err
	}
	f.done = true
	err := named("close", f.path, f.f.Close())
	if err == nil {
		err = named("rename to", f.path, os.Rename(f.f.Name(), f.dest))
	}
	if err != nil {
		os.Remove(f.f.Name())
		return err
	}
	syncDir(filepath.Dir(f.dest))
	return nil
}

// Abort gives the output up: the old file stays, the temporary one goes. What
// is written directly is only closed. After Commit or Abort it does nothing,
// so that it may be deferred.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	f.f.Close()
	if !f.Direct() {
		os.Remove(f.f.Name())
	}
}

// onDisk brings what was written to the disk. A file system that knows no sync
// has nothing more to promise, which is no failure of the output.
func onDisk(f *os.File) error {
	err := f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// maxLinks is how many symbolic links are followed, as in the kernel.
const maxLinks = 40

// follow resolves the links that path ends in, also when the last one leads to
// a name that does not exist yet. It stops at the process's own descriptors,
// whose links lead to no names.
func follow(path string) (string, error) {
	if path == "" {
		return "", fs.ErrNotExist
	}
	for range maxLinks {
		if _, own := ownFD(path); own {
			return path, nil
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			// Not Join, which would clean: "x/.." through a linked
			// directory x is not where it seems.
			dir, _ := filepath.Split(path)
			to = dir + to
		}
		path = to
	}
	return "", syscall.ELOOP
}

func endsInSeparator(path string) bool {
	return os.IsPathSeparator(path[len(path)-1])
}

// maxTries bounds the search for a free temporary name.
const maxTries = 10_000

// createBeside makes the temporary file for dest in its directory:
// ".NAME.crawl-PID-N.tmp", N the first number that is free, with the mode of the
// old file, if there is one. What a killed run
// left behind is known by that name, never taken and never in the way.
func createBeside(dest string, old fs.FileInfo, mode fs.FileMode) (*os.File, error) {
	dir, base := filepath.Split(dest)
	const longest = 200 // of 255 that a name may have; the rest is ours
	if len(base) > longest {
		base = base[:longest]
		for !utf8.ValidString(base) && len(base) > longest-utf8.UTFMax {
			base = base[:len(base)-1]
		}
	}
	if old != nil {
		mode = old.Mode().Perm() // nobody else may read it meanwhile, either
	}
	for n := range maxTries {
		name := fmt.Sprintf("%s.%s.crawl-%d-%d.tmp", dir, base, os.Getpid(), n)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if old == nil {
			return f, nil
		}
		keepOwner(f, old)
		if err := f.Chmod(mode); err != nil { // past the umask
			f.Close()
			os.Remove(name)
			return nil, err
		}
		return f, nil
	}
	return nil, fmt.Errorf("%d temporary files stand beside it: %w", maxTries, fs.ErrExist)
}

// named is err, nil included, as a *fs.PathError that names path instead of
// the temporary file.
func named(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var atPath *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &atPath):
		err = atPath.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}

// ownFD reports which of the process's own descriptors path is. These are
// duplicated, not opened: to open /dev/stdout anew would start at offset 0 of
// the file behind it, and fails on a socket.
func ownFD(path string) (int, bool) {
	switch path = filepath.ToSlash(filepath.Clean(path)); path {
	case "/dev/stdout":
		return 1, true
	case "/dev/stderr":
		return 2, true
	}
	own := fmt.Sprintf("/proc/%d/fd/", os.Getpid())
	for _, dir := range [...]string{"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", own} {
		if digits, ok := strings.CutPrefix(path, dir); ok {
			n, err := strconv.ParseUint(digits, 10, 31)
			return int(n), err == nil
		}
	}
	return 0, false
}
