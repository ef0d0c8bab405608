package loop

import (
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// A watchdog reports a callback or task step that keeps the loop to itself for
// too long, while it still does: asyncio tells only afterwards (L31, B12). It
// looks at the real time, whatever clock the loop has. nil does nothing.
type watchdog struct {
	limit  time.Duration
	logger *slog.Logger
	step   atomic.Uint64 // counts; odd while a step runs
	quit   chan struct{}
	ended  chan struct{}
}

// startWatchdog begins to watch a run; l.mu is held.
func (l *Loop) startWatchdog() {
	if l.opts.SlowCallback <= 0 {
		return
	}
	w := &watchdog{limit: l.opts.SlowCallback, logger: l.opts.Logger,
		quit: make(chan struct{}), ended: make(chan struct{})}
	if w.logger == nil {
		w.logger = slog.Default()
	}
	l.dog = w
	go w.watch()
}

func (l *Loop) stopWatchdog() {
	if w := l.dog; w != nil {
		l.dog = nil
		close(w.quit)
		<-w.ended
	}
}

func (w *watchdog) begin() {
	if w != nil {
		w.step.Add(1 + w.step.Load()&1) // from any state to odd: a panic skips end
	}
}

func (w *watchdog) end() {
	if w != nil {
		w.step.Add(1)
	}
}

// watch looks four times per limit, and speaks once per slow step.
func (w *watchdog) watch() {
	defer close(w.ended)
	tick := time.NewTicker(max(w.limit/4, time.Millisecond))
	defer tick.Stop()
	var seen, told uint64
	since := time.Now()
	for {
		select {
		case <-w.quit:
			return
		case now := <-tick.C:
			step := w.step.Load()
			if step != seen {
				seen, since = step, now
				continue
			}
			if step&1 == 1 && step != told && now.Sub(since) >= w.limit {
				told = step
				w.logger.LogAttrs(context.Background(), slog.LevelWarn, "callback or task step blocks the loop",
					slog.Duration("for", now.Sub(since)), slog.String("stack", loopStack()))
			}
		}
	}
}

// loopStack finds, in a dump of all goroutines, those that run a loop's step:
// a task's coroutine that is not parked, or a loop that runs a plain callback.
func loopStack() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var tasks, loops []string
	for one := range strings.SplitSeq(string(buf), "\n\n") {
		head, _, _ := strings.Cut(one, "\n")
		switch {
		case strings.Contains(head, "[coroutine"):
		case strings.Contains(one, "loop.(*coroutine).runTask("):
			tasks = append(tasks, one)
		case strings.Contains(one, "loop.(*Loop).runBatch("):
			loops = append(loops, one)
		}
	}
	if len(tasks) > 0 {
		return strings.Join(tasks, "\n\n")
	}
	return strings.Join(loops, "\n\n")
}
