package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"crawl/frontier/journal"
	"crawl/results"
)

// kept is what a run with -state keeps, so that the same command goes on where it
// ends.
type kept interface {
	// output is the file that grows, nil if it is none, and where it goes on.
	output() (grown *results.Grown, end int64)
	// sink is the way of the records to writer, which goes on where the last run
	// ended.
	sink(writer *results.Writer) (results.Sink, error)
	// earlier is what was done before this run.
	earlier() results.Earlier
	// outcome says what is to be known at the end; complete says that the whole list
	// was read and is done.
	outcome(sum *results.Summary, complete bool) []string
	// finish ends the run, in good order; it is called when nobody else uses the state
	// any more.
	finish(complete bool) error
	// close brings all to the disk and gives the state up.
	close() error
}

// stateError is a fault of the command line that only the state shows.
type stateError struct{ text string }

func (e *stateError) Error() string { return e.text }

// lasting are the settings that must stay as they are for a state to mean anything.
func (o *options) lasting(format string) ([]journal.Setting, error) {
	output := "-"
	if !o.toStdout() {
		path, err := filepath.Abs(o.output)
		if err != nil {
			return nil, err
		}
		output = path
	}
	return append(o.shape.settings(format), journal.Setting{Name: "-order", Value: o.order}, journal.Setting{Name: "-output", Value: output}), nil
}

// hinted says what helps, where the state was made by another command.
func hinted(err error) error {
	var changed *journal.ChangedError
	if errors.As(err, &changed) {
		return fmt.Errorf("%w; -fresh starts anew", err)
	}
	return err
}

// grow opens the file that the records are in. One that the state does not know is
// left alone, unless -fresh replaces it; empty says that the state knows of no
// record.
func grow(o *options, known, empty bool) (*results.Grown, error) {
	info, err := os.Stat(o.output)
	switch {
	case err == nil && info.Size() > 0 && !known && !o.fresh:
		return nil, &stateError{fmt.Sprintf("-output %s is not empty, and -state %s does not know it; -fresh replaces it", o.output, o.state)}
	case errors.Is(err, fs.ErrNotExist) && !empty:
		return nil, &stateError{fmt.Sprintf("-output %s is missing, and -state %s goes on with it; -fresh starts anew", o.output, o.state)}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return results.Grow(o.output)
}

// endLine ends the line in which stdout breaks off, if that is a file: a full disk may
// have torn the last record, which is then to cost no other. A file that cannot be
// read stays as it is.
func endLine(w io.Writer) error {
	f, ok := w.(*os.File)
	if !ok || !isRegular(f) {
		return nil
	}
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	again, err := os.Open(fmt.Sprintf("/dev/fd/%d", f.Fd())) // f itself is for writing only
	if err != nil {
		return nil
	}
	defer again.Close()
	var last [1]byte
	if _, err := again.ReadAt(last[:], info.Size()-1); err != nil || last[0] == '\n' {
		return nil
	}
	_, err = io.WriteString(f, "\n")
	return err
}

// grouped is n with commas between its thousands.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	var parts []string
	for ; len(s) > 3; s = s[:len(s)-3] {
		parts = append([]string{s[len(s)-3:]}, parts...)
	}
	return strings.Join(append([]string{s}, parts...), ",")
}
