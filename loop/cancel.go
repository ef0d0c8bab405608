package loop

import "errors"

// cancel is Cancel of every future and task.
func (f *core) cancel(cause []error) bool {
	l := f.l
	l.mu.Lock()
	defer l.unlockAndWake()
	if f.status() != pending {
		return false
	}
	ce := &CancelError{Origin: f.nameLocked()}
	if len(cause) == 1 {
		ce.Cause = cause[0]
	} else {
		ce.Cause = errors.Join(cause...)
	}
	return l.cancelLocked(f, ce)
}

// cancelLocked cancels f and, transitively, what it awaits (T7). It walks with
// a list instead of recursion, so that neither long chains nor cycles of
// tasks awaiting each other harm it (T21).
func (l *Loop) cancelLocked(f *core, ce *CancelError) bool {
	if l.walk != nil {
		l.walk = append(l.walk, f) // called by a canceller: the walk is under way
		return f.status() == pending
	}
	l.walk = append(make([]*core, 0, 8), f)
	did := false
	for i := 0; i < len(l.walk); i++ {
		x := l.walk[i]
		if x.status() != pending || x.hasFlag(flagVisited) {
			continue
		}
		x.setFlag(flagVisited)
		hit := l.cancelOne(x, ce)
		if i == 0 {
			did = hit
		}
	}
	for _, x := range l.walk {
		x.clearFlag(flagVisited)
	}
	l.walk = nil
	return did
}

func (l *Loop) cancelOne(x *core, ce *CancelError) bool {
	switch {
	case x.live != nil:
		lv := x.live
		lv.cancels++
		if lv.cause == nil {
			lv.cause, lv.delivered = ce, false
		}
		lv.ctx.end(lv.cause)
		l.interrupt(lv, ce)
		return true
	case x.ext != nil && x.ext.canceller != nil:
		return x.ext.canceller.cancel(ce)
	}
	x.settle(cancelled, ce)
	return true
}

// interrupt ends the suspension that lv is parked in, unless a shield is
// around it: what it awaits is cancelled, a sleep loses its timer (T26).
func (l *Loop) interrupt(lv *live, ce *CancelError) {
	if lv.cancelledFrom(lv.scope) == nil {
		return
	}
	switch {
	case lv.waiting != nil:
		l.cancelLocked(lv.waiting, ce)
	case lv.timer.l != nil:
		lv.timer.cancelLocked()
		lv.timer = Handle{}
		l.push(lv.t)
	}
}

// cancelledFrom is the cancellation that a suspension inside scope s meets: that of
// the outermost cancelled scope that no shield keeps away, the task itself
// being the outermost of all. l.mu is held.
func (lv *live) cancelledFrom(s *scope) *CancelError {
	var found *CancelError
	for ; s != nil; s = s.parent {
		if s.ce != nil {
			found = s.ce
		}
		if s.shield {
			return found
		}
	}
	if lv.cancels > 0 {
		return lv.cause
	}
	return found
}

// deliver returns the cancellation that the next suspension must fail with, or
// nil, and remembers that the task has heard of it.
func (lv *live) deliver() *CancelError {
	ce := lv.cancelledFrom(lv.scope)
	if ce != nil && ce == lv.cause {
		lv.delivered = true
	}
	return ce
}

func (f *core) uncancel() int {
	l := f.l
	l.mu.Lock()
	defer l.mu.Unlock()
	lv := f.live
	if lv == nil || lv.cancels == 0 {
		return 0
	}
	if lv.cancels--; lv.cancels == 0 {
		lv.cause, lv.delivered, lv.refused = nil, false, 0
		lv.ctx = lazyContext{}
	}
	return lv.cancels
}
