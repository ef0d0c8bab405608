package loop

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"time"
)

// A Task runs a function as a coroutine of the loop and is the future of its
// result. Only the function sets that result (T4). Methods may be called from
// any goroutine and never block.
type Task[T any] struct {
	f   Future[T]
	ctx Ctx
}

// An AnyTask is a task of any type.
type AnyTask interface {
	Waitable
	SetName(name string)
	Cancelling() int
	Uncancel() int
}

// A Spawner is where a task can be created: a *Loop, a *Ctx (its loop) or a
// *TaskGroup (which then waits for the task).
type Spawner interface {
	Loop() *Loop
}

// live is the part of a task that exists only until it is done; it is reused
// by a later task. Guarded by l.mu, but for what its own coroutine alone uses.
type live struct {
	t    *core
	body interface {
		AnyTask
		runBody()
	}
	fn      any // func(*Ctx) (T, error)
	begun   bool
	born    time.Duration
	co      *coroutine
	waiting *core  // what it awaits, while it is parked for that
	timer   Handle // its sleep, while it is parked for that
	prev    *live
	next    *live

	cancels   int          // Cancel calls minus Uncancel calls (T10, T11)
	cause     *CancelError // of the first of them
	delivered bool         // some suspension returned cause
	closing   bool         // the loop closes: no suspension works any more
	refused   int          // suspensions that a cancel or the close forbade
	scope     *scope       // innermost scope, or nil
	ctx       lazyContext  // the context of the whole task
	first     *firstWait   // hooks left from its last Wait
}

// CreateTask makes a task of fn. Nothing of fn runs inside the call: tasks begin
// on the next turn, in the order of creation (T1). The loop keeps the task
// until it is done (T25). A name may be given; without one it is "Task-N" (T22).
// Where no task can be created (the loop is closed, the group has ended or is
// aborting) the returned task is done with that error, and fn never runs.
// Any goroutine may call it (E12).
func CreateTask[T any](s Spawner, fn func(c *Ctx) (T, error), name ...string) *Task[T] {
	if fn == nil {
		panic("loop: nil task body")
	}
	l := s.Loop()
	t := &Task[T]{}
	t.f.core.l = l
	t.ctx.t = &t.f.core
	l.mu.Lock()
	l.taskCount++
	t.f.core.id = l.taskCount
	t.f.core.state.Store(flagSealed)
	if len(name) > 0 {
		t.f.core.extra().name = name[0]
	}
	group, _ := s.(*TaskGroup)
	if err := l.admit(&t.f.core, group); err != nil {
		t.f.core.setFlag(flagSeen) // the caller holds it; nothing ran that could be lost
		t.f.core.settle(failed, err)
		l.mu.Unlock()
		return t
	}
	lv := l.newLive()
	lv.t, lv.body, lv.fn, lv.born = &t.f.core, t, fn, l.about()
	t.f.core.live = lv
	l.tasks.add(lv)
	l.push(&t.f.core)
	l.unlockAndWake()
	return t
}

// Ensurable is what EnsureFuture takes.
type Ensurable[T any] interface {
	*Future[T] | *Task[T] | func(c *Ctx) (T, error)
}

// EnsureFuture gives a future or task back unchanged, and makes a task of a
// function (T3): EnsureFuture[string](l, fn).
func EnsureFuture[T any, E Ensurable[T]](s Spawner, x E) Awaitable[T] {
	switch x := any(x).(type) {
	case *Future[T]:
		return x
	case *Task[T]:
		return x
	}
	return CreateTask(s, any(x).(func(c *Ctx) (T, error)))
}

func (l *Loop) admit(t *core, group *TaskGroup) error {
	if l.closed {
		return ErrLoopClosed
	}
	if group != nil {
		return group.admit(t)
	}
	return nil
}

// runBody is the task's whole life on its coroutine.
func (t *Task[T]) runBody() {
	lv := t.f.core.live
	fn := lv.fn.(func(*Ctx) (T, error))
	v, err := fn(&t.ctx)
	l := t.f.core.l
	l.mu.Lock()
	if err == nil && lv.cancels > 0 && !lv.delivered {
		err = lv.cause // cancelled, and it never came to hear of it (T13)
	}
	if err == nil {
		t.f.val = v
	}
	l.finish(lv, err)
	l.mu.Unlock()
}

// finish ends a task; l.mu is held. Its live part is reused from here on.
func (l *Loop) finish(lv *live, err error) {
	t := lv.t
	group := (*TaskGroup)(nil)
	if t.ext != nil {
		group = t.ext.group
	}
	lv.ctx.end(errTaskDone)
	if lv.first != nil {
		lv.first.drop()
	}
	l.tasks.remove(lv)
	t.live = nil
	if lv.closing {
		t.setFlag(flagSeen) // Close tells how many it dropped
	}
	if err != nil {
		t.settleErr(err)
	} else {
		t.settle(succeeded, nil)
	}
	if group != nil {
		group.childDone(t)
	}
	l.recycle(lv)
}

