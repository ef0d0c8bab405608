package pool

import (
	"context"
	"sync"
	"sync/atomic"
)

// A Job is one function given to Go.
type Job struct {
	p      *Pool
	fn     func(ctx context.Context) error
	began  atomic.Bool // claimed by a worker or by a cancel
	ctx    context.Context
	cancel context.CancelCauseFunc
	once   sync.Once
	done   chan struct{}
	err    error
}

// Go queues fn and returns a Job to wait for or to cancel. fn's context is
// cancelled by Job.Cancel and by the pool's Close. It never blocks. [ErrClosed]
// after Shutdown or Close.
func (p *Pool) Go(fn func(ctx context.Context) error) (*Job, error) {
	if fn == nil {
		panic("pool: nil function")
	}
	j := &Job{p: p, fn: fn, done: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancelCause(p.base)
	if err := p.submit(item{j.run, j}); err != nil {
		j.cancel(err)
		return nil, err
	}
	return j, nil
}

// run is the job's turn on a worker.
func (j *Job) run() {
	if !j.began.CompareAndSwap(false, true) {
		return
	}
	err := ErrGoexit
	defer func() {
		if v := recover(); v != nil {
			p := newPanicError(v)
			j.p.countPanic()
			err = p
		}
		j.finish(err)
	}()
	err = j.fn(j.ctx)
}

func (j *Job) finish(err error) {
	j.once.Do(func() {
		j.err = err
		j.cancel(context.Canceled)
		close(j.done)
	})
}

// Cancel withdraws a job that has not begun: it never runs, and ends with cause
// (E4). A job that runs has its context cancelled with cause and goes on as
// long as it likes (E5). It is false for a job that has ended.
func (j *Job) Cancel(cause error) bool {
	if cause == nil {
		cause = context.Canceled
	}
	if j.withdraw(cause) {
		return true
	}
	select {
	case <-j.done:
		return false
	default:
		j.cancel(cause)
		return true
	}
}

func (j *Job) withdraw(cause error) bool {
	if !j.began.CompareAndSwap(false, true) {
		return false
	}
	j.p.mu.Lock()
	j.p.stats.Withdrawn++
	j.p.mu.Unlock()
	j.finish(cause)
	return true
}

// Done is closed when the job has ended.
func (j *Job) Done() <-chan struct{} { return j.done }

// Wait blocks until the job has ended and returns its error, or until ctx is
// done and returns its cause; the job goes on then.
func (j *Job) Wait(ctx context.Context) error {
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *Pool) countPanic() {
	p.mu.Lock()
	p.stats.Panicked++
	p.mu.Unlock()
}
