package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"crawl/engine"
	"crawl/frontier/journal"
	"crawl/results"
	"crawl/results/changes"
)

// changeFeed is what -changes adds to a run; nil is nothing.
type changeFeed struct {
	memory *changes.Memory
	lock   *os.File
	stuck  bool // both are in use to the end of the process
}

// checkChanges judges -changes beside the other flags.
func (o *options) checkChanges() error {
	switch {
	case o.changes == "":
		return nil
	case o.changes == "-":
		return errors.New("-changes - cannot be: it wants a file, in which the next run finds what this one saw")
	case o.demo:
		return errors.New("-demo serves another site each time: there are no -changes to tell of it")
	case o.state != "":
		return errors.New("-changes compares whole runs, and -state makes one of many: give one of them")
	}
	return nil
}

// openChanges opens the file of -changes, for this run alone.
func openChanges(o *options) (*changeFeed, error) {
	if o.changes == "" {
		return nil, nil
	}
	if info, err := os.Stat(o.changes); err == nil && info.IsDir() || !results.CanGrow(o.changes) {
		return nil, &changes.FormatError{Path: o.changes, Reason: "is no regular file"} // and is left without a lock
	}
	lock, err := journal.LockFile(changesLock(o.changes), o.changes, time.Now())
	if err != nil {
		return nil, err
	}
	memory, err := changes.Open(o.changes, changes.Options{FailAfter: o.failAfter})
	if err != nil {
		lock.Close()
		var format *changes.FormatError
		if errors.As(err, &format) {
			err = fmt.Errorf("-changes: %w; restore or mend it, or move it away to begin anew", err)
		}
		return nil, err
	}
	o.engine.Changes = memory
	return &changeFeed{memory: memory, lock: lock}, nil
}

// changesLock is the lock of a file of -changes: it has one, by whatever name, also
// before it is made.
func changesLock(path string) string {
	if at := results.Locate(path); at.Path != "" {
		path = at.Path
	}
	return path + ".lock"
}

// sink is the way to next for what is to be told.
func (f *changeFeed) sink(next results.Sink) results.Sink {
	if f == nil {
		return next
	}
	return f.memory.Feed(next)
}

// finish keeps what the run saw, if what it told has arrived. fault is the run's
// error and cause why its context ended, if it did; unpublished says that the
// records are not where they should be.
func (f *changeFeed) finish(fault, cause, unpublished error) error {
	if f == nil {
		return nil
	}
	f.stuck = errors.Is(fault, engine.ErrStuck)
	var unwritten *engine.SinkError
	if unpublished != nil || errors.As(fault, &unwritten) || errors.Is(cause, errReaderGone) {
		return nil
	}
	return f.memory.Commit()
}

// close gives up what was not finished.
func (f *changeFeed) close() {
	if f != nil && !f.stuck {
		f.memory.Abort()
		f.lock.Close()
	}
}

// tellSilence has a summary say that nothing changed, where nothing did.
func (f *changeFeed) tellSilence(sum *results.Summary) {
	if f != nil && sum.Changes == nil {
		sum.Changes = map[string]int64{}
	}
}

// changeFiles is how many files -changes has open beside the lists.
func (o *options) changeFiles() int {
	if o.changes == "" {
		return 0
	}
	return 3 // the old, the new and the lock
}
