package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// HeldError says that another process holds the state. A process that was killed
// holds nothing.
type HeldError struct {
	Dir    string // or what else is held
	Holder string // "process 4711 on host since 2026-01-02T03:04:05Z"; "" if it does not say
}

func (e *HeldError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("another process holds %s", e.Dir)
	}
	return fmt.Sprintf("%s holds %s", e.Holder, e.Dir)
}

// errLocked is tryLock's answer where another process has the lock.
var errLocked = errors.New("locked")

// lock takes dir's lock.
func lock(dir string, now time.Time) (*os.File, error) {
	return LockFile(filepath.Join(dir, "lock"), dir, now)
}

// LockFile takes the lock that is the file at path, for what people call name, and
// writes who has it. The lock ends with the file's Close, or with the process. It
// does not wait: where another process has it, the error is a *HeldError.
func LockFile(path, name string, now time.Time) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if !errors.Is(err, errLocked) {
			return nil, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
		text, _ := io.ReadAll(io.LimitReader(f, 1024)) // without it the holder has no name, no more
		holder, _, _ := strings.Cut(string(text), "\n")
		return nil, &HeldError{Dir: name, Holder: strings.ToValidUTF8(holder, "")}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	text := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, now.UTC().Format(time.RFC3339))
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(text), 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
