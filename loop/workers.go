package loop

import (
	"context"
	"runtime"
	"sync"
)

// workers is the default executor: a small bounded one, so that a loop works
// without package pool. Goroutines start when there is work for them, up to
// min(32, CPUs+4), asyncio's number (E3), and end when they find none.
type workers struct {
	mu     sync.Mutex
	queue  fifo[func()]
	limit  int
	active int
	closed bool
	idle   chan struct{} // closed when closed and nothing is active
}

func newWorkers() *workers {
	return &workers{limit: min(32, runtime.NumCPU()+4), idle: make(chan struct{})}
}

// defaultExecutor makes it on first use; l.mu is held.
func (l *Loop) defaultExecutor() Executor {
	if l.opts.Executor != nil {
		return l.opts.Executor
	}
	if l.jobs.def == nil {
		l.jobs.def = newWorkers()
	}
	return l.jobs.def
}

// Workers is how many jobs run at once.
func (w *workers) Workers() int { return w.limit }

func (w *workers) Submit(job func()) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrExecutorClosed
	}
	w.queue.push(job)
	if w.active < w.limit {
		w.active++
		go w.work()
	}
	return nil
}

func (w *workers) work() {
	clean := false
	defer func() {
		if !clean { // the job ended its goroutine with Goexit: another goes on
			go w.work()
		}
	}()
	for {
		w.mu.Lock()
		job, ok := w.queue.pop()
		if !ok {
			w.active--
			if w.closed && w.active == 0 {
				close(w.idle)
			}
			w.mu.Unlock()
			clean = true
			return
		}
		w.mu.Unlock()
		job()
	}
}

func (w *workers) Shutdown(ctx context.Context) error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		if w.active == 0 {
			close(w.idle)
		}
	}
	w.mu.Unlock()
	select {
	case <-w.idle:
		return nil
	default:
	}
	select {
	case <-w.idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
