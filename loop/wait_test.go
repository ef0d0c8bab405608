package loop_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

var waitRows = []row{
	{"W1", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			_, _, err := loop.Wait(c, []loop.Waitable{}, loop.AllCompleted)
			e.is(err, loop.ErrEmptySet)
			_, _, err = loop.Wait(c, []loop.Waitable{loop.NewFuture[int](e.l)}, loop.ReturnWhen(9))
			e.is(err, loop.ErrReturnWhen)
			return nil
		}))
	}},
	{"W3", func(e *env) {
		a, b := e.sleeper("a", u, nil), e.sleeper("b", 2*u, nil)
		f := loop.NewFuture[int](e.l) // sets may be mixed
		f.SetName("f")
		for _, when := range []loop.ReturnWhen{loop.AllCompleted, loop.FirstCompleted} {
			e.ok(e.run(func(c *loop.Ctx) error {
				e.l.CallLater(u, func() { f.TrySet(1, nil) })
				done, open, err := loop.Wait(c, []loop.Waitable{a, f, a, b, f}, when)
				e.check(len(done)+len(open) == 3, "duplicates count once: %s | %s", names(done), names(open))
				return err
			}))
		}
	}},
	{"W4", func(e *env) {
		a, b, x := e.sleeper("a", 3*u, nil), e.sleeper("b", u, errBoom), e.sleeper("c", 2*u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			done, open, err := loop.Wait(c, []*loop.Task[string]{a, b, x}, loop.AllCompleted)
			e.check(names(done) == "a,b,c" && len(open) == 0, "in argument order: %s", names(done))
			e.is(b.Err(), errBoom)
			return err
		}))
	}},
	{"W5", func(e *env) {
		a, b, x := e.sleeper("a", 3*u, nil), e.sleeper("b", u, errBoom), e.sleeper("c", 9*u, nil)
		e.l.CallLater(2*u, func() { x.Cancel() })
		e.ok(e.run(func(c *loop.Ctx) error {
			done, _, err := loop.Wait(c, []*loop.Task[string]{a, b, x}, loop.AllCompleted)
			e.check(len(done) == 3 && e.l.Time() == 3*u, "%s at %v", names(done), e.l.Time())
			return err
		}))
		_ = b.Err()
	}},
	{"W6", func(e *env) {
		ts := []*loop.Task[string]{e.sleeper("a", 2*u, nil), e.sleeper("b", u, nil), e.sleeper("c", u, nil), e.sleeper("d", 3*u, nil)}
		e.ok(e.run(func(c *loop.Ctx) error {
			done, open, err := loop.Wait(c, ts, loop.FirstCompleted)
			e.check(names(done) == "b,c" && names(open) == "a,d" && e.l.Time() == u, "%s | %s", names(done), names(open))
			e.check(names(ts) == "a,b,c,d", "the caller's slice was changed: %s", names(ts))
			e.ok(err)
			done, open, err = loop.Wait(c, ts, loop.FirstCompleted)
			e.check(names(done) == "b,c" && names(open) == "a,d" && e.l.Time() == u, "already done: at once")
			return err
		}))
	}},
	{"W6/in a loop", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			var open []*loop.Task[string]
			for i := range 20 {
				open = append(open, e.sleeper(fmt.Sprint(i), []time.Duration{3, 1, 4, 1, 5, 9, 2, 6}[i%8]*u, nil))
			}
			var rounds []string
			for len(open) > 0 {
				if len(open) == 5 { // another set in between takes nothing away
					_, _, _ = loop.WaitTimeout(c, open[1:3], loop.FirstCompleted, 0)
				}
				if len(open) == 2 && e.l.Time() == 6*u { // a set that the caller changed is a new set
					open = append(open[:1:1], e.sleeper("new", u, nil), open[1])
				}
				done, rest, err := loop.Wait(c, open, loop.FirstCompleted)
				e.ok(err)
				for _, t := range rest {
					e.check(!t.Done(), "%s is done and pending", t.Name())
				}
				rounds = append(rounds, fmt.Sprintf("%g:%s", e.l.Time().Seconds(), names(done)))
				open = rest
			}
			want := "1:1,3,9,11,17,19 2:6,14 3:0,8,16 4:2,10,18 5:4,12 6:7,15 7:new 9:5,13"
			if got := strings.Join(rounds, " "); got != want {
				e.Errorf("rounds %s\nexpected %s", got, want)
			}
			return nil
		}))
	}},
	{"W7", func(e *env) {
		a, b, x, d := e.sleeper("a", u, nil), e.sleeper("b", 9*u, nil), e.sleeper("c", 3*u, errBoom), e.sleeper("d", 5*u, nil)
		e.l.CallLater(2*u, func() { b.Cancel() })
		e.ok(e.run(func(c *loop.Ctx) error {
			done, open, err := loop.Wait(c, []*loop.Task[string]{a, b, x, d}, loop.FirstException)
			e.check(names(done) == "a,b,c" && names(open) == "d" && e.l.Time() == 3*u, "%s | %s", names(done), names(open))
			e.ok(err)
			done, _, err = loop.Wait(c, []*loop.Task[string]{d, x}, loop.FirstException)
			e.check(names(done) == "c" && e.l.Time() == 3*u, "an error already there: %s", names(done))
			e.ok(err)
			done, _, err = loop.Wait(c, []*loop.Task[string]{d, a}, loop.FirstException)
			e.check(names(done) == "d,a" && e.l.Time() == 5*u, "without errors it is ALL: %s", names(done))
			_ = x.Err()
			return err
		}))
	}},
	{"W8", func(e *env) {
		ts := []*loop.Task[string]{e.sleeper("a", u, nil), e.sleeper("b", 4*u, nil)}
		e.ok(e.run(func(c *loop.Ctx) error {
			for _, when := range []loop.ReturnWhen{loop.AllCompleted, loop.FirstException} {
				done, open, err := loop.WaitTimeout(c, ts, when, u)
				e.check(names(done) == "a" && names(open) == "b" && err == nil, "%s | %s", names(done), names(open))
			}
			for _, d := range []time.Duration{0, -u} {
				_, open, err := loop.WaitTimeout(c, ts[1:], loop.FirstCompleted, d)
				e.check(len(open) == 1 && err == nil && e.l.Time() == 2*u, "at %v", e.l.Time())
			}
			_, _, err := loop.WaitTimeout(c, ts[1:], loop.FirstCompleted, 100*u)
			e.check(e.l.Stats().Timers == 0, "the limit's timer stays")
			return err
		}))
		e.want("a@1 b@4")
	}},
	{"W9", func(e *env) {
		for _, when := range []loop.ReturnWhen{loop.AllCompleted, loop.FirstCompleted} {
			a, b := e.sleeper("a", 3*u, nil), e.sleeper("b", 4*u, nil)
			t := e.spawn("t", func(c *loop.Ctx) error {
				done, open, err := loop.WaitTimeout(c, []*loop.Task[string]{a, b}, when, 99*u)
				e.check(len(done) == 0 && len(open) == 2, "%s | %s", names(done), names(open))
				return err
			})
			e.ticks(1)
			e.check(loop.Waiters(a) == 1, "%d hooks", loop.Waiters(a))
			t.Cancel()
			e.ticks(2)
			e.check(t.Cancelled() && loop.Waiters(a) == 0 && loop.Waiters(b) == 0, "hooks stay on the members")
			e.check(e.l.Stats().Timers == 2, "the limit's timer stays")
			_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, a, b))
			e.ok(err)
		}
	}},
	{"W10", func(e *env) {
		x := e.sleeper("x", 0, errBoom)
		e.ok(e.run(func(c *loop.Ctx) error {
			_, _, err := loop.Wait(c, []*loop.Task[string]{x}, loop.AllCompleted)
			return err
		}))
		e.ok(e.l.Close())
		e.check(len(e.reports) == 1 && e.reports[0].Name == "x", "%s", e.reported())
	}},
	{"A1", func(e *env) {
		ts := []*loop.Task[string]{e.sleeper("a", 3*u, nil), e.sleeper("b", u, errBoom), e.sleeper("c", 2*u, nil), e.sleeper("d", 2*u, nil)}
		e.ok(e.run(func(c *loop.Ctx) error {
			var got []string
			for r := range loop.AsCompleted(c, ts...) {
				got = append(got, fmt.Sprintf("%d:%s%v@%g", r.Index, r.Value, r.Err != nil, e.l.Time().Seconds()))
			}
			e.check(strings.Join(got, " ") == "1:true@1 2:cfalse@2 3:dfalse@2 0:afalse@3", "%v", got)
			return nil
		}))
	}},
	{"A2", func(e *env) {
		a, b := e.sleeper("a", u, nil), e.sleeper("b", 9*u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			var got []error
			for r := range loop.AsCompletedTimeout(c, 2*u, a, b) {
				got = append(got, r.Err)
			}
			e.check(len(got) == 2 && got[0] == nil && errors.Is(got[1], loop.ErrTimeout) && e.l.Time() == 2*u, "%v at %v", got, e.l.Time())
			e.check(b.Cancelling() == 0 && loop.Waiters(b) == 0, "members are left alone")
			return nil
		}))
	}},
	{"A3", func(e *env) {
		a := e.sleeper("a", u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			n := 0
			for range loop.AsCompleted(c, a, a, a) {
				n++
			}
			for range loop.AsCompleted[string, *loop.Task[string]](c) {
				n += 100
			}
			e.check(n == 1, "%d results", n)
			return nil
		}))
	}},
	{"A4", func(e *env) {
		a, b := e.sleeper("a", u, nil), e.sleeper("b", 2*u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			for range loop.AsCompleted(c, a, b) {
				break
			}
			e.check(loop.Waiters(b) == 0, "hooks stay after a break")
			return nil
		}))
		t := e.spawn("t", func(c *loop.Ctx) error {
			for r := range loop.AsCompleted(c, b) {
				e.check(r.Index == -1, "%v", r)
				return r.Err
			}
			return nil
		})
		e.ticks(1)
		t.Cancel()
		e.ticks(2)
		e.check(t.Cancelled() && b.Cancelling() == 0 && loop.Waiters(b) == 0, "%v", t.Err())
	}},
}

