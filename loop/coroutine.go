package loop

import (
	"iter"
	"runtime/debug"
)

// This file alone knows how a task is switched: every running task sits on a
// coroutine made by iter.Pull, whose switch costs a fifth of a channel
// hand-off. Coroutines are reused. Three traps of iter.Pull are closed here:
// a panic would surface in the loop without its stack (so it is recovered on
// the coroutine), runtime.Goexit would go on in the loop's goroutine (so the
// coroutine gives the baton back first and is unwound elsewhere), and a
// coroutine that is dropped leaks (so the loop resumes every parked one at
// Close and stops the idle ones).
type coroutine struct {
	l      *Loop
	next   func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	lv     *live // the task it runs; nil while idle
	exited bool  // by Goexit; it is of no more use
}

// maxSpareCoros bounds the idle coroutines that are kept, 2–3 KB each.
const maxSpareCoros = 1024

func (l *Loop) newCoroutine() *coroutine {
	co := &coroutine{l: l}
	co.next, co.stop = iter.Pull(func(yield func(struct{}) bool) {
		co.yield = yield
		for {
			co.runTask()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return co
}

// runTask runs one task to its end. A task that ends without returning has
// panicked or called Goexit.
func (co *coroutine) runTask() {
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			co.l.taskPanicked(co.lv, newPanicError(v))
			return
		}
		co.exited = true
		co.l.taskExited(co.lv)
		co.yield(struct{}{})
	}()
	co.lv.body.runBody()
	returned = true
}

// park gives the baton back to the loop until the task's next step. It is
// false when the loop is closing: the task must unwind.
func (lv *live) park() bool {
	lv.co.yield(struct{}{})
	return !lv.closing
}

// run is a step of the task: from creation or its last suspension to the next
// one or its end. A task that is done has no steps left.
func (f *core) run() {
	lv := f.live
	if lv == nil {
		return
	}
	l := f.l
	co := lv.co
	if co == nil {
		if co = l.beginTask(lv); co == nil {
			return
		}
	}
	outer := l.current
	l.current = f
	co.next()
	l.current = outer
	if f.live == nil {
		l.endTask(co)
	}
}

// beginTask gives a task its coroutine, or ends it if it was cancelled before
// its first step (T5).
func (l *Loop) beginTask(lv *live) *coroutine {
	l.mu.Lock()
	if lv.cancels > 0 {
		l.finish(lv, lv.cause)
		l.unlockAndWake()
		return nil
	}
	lv.begun = true
	l.mu.Unlock()
	var co *coroutine
	if n := len(l.spareCoros); n > 0 {
		co = l.spareCoros[n-1]
		l.spareCoros = l.spareCoros[:n-1]
	} else {
		co = l.newCoroutine()
	}
	co.lv, lv.co = lv, co
	return co
}

// endTask takes the coroutine of a finished task back.
func (l *Loop) endTask(co *coroutine) {
	co.lv = nil
	switch {
	case co.exited:
		// Goexit goes on in whoever unwinds the coroutine: not in the loop.
		l.helpers.Go(func() { co.stop() })
	case len(l.spareCoros) < maxSpareCoros && !l.closed:
		l.spareCoros = append(l.spareCoros, co)
	default:
		co.stop()
	}
}

// recycle makes a live part ready for another task; l.mu is held.
func (l *Loop) recycle(lv *live) {
	*lv = live{}
	if len(l.spareLives) < maxSpareCoros {
		l.spareLives = append(l.spareLives, lv)
	}
}

// taskPanicked reports a panic at once and keeps it for the awaiter (D5).
func (l *Loop) taskPanicked(lv *live, err *PanicError) {
	t := lv.t
	l.mu.Lock()
	t.setFlag(flagSeen)
	body := lv.body
	l.finish(lv, err)
	l.unlockAndWake()
	l.report(ErrContext{Message: "panic in task", Err: err, Task: body})
}

func (l *Loop) taskExited(lv *live) {
	l.mu.Lock()
	l.finish(lv, ErrGoexit)
	l.unlockAndWake()
}

// kill makes every suspension of a parked task fail, so that it unwinds now.
func (l *Loop) kill(lv *live) {
	lv.closing = true
	if lv.co == nil {
		l.mu.Lock()
		lv.t.setFlag(flagSeen)
		l.finish(lv, &CancelError{Cause: ErrLoopClosed, Origin: lv.t.nameLocked()})
		l.mu.Unlock()
		return
	}
	lv.t.run()
}

func newPanicError(v any) *PanicError {
	if err, ok := v.(*PanicError); ok {
		return err // carried on from a job or another task: the first stack is the telling one
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}
