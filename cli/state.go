package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"crawl/frontier/journal"
	"crawl/results"
	"crawl/results/warc"
)

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
		if err = s.grown.Cut(s.found.End); err == nil {
			err = writeMark(o.state, o.output, s.found.End)
		}
	}
	if err != nil {
		_ = s.close() // the first error says it all
		return nil, hinted(err)
	}
	return s, nil
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
	if !s.journal.Known() { // -fresh too
		err = removeMark(o.state)
	} else {
		err = checkMark(o.state, o.output)
	}
	if err == nil && o.fresh {
		return s.grown.Cut(0) // before the journal forgets: entries without records are dropped
	}
	return err
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
		if err := removeMark(s.dir); err != nil {
			return err
		}
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
	if complete && s.grown != nil {
		err = errors.Join(err, writeMark(s.dir, s.grown.Name(), s.grown.Length()))
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
