package loop_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"crawl/loop"
)

var timerRows = []row{
	{"L5", func(e *env) {
		for _, d := range []int{3, 1, 2, 5, 4} {
			e.l.CallLater(time.Duration(d)*u, func() { e.note("t%d", d) })
		}
		e.l.CallAt(6*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.want("t1@1 t2@2 t3@3 t4@4 t5@5")
	}},
	{"L6", func(e *env) {
		var got []int
		for i := range 50 {
			e.l.CallAt(u, func() { got = append(got, i) })
		}
		for range 20 { // removals must not disturb the ties either
			e.l.CallAt(u, func() {}).Cancel()
		}
		e.l.CallAt(2*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.check(len(got) == 50 && slices.IsSorted(got), "ties: %v", got)
	}},
	{"L7", func(e *env) {
		e.l.CallLater(0, func() { e.note("0") })
		e.l.CallLater(-u, func() { e.note("-1") })
		e.l.CallLater(-2*u, func() { e.note("-2") })
		e.want("")
		e.ticks(1)
		e.want("-2@0 -1@0 0@0")
	}},
	{"L8", func(e *env) {
		e.l.CallLater(0, func() { e.note("timer") })
		e.l.CallSoon(func() { e.note("soon") })
		e.ticks(1)
		e.want("soon@0 timer@0")
	}},
	{"L9", func(e *env) {
		clock := &handClock{}
		l := loop.New(loop.Options{Clock: clock})
		defer l.Close()
		var got []string
		for _, d := range []int{3, 1, 2} {
			l.CallLater(time.Duration(d)*u, func() { got = append(got, fmt.Sprint(d)) })
		}
		turn := func() string { got = nil; l.Stop(); e.ok(l.RunForever()); return strings.Join(got, " ") }
		clock.now = u - 1
		e.check(turn() == "", "fired early: %v", got)
		clock.now = 10 * u
		e.check(turn() == "1 2 3", "overdue timers in one turn: %v", got)
		e.check(turn() == "", "fired twice: %v", got)
	}},
	{"L10", func(e *env) {
		var h loop.Handle
		e.l.CallAt(u, func() { e.note("a"); h.Cancel() })
		h = e.l.CallAt(u, func() { e.note("b") })
		e.l.CallAt(2*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.want("a@1")
	}},
	{"L11", func(e *env) {
		for i := range 1000 {
			e.l.CallLater(time.Duration(i+1)*time.Hour, func() {}).Cancel()
		}
		e.check(e.l.Stats().Timers == 0, "%d cancelled timers are kept", e.l.Stats().Timers)
	}},
	{"L12", func(e *env) {
		rl := loop.New(loop.Options{})
		defer rl.Close()
		a := rl.Time()
		b := rl.Time()
		e.check(b >= a && a >= 0, "time runs backwards")
		at := time.Duration(-1)
		rl.CallAt(rl.Time()+time.Millisecond, func() { at = rl.Time(); rl.Stop() })
		e.ok(rl.RunForever())
		e.check(at >= a+time.Millisecond, "CallAt is not on Time's scale")
	}},
	{"L13", func(e *env) {
		e.l.CallLater(u, func() {
			e.l.CallLater(loop.Forever, func() { e.note("never") })
			e.l.CallLater(u, e.l.Stop)
		})
		e.ok(e.l.RunForever())
		e.want("")
		e.check(e.l.Stats().Timers == 1, "the far timer wrapped into the past")
	}},
}

// handClock is moved by hand; it never waits.
type handClock struct{ now time.Duration }

func (c *handClock) Now() time.Duration { return c.now }
func (c *handClock) Pause(p loop.Pause) {
	select {
	case <-p.Wake:
	default:
		if p.Until != loop.Forever {
			c.now = max(c.now, p.Until)
		}
	}
}
