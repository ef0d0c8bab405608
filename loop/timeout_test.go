package loop_test

import (
	"context"
	"errors"
	"strings"
	"time"

	"crawl/loop"
)

var timeoutRows = []row{
	{"X1", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			v, err := loop.WaitFor(c, e.sleeper("quick", u, nil), 2*u)
			e.check(v == "quick" && err == nil && e.l.Stats().Timers == 0, "%v %v", v, err)
			slow := e.stubborn("slow", 5*u, nil)
			_, err = loop.WaitFor(c, slow, u)
			e.is(err, loop.ErrTimeout)
			e.is(err, context.DeadlineExceeded)
			e.check(!errors.Is(err, context.Canceled), "a timeout is no cancellation: %v", err)
			e.check(slow.Cancelled() && e.l.Time() == 7*u, "it waits for the end: %v", e.l.Time())
			return loop.Sleep(c, u) // the caller was not cancelled
		}))
	}},
	{"X2", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			v, err := loop.WaitFor(c, e.spawn("late", func(c *loop.Ctx) error {
				_ = loop.Sleep(c, 9*u)
				c.Uncancel()
				return loop.Sleep(c, u)
			}), u)
			e.check(v == "late" && err == nil && e.l.Time() == 2*u, "%v %v", v, err)
			_, err = loop.WaitFor(c, e.stubborn("bad", u, errBoom), u)
			e.is(err, errBoom)
			return nil
		}))
	}},
	{"X3", func(e *env) {
		done := e.sleeper("done", 0, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			_, err := loop.Await(c, done)
			e.ok(err)
			for _, d := range []time.Duration{0, -u} {
				v, err := loop.WaitFor(c, done, d)
				e.check(v == "done" && err == nil, "%v %v", v, err)
				t := e.spawn("t", func(*loop.Ctx) error { e.note("body ran"); return nil })
				_, err = loop.WaitFor(c, t, d)
				e.is(err, loop.ErrTimeout)
				e.check(t.Cancelled(), "%v", t.Err())
			}
			return nil
		}))
		e.want("done@0")
	}},
	{"X4", func(e *env) {
		inner := e.stubborn("inner", 3*u, nil)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.WaitFor(c, inner, 99*u); e.note("t"); return err })
		e.l.CallLater(u, func() { t.Cancel() })
		_, err := loop.RunUntilComplete(e.l, t)
		e.cancelled(err)
		e.check(inner.Cancelled() && t.Cancelled(), "%v", inner.Err())
		e.want("inner:cleaned@4 t@4")
	}},
	{"X5", func(e *env) {
		f := loop.NewFuture[int](e.l)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.WaitFor(c, f, 9*u); return err })
		e.ticks(1)
		e.ok(f.SetResult(1))
		t.Cancel()
		e.ticks(2)
		e.check(t.Cancelled(), "the cancel was swallowed: %v", t.Err())
	}},
	{"X6", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			s := loop.NewTimeoutScope(2 * u)
			err := s.Run(c, func(in *loop.Ctx) error {
				done := in.Done()
				err := loop.Sleep(c, 9*u) // also a suspension with the outer Ctx ends
				<-done
				e.check(c.Err() == nil && in.Err() != nil, "%v, %v", c.Err(), in.Err())
				e.cancelled(err)
				e.cancelled(loop.Sleep(in, u))
				return err
			})
			e.is(err, loop.ErrTimeout)
			e.check(!errors.Is(err, context.Canceled), "a timeout is no cancellation: %v", err)
			e.check(s.Expired() && c.Cancelling() == 0 && e.l.Time() == 2*u, "at %v", e.l.Time())
			e.ok(loop.Timeout(c, 2*u, func(c *loop.Ctx) error { return loop.Sleep(c, u) }))
			e.check(e.l.Stats().Timers == 0, "the timer stays")
			return loop.Sleep(c, u)
		}))
	}},
	{"X7", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			e.ok(loop.Timeout(c, -u, func(*loop.Ctx) error { return nil }))
			s := loop.NewTimeoutScope(u)
			e.ok(s.Run(c, func(c *loop.Ctx) error { _ = loop.Sleep(c, 9*u); return nil }))
			e.check(s.Expired(), "expired, though it ended normally")
			return nil
		}))
	}},
	{"X8", func(e *env) {
		err := e.run(func(c *loop.Ctx) error {
			return loop.Timeout(c, u, func(c *loop.Ctx) error { _ = loop.Sleep(c, 9*u); return errBoom })
		})
		e.check(err == errBoom, "the body's own error wins: %v", err)
		for _, at := range []time.Duration{u, 2 * u} { // before the limit, and with it
			t := e.spawn("t", func(c *loop.Ctx) error {
				return loop.Timeout(c, 2*u, func(c *loop.Ctx) error { return loop.Sleep(c, 9*u) })
			})
			e.l.CallLater(at, func() { t.Cancel(errOther) })
			_, err = loop.RunUntilComplete(e.l, t)
			e.check(t.Cancelled() && e.cancelled(err).Cause == errOther, "%v", err)
		}
	}},
	{"X9", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			inner, outer := loop.NewTimeoutScope(5*u), loop.NewTimeoutScope(u)
			err := outer.Run(c, func(c *loop.Ctx) error {
				err := inner.Run(c, func(c *loop.Ctx) error { return loop.Sleep(c, 9*u) })
				e.cancelled(err)
				return err
			})
			e.is(err, loop.ErrTimeout)
			e.check(outer.Expired() && !inner.Expired(), "outer")
			inner, outer = loop.NewTimeoutScope(u), loop.NewTimeoutScope(5*u)
			err = outer.Run(c, func(c *loop.Ctx) error {
				e.is(inner.Run(c, func(c *loop.Ctx) error { return loop.Sleep(c, 9*u) }), loop.ErrTimeout)
				return loop.Sleep(c, u)
			})
			e.check(err == nil && inner.Expired() && !outer.Expired(), "inner: %v", err)
			// Both at once: the outer one converts.
			inner, outer = loop.NewTimeoutScope(u), loop.NewTimeoutScope(u)
			err = outer.Run(c, func(c *loop.Ctx) error {
				err := inner.Run(c, func(c *loop.Ctx) error { return loop.Sleep(c, 9*u) })
				e.cancelled(err)
				return err
			})
			e.is(err, loop.ErrTimeout)
			// The outer limit passes while the inner one's cleanup runs: the outer converts.
			inner, outer = loop.NewTimeoutScope(u), loop.NewTimeoutScope(2*u)
			err = outer.Run(c, func(c *loop.Ctx) error {
				err := inner.Run(c, func(c *loop.Ctx) error {
					err := loop.Sleep(c, 9*u)
					_ = c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, 5*u) })
					return err
				})
				e.cancelled(err)
				return err
			})
			e.check(err == loop.ErrTimeout && inner.Expired() && outer.Expired(), "%v", err)
			return loop.Sleep(c, u)
		}))
	}},
	{"X10", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			s := loop.NewTimeoutScope(u)
			err := s.Run(c, func(c *loop.Ctx) error {
				e.ok(s.Reset(5 * u))
				e.ok(loop.Sleep(c, 4*u))
				e.ok(s.Reset(u))
				err := loop.Sleep(c, 9*u)
				e.is(s.Reset(u), loop.ErrScopeOver)
				return err
			})
			e.is(err, loop.ErrTimeout)
			e.check(e.l.Time() == 5*u, "at %v", e.l.Time())
			ended := loop.NewTimeoutScope(u)
			e.ok(ended.Run(c, func(*loop.Ctx) error { return nil }))
			e.is(ended.Reset(u), loop.ErrScopeOver)
			e.is(ended.Run(c, func(*loop.Ctx) error { return nil }), loop.ErrScopeOver)
			return nil
		}))
	}},
	{"X11", func(e *env) {
		inner := e.sleeper("inner", 5*u, nil)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.Shield(inner)); return err })
		e.ticks(1)
		t.Cancel()
		e.ticks(2)
		e.check(t.Cancelled() && inner.Cancelling() == 0, "inner goes on")
		v, err := loop.RunUntilComplete(e.l, loop.Shield(inner))
		e.check(v == "inner" && err == nil, "%v %v", v, err)
		x := e.sleeper("x", 5*u, nil)
		s := loop.Shield(x)
		e.ticks(1)
		x.Cancel()
		e.ticks(2)
		e.check(s.Cancelled(), "cancelling inner cancels the shield: %v", s.Err())
		// Who looks at the shield has looked at what it shields.
		bad := e.sleeper("bad", u, errBoom)
		_, err = loop.RunUntilComplete(e.l, loop.Shield(bad))
		e.is(err, errBoom)
		e.l.ReportUnseen()
		e.check(len(e.reports) == 0, "%s", e.reported())
		// In a gather the shielded child is spared.
		y := e.sleeper("y", 5*u, nil)
		g := loop.Gather(e.l, loop.Shield(y))
		e.ticks(1)
		g.Cancel()
		e.ticks(2)
		e.check(g.Cancelled() && y.Cancelling() == 0, "%v", g.Err())
	}},
	{"X12", func(e *env) {
		x := e.sleeper("x", u, errBoom)
		s := loop.Shield(x)
		s.Cancel()
		e.l.CallLater(2*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.ok(e.l.Close())
		e.check(len(e.reports) == 1 && e.reports[0].Name == "x" && strings.Contains(e.reported(), "never retrieved"), "%s", e.reported())
	}},
	{"X13", func(e *env) {
		x := e.sleeper("x", 5*u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			_, err := loop.WaitFor(c, loop.Shield(x), u)
			e.is(err, loop.ErrTimeout)
			v, err := loop.Await(c, x)
			e.check(v == "x" && e.l.Time() == 5*u, "%v", v)
			return err
		}))
	}},
}
