package loop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crawl/loop"
)

var runRows = []row{
	{"L19", func(e *env) {
		e.l.CallSoon(func() { e.note("1"); e.l.Stop(); e.l.CallSoon(func() { e.note("later") }) })
		e.l.CallSoon(func() { e.note("2") })
		e.ok(e.l.RunForever())
		e.want("1@0 2@0")
		e.ticks(1)
		e.want("later@0")
	}},
	{"L20", func(e *env) {
		e.l.Stop()
		e.l.CallLater(u, func() { e.note("timer") })
		e.l.CallSoon(func() { e.note("once"); e.l.CallSoon(func() { e.note("twice") }) })
		e.ok(e.l.RunForever()) // does not wait for the timer
		e.want("once@0")
	}},
	{"L21", func(e *env) {
		e.l.Stop()
		e.ok(e.run(func(c *loop.Ctx) error { return loop.Sleep(c, u) }))
	}},
	{"L22", func(e *env) {
		e.l.CallLater(2*u, func() { e.note("kept"); e.l.Stop() })
		e.l.CallSoon(e.l.Stop)
		e.ok(e.l.RunForever())
		e.want("")
		e.ok(e.l.RunForever())
		e.want("kept@2")
	}},
	{"L23", func(e *env) {
		f := loop.NewFuture[int](e.l)
		e.l.CallLater(u, func() { e.ok(f.SetResult(7)); e.l.CallSoon(func() { e.note("after set") }) })
		f.AddDoneCallback(func(*loop.Future[int]) { e.note("callback") })
		v, err := loop.RunUntilComplete(e.l, f)
		e.check(v == 7 && err == nil, "%v %v", v, err)
		e.want("callback@1 after set@1")
		v, err = loop.RunUntilComplete(e.l, f) // done already
		e.check(v == 7 && err == nil, "%v %v", v, err)
		_, err = loop.RunUntilComplete(e.l, e.sleeper("x", u, errBoom))
		e.is(err, errBoom)
	}},
	{"L24", func(e *env) {
		t := e.sleeper("t", 2*u, nil)
		e.l.CallLater(u, e.l.Stop)
		_, err := loop.RunUntilComplete(e.l, t)
		e.is(err, loop.ErrLoopStopped)
		e.check(!t.Done(), "the future does not stay pending")
		e.l.CallLater(3*u, e.l.Stop)
		e.ok(e.l.RunForever()) // the hook of the first run must not stop this one
		e.want("t@2")
		e.check(e.l.Time() == 4*u, "a stale hook stopped the loop at %v", e.l.Time())
		f := loop.NewFuture[int](e.l)
		e.l.CallSoon(func() { e.l.Stop(); e.ok(f.SetResult(1)) }) // in the very last batch
		v, err := loop.RunUntilComplete(e.l, f)
		e.check(v == 1 && err == nil, "%v %v", v, err)
	}},
	{"L26", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			e.is(e.l.RunForever(), loop.ErrLoopRunning)
			e.is(e.l.Close(), loop.ErrLoopRunning)
			_, err := loop.RunUntilComplete(e.l, loop.NewFuture[int](e.l))
			e.is(err, loop.ErrLoopRunning)
			e.is(e.l.CancelAll(c), loop.ErrLoopRunning)
			return loop.Sleep(c, u) // the outer run is not disturbed
		}))
		e.check(e.l.Time() == u, "ended at %v", e.l.Time())
	}},
	{"L28", func(e *env) {
		e.l.CallSoon(func() { e.note("soon") })
		e.l.CallLater(0, func() { e.note("timer") })
		e.spawn("never", func(*loop.Ctx) error { e.note("task"); return nil })
		e.ok(e.l.Close())
		e.ok(e.l.Close())
		e.want("")
		e.check(strings.Contains(e.reported(), "1 tasks dropped"), "dropped tasks are not reported: %s", e.reported())
		e.is(e.l.RunForever(), loop.ErrLoopClosed)
		e.is(e.l.CallSoon(func() {}).Err(), loop.ErrLoopClosed)
		e.is(e.l.CallLater(u, func() {}).Err(), loop.ErrLoopClosed)
		e.is(e.spawn("x", func(*loop.Ctx) error { return nil }).Err(), loop.ErrLoopClosed)
		e.is(loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, nil }).Err(), loop.ErrLoopClosed)
		e.l.Stop()
		_ = e.l.Time()
		f := loop.NewFuture[int](e.l)
		e.ok(f.SetResult(1))
	}},
	{"L29", func(e *env) {
		told := make(chan struct{})
		loop.RunInExecutor(e.l, nil, func(ctx context.Context) (int, error) {
			<-ctx.Done() // ends only because Close says so
			close(told)
			return 0, nil
		})
		e.ok(e.l.Close())
		<-told
	}},
	{"L30", func(e *env) {
		gate, out := make(chan struct{}), make(chan struct{})
		f := loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { <-gate; return 1, nil })
		e.ok(e.l.Close())
		close(gate)
		go func() {
			defer close(out)
			for !f.Done() {
				time.Sleep(time.Millisecond)
			}
			e.l.CallSoonThreadsafe(func() { e.note("ran") })
		}()
		<-out
		e.want("")
	}},
	{"L34", signalRow},
	{"L35", func(e *env) {
		gate := loop.NewFuture[int](e.l)
		gate.SetName("gate")
		err := e.run(func(c *loop.Ctx) error { _, err := loop.Await(c, gate); return err })
		e.is(err, loop.ErrDeadlock)
		var d *loop.DeadlockError
		e.check(errors.As(err, &d) && slices.Equal(d.Tasks, []string{"main: waiting for gate"}), "%v", err)
		// A hold says that somebody outside will come.
		release := e.l.Hold()
		go func() { gate.TrySet(1, nil); release() }()
		_, err = loop.RunUntilComplete(e.l, gate)
		e.ok(err)
	}},
}
