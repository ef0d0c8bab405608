package loop_test

import (
	"errors"
	"fmt"
	"strings"

	"crawl/loop"
)

var gatherRows = []row{
	{"G1", func(e *env) {
		f := loop.Gather[string, *loop.Task[string]](e.l)
		v, err := f.Result()
		e.check(f.Done() && err == nil && v != nil && len(v) == 0, "%v %v", v, err)
	}},
	{"G2", func(e *env) {
		a, b := e.sleeper("a", 3*u, nil), e.sleeper("b", u, nil)
		v, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, a, b))
		e.ok(err)
		e.check(fmt.Sprint(v) == "[a b]", "%v", v)
		e.want("b@1 a@3")
	}},
	{"G3", func(e *env) {
		a, b := e.sleeper("a", u, nil), e.sleeper("b", u, nil)
		v, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, a, b, a, a))
		e.ok(err)
		e.check(fmt.Sprint(v) == "[a b a a]", "%v", v)
		e.want("a@1 b@1")
	}},
	{"G4", func(e *env) {
		g := loop.Gather(e.l, e.sleeper("a", 3*u, nil), e.sleeper("b", 2*u, errBoom), e.sleeper("c", 2*u, errOther))
		_, err := loop.RunUntilComplete(e.l, g)
		e.is(err, errBoom) // ties by setting order
		e.check(e.l.Time() == 2*u, "raised at %v", e.l.Time())
	}},
	{"G5", func(e *env) {
		a, b, c := e.sleeper("a", 3*u, nil), e.sleeper("b", u, errBoom), e.sleeper("c", 2*u, errOther)
		_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, a, b, c))
		e.is(err, errBoom)
		v, err := loop.RunUntilComplete(e.l, a) // siblings go on
		e.check(v == "a" && err == nil, "%v %v", v, err)
		e.want("b@1 c@2 a@3")
		e.check(strings.Contains(e.reported(), "gathered task came after") && len(e.reports) == 1, "a later error is not lost: %s", e.reported())
	}},
	{"G6", func(e *env) {
		c := e.sleeper("c", 5*u, nil)
		g := loop.GatherResults(e.l, e.sleeper("a", u, nil), e.sleeper("b", 2*u, errBoom), c)
		e.l.CallLater(u, func() { c.Cancel() })
		v, err := loop.RunUntilComplete(e.l, g)
		e.ok(err)
		e.check(v[0].Value == "a" && v[0].Err == nil && v[1].Err == errBoom && v[1].Index == 1, "%v", v)
		e.cancelled(v[2].Err)
		e.check(e.l.Time() == 2*u && len(e.reports) == 0, "at %v: %s", e.l.Time(), e.reported())
	}},
	{"G7", func(e *env) {
		for _, start := range []func(ts ...*loop.Task[string]) loop.Waitable{
			func(ts ...*loop.Task[string]) loop.Waitable { return loop.Gather(e.l, ts...) },
			func(ts ...*loop.Task[string]) loop.Waitable { return loop.GatherResults(e.l, ts...) },
		} {
			a, b, c := e.sleeper("a", 9*u, nil), e.sleeper("b", 9*u, nil), e.spawn("c", func(*loop.Ctx) error { return nil })
			g := start(a, b, c)
			e.ticks(2)
			e.check(g.Cancel(), "cancel")
			e.ticks(2)
			e.check(a.Cancelled() && b.Cancelled() && !c.Cancelled() && g.Cancelled(), "every unfinished child")
			e.want("a:cancelled@0 b:cancelled@0")
		}
		// Cancelling the task that awaits it does the same.
		a := e.sleeper("a", 9*u, nil)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.Gather(e.l, a)); return err })
		e.ticks(1)
		t.Cancel()
		e.ticks(3)
		e.check(a.Cancelled() && t.Cancelled(), "%v %v", a.Err(), t.Err())
	}},
	{"G8", func(e *env) {
		a, b := e.stubborn("a", u, nil), e.stubborn("b", 3*u, nil)
		g := loop.Gather(e.l, a, b)
		e.ticks(1)
		g.Cancel()
		_, err := loop.RunUntilComplete(e.l, g)
		e.cancelled(err)
		e.want("a:cleaned@1 b:cleaned@3")
	}},
	{"G9", func(e *env) {
		swallow := func(c *loop.Ctx) error { _ = loop.Sleep(c, 9*u); c.Uncancel(); return nil }
		a, b := e.spawn("a", swallow), e.spawn("b", swallow)
		g := loop.Gather(e.l, a, b)
		t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.Await(c, g); return err })
		e.ticks(1)
		t.Cancel()
		e.ticks(3)
		e.check(a.Err() == nil && b.Err() == nil && t.Cancelled() && g.Cancelled(), "%v %v", g.Err(), t.Err())
	}},
	{"G10", func(e *env) {
		g := loop.Gather(e.l, e.sleeper("a", 9*u, nil))
		g.Cancel()
		e.ticks(2)
		e.check(g.Cancelled(), "%v", g.Err())
	}},
	{"G11", func(e *env) {
		a := e.sleeper("a", 0, nil)
		g := loop.Gather(e.l, a)
		_, err := loop.RunUntilComplete(e.l, a)
		e.ok(err)
		e.check(!g.Cancel(), "all children are done")
		b := e.sleeper("b", 5*u, nil)
		h := loop.Gather(e.l, e.sleeper("c", 0, errBoom), b)
		_, err = loop.RunUntilComplete(e.l, h)
		e.is(err, errBoom)
		e.check(!h.Cancel() && b.Cancelling() == 0, "after the error it cancels nothing")
	}},
	{"G12", func(e *env) {
		a, b := e.sleeper("a", 2*u, nil), e.sleeper("b", 9*u, nil)
		g := loop.Gather(e.l, a, b)
		e.l.CallLater(u, func() { b.Cancel() })
		_, err := loop.RunUntilComplete(e.l, g)
		e.cancelled(err)
		e.check(!g.Cancelled(), "the gather itself was not cancelled")
		_, err = loop.RunUntilComplete(e.l, a)
		e.ok(err)
		e.want("b:cancelled@1 a@2")
	}},
	{"G13", func(e *env) {
		g1 := loop.Gather(e.l, e.sleeper("a", u, nil), e.sleeper("b", 2*u, nil))
		g2 := loop.Gather(e.l, e.sleeper("c", u, nil), e.sleeper("d", u, nil))
		v, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, g1, g2))
		e.ok(err)
		e.check(fmt.Sprint(v) == "[[a b] [c d]]" && e.l.Time() == 2*u, "%v at %v", v, e.l.Time())
	}},
	{"G14", func(e *env) {
		build := func() (g1, g2 *loop.Future[[]string]) {
			g1 = loop.Gather(e.l, e.sleeper("a", u, nil), e.sleeper("b", u, nil))
			g2 = loop.Gather(e.l, e.sleeper("c", u, nil), e.sleeper("d", u, nil))
			g2.Cancel()
			return g1, g2
		}
		g1, g2 := build()
		_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, g1, g2))
		e.cancelled(err)
		e.want("") // the bodies of g2 never began
		v, err := loop.RunUntilComplete(e.l, g1)
		e.ok(err)
		e.want("a@1 b@1")
		e.check(fmt.Sprint(v) == "[a b]", "%v", v)
		g1, g2 = build()
		all, err := loop.RunUntilComplete(e.l, loop.GatherResults(e.l, g1, g2))
		e.ok(err)
		e.check(fmt.Sprint(all[0].Value) == "[a b]", "%v", all)
		e.cancelled(all[1].Err)
	}},
	{"G15", func(e *env) {
		loop.Gather(e.l, e.sleeper("a", 0, errBoom))
		e.ticks(5)
		e.ok(e.l.Close())
		e.check(len(e.reports) == 1 && errors.Is(e.reports[0].Err, errBoom) && e.reports[0].Name == "gather", "%s", e.reported())
	}},
	{"G16", func(e *env) {
		other := loop.New(loop.Options{})
		defer other.Close()
		g := loop.Gather(e.l, loop.NewFuture[int](e.l), loop.NewFuture[int](other))
		e.is(g.Err(), loop.ErrForeignLoop)
	}},
}
