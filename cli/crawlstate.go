package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"crawl/frontier"
	"crawl/frontier/journal"
	"crawl/frontier/sqlite"
	"crawl/results"
)

// crawlState is the state of a crawl that follows links.
type crawlState struct {
	path  string
	dir   *journal.Dir
	store *sqlite.Store
	found sqlite.Opened
	grown *results.Grown // nil: the output cannot be cut back
}

// openCrawlState opens the directory of -state and the output that goes with it,
// and tells the crawl's limits what earlier runs have used of them. The parameters
// are those of openState.
func openCrawlState(o *options, grows bool, format string) (kept, error) {
	settings, err := o.lasting(format)
	if err != nil {
		return nil, err
	}
	settings = append(settings,
		journal.Setting{Name: "-depth", Value: strconv.Itoa(o.crawling.depth)},
		journal.Setting{Name: "-scope", Value: o.crawling.scope},
		journal.Setting{Name: "-sitemap", Value: strconv.FormatBool(o.crawling.sitemap)})
	s := &crawlState{path: o.state}
	if s.dir, err = journal.Hold(o.state, settings, o.fresh, time.Now()); err != nil {
		return nil, hinted(err)
	}
	if err := s.open(o, grows); err != nil {
		_ = s.close() // the first error says it all
		return nil, err
	}
	return s, nil
}

// open opens store and output, of which what the store does not know is cut off.
func (s *crawlState) open(o *options, grows bool) error {
	file := filepath.Join(o.state, sqlite.File)
	_, missing := os.Stat(file)
	known := s.dir.Known() && missing == nil
	if !known {
		if err := s.begin(o, grows, file); err != nil {
			return err
		}
	}
	var err error
	if s.store, err = sqlite.Open(o.state, sqlite.Options{}); err != nil {
		return err
	}
	end := s.store.Opened().OutputEnd
	if grows && s.grown == nil {
		if s.grown, err = grow(o, known, end == 0); err != nil {
			return err
		}
	}
	if err := s.prune(o); err != nil {
		return err
	}
	s.found = s.store.Opened()
	if s.grown != nil {
		if err := writeMark(s.path, o.output, s.found.OutputEnd); err != nil {
			return err
		}
	}
	return s.restore(o)
}

// prune cuts the output back to what the store knows, and with -retry-failed takes
// the records of what failed out of it. Where a kill comes between, the next run
// goes on from there.
func (s *crawlState) prune(o *options) (err error) {
	ctx := context.Background()
	if s.grown == nil {
		if o.retryFailed { // nothing can be taken back
			if err = s.store.RetryFailed(ctx, 0); err == nil {
				err = s.store.Pruned(ctx)
			}
		}
		return err
	}
	if err := checkMark(s.path, o.output); err != nil {
		return err
	}
	if info, err := os.Stat(markPath(s.path)); err == nil && info.Size() > 0 && s.store.Opened().OutputEnd == 0 {
		return &stateError{fmt.Sprintf("-state %s knows of no record of -output %s any more: it is damaged; -fresh starts anew", o.state, o.output)}
	}
	pruner, err := results.NewPruner(o.output)
	if err != nil {
		return err
	}
	pruner.Headed = o.shape.headed()
	if !s.store.Opened().Pruning {
		pruner.Discard() // of a run that was killed before it counted
	} else if err := s.pruned(ctx, pruner); err != nil {
		return err
	}
	end := s.store.Opened().OutputEnd
	if length := s.grown.Length(); length < end {
		if end, err = s.store.Shorten(ctx, length); errors.Is(err, sqlite.ErrTooShort) {
			return &stateError{fmt.Sprintf("-output %s is much shorter than -state %s says; -fresh starts anew", o.output, o.state)}
		} else if err != nil {
			return err
		}
	}
	if !s.grown.Whole(end) {
		return &stateError{fmt.Sprintf("-output %s is not as -state %s left it; -fresh starts anew", o.output, o.state)}
	}
	if err := s.grown.Cut(end); err != nil || !o.retryFailed || end == 0 {
		return err
	}
	starts, err := s.store.Failed(ctx)
	if err != nil || len(starts) == 0 {
		return err
	}
	if end, err = pruner.Without(starts); err != nil {
		pruner.Discard()
		return err
	}
	if err := s.store.RetryFailed(ctx, end); err != nil {
		return err
	}
	return s.pruned(ctx, pruner)
}

// pruned puts the output that was made in its place.
func (s *crawlState) pruned(ctx context.Context, pruner *results.Pruner) error {
	if err := removeMark(s.path); err != nil {
		return err
	}
	if err := pruner.Commit(); err != nil {
		return err
	}
	if err := s.grown.Reopen(); err != nil {
		return err
	}
	return s.store.Pruned(ctx)
}

// begin makes a new state. What is left of an old one goes first, and before it the
// records that it knows of.
func (s *crawlState) begin(o *options, grows bool, file string) (err error) {
	if grows {
		if s.grown, err = grow(o, false, true); err != nil {
			return err
		}
		if err := s.grown.Cut(0); err != nil {
			return err
		}
	}
	for _, name := range []string{file, file + "-wal", file + "-shm", markPath(s.path)} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return s.dir.Begin()
}

// restore has the limits of the crawl go on where earlier runs ended.
func (s *crawlState) restore(o *options) error {
	ctx, crawl := context.Background(), o.engine.Crawl
	crawl.Budget.Spent("", s.found.Pages)
	if o.crawling.hostPages > 0 {
		if err := s.store.EachPage(ctx, crawl.Budget.Spent); err != nil {
			return err
		}
	}
	return s.store.EachReach(ctx, crawl.Scope.AddSeed)
}

func (s *crawlState) output() (*results.Grown, int64) { return s.grown, s.found.OutputEnd }

func (s *crawlState) sink(writer *results.Writer) (results.Sink, error) { return writer, nil }

// resuming says what is done, and what is known to be left.
func (s *crawlState) resuming() string {
	done := s.earlier().Lines()
	left := s.found.Read
	for _, n := range s.found.Settled {
		left -= n
	}
	if done == 0 || left == 0 {
		return ""
	}
	return fmt.Sprintf("resuming: %s done, %s found and left", grouped(done), grouped(left))
}

func (s *crawlState) earlier() results.Earlier {
	n := s.found.Settled
	return results.Earlier{
		OK: n[frontier.OK], Failed: n[frontier.Failed], Duplicates: n[frontier.Duplicate],
		Tried: s.found.Pages > 0, Answered: s.found.Answered, Cuts: s.found.Cuts.ByName(),
	}
}

func (s *crawlState) outcome(sum *results.Summary, complete bool) []string {
	if done := s.earlier().Lines(); complete && done > 0 && sum.Lines() == 0 {
		text := "nothing left: " + grouped(done) + " done"
		if cuts := s.found.Cuts; cuts[frontier.CutPages]+cuts[frontier.CutHostPages] > 0 {
			text += ", and what the limits of pages cut stays cut"
		}
		return []string{text + "; -fresh starts anew"}
	}
	return nil
}

func (s *crawlState) finish(complete bool) error {
	var err error
	if complete && s.grown != nil {
		err = writeMark(s.path, s.grown.Name(), s.grown.Length())
	}
	return errors.Join(err, s.close())
}

func (s *crawlState) close() error {
	var err error
	if s.grown != nil { // on the disk before what speaks of it
		err = errors.Join(s.grown.Sync(), s.grown.Close())
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
	}
	return errors.Join(err, s.dir.Close())
}
