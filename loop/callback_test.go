package loop_test

import (
	"errors"
	"slices"
	"strings"
	"time"

	"crawl/loop"
)

var loopRows = []row{
	{"L1", func(e *env) {
		for i := range 5 {
			e.l.CallSoon(func() { e.note("%d", i) })
		}
		e.want("")
		e.ticks(3)
		e.want("0@0 1@0 2@0 3@0 4@0")
	}},
	{"L2", func(e *env) {
		e.l.CallSoon(func() { e.note("a"); e.l.CallSoon(func() { e.note("a2") }) })
		e.l.CallSoon(func() { e.note("b") })
		e.ticks(1)
		e.want("a@0 b@0")
		e.ticks(1)
		e.want("a2@0")
	}},
	{"L3", func(e *env) {
		// The chain is endless unless the timer and the other goroutine get their turn.
		rl := loop.New(loop.Options{})
		defer rl.Close()
		timer, foreign := false, false
		var chain func()
		chain = func() {
			if timer && foreign {
				rl.Stop()
				return
			}
			rl.CallSoon(chain)
		}
		rl.CallSoon(chain)
		rl.CallLater(time.Millisecond, func() { timer = true })
		go rl.CallSoonThreadsafe(func() { foreign = true })
		e.ok(rl.RunForever())
	}},
	{"L4", func(e *env) {
		var b, c loop.Handle
		a := e.l.CallSoon(func() { e.note("a"); b.Cancel(); b.Cancel() })
		b = e.l.CallSoon(func() { e.note("b") })
		c = e.l.CallSoon(func() { e.note("c") })
		d := e.l.CallSoon(func() { e.note("d") })
		d.Cancel()
		e.ticks(1)
		e.want("a@0 c@0")
		a.Cancel()
		c.Cancel()
		e.l.CallSoon(func() { e.note("next") })
		a.Cancel() // a stale handle must not hit a later callback
		e.ticks(1)
		e.want("next@0")
		loop.Handle{}.Cancel()
	}},
	{"L14", func(e *env) {
		rl := loop.New(loop.Options{})
		defer rl.Close()
		late := false
		rl.CallLater(time.Hour, func() { late = true; rl.Stop() })
		asleep := make(chan struct{})
		rl.CallSoon(func() { close(asleep) })
		go func() { <-asleep; rl.CallSoonThreadsafe(rl.Stop) }()
		e.ok(rl.RunForever())
		e.check(!late, "the sleeping loop was not woken")
	}},
	{"L15", func(e *env) {
		rl := loop.New(loop.Options{})
		defer rl.Close()
		var got []int
		go func() { // every entry, not only the one named threadsafe
			for i := range 100 {
				rl.CallSoon(func() { got = append(got, i) })
			}
			rl.CallLater(0, func() { loop.CreateTask(rl, func(*loop.Ctx) (int, error) { rl.Stop(); return 0, nil }) })
		}()
		e.ok(rl.RunForever())
		e.check(len(got) == 100 && slices.IsSorted(got), "one producer's order: %v", got)
	}},
	{"L16", func(e *env) {
		e.l.CallSoon(func() { e.note("a") })
		e.l.CallSoon(func() { panic(errBoom) })
		e.l.CallSoon(func() { e.note("b") })
		e.ticks(2)
		e.want("a@0 b@0")
		e.check(len(e.reports) == 1, "reports: %s", e.reported())
		var p *loop.PanicError
		e.check(errors.As(e.reports[0].Err, &p) && errors.Is(p, errBoom), "%v", e.reports[0].Err)
		e.check(strings.Contains(string(p.Stack), "spec_test.go"), "stack is not that of the callback: %s", p.Stack)
	}},
	{"L17", func(e *env) {
		var text strings.Builder
		l := loop.New(loop.Options{Clock: new(loop.VirtualClock), Logger: textLogger(&text)})
		defer l.Close()
		tick := func() { l.CallSoon(func() { panic("first") }); l.Stop(); e.ok(l.RunForever()) }
		tick()
		e.check(strings.Contains(text.String(), "panic: first"), "the default handler logs: %s", &text)
		text.Reset()
		n := 0
		l.SetExceptionHandler(func(*loop.Loop, loop.ErrContext) { n++; panic("handler") })
		tick()
		e.check(n == 1 && strings.Contains(text.String(), "panic: handler") && strings.Contains(text.String(), "panic: first"),
			"a failing handler is reported by the default one: %s", &text)
		text.Reset()
		l.SetExceptionHandler(nil)
		tick()
		e.check(n == 1 && strings.Contains(text.String(), "first"), "nil restores the default")
	}},
	{"L18", func(e *env) {
		e.l.CallSoon(func() { e.note("a"); e.l.Abort(errBoom) })
		e.l.CallSoon(func() { e.note("b"); e.l.CallSoon(func() { e.note("d") }) })
		e.l.CallSoon(func() { e.note("c") })
		e.l.CallSoon(func() { e.note("x") }).Cancel()
		e.check(e.l.RunForever() == errBoom, "Abort's error is the run's")
		e.want("a@0")
		e.ticks(2)
		e.want("b@0 c@0 d@0")
	}},
	{"L25", func(e *env) {
		other := loop.New(loop.Options{})
		defer other.Close()
		f := loop.NewFuture[int](other)
		done := loop.NewFuture[int](other)
		e.ok(done.SetResult(1))
		_, err := loop.RunUntilComplete(e.l, f)
		e.is(err, loop.ErrForeignLoop)
		e.ok(e.run(func(c *loop.Ctx) error {
			_, err := loop.Await(c, f)
			e.is(err, loop.ErrForeignLoop)
			_, err = loop.Await(c, done)
			e.is(err, loop.ErrForeignLoop)
			_, err = loop.WaitFor(c, f, u)
			e.is(err, loop.ErrForeignLoop)
			for _, when := range []loop.ReturnWhen{loop.AllCompleted, loop.FirstCompleted} {
				_, _, err = loop.Wait(c, []*loop.Future[int]{f}, when)
				e.is(err, loop.ErrForeignLoop)
			}
			for r := range loop.AsCompleted(c, f) {
				e.is(r.Err, loop.ErrForeignLoop)
			}
			e.is(loop.NewWaitSet[int](e.l).Add(loop.CreateTask(other, func(*loop.Ctx) (int, error) { return 0, nil })), loop.ErrForeignLoop)
			return nil
		}))
	}},
	{"L31", func(e *env) {
		var text syncBuilder
		l := loop.New(loop.Options{SlowCallback: 5 * time.Millisecond, Logger: textLogger(&text)})
		defer l.Close()
		release := make(chan struct{})
		l.CallSoon(func() { stuckCallback(release) })
		go func() { // told while it is stuck, or never
			for !strings.Contains(text.String(), "stuckCallback") {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond) // four limits more: it is told once all the same
			close(release)
		}()
		l.CallSoon(func() {})
		l.CallLater(50*time.Millisecond, l.Stop) // a loop that sleeps is not stuck
		e.ok(l.RunForever())
		e.check(strings.Count(text.String(), "blocks the loop") == 1, "told once: %s", &text)
	}},
	{"L36", func(e *env) {
		n := 0
		for range 100 {
			e.spawn("inc", func(c *loop.Ctx) error {
				for range 100 {
					n++ // no lock: the race detector watches
					if err := loop.Yield(c); err != nil {
						return err
					}
				}
				return nil
			})
		}
		e.ticks(200)
		e.check(n == 10_000, "n is %d", n)
	}},
}

func stuckCallback(release chan struct{}) { <-release }
