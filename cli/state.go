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
	"crawl/results/warc"
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

// state is that of a list.
type state struct {
	dir     string
	journal *journal.Journal
	found   journal.Found
	grown   *results.Grown   // nil: the output cannot be cut back
	waiting *results.Waiting // nil unless -order input
	pruner  *results.Pruner  // nil without grown
	ordered *results.Ordered // nil unless -order input
	archive *warc.Archive    // nil without -warc
}

// stateError is a fault of the command line that only the state shows.
type stateError struct{ text string }

func (e *stateError) Error() string { return e.text }

// inputOrder is the file in the state for records that wait for their turn.
const inputOrder = "held"

// openState opens the directory of -state and the output that goes with it.
// grows says that it is a regular file or will be one; format is the name of its
// format.
func openState(o *options, grows bool, format string) (kept, error) {
	settings, err := o.lasting(format)
	if err != nil {
		return nil, err
	}
	s := &state{dir: o.state}
	s.journal, err = journal.Open(o.state, journal.Options{
		Settings: settings,
		Fresh:    o.fresh,
		Before:   s.sync,
	})
	if err == nil && grows {
		err = s.openGrown(o)
	}
	if err == nil && o.order == orderInput {
		s.waiting, err = results.OpenWaiting(filepath.Join(o.state, inputOrder))
	}
	if err == nil {
		s.found, err = s.journal.Load(s.journalled(o.retryFailed))
	}
	if err == nil && s.grown != nil {
		s.pruner.Discard() // of a run that was killed before it counted
		err = s.grown.Cut(s.found.End)
	}
	if err != nil {
		_ = s.close() // the first error says it all
		return nil, hinted(err)
	}
	return s, nil
}

// lasting are the settings that must stay as they are for a state to mean anything.
func (o *options) lasting(format string) ([]journal.Setting, error) {
	output := "-"
	if o.output != "" && o.output != "-" {
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

// openGrown opens the file that the records are in, and what prunes it.
func (s *state) openGrown(o *options) (err error) {
	if s.grown, err = grow(o, s.journal.Known(), s.journal.Empty()); err != nil {
		return err
	}
	if s.pruner, err = results.NewPruner(o.output); err != nil {
		return err
	}
	s.pruner.Headed = o.shape.headed()
	if o.fresh {
		return s.grown.Cut(0) // before the journal forgets: entries without records are dropped
	}
	return nil
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

// journalled is what the journal has to know of the output.
func (s *state) journalled(retryFailed bool) journal.Output {
	out := journal.Output{}
	if s.waiting != nil {
		out.Held = func(e journal.Entry) bool {
			_, _, err := s.waiting.Take(e.At, e.Index)
			return err == nil
		}
	}
	if s.grown == nil {
		if retryFailed {
			out.Retry = func(bool) (int64, error) { return 0, nil }
		}
		return out
	}
	out.Length, out.Whole = s.grown.Length, s.grown.Whole
	out.Commit = func() error {
		if err := s.pruner.Commit(); err != nil {
			return err
		}
		return s.grown.Reopen()
	}
	if retryFailed {
		out.Retry, out.Retried, out.Abandon = s.pruner.Next, s.pruner.Finish, s.pruner.Discard
	}
	return out
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

func (s *state) output() (*results.Grown, int64) { return s.grown, s.found.End }

func (s *state) sink(writer *results.Writer) (results.Sink, error) {
	if s.waiting == nil {
		return writer, nil
	}
	s.ordered = results.NewOrdered(writer, results.Options{Waiting: s.waiting, Turn: s.found.Turn})
	end := int64(0)
	err := s.journal.Waiting(s.found.Turn, func(e journal.Entry) error {
		p, to, err := s.waiting.Take(e.At, e.Index)
		if err != nil {
			return err
		}
		end = max(end, to)
		return s.ordered.Resume(e.Index, p)
	})
	if err == nil {
		err = s.waiting.Cut(end)
	}
	return ordered{s.ordered}, err
}

// ordered is an Ordered that its run leaves open: only the end of the whole list
// lets out what waits.
type ordered struct{ *results.Ordered }

func (o ordered) Close() error { return o.Flush() }

// finish ends the run; complete says that every line of the list is done. It is
// called when nobody else uses the state any more.
func (s *state) finish(complete bool) error {
	var err error
	if s.ordered != nil {
		if complete {
			err = s.release()
		}
		err = errors.Join(err, s.ordered.Close())
	}
	return errors.Join(err, s.close())
}

// release writes the records that waited for lines which the list does not have
// any more.
func (s *state) release() error {
	if err := errors.Join(s.ordered.Release(), s.ordered.Flush()); err != nil {
		return err
	}
	p := s.ordered.Place()
	return s.journal.Mark(p.End, p.Turn)
}

// sync brings to the disk what the journal speaks of.
func (s *state) sync() error {
	var err error
	if s.archive != nil {
		err = s.archive.Sync()
	}
	if s.grown != nil {
		err = errors.Join(err, s.grown.Sync())
	}
	if s.waiting != nil {
		err = errors.Join(err, s.waiting.Sync())
	}
	return err
}

// close brings all to the disk and gives the state up.
func (s *state) close() error {
	var err error
	if s.journal != nil {
		err = s.journal.Close()
	}
	if s.grown != nil {
		err = errors.Join(err, s.grown.Close())
	}
	if s.waiting != nil {
		err = errors.Join(err, s.waiting.Close())
	}
	return err
}

// resuming says what is done, and, where it is known how many entries the list
// has, what is left.
func (s *state) resuming(entries int64, known bool) string {
	done := s.found.Done()
	switch {
	case !known:
		return fmt.Sprintf("resuming: %s done", grouped(done))
	case entries > done:
		return fmt.Sprintf("resuming: %s done, %s left", grouped(done), grouped(entries-done))
	}
	return "" // most likely nothing is left: that is known in the end
}

// earlier is what was done before this run.
func (s *state) earlier() results.Earlier {
	f := s.found
	return results.Earlier{OK: f.OK, Failed: f.Failed, Duplicates: f.Duplicates, Tried: f.Tried, Answered: f.Answered}
}

// outcome says what is to be known at the end; complete says that the whole list
// was read and is done.
func (s *state) outcome(sum *results.Summary, complete bool) []string {
	var texts []string
	done := s.found.Done()
	if gone := done - s.journal.Met(); complete && gone > 0 {
		texts = append(texts, fmt.Sprintf("%s done lines are not in the list any more: their records stay", grouped(gone)))
	}
	if complete && done > 0 && sum.Lines() == 0 {
		texts = append(texts, fmt.Sprintf("nothing left: %s done; -fresh starts anew", grouped(done)))
	}
	return texts
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
