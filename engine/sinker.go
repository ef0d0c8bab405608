package engine

import (
	"context"
	"maps"
	"sync"
	"time"

	"crawl/frontier"
	"crawl/results"
)

// entry is what the loop hands to the sink goroutine: a record, or none where
// an item goes back into the frontier, and the item's outcome.
type entry struct {
	rec  *results.Record
	out  frontier.Outcome
	host string // whose lease the item came with; "" without one
}

// sinker is the one goroutine that encodes, writes and settles. Completions are
// settled in the order in which they were written, after they were written.
type sinker struct {
	sink    results.Sink
	f       frontier.Frontier
	settled func(batch []entry) // told after each batch, on this goroutine
	failed  func(error)         // told of the first error, on this goroutine
	in      chan entry
	done    chan struct{}

	batch []entry
	err   error

	mu  sync.Mutex
	sum results.Summary // of the records that were written
}

const (
	// maxBatch bounds the entries of one flush.
	maxBatch = 512
	// flushEvery paces the flushes: at once when it was quiet, else this apart.
	flushEvery = 5 * time.Millisecond
)

// newSinker starts the goroutine. It ends once in is closed; its owner waits
// for done.
func newSinker(sink results.Sink, f frontier.Frontier, room int) *sinker {
	return &sinker{sink: sink, f: f, in: make(chan entry, room), done: make(chan struct{})}
}

// run is the goroutine.
func (s *sinker) run() {
	defer close(s.done)
	var last time.Time
	for e := range s.in {
		s.take(e)
		s.fill(flushEvery - time.Since(last))
		s.flush()
		last = time.Now()
	}
	s.failSink(s.sink.Close()) // after an error too: it may still have what waits for its turn
}

// fill takes what else is there, and what comes until the time is up, as long as
// the batch has room.
func (s *sinker) fill(wait time.Duration) {
	var up <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		up = timer.C
	}
	for len(s.batch) < maxBatch {
		select {
		case e, ok := <-s.in:
			if !ok {
				return
			}
			s.take(e)
			continue
		default:
		}
		if up == nil {
			return
		}
		select {
		case e, ok := <-s.in:
			if !ok {
				return
			}
			s.take(e)
		case <-up:
			return
		}
	}
}

func (s *sinker) take(e entry) {
	if e.rec != nil && s.err == nil {
		s.failSink(s.sink.Write(e.rec))
		e.out.Tried, e.out.Answered = reached(e.rec)
		if placer, ok := s.sink.(results.Placer); ok {
			p := placer.Place()
			e.out.OutputEnd, e.out.Place = p.End, frontier.Place{Held: p.Held, At: p.At, Turn: p.Turn}
		}
	}
	s.batch = append(s.batch, e)
}

// flush writes the batch and settles it: the result is written before its
// acknowledgement, so that a crash between the two loses nothing.
func (s *sinker) flush() {
	if s.err == nil {
		s.failSink(s.sink.Flush())
	}
	if s.err == nil {
		outs := make([]frontier.Outcome, len(s.batch))
		for i, e := range s.batch {
			outs[i] = e.out
		}
		s.fail(s.f.Settle(context.Background(), outs))
		s.count()
	}
	s.settled(s.batch)
	s.batch = nil
}

// count adds the batch to the summary.
func (s *sinker) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.batch {
		if e.rec != nil {
			s.sum.Add(e.rec)
		}
	}
}

// summary is that of the records written so far. It may be called from any
// goroutine.
func (s *sinker) summary() results.Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := s.sum
	sum.Kinds, sum.Changes = maps.Clone(sum.Kinds), maps.Clone(sum.Changes)
	return sum
}

func (s *sinker) failSink(err error) {
	if err != nil {
		s.fail(&SinkError{err})
	}
}

// fail keeps the first error; what comes after it is dropped.
func (s *sinker) fail(err error) {
	if err != nil && s.err == nil {
		s.err = err
		s.failed(err)
	}
}

// close hands over what is left, ends the goroutine and waits for it until ctx is
// done. It reports whether all was taken.
func (s *sinker) close(ctx context.Context, left []entry) bool {
	for len(left) > 0 && ctx.Err() == nil {
		select {
		case s.in <- left[0]:
			left = left[1:]
		case <-ctx.Done():
		}
	}
	close(s.in)
	select {
	case <-s.done:
		return len(left) == 0
	case <-ctx.Done():
		return false
	}
}
