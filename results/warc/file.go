package warc

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// file is one WARC file that grows.
type file struct {
	path   string
	f      *os.File
	stem   string // of a series: the path without number and extension
	number int    // in its series
	size   int64  // of whole members
	bare   int64  // of the warcinfo record
	closed bool
}

// extension is that of the files.
const extension = ".warc.gz"

// maxTries is how many numbers may be taken by others while one is sought.
const maxTries = 1000

// open makes the first file.
func (a *Archive) open(path string) (*file, error) {
	if !a.o.Numbered {
		f, err := a.create(path)
		if err != nil {
			return nil, err
		}
		return f, a.begin(f)
	}
	stem := strings.TrimSuffix(path, extension)
	highest, err := lastNumber(stem)
	if err != nil {
		return nil, err
	}
	return a.openNumbered(stem, highest+1)
}

// openNumbered makes the file with this number, or the first after it that is free.
func (a *Archive) openNumbered(stem string, number int) (*file, error) {
	for n := number; ; n++ {
		f, err := a.create(fmt.Sprintf("%s-%05d%s", stem, n, extension))
		if err == nil {
			f.stem, f.number = stem, n
			return f, a.begin(f)
		}
		if !errors.Is(err, fs.ErrExist) || n >= number+maxTries {
			return nil, err
		}
	}
}

// maxNumber is the highest number of a series: whatever has a higher one in its name is no
// file of it.
const maxNumber = 999_999_999

// lastNumber is the highest number of the series, 0 if there is none.
func lastNumber(stem string) (int, error) {
	dir, base := filepath.Split(stem)
	entries, err := os.ReadDir(filepath.Clean(dir))
	highest := 0
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), base+"-")
		digits, whole := strings.CutSuffix(rest, extension)
		if n, err := strconv.ParseUint(digits, 10, 32); ours && whole && err == nil && n <= maxNumber {
			highest = max(highest, int(n))
		}
	}
	return highest, err
}

// create makes a file where nothing is. What is there already was looked for first, for
// a path that Opening is told is ours to mend.
func (a *Archive) create(path string) (*file, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	if a.o.Opening != nil {
		if err := a.o.Opening(path); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &file{path: path, f: f}, nil
}

// begin writes the record that each file begins with. A file for which that fails
// is taken away.
func (a *Archive) begin(f *file) error {
	err := a.announce(f)
	if err != nil {
		f.f.Close()
		_ = os.Remove(f.path)
	}
	return err
}

func (a *Archive) announce(f *file) error {
	var members spool
	if err := a.encodeInfo(&members, filepath.Base(f.path)); err != nil {
		return err
	}
	if err := f.append(&members); err != nil {
		return err
	}
	f.bare = f.size
	syncDir(filepath.Dir(f.path))
	return nil
}

// next ends the file and begins the one after it.
func (a *Archive) next() error {
	if err := a.file.close(); err != nil {
		return err
	}
	f, err := a.openNumbered(a.file.stem, a.file.number+1)
	if err == nil {
		a.file = f
	}
	return err
}

// append writes members at the end. After an error the file ends where it ended
// before, if the disk lets it.
func (f *file) append(members *spool) error {
	if _, err := members.WriteTo(io.NewOffsetWriter(f.f, f.size)); err != nil {
		_ = f.f.Truncate(f.size)
		return err
	}
	f.size += members.size
	return nil
}

// sync brings the file to the disk. One that was closed meanwhile is there.
func (f *file) sync() error {
	err := f.f.Sync()
	if errors.Is(err, fs.ErrClosed) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// close ends the file, once, and takes it away if it has no exchange.
func (f *file) close() error {
	if f.closed {
		return nil
	}
	f.closed = true
	if err := errors.Join(f.sync(), f.f.Close()); err != nil {
		return err
	}
	if f.size == f.bare {
		return os.Remove(f.path)
	}
	return nil
}

// syncDir makes a new name in dir last through a power cut. Some file systems refuse
// that.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