func TestWaitSet(t *testing.T) {
	e := newEnv(t, loop.Options{})
	s := loop.NewWaitSet[string](e.l)
	e.ok(s.Add(e.sleeper("a", 2*u, nil)))
	e.ok(s.Add(e.sleeper("b", u, nil)))
	consumer := e.spawn("consumer", func(c *loop.Ctx) error {
		for t := range s.All(c) {
			e.note("got %s of %d", t.Name(), s.Len())
		}
		_, err := s.Next(c)
		return err
	})
	e.l.CallLater(3*u, func() { e.ok(s.Add(e.sleeper("late", 3*u, nil))) }) // while somebody waits
	e.l.CallLater(4*u, s.Close)
	_, err := loop.RunUntilComplete(e.l, consumer)
	e.is(err, loop.ErrSetDone)
	e.is(s.Add(e.sleeper("x", u, nil)), loop.ErrSetDone)
	e.want("b@1 got b of 1@1 a@2 got a of 0@2 late@6 got late of 0@6")
	// An empty set that is closed wakes a waiter; a cancelled one leaves the members.
	s2 := loop.NewWaitSet[string](e.l)
	m := e.sleeper("m", 9*u, nil)
	e.ok(s2.Add(m))
	w := e.spawn("w", func(c *loop.Ctx) error { _, err := s2.Next(c); return err })
	e.ticks(1)
	w.Cancel()
	e.ticks(2)
	e.check(w.Cancelled() && !m.Done() && s2.Len() == 1, "%v", w.Err())
}

