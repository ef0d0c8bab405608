package loop

import (
	"sync/atomic"
	"time"
)

// A runner is what the ready queue holds: a callback, a task's next step, a
// timer, a hook. Pointers and funcs fit the interface without allocation.
type runner interface{ run() }

type callback func()

func (f callback) run() { f() }

// A slot is one place of the ready queue. cancelled is set from any goroutine
// while the loop walks over the slots.
type slot struct {
	r         runner
	cancelled uint32
}

// A Handle stands for one scheduled callback. It is a small value; copies mean
// the same callback. The zero Handle does nothing.
type Handle struct {
	l   *Loop
	t   *timer
	seq uint64 // place in the queue, or the timer's generation
}

// Cancel keeps the callback from running if its turn has not come (L4, L10).
// It is idempotent, has no effect after the run, frees what it holds at once,
// and may be called from any goroutine; called from another one than the
// loop's, it may come too late for a callback that is just starting.
func (h Handle) Cancel() {
	if h.l == nil || h.seq == refused && h.t == nil {
		return
	}
	h.l.mu.Lock()
	defer h.l.mu.Unlock()
	h.cancelLocked()
}

func (h Handle) cancelLocked() {
	l := h.l
	switch {
	case l == nil:
	case h.t != nil:
		l.cancelTimer(h.t, h.seq)
	case h.seq >= l.readyBase:
		if i := h.seq - l.readyBase; i < uint64(len(l.ready)) {
			l.ready[i] = slot{cancelled: 1}
		}
	case h.seq >= l.batchBase:
		if i := h.seq - l.batchBase; i < uint64(len(l.batch)) {
			atomic.StoreUint32(&l.batch[i].cancelled, 1)
		}
	}
}

// refused is the seq of a handle whose callback a closed loop did not take.
const refused = ^uint64(0)

// Err is ErrLoopClosed if the loop was closed when the callback was given to
// it, so that it will never run (L30).
func (h Handle) Err() error {
	if h.t == nil && h.seq == refused {
		return ErrLoopClosed
	}
	return nil
}

// CallSoon schedules fn for the next turn of the loop: first in, first out,
// never inside this call (L1, L2). It does not block and may be called from any
// goroutine (L15); calls of one goroutine keep their order.
func (l *Loop) CallSoon(fn func()) Handle {
	if fn == nil {
		panic("loop: nil callback")
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return Handle{l: l, seq: refused}
	}
	h := Handle{l: l, seq: l.readyBase + uint64(len(l.ready))}
	l.push(callback(fn))
	l.unlockAndWake()
	return h
}

// CallSoonThreadsafe is CallSoon under asyncio's name for calls from other
// goroutines (L14).
func (l *Loop) CallSoonThreadsafe(fn func()) Handle { return l.CallSoon(fn) }

// CallLater schedules fn to run d from now. Zero and negative delays are legal
// and run on a later turn, earlier deadlines first (L7). Any goroutine may
// call it.
func (l *Loop) CallLater(d time.Duration, fn func()) Handle {
	return l.CallAt(later(l.clock.Now(), d), fn)
}

// CallAt schedules fn to run when the loop's Time reaches when; equal deadlines
// run in the order of their calls (L5, L6). Any goroutine may call it.
func (l *Loop) CallAt(when time.Duration, fn func()) Handle {
	if fn == nil {
		panic("loop: nil callback")
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return Handle{l: l, seq: refused}
	}
	h := l.addTimer(when, callback(fn))
	if l.mode.Load() == asleep && h.t.index == 0 {
		l.needWake = true // the loop sleeps towards a later deadline
	}
	l.unlockAndWake()
	return h
}
