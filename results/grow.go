package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Grown is an output that grows in place, for a run that may be killed and go on
// later: what was there is kept, cut back to its last whole record, and written
// on. It is for one goroutine, and its calls block on the disk.
type Grown struct {
	path string
	f    *os.File
	end  int64 // where the next record begins
	err  error // of the first failed write: nothing is written after it
}

// ErrNotRegular is wrapped by Grow's error for a device, a FIFO or the like, which
// cannot be cut back.
var ErrNotRegular = errors.New("is no regular file")

// Grow opens the output at path, or makes it with 0666 less the umask. A symbolic
// link is followed. Nothing in the file changes before Cut or Write. The errors
// are *fs.PathError and name path.
func Grow(path string) (*Grown, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, named("open", path, syscall.EISDIR)
	}
	if !CanGrow(path) {
		return nil, named("open", path, ErrNotRegular) // to open a FIFO could block
	}
	g := &Grown{path: path}
	if err := g.Reopen(); err != nil {
		return nil, err
	}
	return g, nil
}

// CanGrow says that there is nothing at path but what Grow can open: no device, no
// FIFO, none of the process's own descriptors.
func CanGrow(path string) bool {
	if _, own := ownFD(path); own {
		return false
	}
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular() || info.IsDir() // a directory is an error by itself
}

// Reopen opens the file that the path leads to now, after a Pruner has replaced
// it.
func (g *Grown) Reopen() error {
	if g.f != nil {
		g.f.Close()
	}
	var err error
	if g.f, err = os.OpenFile(g.path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return named("open", g.path, err)
	}
	g.end = g.Length()
	return nil
}

// Name is the path as it was given to Grow.
func (g *Grown) Name() string { return g.path }

// Length is how long the file is; 0 if that cannot be known.
func (g *Grown) Length() int64 {
	info, err := g.f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// Whole says that a line of the file ends at end.
func (g *Grown) Whole(end int64) bool {
	if end <= 0 {
		return end == 0
	}
	var last [1]byte
	_, err := g.f.ReadAt(last[:], end-1)
	return err == nil && last[0] == '\n'
}

// Cut takes away what follows end, and lets the file grow from there.
func (g *Grown) Cut(end int64) error {
	g.end = end
	return named("truncate", g.path, g.f.Truncate(end))
}

// Write writes on. An error names the path and wraps its cause; the file is then
// as it was before, if the disk lets it, and takes nothing more.
func (g *Grown) Write(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.f.WriteAt(p, g.end)
	if err != nil {
		_ = g.f.Truncate(g.end) // no record is to stand there in half
		g.err = named("write", g.path, err)
		return n, g.err
	}
	g.end += int64(n)
	return n, nil
}

// Sync brings what was written to the disk.
func (g *Grown) Sync() error { return named("sync", g.path, onDisk(g.f)) }

// Close closes the file.
func (g *Grown) Close() error { return named("close", g.path, g.f.Close()) }

// tempBeside is a name in dest's directory that is always the same, so that the
// next run finds what a killed one left.
func tempBeside(dest, what string) string {
	dir, base := filepath.Split(dest)
	const longest = 200 // of 255 that a name may have
	return dir + "." + base[:min(len(base), longest)] + ".crawl-" + what + ".tmp"
}

// isGone says that there is no such file.
func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
