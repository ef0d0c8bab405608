package loop

import (
	"errors"
	"slices"
)

// Errors of queues.
var (
	ErrQueueFull    = errors.New("queue is full")
	ErrQueueEmpty   = errors.New("queue is empty")
	ErrQueueClosed  = errors.New("queue is closed")
	ErrTooManyDones = errors.New("TaskDone called more often than items were put")
)

// A Queue hands items from task to task. Get and Put suspend; all other methods
// may be called from any goroutine and never block. Whoever waits is served in
// the order of arrival (Q2), and the turn of a cancelled one goes to the next:
// no item is lost and nobody is stuck (Q3).
type Queue[T any] struct {
	l        *Loop
	size     int
	store    store[T]
	seq      uint64
	getters  fifo[*Future[queued[T]]] // there are some only while store is empty
	putters  fifo[*core]
	reserved int // places kept for putters that were woken
	closed   bool
	open     int // items put and not yet told done
	joiners  fifo[*core]
}

// queued is an item with its place in the order of arrival.
type queued[T any] struct {
	v   T
	seq uint64
}

// NewQueue makes a first-in-first-out queue of at most size items; size ≤ 0 is
// unbounded (Q1). The bound is an argument that nobody can forget.
func NewQueue[T any](l *Loop, size int) *Queue[T] {
	return &Queue[T]{l: l, size: size, store: &fifoStore[T]{}}
}

// NewLifoQueue makes a queue that gives the newest item first (Q5).
func NewLifoQueue[T any](l *Loop, size int) *Queue[T] {
	return &Queue[T]{l: l, size: size, store: &lifoStore[T]{}}
}

// NewPriorityQueue makes a queue that gives the least item first, equal ones in
// the order of arrival (Q5). compare must not call into the loop.
func NewPriorityQueue[T any](l *Loop, size int, compare func(a, b T) int) *Queue[T] {
	return &Queue[T]{l: l, size: size, store: &heapStore[T]{compare: compare}}
}

// Len counts the items that lie in the queue.
func (q *Queue[T]) Len() int {
	q.l.mu.Lock()
	defer q.l.mu.Unlock()
	return q.store.len()
}

// Put suspends until there is room. [ErrQueueClosed] if there will be none; on
// any error the item is not in the queue.
func (q *Queue[T]) Put(c *Ctx, v T) error {
	q.l.mu.Lock()
	if err := q.tryPut(v); err != ErrQueueFull {
		q.l.unlockAndWake()
		return err
	}
	w := &core{l: q.l, ext: &ext{name: "queue put"}}
	q.putters.push(w)
	q.reserve()
	q.l.mu.Unlock()
	err := c.await(w)
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	if w.status() == succeeded {
		q.reserved--
	}
	if err == nil && q.closed {
		err = ErrQueueClosed
	}
	if err == nil {
		q.add(v)
	}
	q.reserve()
	return err
}

// PutNowait puts at once or fails with [ErrQueueFull] or [ErrQueueClosed].
func (q *Queue[T]) PutNowait(v T) error {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	return q.tryPut(v)
}

func (q *Queue[T]) tryPut(v T) error {
	switch {
	case q.closed:
		return ErrQueueClosed
	case !q.room() || q.reserved > 0:
		return ErrQueueFull
	}
	q.add(v)
	return nil
}

func (q *Queue[T]) room() bool {
	return q.size <= 0 || q.store.len()+q.reserved < q.size
}

// add gives the item to the first getter that still waits, or stores it.
func (q *Queue[T]) add(v T) {
	q.seq++
	q.open++
	q.hand(queued[T]{v, q.seq}, q.store.push)
}

func (q *Queue[T]) hand(it queued[T], otherwise func(queued[T])) {
	for {
		g, ok := q.getters.pop()
		if !ok {
			otherwise(it)
			return
		}
		if g.core.status() == pending {
			g.settle(it, nil)
			return
		}
	}
}