// Two consumers of one set share its members; none is lost with a cancelled one.
func TestWaitSetWithSeveralConsumers(t *testing.T) {
	e := newEnv(t, loop.Options{})
	s := loop.NewWaitSet[string](e.l)
	consume := func(c *loop.Ctx) error {
		for t := range s.All(c) {
			e.note("%s took %s", c.Task().Name(), t.Name())
		}
		return c.Err()
	}
	x, y := e.spawn("x", consume), e.spawn("y", consume)
	e.ok(s.Add(e.sleeper("a", u, nil)))
	e.ok(s.Add(e.sleeper("b", 2*u, nil)))
	s.Close()
	e.l.CallAt(u, func() { x.Cancel() })
	_, err := loop.RunUntilComplete(e.l, y)
	e.ok(err)
	e.check(x.Cancelled() && s.Len() == 0, "%v, %d left", x.Err(), s.Len())
	e.check(strings.Contains(strings.Join(e.tape, " "), "y took b@2"), "%v", e.tape)
}

// A consumer that is woken for a member and cancelled in the same turn passes its
// turn on.
func TestWaitSetConsumerCancelledWhenChosen(t *testing.T) {
	e := newEnv(t, loop.Options{})
	s := loop.NewWaitSet[string](e.l)
	next := func(c *loop.Ctx) error { _, err := s.Next(c); return err }
	x, y := e.spawn("x", next), e.spawn("y", next)
	a := e.sleeper("a", u, nil)
	e.ok(s.Add(a))
	a.AddDoneCallback(func(*loop.Task[string]) { x.Cancel() }) // runs right after x was woken
	_, err := loop.RunUntilComplete(e.l, y)
	e.ok(err)
	e.check(x.Cancelled(), "%v", x.Err())
}
