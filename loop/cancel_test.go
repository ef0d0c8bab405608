package loop_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"crawl/loop"
)

var cancelRows = []row{
	{"T5", func(e *env) {
		t := e.spawn("t", func(*loop.Ctx) error { e.note("body"); return nil })
		e.check(t.Cancel(errBoom) && !t.Done(), "cancelled, but not yet done")
		e.ticks(2)
		e.want("")
		e.check(t.Cancelled() && e.cancelled(t.Err()).Cause == errBoom, "%v", t.Err())
	}},
	{"T6", func(e *env) {
		t := e.stubborn("t", 3*u, nil)
		e.ticks(1)
		e.check(t.Cancel() && !t.Done(), "cancel")
		e.l.CallLater(u, func() { e.check(!t.Done(), "done before its cleanup") })
		_, err := loop.RunUntilComplete(e.l, t)
		e.cancelled(err)
		e.want("t:cleaned@3")
		e.check(t.Cancelled(), "cancelled")
	}},
	{"T7", func(e *env) {
		gate := loop.NewFuture[int](e.l)
		inner := e.spawn("inner", func(c *loop.Ctx) error { _, err := loop.Await(c, gate); return err })
		outer := e.spawn("outer", func(c *loop.Ctx) error { _, err := loop.Await(c, inner); return err })
		sharer := e.spawn("sharer", func(c *loop.Ctx) error { _, err := loop.Await(c, gate); return err })
		e.ticks(1)
		outer.Cancel()
		e.check(gate.Cancelled(), "the innermost future is cancelled at once")
		e.ticks(4)
		e.check(inner.Cancelled() && outer.Cancelled() && sharer.Cancelled(), "transitively, and for all awaiters")
	}},
	{"T8", func(e *env) {
		t := e.spawn("t", func(c *loop.Ctx) error {
			e.cancelled(loop.Sleep(c, 5*u))
			e.cancelled(loop.Sleep(c, 5*u)) // level-triggered: it fails again (D4)
			e.check(c.Cancelling() == 1 && c.Uncancel() == 0, "count")
			return loop.Sleep(c, u)
		})
		e.ticks(1)
		t.Cancel()
		v, err := loop.RunUntilComplete(e.l, t)
		e.check(v == "t" && err == nil && !t.Cancelled() && e.l.Time() == u, "%v %v at %v", v, err, e.l.Time())
		// A body that heard of the cancel and returns a value means it.
		s := e.spawn("s", func(c *loop.Ctx) error { _ = loop.Sleep(c, u); return nil })
		e.ticks(1)
		s.Cancel()
		v, err = loop.RunUntilComplete(e.l, s)
		e.check(v == "s" && err == nil, "%v %v", v, err)
	}},
	{"T9", func(e *env) {
		t := e.spawn("t", func(*loop.Ctx) error { return nil })
		e.ticks(1)
		e.check(!t.Cancel() && !t.Cancelled() && t.Err() == nil, "%v", t.Err())
	}},
	{"T10", func(e *env) {
		t := e.sleeper("t", u, nil)
		e.ticks(1)
		t.Cancel(errBoom)
		t.Cancel(errOther)
		e.check(t.Cancelling() == 2, "cancelling %d", t.Cancelling())
		e.ticks(2)
		e.check(e.cancelled(t.Err()).Cause == errBoom, "the first message counts: %v", t.Err())
	}},
	{"T11", func(e *env) {
		t := e.sleeper("t", u, nil)
		e.check(t.Uncancel() == 0, "never below 0")
		t.Cancel()
		t.Cancel()
		e.check(t.Uncancel() == 1 && t.Uncancel() == 0 && t.Uncancel() == 0, "count")
		_, err := loop.RunUntilComplete(e.l, t) // withdrawn before it was delivered
		e.ok(err)
		e.want("t@1")
	}},
	{"T12", func(e *env) {
		done, open := loop.NewFuture[int](e.l), loop.NewFuture[int](e.l)
		e.ok(done.SetResult(1))
		t := e.spawn("t", func(c *loop.Ctx) error {
			c.Task().Cancel()
			e.note("goes on")
			_, err := loop.Await(c, done)
			e.ok(err) // not a suspension
			_, err = loop.Await(c, open)
			e.cancelled(err)
			return err
		})
		e.ticks(2)
		e.want("goes on@0")
		e.check(t.Cancelled() && open.Cancelled(), "%v", t.Err())
	}},
	{"T13", func(e *env) {
		value := e.spawn("v", func(c *loop.Ctx) error { c.Task().Cancel(); return nil })
		fails := e.spawn("f", func(c *loop.Ctx) error { c.Task().Cancel(); return errBoom })
		e.ticks(1)
		e.check(value.Cancelled(), "value: %v", value.Err())
		e.check(!fails.Cancelled() && fails.Err() == errBoom, "error: %v", fails.Err())
	}},
	{"T14", func(e *env) {
		f := loop.NewFuture[int](e.l)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.Await(c, f); return err })
		e.ticks(1)
		e.ok(f.SetResult(1))
		t.Cancel()
		e.ticks(1)
		e.check(t.Cancelled() && !f.Cancelled(), "cancel wins: %v", t.Err())
	}},
	{"T15", func(e *env) {
		t := e.stubborn("t", u, errBoom)
		joined := e.spawn("j", func(c *loop.Ctx) error { return errors.Join(errBoom, loop.Sleep(c, u)) })
		e.ticks(1)
		t.Cancel()
		joined.Cancel()
		_, err := loop.RunUntilComplete(e.l, t)
		e.check(err == errBoom && !t.Cancelled(), "%v", err)
		e.check(!joined.Cancelled() && errors.Is(joined.Err(), errBoom) && errors.Is(joined.Err(), context.Canceled),
			"a join keeps both and is a failure: %v", joined.Err())
	}},
	{"T16", func(e *env) {
		t := e.spawn("t", func(c *loop.Ctx) error {
			err := loop.Sleep(c, 10*u)
			e.cancelled(loop.Sleep(c, u)) // unshielded cleanup does not get far
			return errors.Join(c.Shielded(5*u, func(c *loop.Ctx) error {
				e.check(c.Err() == nil, "the scope's own context is not cancelled: %v", c.Err())
				e.ok(loop.Sleep(c, 3*u))
				e.note("cleaned")
				return loop.Sleep(c, 10*u) // the limit strikes
			}), err)
		})
		e.ticks(1)
		t.Cancel()
		e.l.CallLater(u, func() { t.Cancel() }) // a second cancel does not come in either
		_, err := loop.RunUntilComplete(e.l, t)
		e.want("cleaned@3")
		e.is(err, loop.ErrTimeout)
		e.check(e.l.Time() == 5*u, "at %v", e.l.Time())
	}},
	{"T17", func(e *env) {
		inner := e.sleeper("inner", 9*u, nil)
		await := func(c *loop.Ctx) error { _, err := loop.Await(c, inner); return err }
		a, b := e.spawn("a", await), e.spawn("b", await)
		e.ticks(1)
		inner.Cancel(errBoom)
		e.ticks(3)
		for _, t := range []*loop.Task[string]{inner, a, b} {
			e.check(e.cancelled(t.Err()).Cause == errBoom, "%s: %v", t.Name(), t.Err())
		}
	}},
	{"T18", func(e *env) {
		inner := e.sleeper("inner", 9*u, nil)
		outer := e.spawn("outer", func(c *loop.Ctx) error {
			_, err := loop.Await(c, inner)
			e.check(c.Cancelling() == 0 && e.cancelled(err).Origin == "inner", "%v, cancelling %d", err, c.Cancelling())
			return err
		})
		e.ticks(1)
		inner.Cancel()
		e.ticks(3)
		e.check(outer.Cancelled(), "%v", outer.Err())
	}},
	{"T19", func(e *env) {
		bare := e.spawn("bare", func(*loop.Ctx) error { return &loop.CancelError{} })
		wrapped := e.spawn("wrapped", func(*loop.Ctx) error { return fmt.Errorf("page: %w", &loop.CancelError{}) })
		both := e.spawn("both", func(*loop.Ctx) error { return errors.Join(&loop.CancelError{}, &loop.CancelError{}) })
		foreign := e.spawn("foreign", func(*loop.Ctx) error { return context.Canceled })
		late := e.spawn("late", func(*loop.Ctx) error { return fmt.Errorf("dns: %w", context.DeadlineExceeded) })
		e.ticks(1)
		e.check(bare.Cancelled() && wrapped.Cancelled() && both.Cancelled(), "a CancelError is a cancellation")
		e.check(!foreign.Cancelled() && !late.Cancelled(), "another context's end is not")
		e.check(foreign.Err() != nil && late.Err() != nil, "but an error")
	}},
	{"T20", func(e *env) {
		var self *loop.Task[string]
		self = e.spawn("self", func(c *loop.Ctx) error { _, err := loop.Await(c, self); return err })
		_, err := loop.RunUntilComplete(e.l, self)
		e.is(err, loop.ErrSelfAwait)
	}},
	{"T21", func(e *env) {
		var ring [3]*loop.Task[string]
		for i := range ring {
			ring[i] = e.spawn(fmt.Sprint(i), func(c *loop.Ctx) error { _, err := loop.Await(c, ring[(i+1)%3]); return err })
		}
		_, err := loop.RunUntilComplete(e.l, ring[0])
		e.is(err, loop.ErrAwaitCycle)
		// A cycle through a gather is not seen at the await; cancelling it must end all the same.
		var a, b *loop.Task[string]
		a = e.spawn("a", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.Gather(e.l, b)); return err })
		b = e.spawn("b", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.Gather(e.l, a)); return err })
		_, err = loop.RunUntilComplete(e.l, a)
		e.is(err, loop.ErrDeadlock)
		e.check(a.Cancel(), "cancel")
		e.check(a.Cancelling() == 1 && b.Cancelling() == 1, "each once: %d %d", a.Cancelling(), b.Cancelling())
		// A long chain must not overflow a stack.
		prev := e.sleeper("leaf", 9*u, nil)
		for range 20_000 {
			inner := prev
			prev = e.spawn("link", func(c *loop.Ctx) error { _, err := loop.Await(c, inner); return err })
		}
		e.ticks(1)
		prev.Cancel()
		_, err = loop.RunUntilComplete(e.l, prev)
		e.cancelled(err)
	}},
}

