package engine

import (
	"context"
	"errors"
	"time"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/loop"
	"crawl/results"
)

// drainBatch bounds the items drained in one turn of the loop.
const drainBatch = 256

// interrupt is the end of Run's context: nothing new starts, and every
// outstanding flight is cancelled. What waits is recorded as cancelled, or past
// the deadline, while the time lasts.
func (r *run) interrupt() {
	if r.stopping {
		return
	}
	r.struck = r.now()
	r.overdue = errors.Is(r.ended(), context.DeadlineExceeded)
	r.halt()
	if r.o.Resumable {
		r.giveUp() // what waits has no record to get
		return
	}
	r.l.CallLater(r.o.Grace*7/10, r.giveUp)
	r.hungry.Set()
	r.l.CallSoon(r.pump)
}

// halt starts nothing new and cancels every flight.
func (r *run) halt() {
	r.stopping = true
	r.arm(0)
	for _, t := range r.l.AllTasks() { // in the order in which they started
		if t, ok := t.(*loop.Task[landing]); ok {
			t.Cancel()
		}
	}
}

// fail ends the run at once for an error of the sink or the frontier: nothing
// can be recorded any more.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.halt()
	r.giveUp()
}

// giveUp lets main end as soon as the cancelled flights have landed.
func (r *run) giveUp() {
	r.supplier.Cancel()
	r.landings.Close()
}

// drain records what waits on the workbench as cut off, once those in flight
// have their records.
func (r *run) drain() {
	for len(r.flights) == 0 && !r.full() {
		its := r.bench.Drain(r.now(), drainBatch)
		if len(its) == 0 {
			break
		}
		for _, it := range its {
			var rec *results.Record
			if !isLink(&it) || !it.Started.IsZero() && !it.Sitemap { // links that nobody has asked for are only counted
				rec = r.lost(it, fetch.PhaseQueue, r.cutOff(fetch.PhaseQueue))
			}
			r.emit(it, rec, frontier.Outcome{Verdict: frontier.Cancelled})
		}
	}
	if r.wants() {
		r.hungry.Set()
	}
}

// slowestHosts is how many a summary names.
const slowestHosts = 10

// finish closes the sink and the loop, and completes the summary. After an
// interrupt it waits no longer than the grace period allows.
func (r *run) finish(ctx context.Context) {
	bound, cancel := r.graceAfter(ctx)
	defer cancel()
	if !r.sinker.close(bound, r.backlog) && r.err == nil {
		r.err = &SinkError{ErrStuck}
	} else if r.err == nil {
		r.err = r.sinker.err
	}
	tried, answers := r.sum.Tried, r.sum.Answers
	r.sum = r.sinker.summary()
	r.sum.Tried, r.sum.Answers = tried, answers
	r.sum.Started, r.sum.Elapsed, r.sum.Slowest = r.began, r.since(r.began), r.hosts.Slowest(slowestHosts)
	if c := r.crawl; c != nil {
		r.sum.Crawl = true
		r.sum.Cuts, r.sum.Sitemaps, r.sum.LostSitemaps = c.cuts.ByName(), c.sitemaps, c.unread
	}
	r.countUnrecorded()
	_ = r.l.Close()
	end, cancel := context.WithTimeout(context.Background(), r.o.Grace/20)
	defer cancel()
	for _, p := range []interface{ Shutdown(context.Context) error }{r.io, r.parsers, r.store} {
		_ = p.Shutdown(end) // a parser may be busy; its result is not wanted
	}
}

// graceAfter is a context that ends when the sink must be done: most of the grace
// period after ctx ended, if it did or does.
func (r *run) graceAfter(ctx context.Context) (context.Context, context.CancelFunc) {
	left := r.o.Grace * 85 / 100
	if !r.struck.IsZero() {
		left -= r.since(r.struck)
	}
	bound, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(left, cancel) })
	return bound, func() { stop(); cancel() }
}

// skimmer is a frontier that can count what it has not read.
type skimmer interface {
	Skim(ctx context.Context) (unread int64, whole bool)
}

// countUnrecorded counts the lines that a stopped run has no record for.
func (r *run) countUnrecorded() {
	if !r.stopping {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.o.Grace/10)
	defer cancel()
	if st, err := r.f.Stats(ctx); err == nil {
		r.sum.Unrecorded = st.Read - st.Settled[frontier.NoRecord] - r.sum.Lines()
	}
	if s, ok := r.f.(skimmer); ok {
		unread, whole := s.Skim(ctx)
		r.sum.Unrecorded += unread
		r.sum.Uncounted = !whole
	}
}
