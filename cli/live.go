package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"crawl/engine"
	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results/progress"
)

const (
	drawEvery  = 200 * time.Millisecond // the progress line
	plainEvery = 10 * time.Second       // progress in whole lines
	checkEvery = 2 * time.Second        // for what is stuck, and how long hosts still need
	// eventRoom is how many events may wait for a slow stderr; the rest is dropped,
	// and counted.
	eventRoom = 1024
)

// live is what is said of a run while it goes on: the progress line, notices of
// hosts, what is stuck, what SIGUSR1 asks for, and with -v each retry and redirect.
// One goroutine of its own says it; stop ends that.
type live struct {
	o       *options
	c       *console
	monitor *engine.Monitor
	events  chan engine.Event
	dropped atomic.Int64
	asked   <-chan os.Signal
	total   atomic.Int64 // lines of the list; 0: not known
	earlier int64        // of them, done by earlier runs
	counter sync.WaitGroup
	lines   atomic.Pointer[list.List] // nil: none, or a crawl

	// Of the goroutine:
	rate    progress.Rate
	hosts   hostNotices
	stuck   watchdog
	outlook outlook
	inquiry inquiry

	cancel context.CancelFunc // the goroutine's context
	done   chan struct{}
	once   sync.Once
}

// watch begins to speak of the run that o.engine is for, which it gives a look
// into. earlier is how many lines of its list are done.
// It is called before sources are read.
func (o *options) watch(ctx context.Context, sources []list.Source, earlier int64) *live {
	c := o.console
	if o.engine.Monitor == nil {
		o.engine.Monitor = &engine.Monitor{}
	}
	v := &live{
		o: o, c: c, monitor: o.engine.Monitor, asked: c.asked, earlier: earlier,
		events: make(chan engine.Event, eventRoom), done: make(chan struct{}),
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	v.cancel = cancel
	if !o.quiet {
		o.engine.Observe = v.observe
	}
	if (c.screen != nil || o.plainLines(c)) && !o.crawls() { // links come as they are found
		v.count(own, sources)
	}
	go v.run(own, ctx)
	return v
}

// stop ends what is said, and takes the line away. It waits for its goroutine,
// but, where ctx has ended, no longer than a moment for a blocked stderr.
func (v *live) stop(ctx context.Context) {
	v.once.Do(func() {
		v.cancel()
		v.counter.Wait()
		select {
		case <-v.done:
			return
		case <-ctx.Done():
		}
		select {
		case <-v.done:
		case <-time.After(moment):
		}
	})
}

// observe takes an event on the run's loop, which it does not hold up.
func (v *live) observe(e engine.Event) {
	if !v.o.voice.verbose && e.Kind != engine.HostParked && e.Kind != engine.HostGivenUp {
		return
	}
	select {
	case v.events <- e:
	default:
		v.dropped.Add(1)
	}
}

// run is the goroutine, until ctx ends; the end of stopping is that of the run.
func (v *live) run(ctx, stopping context.Context) {
	defer close(v.done)
	draw, check := time.NewTicker(drawEvery), time.NewTicker(checkEvery)
	defer draw.Stop()
	defer check.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			v.end()
			return
		case now := <-draw.C:
			if v.inquiry.ready(now) {
				v.dump(ctx)
			}
			for _, text := range v.hosts.due(now) {
				say(v.c, slog.LevelWarn, text)
			}
			v.show(ctx, stopping, now, &last)
		case <-check.C:
			v.check(ctx)
		case e := <-v.events:
			v.take(e)
		case <-v.asked:
			v.inquiry.due = true
			if v.inquiry.ready(time.Now()) {
				v.dump(ctx)
			}
		}
	}
}

// end takes what is left.
func (v *live) end() {
	for len(v.events) > 0 {
		v.take(<-v.events)
	}
	if n := v.dropped.Load(); n > 0 {
		say(v.c, slog.LevelWarn, fmt.Sprintf("%s messages were left out: standard error did not take them in time", grouped(n)))
	}
	if v.c.screen != nil {
		v.c.screen.Clear()
	}
}

// take tells an event, or gathers it.
func (v *live) take(e engine.Event) {
	now := time.Now()
	if !v.o.voice.verbose {
		v.hosts.take(now, e)
		return
	}
	text, attrs := eventText(now, e)
	say(v.c, slog.LevelDebug, text, attrs...)
}

// state is what the line shows now; ok is false where no run goes on.
func (v *live) state(ctx, stopping context.Context) (s progress.State, ok bool) {
	c, err := v.monitor.Counts(ctx)
	if err != nil {
		return s, false
	}
	sum := &c.Summary
	done := sum.Lines() + v.earlier
	v.rate.Add(c.At, sum.Lines())
	s = progress.State{
		Done: done, OK: sum.OK, Failed: sum.Failed, Total: v.total.Load(), Bytes: sum.Bytes,
		PerSecond: v.rate.PerSecond(), InFlight: c.InFlight, Parked: v.outlook.parked, Stopping: stopping.Err() != nil,
	}
	s.Left = v.outlook.left(s)
	return s, true
}

// show shows how far the run is: as a line that changes, or in whole lines now and
// then. last is when the last of those was written.
func (v *live) show(ctx, stopping context.Context, now time.Time, last *time.Time) {
	plain := v.o.plainLines(v.c)
	if v.c.screen == nil && !plain {
		return
	}
	s, ok := v.state(ctx, stopping) // each time, for the rate
	switch {
	case plain && ok && now.Sub(*last) >= plainEvery:
		*last = now
		say(v.c, slog.LevelInfo, s.Text())
	case plain:
	case ok:
		v.c.screen.Show(s.Line(v.c.screen.Room()))
	default:
		v.c.screen.Show("")
	}
}

// check looks for what is stuck and what hosts are waited for.
func (v *live) check(ctx context.Context) {
	s, err := v.monitor.Snapshot(ctx)
	if err != nil {
		return
	}
	if text := v.stuck.look(&s); text != "" && !v.o.quiet {
		say(v.c, slog.LevelWarn, text)
	}
	v.outlook.look(&s, v.backlog().behind)
}

// backlog asks what waits in the frontier.
func (v *live) backlog() backlog {
	b := backlog{total: v.total.Load(), earlier: v.earlier, behind: func(string) int { return 0 }}
	if l := v.lines.Load(); l != nil {
		b.behind, b.stored = l.Behind, l.Waiting()
	}
	return b
}

// follow says where the lines of the run wait, to be asked how many there are.
func (v *live) follow(work frontier.Frontier) {
	if l, ok := work.(*list.List); ok {
		v.lines.Store(l)
	}
}

// count counts the lines of the list beside the run, if they can be counted.
func (v *live) count(ctx context.Context, sources []list.Source) {
	var own []list.Source
	for _, s := range sources {
		file, ok := s.R.(interface {
			io.ReaderAt
			io.Seeker
		})
		if !ok || !s.Regular {
			return
		}
		at, err := file.Seek(0, io.SeekCurrent)
		if err != nil {
			return
		}
		s.R = io.NewSectionReader(readerUntil{ctx.Done(), file}, at, 1<<62)
		own = append(own, s)
	}
	v.counter.Go(func() {
		if n, ok := list.Count(own); ok {
			v.total.Store(n)
		}
	})
}

// readerUntil reads until done is closed.
type readerUntil struct {
	done <-chan struct{}
	r    io.ReaderAt
}

func (u readerUntil) ReadAt(p []byte, at int64) (int, error) {
	select {
	case <-u.done:
		return 0, os.ErrClosed
	default:
		return u.r.ReadAt(p, at)
	}
}
