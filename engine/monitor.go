package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/results"
	"crawl/weburl"
)

// ErrNotRunning is a Monitor's answer before its run has begun and after all
// flights of it have landed.
var ErrNotRunning = errors.New("no run to look into")

// Monitor looks into a run from outside, see Options.Monitor. Its methods may be
// called from any goroutine, and block until the loop has taken a look, which is
// some milliseconds at most while the run goes on. The zero value is ready.
type Monitor struct {
	mu  sync.Mutex
	run *run // nil: none
}

// Counts are the numbers of a run at a moment.
type Counts struct {
	At      time.Time
	Elapsed time.Duration
	// Summary is of the records written by then; Tried and Answers are of now.
	Summary  results.Summary
	InFlight int // requests, and pages that are parsed
	Queued   int // lines on the workbench; the frontier may have more
}

// Snapshot is all that can be seen of a run at a moment.
type Snapshot struct {
	Counts
	Flights []Flight // in no order
	// Waiting are the hosts that lines wait for, or that are parked.
	Waiting []frontier.Waiting
	// Times are how long the requests to those took by then, in the same order.
	Times []results.HostTime
	// Slowest are the hosts whose requests took the longest by then.
	Slowest []results.HostTime
}

// Flight is a request on its way, or its page.
type Flight struct {
	URL     weburl.URL // what is asked; its text has no credentials
	Index   int64      // of the line; below 0: of none
	Host    string     // and port
	Robots  bool       // it is for a robots.txt
	Attempt int        // from 1
	Phase   fetch.Phase
	Began   time.Time
	Limit   time.Duration // how long the request may take
}

// Counts returns the numbers of now. Its error is ErrNotRunning or ctx's.
func (m *Monitor) Counts(ctx context.Context) (Counts, error) {
	return look(ctx, m, (*run).counts)
}

// Snapshot returns all there is to see now. It costs the loop some 100 ns for each
// request in flight and each host. Its error is ErrNotRunning or ctx's.
func (m *Monitor) Snapshot(ctx context.Context) (Snapshot, error) {
	return look(ctx, m, (*run).snapshot)
}

// look has see called on the loop.
func look[T any](ctx context.Context, m *Monitor, see func(*run) T) (T, error) {
	var none T
	m.mu.Lock()
	r := m.run
	m.mu.Unlock()
	if r == nil {
		return none, ErrNotRunning
	}
	seen := make(chan T, 1)
	r.l.CallSoonThreadsafe(func() { seen <- see(r) })
	select {
	case v := <-seen:
		return v, nil
	case <-r.landed:
		return none, ErrNotRunning
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// attach lets the monitor see the run until the function that it returns is called.
func (m *Monitor) attach(r *run) (detach func()) {
	if m == nil {
		return func() {}
	}
	set := func(r *run) {
		m.mu.Lock()
		m.run = r
		m.mu.Unlock()
	}
	set(r)
	return func() {
		set(nil)
		close(r.landed)
	}
}

// counts is called on the loop.
func (r *run) counts() Counts {
	c := Counts{At: r.now(), Elapsed: r.since(r.began), Summary: r.sinker.summary(), InFlight: len(r.flights), Queued: r.bench.Queued()}
	c.Summary.Tried, c.Summary.Answers = r.sum.Tried, r.sum.Answers
	return c
}

// snapshot is called on the loop.
func (r *run) snapshot() Snapshot {
	s := Snapshot{Counts: r.counts(), Flights: make([]Flight, 0, len(r.flights)), Slowest: r.hosts.Slowest(slowestHosts)}
	s.Waiting = r.bench.Waiting(s.At)
	for _, w := range s.Waiting {
		s.Times = append(s.Times, r.hosts.Of(w.Host))
	}
	for _, fl := range r.flights {
		f := Flight{
			URL: fl.item.Target, Index: fl.item.Index, Host: fl.host, Robots: fl.robots,
			Attempt: 1 + fl.item.Retries, Phase: fl.where(), Began: fl.began, Limit: fl.item.Timeout,
		}
		if fl.robots {
			f.Index = -1
		}
		if f.Limit == 0 {
			f.Limit = r.o.Fetch.Timeout
		}
		s.Flights = append(s.Flights, f)
	}
	return s
}
