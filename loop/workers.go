package loop

import (
	"context"
	"runtime"
	"sync"
)

// workers is the default executor: a small bounded one, so that a loop works
// without package pool. Goroutines start when there is work for them, up to
// min(32, CPUs+4), asyncio's number (E3), and stay until the shutdown.
type workers struct {
	mu     sync.Mutex
	work   sync.Cond
	queue  fifo[func()]
	limit  int
	active int  // goroutines that exist
	idle   int  // of them, those that sleep
	waking bool // one was woken or started and has not come to the queue yet
	closed bool
	ended  chan struct{} // closed when closed and no goroutine is left
}

func newWorkers() *workers {
	w := &workers{limit: min(32, runtime.NumCPU()+4), ended: make(chan struct{})}
	w.work.L = &w.mu
	return w
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
	w.wakeOne()
	return nil
}

// wakeOne finds a worker for the queue's head; w.mu is held. Only one at a time
// is on its way, and wakes the next: a burst costs one wake-up.
func (w *workers) wakeOne() {
	switch {
	case w.waking:
	case w.idle > 0:
		w.idle--
		w.waking = true
		w.work.Signal()
	case w.active < w.limit:
		w.active++
		w.waking = true
		go w.run(true)
	}
}

func (w *workers) run(woken bool) {
	clean := false
	defer func() {
		if !clean { // the job ended its goroutine with Goexit: another goes on
			go w.run(false)
		}
	}()
	for {
		job, ok := w.take(woken)
		if !ok {
			clean = true
			return
		}
		woken = false
		job()
	}
}

func (w *workers) take(woken bool) (job func(), ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		if woken {
			w.waking = false
		}
		if job, ok = w.queue.pop(); ok {
			if w.queue.len() > 0 {
				w.wakeOne()
			}
			return job, true
		}
		if w.closed {
			if w.active--; w.active == 0 {
				close(w.ended)
			}
			return nil, false
		}
		w.idle++
		w.work.Wait()
		woken = true
	}
}

func (w *workers) Shutdown(ctx context.Context) error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		w.idle = 0
		w.work.Broadcast()
		if w.active == 0 {
			close(w.ended)
		}
	}
	w.mu.Unlock()
	select {
	case <-w.ended:
		return nil
	default:
	}
	select {
	case <-w.ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
