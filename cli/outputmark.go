package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A state keeps how its output begins, so that another file in its place is left
// alone: of what the state says of the output, only the length could be compared.
// The mark is never longer than what the state knows of, which no later run changes
// but for -retry-failed.

// markSize is how many bytes of the output's beginning are kept.
const markSize = 4096

func markPath(dir string) string { return filepath.Join(dir, "output") }

// checkMark says that the output is not the one that the state goes on with, if it
// begins otherwise. A shorter one may be ours: it has lost its end.
func checkMark(dir, output string) error {
	mark, err := os.ReadFile(markPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	begins, err := beginning(output, len(mark))
	if err != nil || bytes.HasPrefix(mark, begins) {
		return err
	}
	return &stateError{fmt.Sprintf("-output %s is not the file that -state %s goes on with; -fresh starts anew", output, dir)}
}

// writeMark keeps how the output begins, of which the state knows end bytes.
func writeMark(dir, output string, end int64) error {
	if end == 0 {
		return removeMark(dir)
	}
	begins, err := beginning(output, int(min(end, markSize)))
	if err != nil {
		return err
	}
	if mark, err := os.ReadFile(markPath(dir)); err == nil && bytes.Equal(mark, begins) {
		return nil
	}
	temp := markPath(dir) + ".tmp"
	if err := os.WriteFile(temp, begins, 0o600); errors.Is(err, fs.ErrNotExist) {
		return nil // the state was removed, which is told by whoever keeps it
	} else if err != nil {
		os.Remove(temp)
		return err
	}
	return os.Rename(temp, markPath(dir))
}

// removeMark is for an output that is about to begin otherwise.
func removeMark(dir string) error {
	if err := os.Remove(markPath(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// beginning is the first n bytes of a file, or all of a shorter one; nothing of one
// that is not there.
func beginning(path string, n int) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(n)))
}
