package loop

import (
	"context"
	"reflect"
	"sync/atomic"
)

// An Executor runs functions off the loop's goroutine. Package pool fits it by
// shape. Submit must not block; Shutdown takes no more work and waits until
// what was taken is done, or ctx is. An executor that also has Workers() int
// lets a VirtualClock know how many jobs can run at once.
type Executor interface {
	Submit(job func()) error
	Shutdown(ctx context.Context) error
}

// RunInExecutor gives fn to ex, or to the loop's default executor if ex is nil,
// and returns the future of its result; the work starts now, not at the await
// (E1). Use it for whatever blocks: files, DNS, hashing (E14). A panic arrives
// as [PanicError]. The future of a running loop is done from the turn on that
// follows the end of fn.
//
// Cancelling the future withdraws a job that has not begun (E4). One that runs
// cannot be stopped: its ctx is cancelled, the awaiter goes on at once, and a
// late error goes to the exception handler, a late value nowhere (E5). On a
// closed loop or executor the future is failed at once (E7). Any goroutine may
// call it; it does not block.
func RunInExecutor[T any](l *Loop, ex Executor, fn func(ctx context.Context) (T, error)) *Future[T] {
	if fn == nil {
		panic("loop: nil job")
	}
	j := &job[T]{fn: fn}
	f := &j.f.core
	f.l, f.ext = l, &j.ext
	f.state.Store(flagSealed)
	j.jobCore.f, j.ext.canceller = f, &j.jobCore
	l.mu.Lock()
	switch {
	case l.closed:
		f.refuse(ErrLoopClosed)
		l.mu.Unlock()
		return &j.f
	case ex == nil:
		ex = l.defaultExecutor()
	}
	j.account = l.jobs.account(ex)
	l.jobs.begin(&j.jobCore)
	l.mu.Unlock()
	if err := ex.Submit(j.work); err != nil {
		l.mu.Lock()
		l.jobs.end(&j.jobCore)
		if f.status() == pending {
			f.refuse(err)
		}
		l.unlockAndWake()
	}
	return &j.f
}

func (f *core) refuse(err error) {
	f.setFlag(flagSeen) // it is in the caller's hand
	f.settleErr(err)
}

// A job is one call of RunInExecutor.
type job[T any] struct {
	jobCore
	f   Future[T]
	ext ext
	fn  func(ctx context.Context) (T, error)
}

// work runs on a worker.
func (j *job[T]) work() {
	if !j.claimed.CompareAndSwap(false, true) {
		return // withdrawn
	}
	j.err = ErrGoexit
	defer func() {
		if r := recover(); r != nil {
			j.err = newPanicError(r)
		}
		j.jobCore.f.l.post(&j.jobCore)
	}()
	j.f.val, j.err = j.fn((*jobContext)(&j.jobCore))
}

// jobCore is the part of a job that does not depend on its type. Guarded by
// l.mu, but for claimed, and for err and after, which belong to the worker until
// it posts the job.
type jobCore struct {
	f          *core
	account    *account
	prev, next *jobCore    // among those that are out
	after      *jobCore    // in the inbox
	claimed    atomic.Bool // it has begun, or was withdrawn
	ended      bool
	ctx        lazyContext
	cause      error // why ctx is cancelled
	err        error // what fn returned
}

// post gives a job that has run back to the loop (E10). The inbox is a stack
// apart from l.mu, so that workers and loop do not take the lock from each other
// once per job. Who finds it empty sees to the loop, for all who come until it is
// emptied: wakes one that sleeps, and does the work of one that is not running.
func (l *Loop) post(j *jobCore) {
	for {
		head := l.inbox.Load()
		j.after = head
		if l.inbox.CompareAndSwap(head, j) {
			if head == nil {
				break
			}
			return
		}
	}
	switch l.mode.Load() {
	case asleep:
		if l.mode.CompareAndSwap(asleep, awake) {
			l.rouse()
		}
	case away:
		l.mu.Lock()
		l.takePosted()
		l.mu.Unlock()
	}
}