// reserve wakes as many putters as there are free places, each with a place of
// its own that no newcomer can take.
func (q *Queue[T]) reserve() {
	for q.room() || q.closed {
		w, ok := q.putters.pop()
		if !ok {
			return
		}
		if w.status() == pending {
			q.reserved++
			w.settle(succeeded, nil)
		}
	}
}

// Get suspends until there is an item. [ErrQueueClosed] when the queue is closed
// and drained (Q6).
func (q *Queue[T]) Get(c *Ctx) (T, error) {
	q.l.mu.Lock()
	if v, err := q.tryGet(); err != ErrQueueEmpty {
		q.l.unlockAndWake()
		return v, err
	}
	g := NewFuture[queued[T]](q.l)
	g.core.ext = &ext{name: "queue get"}
	q.getters.push(g)
	q.l.mu.Unlock()
	err := c.await(&g.core)
	if err == nil {
		return g.val.v, nil
	}
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	if g.core.status() == succeeded { // chosen, and cancelled in the same turn
		q.hand(g.val, q.store.unpop)
	}
	var zero T
	return zero, err
}

// GetNowait gets at once or fails with [ErrQueueEmpty] or [ErrQueueClosed].
func (q *Queue[T]) GetNowait() (T, error) {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	return q.tryGet()
}

func (q *Queue[T]) tryGet() (v T, err error) {
	if q.store.len() == 0 {
		if q.closed {
			return v, ErrQueueClosed
		}
		return v, ErrQueueEmpty
	}
	v = q.store.pop().v
	q.reserve()
	return v, nil
}

// Close lets Put fail from now on, and Get when the items are used up (Q6). It is
// idempotent.
func (q *Queue[T]) Close() {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	q.closed = true
	q.reserve()
	for {
		g, ok := q.getters.pop()
		if !ok {
			return
		}
		if g.core.status() == pending {
			g.core.setFlag(flagSeen)
			g.core.settle(failed, ErrQueueClosed)
		}
	}
}

// TaskDone tells that an item which was got has been dealt with (Q4).
func (q *Queue[T]) TaskDone() error {
	q.l.mu.Lock()
	defer q.l.unlockAndWake()
	if q.open == 0 {
		return ErrTooManyDones
	}
	if q.open--; q.open == 0 {
		for w, ok := q.joiners.pop(); ok; w, ok = q.joiners.pop() {
			if w.status() == pending {
				w.settle(succeeded, nil)
			}
		}
	}
	return nil
}

// Join suspends until TaskDone was called for every item put (Q4).
func (q *Queue[T]) Join(c *Ctx) error {
	q.l.mu.Lock()
	if q.open == 0 {
		q.l.mu.Unlock()
		return nil
	}
	w := &core{l: q.l, ext: &ext{name: "queue join"}}
	q.joiners.push(w)
	q.l.mu.Unlock()
	return c.await(w)
}

// A store keeps the items in the order of its kind.
type store[T any] interface {
	push(queued[T])
	pop() queued[T]
	unpop(queued[T]) // gives back what was popped last
	len() int
}

type fifoStore[T any] struct{ fifo[queued[T]] }

func (s *fifoStore[T]) pop() queued[T] { it, _ := s.fifo.pop(); return it }

func (s *fifoStore[T]) unpop(it queued[T]) {
	s.items = slices.Insert(s.items, s.head, it)
}

type lifoStore[T any] struct{ items []queued[T] }

func (s *lifoStore[T]) len() int           { return len(s.items) }
func (s *lifoStore[T]) push(it queued[T])  { s.items = append(s.items, it) }
func (s *lifoStore[T]) unpop(it queued[T]) { s.push(it) }

func (s *lifoStore[T]) pop() queued[T] {
	last := len(s.items) - 1
	it := s.items[last]
	s.items[last] = queued[T]{}
	s.items = s.items[:last]
	return it
}
