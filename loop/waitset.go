package loop

import (
	"iter"
	"time"
)

// A WaitSet gives tasks back in the order of their completion, at a cost per
// completion that does not depend on how many there are. Tasks may be added
// while somebody waits. Make one with [NewWaitSet]; use it on the loop.
type WaitSet[T any] struct{ q completions[*Task[T]] }

// NewWaitSet makes an empty set.
func NewWaitSet[T any](l *Loop) *WaitSet[T] {
	s := &WaitSet[T]{}
	s.q.l = l
	return s
}

// Add puts t into the set; the caller sees to it that it is added once. It
// does not suspend. A task of another loop is refused with [ErrForeignLoop], a
// closed set with [ErrSetDone].
func (s *WaitSet[T]) Add(t *Task[T]) error { return s.q.add(t) }

// Next suspends until a task of the set is done and takes it out. Members that
// are done already come at once, in the order of their completion. [ErrSetDone]
// when the set is closed and empty; an empty set that is not closed waits for
// what will be added. When the calling task is cancelled the error says so, and
// the members are left alone (A4).
func (s *WaitSet[T]) Next(c *Ctx) (*Task[T], error) { return s.q.next(c) }

// All ranges over Next until the set is closed and empty, or the calling task
// is cancelled (ask c.Err). Breaking out leaves the rest in the set.
func (s *WaitSet[T]) All(c *Ctx) iter.Seq[*Task[T]] {
	return func(yield func(*Task[T]) bool) {
		for {
			t, err := s.q.next(c)
			if err != nil || !yield(t) {
				return
			}
		}
	}
}

// Close says that nothing will be added. It wakes everybody who waits in vain.
func (s *WaitSet[T]) Close() { s.q.close() }

// Len counts the members not yet given back.
func (s *WaitSet[T]) Len() int {
	s.q.l.mu.Lock()
	defer s.q.l.mu.Unlock()
	return s.q.members
}

// completions is a queue of members in the order in which they ended. Guarded
// by l.mu.
type completions[W Waitable] struct {
	l       *Loop
	ready   fifo[W]
	members int
	closed  bool
	waiters fifo[*core] // each is settled when its owner should look again
}

type memberHook[W Waitable] struct {
	q      *completions[W]
	member W
}

// run is told that the member is done.
func (h *memberHook[W]) run() {
	l := h.q.l
	l.mu.Lock()
	defer l.unlockAndWake()
	h.q.ready.push(h.member)
	h.q.wakeOne()
}

func (q *completions[W]) add(m W) error {
	f := m.node()
	if f.l != q.l {
		return ErrForeignLoop
	}
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	if q.closed {
		return ErrSetDone
	}
	q.members++
	f.addWaiter(&memberHook[W]{q, m})
	return nil
}

func (q *completions[W]) close() {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	q.closed = true
	for q.wakeOne() {
	}
}

// wakeOne settles the first waiter that still waits.
func (q *completions[W]) wakeOne() bool {
	for {
		w, ok := q.waiters.pop()
		if !ok {
			return false
		}
		if w.status() == pending {
			w.settle(succeeded, nil)
			return true
		}
	}
}

func (q *completions[W]) next(c *Ctx) (W, error) {
	var none W
	for {
		q.l.mu.Lock()
		if m, ok := q.ready.pop(); ok {
			q.members--
			if q.closed && q.members == 0 {
				for q.wakeOne() {
				}
			}
			q.l.mu.Unlock()
			return m, nil
		}
		if q.closed && q.members == 0 {
			q.l.mu.Unlock()
			return none, ErrSetDone
		}
		w := &core{l: q.l, ext: &ext{name: "next completion"}}
		q.waiters.push(w)
		q.l.mu.Unlock()
		if err := c.await(w); err != nil {
			q.passOn(w)
			return none, err
		}
	}
}

// passOn gives the turn of a cancelled waiter to the next one.
func (q *completions[W]) passOn(w *core) {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	if w.status() == succeeded && q.ready.len() > 0 {
		q.wakeOne()
	}
}

// AsCompleted ranges over the results in the order of completion, duplicates
// once; errors are in their Result (A1, A3). It suspends the calling task
// between them. If that is cancelled, a last Result has its error and Index -1.
// Breaking out, or a cancel, leaves the rest running (A4).
func AsCompleted[T any, A Awaitable[T]](c *Ctx, aws ...A) iter.Seq[Result[T]] {
	return asCompleted[T](c, nil, aws)
}

// AsCompletedTimeout is AsCompleted for at most d; what is not done then is told
// by one last Result with [ErrTimeout] and Index -1, and goes on running (A2).
func AsCompletedTimeout[T any, A Awaitable[T]](c *Ctx, d time.Duration, aws ...A) iter.Seq[Result[T]] {
	return asCompleted[T](c, &d, aws)
}

// indexed is a member that knows its place among the arguments.
type indexed[A Waitable] struct {
	Waitable
	a A
	i int
}

func asCompleted[T any, A Awaitable[T]](c *Ctx, limit *time.Duration, aws []A) iter.Seq[Result[T]] {
	return func(yield func(Result[T]) bool) {
		q := &completions[*indexed[A]]{l: c.t.l}
		hooks, err := addAll(q, aws)
		defer removeAll(hooks)
		over := false
		if limit != nil && err == nil {
			defer c.t.l.CallLater(*limit, func() { over = true; q.close(); q.expire() }).Cancel()
		}
		q.close()
		for err == nil {
			var m *indexed[A]
			m, err = q.next(c)
			if err == ErrSetDone && !over {
				return
			}
			if err == nil {
				v, merr := m.a.Result()
				if !yield(Result[T]{v, merr, m.i}) {
					return
				}
			}
		}
		if over && err == ErrSetDone {
			err = ErrTimeout
		}
		yield(Result[T]{Err: err, Index: -1})
	}
}

// expire empties the set, so that next says ErrSetDone.
func (q *completions[W]) expire() {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	q.members = q.ready.len()
	if q.members == 0 {
		for q.wakeOne() {
		}
	}
}

type hookAt struct {
	f *core
	r runner
}

func addAll[A Waitable](q *completions[*indexed[A]], aws []A) (hooks []hookAt, err error) {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	seen := make(map[*core]struct{}, len(aws))
	for i, a := range aws {
		f := a.node()
		if f.l != q.l {
			return hooks, ErrForeignLoop
		}
		if _, again := seen[f]; again {
			continue
		}
		seen[f] = struct{}{}
		h := &memberHook[*indexed[A]]{q, &indexed[A]{a, a, i}}
		q.members++
		f.addWaiter(h)
		hooks = append(hooks, hookAt{f, h})
	}
	return hooks, nil
}

func removeAll(hooks []hookAt) {
	if len(hooks) == 0 {
		return
	}
	l := hooks[0].f.l
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range hooks {
		h.f.removeWaiter(h.r)
	}
}
