package results

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Location is where a path leads to: a file, or the name under which Create would make
// one. It is what two paths are compared by before anything is written. The zero
// Location is nowhere.
type Location struct {
	// Path is absolute, without symbolic links, also where the last one leads to a name
	// that does not exist yet.
	Path string
	// Direct says that it is one of the process's own descriptors (/dev/stdout): it is
	// written where it stands, and nothing is renamed over it.
	Direct bool

	info fs.FileInfo // nil: no file is there
}

// Locate finds the place that path leads to. It is nowhere for what no output can
// destroy, such as a device or a FIFO, and for a directory. It asks the file system and
// opens nothing.
func Locate(path string) Location {
	dest, err := follow(path)
	if err != nil {
		return Location{}
	}
	_, own := ownFD(dest)
	info, err := os.Stat(dest)
	switch {
	case err == nil && info.Mode().IsRegular():
		return Location{Path: canonical(dest), Direct: own, info: info}
	case err == nil, own:
		return Location{}
	}
	return Location{Path: canonical(dest)}
}

// LocateFile is the place of an open file, which has no path: it is Direct.
func LocateFile(f *os.File) Location {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return Location{}
	}
	return Location{Direct: true, info: info}
}

// Exists says that a file is there.
func (p Location) Exists() bool { return p.info != nil }

// Same says that both are one file, by whatever names, or one name of a file to make.
func (p Location) Same(q Location) bool {
	if p.info != nil && q.info != nil {
		return os.SameFile(p.info, q.info)
	}
	return p.info == nil && q.info == nil && p.Path != "" && samePath(p.Path, q.Path)
}

// In says that it is right in dir, which need not be there yet.
func (p Location) In(dir string) bool {
	return p.Path != "" && dir != "" && samePath(filepath.Dir(p.Path), canonical(dir))
}

// SameDir says that both paths lead to one directory, which need not be there yet.
func SameDir(a, b string) bool {
	return a != "" && b != "" && samePath(canonical(a), canonical(b))
}

// canonical is path, absolute and without symbolic links as far as it exists.
func canonical(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if dir, base := filepath.Split(filepath.Clean(path)); base != "" && base != "." && base != ".." {
		return filepath.Join(canonical(dir), base)
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// samePath compares names of files that are not there, which the file system cannot.
// It is most likely one that takes A for a on macOS and Windows.
func samePath(a, b string) bool {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return strings.EqualFold(a, b)
	}
	return a == b
}
