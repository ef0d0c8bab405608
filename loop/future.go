package loop

import "context"

// A Waitable is a future or task of any type, for sets of mixed ones. Only
// types of this package implement it. Its methods may be called from any
// goroutine and never block.
type Waitable interface {
	Done() bool      // has it ended, in whichever way
	Cancelled() bool // has it ended by cancellation
	Err() error      // ErrNotDone, its error, or nil; counts as having looked at the error (F12)
	Cancel(cause ...error) bool
	Name() string
	DoneChan() <-chan struct{}
	node() *core
}

// An Awaitable is a Waitable with a result of type T: *Future[T] or *Task[T].
type Awaitable[T any] interface {
	Waitable
	Result() (T, error)
	future() *Future[T]
}

// A Future is a result that will be set later. Unlike asyncio's it may be used
// from any goroutine. Make one with [NewFuture].
type Future[T any] struct {
	core core
	val  T
}

// A CallbackID names one registration of a done callback.
type CallbackID struct{ r runner }

// NewFuture makes a pending future of loop l. It works on a closed loop (L28).
func NewFuture[T any](l *Loop) *Future[T] {
	f := &Future[T]{}
	f.core.l = l
	return f
}

func (f *Future[T]) node() *core        { return &f.core }
func (f *Future[T]) future() *Future[T] { return f }

// Done tells whether the future has a result, an error or was cancelled (F1).
func (f *Future[T]) Done() bool { return f.core.status() != pending }

// Cancelled tells whether it was cancelled.
func (f *Future[T]) Cancelled() bool { return f.core.status() == cancelled }

// Result gives the value or the error, again and again (F5); ErrNotDone before.
func (f *Future[T]) Result() (T, error) {
	if err := f.core.outcome(); err != nil {
		var zero T
		return zero, err
	}
	return f.val, nil
}

// Err gives the error alone; ErrNotDone before the end (F2).
func (f *Future[T]) Err() error { return f.core.outcome() }

// SetResult ends the future with v and schedules everybody who waits; none of
// them runs inside the call (F7). ErrAlreadyDone if it has ended (F3),
// ErrSealed if it is not the caller's to set (T4).
func (f *Future[T]) SetResult(v T) error { return f.set(v, nil) }

// SetError ends the future with err. A [CancelError] cancels it.
func (f *Future[T]) SetError(err error) error {
	if err == nil {
		return ErrNilError
	}
	var zero T
	return f.set(zero, err)
}

// TrySet is SetResult, or SetError when err is not nil, for producers that race
// with each other or with a cancel: it tells whether it came first (F6).
func (f *Future[T]) TrySet(v T, err error) bool { return f.set(v, err) == nil }

func (f *Future[T]) set(v T, err error) error {
	l := f.core.l
	l.mu.Lock()
	defer l.unlockAndWake()
	switch {
	case f.core.hasFlag(flagSealed):
		return ErrSealed
	case f.core.status() != pending:
		return ErrAlreadyDone
	}
	f.settle(v, err)
	return nil
}

// settle ends the future; l.mu is held and it is pending.
func (f *Future[T]) settle(v T, err error) {
	if err != nil {
		f.core.settleErr(err)
		return
	}
	f.val = v
	f.core.settle(succeeded, nil)
}

// Cancel ends a pending future at once as cancelled and tells whether it did
// (F4). For the future of a gather or an executor job it means what their
// makers say. The cause, if given, is in the CancelError.
func (f *Future[T]) Cancel(cause ...error) bool { return f.core.cancel(cause) }

// AddDoneCallback schedules fn when the future ends, or for the next turn if it
// has; callbacks run in the order of their registration (F8).
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) CallbackID {
	if fn == nil {
		panic("loop: nil callback")
	}
	return f.core.addCallback(&doneCallback[*Future[T]]{fn, f})
}

// RemoveDoneCallback takes one registration back. It is false when that is
// gone already, or scheduled since the future has ended (F9).
func (f *Future[T]) RemoveDoneCallback(id CallbackID) bool { return f.core.removeCallback(id) }

// DoneChan is closed when the future ends: asyncio's Done is a question, so the
// channel that other goroutines select on has a name of its own (F18).
func (f *Future[T]) DoneChan() <-chan struct{} { return f.core.doneChan() }

// WaitContext blocks an ordinary goroutine until the future has ended, or ctx
// has (E12). It must not be called on the loop's goroutine; tasks use [Await].
func (f *Future[T]) WaitContext(ctx context.Context) (T, error) {
	select {
	case <-f.core.doneChan():
		return f.Result()
	case <-ctx.Done():
		var zero T
		return zero, context.Cause(ctx)
	}
}

// Name is what SetName gave it, or "future".
func (f *Future[T]) Name() string { return f.core.name() }

// SetName names the future in errors and dumps.
func (f *Future[T]) SetName(name string) { f.core.setName(name) }

type doneCallback[F any] struct {
	fn func(F)
	f  F
}

func (d *doneCallback[F]) run() { d.fn(d.f) }

func (f *core) addCallback(r runner) CallbackID {
	f.l.mu.Lock()
	f.addWaiter(r)
	f.l.unlockAndWake()
	return CallbackID{r}
}

func (f *core) removeCallback(id CallbackID) bool {
	if id.r == nil {
		return false
	}
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	return f.removeWaiter(id.r)
}
