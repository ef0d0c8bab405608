package loop_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

// virtual is the options of a run on the virtual clock that reports to e.
func virtual() loop.Options { return loop.Options{Clock: new(loop.VirtualClock)} }

// in runs fn with loop.Run; e.l is that loop from then on.
func (e *env) in(ctx context.Context, o loop.Options, fn func(c *loop.Ctx) (string, error)) (string, error) {
	return loop.Run(ctx, func(c *loop.Ctx) (string, error) {
		e.l = c.Loop()
		e.l.SetExceptionHandler(func(_ *loop.Loop, r loop.ErrContext) { e.reports = append(e.reports, r) })
		return fn(c)
	}, o)
}

var runnerRows = []row{
	{"R1", func(e *env) {
		v, err := e.in(context.Background(), virtual(), func(c *loop.Ctx) (string, error) { return "v", loop.Sleep(c, u) })
		e.check(v == "v" && err == nil && e.l.IsClosed(), "%v %v", v, err)
		_, err = e.in(context.Background(), virtual(), func(c *loop.Ctx) (string, error) { return "", errBoom })
		e.check(errors.Is(err, errBoom) && e.l.IsClosed(), "%v", err)
		ctx, cancel := context.WithCancelCause(context.Background())
		_, err = e.in(ctx, virtual(), func(c *loop.Ctx) (string, error) {
			e.ok(loop.Sleep(c, u))
			cancel(errOther)
			_, err := loop.Await(c, loop.NewFuture[int](e.l))
			return "", err
		})
		e.check(e.cancelled(err).Cause == errOther, "the parent's end cancels main: %v", err)
	}},
	{"R2", func(e *env) {
		_, err := e.in(context.Background(), virtual(), func(c *loop.Ctx) (string, error) {
			e.stubborn("left", 5*u, nil)
			e.ok(loop.Yield(c))
			e.l.CallSoon(func() { e.spawn("unstarted", func(*loop.Ctx) error { e.note("ran"); return nil }) })
			return "", nil
		})
		e.ok(err)
		e.want("left:cleaned@5")
	}},
	{"R3", func(e *env) {
		v, err := e.in(context.Background(), virtual(), func(c *loop.Ctx) (string, error) {
			e.stubborn("left", u, errBoom)
			return "v", loop.Yield(c)
		})
		e.check(v == "v" && err == nil, "%v %v", v, err)
		e.check(len(e.reports) == 1 && e.reports[0].Name == "left" && errors.Is(e.reports[0].Err, errBoom), "%s", e.reported())
	}},
	{"R4", func(e *env) {
		_, err := e.in(context.Background(), virtual(), func(c *loop.Ctx) (string, error) {
			e.spawn("left", func(c *loop.Ctx) error {
				err := loop.Sleep(c, 99*u)
				e.stubborn("child of cleanup", 2*u, nil)
				return err
			})
			e.spawn("deaf", func(c *loop.Ctx) error { // waits for what never comes
				_ = loop.Sleep(c, 99*u)
				return c.Shielded(0, func(c *loop.Ctx) error { _, err := loop.Await(c, loop.NewFuture[int](e.l)); return err })
			})
			return "", loop.Yield(c)
		})
		e.ok(err)
		e.check(strings.Contains(e.reported(), "deadlock") && e.l.IsClosed(), "what does not end is told: %s", e.reported())
		e.check(len(e.l.AllTasks()) == 0, "left: %s", names(e.l.AllTasks()))
	}},
	{"R5", func(e *env) {
		cleaned, job := false, false
		_, err := e.in(context.Background(), loop.Options{}, func(c *loop.Ctx) (string, error) {
			e.spawn("left", func(c *loop.Ctx) error {
				_ = loop.Sleep(c, time.Hour)
				return c.Shielded(0, func(c *loop.Ctx) error { // the executor still works for cleanup
					_, err := loop.Await(c, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, nil }))
					cleaned = err == nil
					return err
				})
			})
			loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) {
				time.Sleep(20 * time.Millisecond)
				job = true // before Run returns: no race
				return 0, nil
			})
			return "", loop.Yield(c)
		})
		e.ok(err)
		e.check(cleaned && job && e.l.IsClosed(), "cleaned %v, job %v", cleaned, job)
	}},
	{"R6", interruptRow(func(e *env, c *loop.Ctx) error { return loop.Sleep(c, time.Hour) },
		func(e *env, v string, err error, interrupted bool) {
			e.is(err, loop.ErrInterrupted)
			e.is(err, context.Canceled)
			e.check(interrupted, "Interrupted")
		})},
	{"R7", func(e *env) {
		interruptRow(func(e *env, c *loop.Ctx) error { _ = loop.Sleep(c, time.Hour); return nil },
			func(e *env, v string, err error, interrupted bool) {
				e.check(v == "main" && err == nil && interrupted, "%v %v %v", v, err, interrupted)
			})(e)
		interruptRow(func(e *env, c *loop.Ctx) error { _ = loop.Sleep(c, time.Hour); return errBoom },
			func(e *env, v string, err error, interrupted bool) {
				e.check(err == errBoom && interrupted, "%v", err)
			})(e)
	}},
	{"R8", secondInterruptRow},
	{"R9", interruptRow(func(e *env, c *loop.Ctx) error {
		c.Task().Cancel(errOther)
		return loop.Sleep(c, time.Hour)
	}, func(e *env, v string, err error, interrupted bool) {
		e.check(!errors.Is(err, loop.ErrInterrupted) && e.cancelled(err).Cause == errOther, "%v", err)
	})},
	{"R10", restoredInterruptRow},
	{"R11", bareInterruptRow},
	{"R12", func(e *env) {
		a := e.stubborn("a", 5*u, nil)
		e.ticks(1)
		e.ok(e.l.CancelAll(context.Background()))
		e.want("a:cleaned@5")
		e.check(a.Cancelled(), "%v", a.Err())
		// The raw idiom still works for tasks without suspending cleanup.
		b := e.sleeper("b", 9*u, nil)
		e.ticks(1)
		for _, t := range e.l.AllTasks() {
			t.Cancel()
		}
		e.ticks(1)
		e.check(b.Cancelled(), "%v", b.Err())
	}},
	{"R13", func(e *env) {
		r := loop.NewRunner(context.Background(), virtual())
		kept := loop.NewFuture[int](r.Loop())
		set := func(c *loop.Ctx) (int, error) { return 0, kept.SetResult(7) }
		get := func(c *loop.Ctx) (int, error) { return loop.Await(c, kept) }
		_, err := loop.RunIn(r, set)
		e.ok(err)
		v, err := loop.RunIn(r, get)
		e.check(v == 7 && err == nil, "%v %v", v, err)
		e.ok(r.Close())
		e.ok(r.Close())
		_, err = loop.RunIn(r, get)
		e.is(err, loop.ErrLoopClosed)
	}},
}

func TestRunReportsADeadlockOfMain(t *testing.T) {
	_, err := loop.Run(context.Background(), func(c *loop.Ctx) (int, error) {
		return loop.Await(c, loop.NewFuture[int](c.Loop()))
	})
	if !errors.Is(err, loop.ErrDeadlock) {
		t.Error(err)
	}
}