// takePosted settles the futures of the jobs in the inbox, in the order in which
// they ended; l.mu is held.
func (l *Loop) takePosted() {
	var first *jobCore
	for j := l.inbox.Swap(nil); j != nil; {
		j.after, first, j = first, j, j.after
	}
	for j := first; j != nil; {
		next := j.after
		j.after = nil
		j.complete()
		j = next
	}
}

// complete ends the future of a job that has run; l.mu is held.
func (j *jobCore) complete() {
	l := j.f.l
	l.jobs.end(j)
	p, panicked := j.err.(*PanicError)
	if panicked {
		l.reportSoon(ErrContext{Message: "panic in executor job", Err: p})
	}
	switch {
	case j.f.status() == pending:
		if panicked {
			j.f.setFlag(flagSeen)
		}
		if j.err != nil {
			j.f.settleErr(j.err)
		} else {
			j.f.settle(succeeded, nil)
		}
	case j.err != nil && !panicked && !isCancel(j.err):
		l.reportSoon(ErrContext{Message: "executor job failed after it was cancelled", Err: j.err})
	}
}

// cancel is the future's.
func (j *jobCore) cancel(ce *CancelError) bool {
	if j.claimed.CompareAndSwap(false, true) {
		j.f.l.jobs.end(j) // it will never run
	}
	j.ctx.end(ce)
	j.cause = ce
	j.f.settle(cancelled, ce)
	return true
}

// jobTable knows the jobs that are out.
type jobTable struct {
	def      Executor
	accounts []*account
	head     *jobCore
	out      int
}

// An account counts the jobs that one executor holds.
type account struct {
	ex    Executor
	limit int // how many it runs at once; 0 is unknown
	out   int
}

func (t *jobTable) account(ex Executor) *account {
	for _, a := range t.accounts {
		if a.ex == ex {
			return a
		}
	}
	if !reflect.TypeOf(ex).Comparable() {
		return new(account) // of a type that none of the above can have
	}
	a := &account{ex: ex}
	if sized, ok := ex.(interface{ Workers() int }); ok {
		a.limit = sized.Workers()
	}
	t.accounts = append(t.accounts, a)
	return a
}

func (t *jobTable) begin(j *jobCore) {
	t.out++
	j.account.out++
	j.next = t.head
	if t.head != nil {
		t.head.prev = j
	}
	t.head = j
}

func (t *jobTable) end(j *jobCore) {
	if j.ended {
		return
	}
	j.ended = true
	t.out--
	j.account.out--
	if j.prev == nil {
		t.head = j.next
	} else {
		j.prev.next = j.next
	}
	if j.next != nil {
		j.next.prev = j.prev
	}
	j.prev, j.next = nil, nil
}

// busy counts the jobs that run: those queued behind full workers do not, and
// must not keep a virtual clock from moving.
func (t *jobTable) busy() int {
	if t.out == 0 {
		return 0
	}
	n, known := 0, 0
	for _, a := range t.accounts {
		known += a.out
		if a.limit > 0 {
			n += min(a.out, a.limit)
		} else {
			n += a.out
		}
	}
	return n + t.out - known
}

// cancelAll ends the context of every job that is out.
func (t *jobTable) cancelAll(ce *CancelError) {
	for j := t.head; j != nil; j = j.next {
		j.cause = ce
		j.ctx.end(ce)
	}
}

// closeAll is the loop's Close: contexts end, the default executor takes no
// more and is not waited for (L29).
func (t *jobTable) closeAll(l *Loop) {
	l.mu.Lock()
	t.cancelAll(&CancelError{Cause: ErrLoopClosed})
	def := t.def
	if def == nil {
		def = l.opts.Executor
	}
	l.mu.Unlock()
	if def == nil {
		return
	}
	now, cancel := context.WithCancel(context.Background())
	cancel()
	_ = def.Shutdown(now) // it cannot be waited for, and says so
}