func (t *Task[T]) node() *core        { return &t.f.core }
func (t *Task[T]) future() *Future[T] { return &t.f }

// Done tells whether the task has ended.
func (t *Task[T]) Done() bool { return t.f.Done() }

// Cancelled tells whether it ended by cancellation: its body returned a
// CancelError, bare or wrapped, or never ran (T5, T19).
func (t *Task[T]) Cancelled() bool { return t.f.Cancelled() }

// Result gives what the body returned; ErrNotDone before the end.
func (t *Task[T]) Result() (T, error) { return t.f.Result() }

// Err gives the error that the body returned; ErrNotDone before the end.
func (t *Task[T]) Err() error { return t.f.Err() }

// Cancel asks the task to end. What it awaits is cancelled too, transitively
// (T7); its suspension then returns a [CancelError], and so does every later
// one until Uncancel (D4). A task that has not begun never runs (T5). It is
// false for a task that is done (T9). The first cause is the one that counts.
func (t *Task[T]) Cancel(cause ...error) bool { return t.f.core.cancel(cause) }

// Cancelling counts the Cancel calls that Uncancel has not taken back (T10).
func (t *Task[T]) Cancelling() int {
	l := t.f.core.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if lv := t.f.core.live; lv != nil {
		return lv.cancels
	}
	return 0
}

// Uncancel takes one Cancel back and returns how many are left; with none left
// an undelivered cancel is withdrawn and suspensions work again (T8, T11).
func (t *Task[T]) Uncancel() int { return t.f.core.uncancel() }

// AddDoneCallback schedules fn when the task ends, as for a Future.
func (t *Task[T]) AddDoneCallback(fn func(*Task[T])) CallbackID {
	if fn == nil {
		panic("loop: nil callback")
	}
	return t.f.core.addCallback(&doneCallback[*Task[T]]{fn, t})
}

// RemoveDoneCallback takes one registration back.
func (t *Task[T]) RemoveDoneCallback(id CallbackID) bool { return t.f.core.removeCallback(id) }

// DoneChan is closed when the task ends.
func (t *Task[T]) DoneChan() <-chan struct{} { return t.f.DoneChan() }

// WaitContext blocks an ordinary goroutine until the task has ended or ctx has.
func (t *Task[T]) WaitContext(ctx context.Context) (T, error) { return t.f.WaitContext(ctx) }

// Name is the name given, or "Task-N" with N counted by the loop.
func (t *Task[T]) Name() string { return t.f.core.name() }

// SetName renames the task.
func (t *Task[T]) SetName(name string) { t.f.core.setName(name) }

func (f *core) name() string {
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	return f.nameLocked()
}

func (f *core) nameLocked() string {
	switch {
	case f.ext != nil && f.ext.name != "":
		return f.ext.name
	case f.id != 0:
		return "Task-" + strconv.FormatUint(uint64(f.id), 10)
	}
	return "future"
}

func (f *core) setName(name string) {
	f.l.mu.Lock()
	f.extra().name = name
	f.l.mu.Unlock()
}

// AllTasks lists the tasks that are not done, in the order of creation, the
// caller's own included (T23).
func (l *Loop) AllTasks() []AnyTask { return slices.Collect(l.snapshot()) }

func (l *Loop) snapshot() iter.Seq[AnyTask] {
	l.mu.Lock()
	all := make([]AnyTask, 0, l.tasks.n)
	for lv := l.tasks.head; lv != nil; lv = lv.next {
		all = append(all, lv.body)
	}
	l.mu.Unlock()
	return slices.Values(all)
}

// liveList holds the unfinished tasks in the order of creation.
type liveList struct {
	head, tail *live
	n          int
}

func (s *liveList) add(lv *live) {
	lv.prev = s.tail
	if s.tail == nil {
		s.head = lv
	} else {
		s.tail.next = lv
	}
	s.tail = lv
	s.n++
}

func (s *liveList) remove(lv *live) {
	if lv.prev == nil {
		s.head = lv.next
	} else {
		lv.prev.next = lv.next
	}
	if lv.next == nil {
		s.tail = lv.prev
	} else {
		lv.next.prev = lv.prev
	}
	lv.prev, lv.next = nil, nil
	s.n--
}

func (l *Loop) newLive() *live {
	if n := len(l.spareLives); n > 0 {
		lv := l.spareLives[n-1]
		l.spareLives = l.spareLives[:n-1]
		return lv
	}
	return new(live)
}
