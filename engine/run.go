package engine

import (
	"context"
	"errors"
	"time"

	"crawl/fetch/robots"
	"crawl/frontier"
	"crawl/loop"
	"crawl/pool"
	"crawl/results"
)

// run is one run. All of it but o, f and the pools belongs to the loop's
// goroutine.
type run struct {
	o       Options
	f       frontier.Frontier
	l       *loop.Loop
	io      *pool.Pool // requests: one worker per slot
	parsers *pool.Pool
	store   *pool.Pool // the frontier's calls, one at a time
	sinker  *sinker

	bench    *frontier.Workbench
	crawl    *crawler // nil: no link is followed
	flights  map[*loop.Task[landing]]*flight
	landings *loop.WaitSet[landing] // the flights, first completed first
	supplier *loop.Task[struct{}]
	hungry   *loop.Event
	alarm    loop.Handle // the moment when the next host may be asked
	agent    string      // by which robots.txt knows us
	room     int         // for flights and entries not yet settled
	unsunk   int         // the weight of the entries emitted and not yet settled
	backlog  []entry     // of them, those that the sink goroutine had no room for
	starved  bool        // slots are free, and nothing may be asked now
	pumping  bool        // pump goes on in the next turn

	ended    func() error // why Run's context did, or nil
	stopping bool         // nothing new starts
	overdue  bool         // for the run's deadline
	struck   time.Time    // when the interrupt came
	err      error
	began    time.Time
	sum      results.Summary // until finish: only what no record shows
	hosts    results.Hosts   // how long their requests took
	landed   chan struct{}   // closed when the loop has ended, where a Monitor looks
}

// maxRoom is how many entries may be emitted and not settled.
const maxRoom = 2048

// linksInRoom is how many links take as much room as an entry.
const linksInRoom = 50

// Run fetches what f holds and writes one record per line to sink, which it
// closes. It blocks until the frontier is done and all is written, or, after
// ctx is done, for at most Options.Grace: then every outstanding flight is
// cancelled and gets its record, lines that wait are recorded as cancelled
// while the time lasts, and the summary counts the rest as unrecorded. Where ctx
// ended by a deadline, or was cancelled with context.DeadlineExceeded as its
// cause, they are recorded as past the deadline instead, all else is the same.
//
// The error is the first of the sink or the frontier; the end of ctx is none,
// the caller knows its cause. The summary is good in any case.
func Run(ctx context.Context, o Options, f frontier.Frontier, sink results.Sink) (results.Summary, error) {
	if err := o.Validate(); err != nil {
		return results.Summary{}, err
	}
	ownClient := o.Fetcher == nil
	o, err := o.withDefaults()
	if err != nil {
		return results.Summary{}, err
	}
	if c, ok := o.Fetcher.(interface{ Close() }); ok && ownClient {
		defer c.Close()
	}
	return newRun(o, f, sink).run(ctx)
}

// run makes the run, once.
func (r *run) run(ctx context.Context) (results.Summary, error) {
	r.ended = func() error {
		if ctx.Err() == nil {
			return nil
		}
		return errors.Join(ctx.Err(), context.Cause(ctx))
	}
	release := r.l.Hold() // the sink and ctx wake the loop from outside
	defer release()
	detach := r.o.Monitor.attach(r)
	unhook := context.AfterFunc(ctx, func() { r.l.CallSoonThreadsafe(r.interrupt) })
	_, err := loop.RunUntilComplete(r.l, loop.CreateTask(r.l, r.main, "main"))
	if r.err == nil {
		r.err = err
	}
	unhook()
	detach()
	r.finish(ctx)
	return r.sum, r.err
}

func newRun(o Options, f frontier.Frontier, sink results.Sink) *run {
	l := loop.New(loop.Options{Logger: o.Logger})
	r := &run{
		o: o, f: f, l: l, began: o.Now(),
		io:       pool.New(pool.Options{Workers: o.Concurrency}),
		parsers:  pool.New(pool.Options{Workers: o.Parsers}),
		store:    pool.New(pool.Options{Workers: 1}),
		bench:    frontier.NewWorkbench(o.Politeness),
		flights:  map[*loop.Task[landing]]*flight{},
		landings: loop.NewWaitSet[landing](l),
		hungry:   loop.NewEvent(l),
		landed:   make(chan struct{}),
		agent:    robots.Token(o.Fetch.UserAgent),
		room:     maxRoom,
	}
	if o.Resumable {
		r.room = min(maxRoom, 2*o.Concurrency)
	}
	if o.Crawl != nil {
		r.crawl = &crawler{Crawl: *o.Crawl}
		r.o.Extract.Agent = r.agent
	}
	r.sinker = newSinker(sink, f, maxRoom)
	r.sinker.settled = func(batch []entry) { l.CallSoonThreadsafe(func() { r.settled(batch) }) }
	r.sinker.failed = func(err error) { l.CallSoonThreadsafe(func() { r.fail(err) }) }
	go r.sinker.run()
	return r
}

// main is the task that gives every flight's landing its record, in the order
// of completion.
func (r *run) main(c *loop.Ctx) (struct{}, error) {
	r.supplier = loop.CreateTask(r.l, r.supply, "supply")
	for t := range r.landings.All(c) {
		fl := r.flights[t]
		delete(r.flights, t)
		r.land(fl, t)
		r.pump()
	}
	return struct{}{}, nil
}

// emit hands an entry to the sink goroutine. It never blocks: what finds no room
// in the channel waits in backlog, which full keeps within one batch of notes.
func (r *run) emit(it frontier.Item, rec *results.Record, out frontier.Outcome) {
	out.Token, out.ItemID = it.Token, it.ID
	if r.o.Resumable && out.Verdict == frontier.Cancelled {
		rec = nil // another run's to write
	}
	if rec != nil && r.crawl != nil && r.crawl.Depth > 0 {
		rec.Depth, rec.HasDepth = it.Depth, true
	}
	if rec != nil && r.o.Changes != nil {
		q := r.requestOf(&it)
		rec.Basis.Method, rec.Basis.Own = q.Method, q.Own
	}
	r.unsunk += weight(&out)
	r.backlog = append(r.backlog, entry{rec: rec, out: out, host: it.Host})
	r.sendBacklog()
}

// sendBacklog gives the sink goroutine what it has room for.
func (r *run) sendBacklog() {
	for len(r.backlog) > 0 {
		select {
		case r.sinker.in <- r.backlog[0]:
			r.backlog[0] = entry{}
			r.backlog = r.backlog[1:]
		default:
			return
		}
	}
	r.backlog = r.backlog[:0]
}

// weight is how much room an entry takes: its links wait with it.
func weight(out *frontier.Outcome) int { return 1 + len(out.Links)/linksInRoom }

// full says that no further entry may come to be: each flight will bring one.
func (r *run) full() bool { return r.unsunk+len(r.flights) >= r.room }

// settled is the sink goroutine's word that a batch is written and settled.
func (r *run) settled(batch []entry) {
	for i := range batch {
		r.unsunk -= weight(&batch[i].out)
	}
	r.sendBacklog()
	for _, e := range batch {
		if e.host != "" {
			r.bench.Settled(e.host)
		}
	}
	r.pump()
}

func (r *run) now() time.Time { return r.o.Now() }
