package loop

import (
	"cmp"
	"runtime"
	"time"
)

// Await suspends the task until a is done and returns its result. If a is done
// already it returns at once, without giving up control: that is neither a
// point where others run nor one where a cancel strikes (F15, T12).
//
// When the task is cancelled, a is cancelled with it (T7; see [Shield]) and
// Await returns the task's [CancelError] once a has ended, even if a has a
// value (T14), or a's own error if its cleanup failed. On a task that is
// cancelled already it cancels a and fails at once (D4). Errors of its own:
// [ErrForeignLoop], [ErrNotInTask], [ErrSelfAwait], [ErrAwaitCycle],
// [ErrLoopClosed].
func Await[T any](c *Ctx, a Awaitable[T]) (T, error) {
	f := a.future()
	if err := c.await(&f.core); err != nil {
		var zero T
		return zero, err
	}
	return f.val, nil
}

// await is Await without the value.
func (c *Ctx) await(f *core) error {
	if f.l != c.t.l {
		return ErrForeignLoop
	}
	if f.status() != pending {
		return f.outcome()
	}
	ce, err := c.join(f, false)
	switch {
	case err != nil:
		return err
	case ce == nil:
		return f.outcome()
	case f.status() == failed:
		return f.outcome()
	}
	return ce
}

// join parks the task until f is done. The first result is the cancellation that
// struck meanwhile. A task that is cancelled already does not park, unless
// through is set: then f is cancelled, but its end is waited for all the same.
func (c *Ctx) join(f *core, through bool) (*CancelError, error) {
	lv, err := c.running()
	if err != nil {
		return nil, err
	}
	l := c.t.l
	l.mu.Lock()
	if f.status() != pending {
		ce := lv.deliver()
		l.mu.Unlock()
		return ce, nil
	}
	if err := lv.mayAwait(f); err != nil {
		l.mu.Unlock()
		return nil, err
	}
	if ce := lv.deliver(); ce != nil {
		l.cancelLocked(f, ce)
		if !through || f.status() != pending {
			return ce, lv.refuse()
		}
	}
	f.addWaiter(lv.t)
	lv.waiting = f
	l.mu.Unlock()
	alive := lv.park()
	l.mu.Lock()
	lv.waiting = nil
	ce := lv.deliver()
	if !alive {
		f.removeWaiter(lv.t)
		err = ErrLoopClosed
	}
	l.mu.Unlock()
	return ce, err
}

// running is the task of c if it is the one that runs now.
func (c *Ctx) running() (*live, error) {
	l := c.t.l
	lv := c.t.live
	if lv == nil || l.current != lv.t {
		return nil, ErrNotInTask
	}
	if lv.closing {
		if lv.refused++; lv.refused > maxRefused {
			runtime.Goexit() // it will never heed the error: D6 unwinds it
		}
		return nil, ErrLoopClosed
	}
	return lv, nil
}

// maxRefused is how often a task may suspend on a closed loop before it is
// unwound: often enough for every cleanup, and not for ever.
const maxRefused = 1000

// refuse is the way of a suspension that a cancel forbids; l.mu is held, and
// given up. The first one fails at once. Each later one costs a turn, so that a
// body that ignores the error starves nobody: neither other tasks nor the limits
// that are to end it.
func (lv *live) refuse() error {
	l := lv.t.l
	if lv.refused++; lv.refused == 1 {
		l.mu.Unlock()
		return nil
	}
	l.push(lv.t)
	l.mu.Unlock()
	if !lv.park() {
		return ErrLoopClosed
	}
	return nil
}

// mayAwait refuses waits that could never end: for oneself, and for a task that
// waits, through others, for this one.
func (lv *live) mayAwait(f *core) error {
	if f == lv.t {
		return ErrSelfAwait
	}
	if lv.t.first == nil {
		return nil // nobody waits for this task, so no ring can close
	}
	for x := f; x != nil && x.live != nil; x = x.live.waiting {
		if x == lv.t {
			return ErrAwaitCycle
		}
	}
	return nil
}

// Sleep suspends the task for d on the loop's clock; d ≤ 0 is a Yield. A cancel
// ends it at once and removes its timer (T26).
func Sleep(c *Ctx, d time.Duration) error {
	if d <= 0 {
		return Yield(c)
	}
	lv, err := c.running()
	if err != nil {
		return err
	}
	l := c.t.l
	when := later(l.clock.Now(), d)
	l.mu.Lock()
	if ce := lv.deliver(); ce != nil {
		return cmp.Or(lv.refuse(), error(ce))
	}
	lv.timer = l.addTimer(when, lv.t)
	l.mu.Unlock()
	alive := lv.park()
	l.mu.Lock()
	defer l.mu.Unlock()
	lv.timer.cancelLocked()
	lv.timer = Handle{}
	return lv.resumed(alive)
}

// Yield lets everything else that is ready run once (T26).
func Yield(c *Ctx) error {
	lv, err := c.running()
	if err != nil {
		return err
	}
	l := c.t.l
	l.mu.Lock()
	if ce := lv.deliver(); ce != nil {
		return cmp.Or(lv.refuse(), error(ce))
	}
	l.push(lv.t)
	l.mu.Unlock()
	alive := lv.park()
	l.mu.Lock()
	defer l.mu.Unlock()
	return lv.resumed(alive)
}

// resumed is the error of a suspension that is over; l.mu is held.
func (lv *live) resumed(alive bool) error {
	if !alive {
		return ErrLoopClosed
	}
	if ce := lv.deliver(); ce != nil {
		return ce
	}
	return nil
}
