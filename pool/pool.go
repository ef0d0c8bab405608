package pool

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// ErrClosed refuses work after Shutdown or Close (E7).
var ErrClosed = errors.New("pool is closed")

// Options configures a Pool; the zero value is usable.
type Options struct {
	// Workers is how many functions run at once; 0 is runtime.GOMAXPROCS(0).
	Workers int
	// OnPanic is called, on the worker, with every panic of a function given to
	// Submit. nil keeps the first one for Shutdown to return.
	OnPanic func(*PanicError)
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	if o.Workers < 0 {
		return fmt.Errorf("workers: %d is negative", o.Workers)
	}
	return nil
}

// A Pool runs functions on a bounded number of workers. Make one with [New].
type Pool struct {
	limit   int
	onPanic func(*PanicError)
	base    context.Context // of the jobs made with Go
	stop    context.CancelCauseFunc

	mu       sync.Mutex
	work     sync.Cond // workers wait here for the queue
	queue    queue
	workers  int  // goroutines that exist
	idle     int  // of them, those that wait for work
	waking   bool // one was woken or started and has not come to the queue yet
	closed   bool
	finished chan struct{} // closed when closed and no worker is left
	stats    Stats
	panicked *PanicError
}

// New makes a pool; no goroutine is started before there is work (E2). It panics
// if the options are not valid.
func New(o Options) *Pool {
	if err := o.Validate(); err != nil {
		panic("pool: " + err.Error())
	}
	p := &Pool{limit: o.Workers, onPanic: o.OnPanic, finished: make(chan struct{})}
	if p.limit == 0 {
		p.limit = runtime.GOMAXPROCS(0)
	}
	p.base, p.stop = context.WithCancelCause(context.Background())
	p.work.L = &p.mu
	return p
}

// Workers is how many functions run at once.
func (p *Pool) Workers() int { return p.limit }

// Submit queues fn; workers take functions in the order of submission (E2). It
// never blocks. [ErrClosed] after Shutdown or Close; then fn will not run.
func (p *Pool) Submit(fn func()) error {
	if fn == nil {
		panic("pool: nil function")
	}
	return p.submit(item{fn: fn})
}

func (p *Pool) submit(it item) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.queue.push(it)
	p.stats.Submitted++
	p.wakeOne()
	return nil
}

// wakeOne sees to it that the queue's head finds a worker; p.mu is held. At
// most one worker is on its way out of sleep at a time, and it wakes the next if
// there is more to do: a burst of submissions costs one wake-up of a thread,
// not one each.
func (p *Pool) wakeOne() {
	switch {
	case p.waking:
	case p.idle > 0:
		p.idle--
		p.waking = true
		p.work.Signal()
	case p.workers < p.limit:
		p.workers++
		p.waking = true
		go p.worker(true)
	}
}

// Shutdown takes no more work, and blocks until what was taken is done or ctx
// is (E8). When ctx ends first its cause is returned, and the work goes on; Close
// then drops it. Otherwise it returns the first panic kept, if any. It may be
// called again, also at the same time.
func (p *Pool) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	p.closeLocked()
	p.mu.Unlock()
	select {
	case <-p.finished:
		return p.firstPanic()
	default:
	}
	select {
	case <-p.finished:
		return p.firstPanic()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close takes no more work, drops what is queued, cancels the contexts of the
// jobs that run, and does not wait for them. Dropped jobs end with [ErrClosed].
// It is idempotent.
func (p *Pool) Close() {
	p.mu.Lock()
	dropped := p.queue
	p.queue = queue{}
	p.stats.Dropped += uint64(dropped.len())
	p.closeLocked()
	p.mu.Unlock()
	p.stop(ErrClosed)
	for it, ok := dropped.pop(); ok; it, ok = dropped.pop() {
		if it.job != nil {
			it.job.withdraw(ErrClosed)
		}
	}
}

// closeLocked lets idle workers end; p.mu is held.
func (p *Pool) closeLocked() {
	if p.closed {
		return
	}
	p.closed = true
	p.idle = 0
	p.work.Broadcast()
	if p.workers == 0 {
		close(p.finished)
		p.stop(ErrClosed)
	}
}

func (p *Pool) firstPanic() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.panicked == nil {
		return nil
	}
	return p.panicked
}
