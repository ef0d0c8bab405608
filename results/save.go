package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync/atomic"
)

// Saver keeps bodies as files of one directory. Nothing is written outside of
// it, whatever a URL says and whatever symbolic links lie inside.
//
// Its methods block on the disk and may be called from any goroutine.
type Saver struct {
	root  *os.Root
	dir   string // as the caller named it, for errors
	temps atomic.Int64
}

// NewSaver opens dir, which it makes where it is not there, with the rights
// 0777 less the umask. That no file can be made in it is told here, before
// anything is fetched. The error is a *fs.PathError and names dir.
func NewSaver(dir string) (*Saver, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, named("create directory", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, named("open directory", dir, err)
	}
	s := &Saver{root: root, dir: dir}
	f, name, err := s.createTemp(".")
	if err != nil {
		root.Close()
		return nil, named("write into directory", dir, err)
	}
	f.Close()
	_ = root.Remove(name)
	return s, nil
}

// Close gives the directory back. Save fails after it.
func (s *Saver) Close() error { return s.root.Close() }

// Save writes body to the file of n, which is its path in the directory, with
// slashes. A file that is there is replaced, by rename: a reader sees the old
// body or the new one, whole. It is not synced to the disk.
//
// Where something else stands in the way, which no Saver has made (a directory in the
// place of the file, a file in that of a directory, a symbolic link out of it), that is
// left as it is, and the file is one beside all others, with a hash in its name.
//
// The error is a *fs.PathError that names the path; it wraps the cause, such
// as syscall.ENOSPC. Save does not keep or change body.
func (s *Saver) Save(n Name, body []byte) (file string, err error) {
	file = n.File()
	err = s.write(file, body)
	if err != nil && s.obstructed(file) {
		file = n.aside()
		err = s.write(file, body)
	}
	if err != nil {
		return "", named("save", filepath.Join(s.dir, filepath.FromSlash(file)), err)
	}
	return file, nil
}

// obstructed says that the file cannot be made because of what else is there.
func (s *Saver) obstructed(file string) bool {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if _, err := s.root.Lstat(dir); err == nil {
			if info, err := s.root.Stat(dir); err != nil || !info.IsDir() { // links count as long as they stay inside
				return true
			}
			info, err := s.root.Lstat(file)
			return err == nil && info.IsDir()
		}
	}
	return false
}

func (s *Saver) write(file string, body []byte) error {
	dir := path.Dir(file)
	f, temp, err := s.createTemp(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.root.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		f, temp, err = s.createTemp(dir)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = s.root.Rename(temp, file)
	}
	if err != nil {
		_ = s.root.Remove(temp)
	}
	return err
}

// createTemp makes a temporary file in dir, ".crawl-PID-N.tmp", which is the
// name of no body. One that a killed run left behind is never taken.
func (s *Saver) createTemp(dir string) (*os.File, string, error) {
	for range maxTries {
		name := path.Join(dir, fmt.Sprintf(".crawl-%d-%d.tmp", os.Getpid(), s.temps.Add(1)))
		f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
	return nil, "", fmt.Errorf("%d temporary files stand in it: %w", maxTries, fs.ErrExist)
}