// Cancelling a parked task from another goroutine is safe and wakes the loop.
func TestCancelFromAnotherGoroutine(t *testing.T) {
	l := loop.New(loop.Options{})
	defer l.Close()
	started := make(chan struct{})
	task := loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
		close(started)
		_, err := loop.Await(c, loop.NewFuture[int](l))
		return 0, err
	})
	release := l.Hold()
	go func() { <-started; task.Cancel(errBoom); release() }()
	if _, err := loop.RunUntilComplete(l, task); !errors.Is(err, errBoom) {
		t.Error(err)
	}
}

// The context of a shielded stretch is as whole as its suspensions are.
func TestShieldedContextIsNotCancelled(t *testing.T) {
	e := newEnv(t, loop.Options{})
	task := e.spawn("t", func(c *loop.Ctx) error {
		err := loop.Sleep(c, 10*u)
		<-c.Done()
		return errors.Join(err, c.Shielded(5*u, func(inner *loop.Ctx) error {
			derived, cancel := context.WithCancel(inner)
			defer cancel()
			e.ok(inner.Err())
			e.ok(derived.Err())
			return loop.Sleep(inner, u)
		}))
	})
	e.ticks(1)
	task.Cancel(errBoom)
	_, err := loop.RunUntilComplete(e.l, task)
	e.is(err, errBoom)
}
