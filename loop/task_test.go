package loop_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

var taskRows = []row{
	{"T1", func(e *env) {
		for _, n := range []string{"a", "b", "c"} {
			e.spawn(n, func(*loop.Ctx) error { e.note("%s", n); return nil })
		}
		e.want("")
		e.ticks(1)
		e.want("a@0 b@0 c@0")
	}},
	{"T2", func(e *env) {
		inner := func(*loop.Ctx) error { e.note("inner"); return nil }
		e.ok(e.run(func(c *loop.Ctx) error {
			e.l.CallSoon(func() { e.note("other") })
			e.ok(inner(c)) // a plain call: nothing runs in between
			_, err := loop.Await(c, e.spawn("t", inner))
			return err
		}))
		e.want("inner@0 other@0 inner@0")
	}},
	{"T3", func(e *env) {
		f := loop.NewFuture[string](e.l)
		t := e.sleeper("t", u, nil)
		e.check(loop.EnsureFuture[string](e.l, f) == loop.Awaitable[string](f), "a future comes back unchanged")
		e.check(loop.EnsureFuture[string](e.l, t) == loop.Awaitable[string](t), "a task comes back unchanged")
		v, err := loop.RunUntilComplete(e.l, loop.EnsureFuture[string](e.l, func(*loop.Ctx) (string, error) { return "made", nil }))
		e.check(v == "made" && err == nil, "%v %v", v, err)
	}},
	{"T4", func(e *env) {
		good, bad := e.sleeper("good", u, nil), e.sleeper("bad", u, errBoom)
		v, err := loop.RunUntilComplete(e.l, good)
		e.check(v == "good" && err == nil, "%v %v", v, err)
		_, err = loop.RunUntilComplete(e.l, bad)
		e.is(err, errBoom)
		e.check(!bad.Cancelled(), "a failed task is not cancelled")
		// A task has no setters; what Shield hands out of one refuses.
		pendingTask := e.sleeper("p", u, nil)
		e.is(loop.Shield(pendingTask).SetResult("forged"), loop.ErrSealed)
		e.is(loop.Shield(good).SetResult("forged"), loop.ErrSealed)
		e.is(loop.Gather(e.l, pendingTask).SetResult(nil), loop.ErrSealed)
	}},
	{"T22", func(e *env) {
		a := loop.CreateTask(e.l, func(*loop.Ctx) (int, error) { return 0, nil })
		b := loop.CreateTask(e.l, func(*loop.Ctx) (int, error) { return 0, nil }, "given")
		c := loop.CreateTask(e.l, func(*loop.Ctx) (int, error) { return 0, nil })
		e.check(a.Name() == "Task-1" && b.Name() == "given" && c.Name() == "Task-3", "%s %s %s", a.Name(), b.Name(), c.Name())
		c.SetName("set")
		e.ticks(1)
		e.check(a.Name() == "Task-1" && c.Name() == "set", "names outlive the task: %s %s", a.Name(), c.Name())
	}},
	{"T23", func(e *env) {
		a, b := e.sleeper("a", 2*u, nil), e.sleeper("b", u, nil)
		e.ok(e.run(func(c *loop.Ctx) error {
			e.check(names(e.l.AllTasks()) == "a,b,main", "%s", names(e.l.AllTasks()))
			_, err := loop.Await(c, b)
			e.check(names(e.l.AllTasks()) == "a,main", "%s", names(e.l.AllTasks()))
			_ = e.spawn("c", func(*loop.Ctx) error { return nil })
			e.check(names(e.l.AllTasks()) == "a,main,c", "%s", names(e.l.AllTasks()))
			return err
		}))
		_, err := loop.RunUntilComplete(e.l, a)
		e.ok(err)
		e.check(len(e.l.AllTasks()) == 0, "%s", names(e.l.AllTasks()))
	}},
	{"T24", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			nested := func() string { return c.Task().Name() }
			e.check(nested() == "main", "%s", nested())
			_, err := loop.Await(c, e.spawn("other", func(c *loop.Ctx) error {
				e.check(c.Task().Name() == "other", "%s", c.Task().Name())
				return loop.Yield(c)
			}))
			e.check(nested() == "main" && err == nil, "%s %v", nested(), err)
			// A callback has no task: a kept Ctx does not make it one.
			e.l.CallSoon(func() { e.is(loop.Sleep(c, u), loop.ErrNotInTask) })
			return loop.Yield(c)
		}))
	}},
	{"T25", func(e *env) {
		ended := false
		func() {
			gate := loop.NewFuture[int](e.l)
			loop.CreateTask(e.l, func(c *loop.Ctx) (int, error) { _, err := loop.Await(c, gate); ended = true; return 0, err })
			e.l.CallLater(10*u, func() { e.ok(gate.SetResult(1)) })
		}()
		for range 3 {
			e.l.CallLater(u, runtime.GC)
		}
		e.l.CallLater(11*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.check(ended, "an unreferenced task vanished")
	}},
	{"T26", func(e *env) {
		e.ok(e.run(func(c *loop.Ctx) error {
			for _, d := range []time.Duration{0, -u} {
				e.l.CallSoon(func() { e.note("tick"); e.l.CallSoon(func() { e.note("next tick") }) })
				e.ok(loop.Sleep(c, d))
				e.want("tick@0")
				e.ok(loop.Yield(c))
				e.want("next tick@0")
			}
			return nil
		}))
		t := e.sleeper("t", 1000*u, nil)
		e.ticks(1)
		e.check(e.l.Stats().Timers == 1, "timers: %d", e.l.Stats().Timers)
		t.Cancel()
		e.check(e.l.Stats().Timers == 0, "a cancelled sleep keeps its timer")
		e.ticks(1)
		e.check(t.Cancelled() && e.l.Time() == 0, "at %v", e.l.Time())
	}},
	{"T27", func(e *env) {
		t, f := e.sleeper("t", 5*u, nil), e.sleeper("f", 0, errBoom)
		e.ticks(3)
		t.Cancel()
		e.ticks(2)
		e.cancelled(t.Err())
		for range 2 {
			_, err := f.Result()
			e.is(err, errBoom)
			e.is(f.Err(), errBoom)
		}
	}},
	{"T28", func(e *env) {
		err := e.run(func(c *loop.Ctx) error {
			e.l.CallSoon(func() { e.note("due") })
			e.l.Abort(errBoom) // leaves the run at once
			err := loop.Yield(c)
			e.note("resumed")
			return err
		})
		e.is(err, errBoom)
		e.want("")
		e.ticks(1)
		e.want("due@0 resumed@0")
	}},
}

func TestPanicInTaskIsReportedAtOnceAndReachesTheAwaiter(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.ok(e.run(func(c *loop.Ctx) error {
		bad := e.spawn("bad", func(*loop.Ctx) error { panicDeepInside(); return nil })
		e.ok(loop.Yield(c))
		e.check(len(e.reports) == 1 && e.reports[0].Name == "bad", "not reported at once: %s", e.reported())
		_, err := loop.Await(c, bad)
		var p *loop.PanicError
		if !errors.As(err, &p) || p.Value != "deep" || !strings.Contains(string(p.Stack), "panicDeepInside") {
			t.Errorf("awaiter got %v", err)
		}
		_, err = loop.Await(c, e.spawn("nil", func(*loop.Ctx) error { panic(nil) }))
		var n *runtime.PanicNilError
		e.check(errors.As(err, &n), "panic(nil): %v", err)
		return nil
	}))
}

func panicDeepInside() { panic("deep") }

func TestGoexitInATaskLeavesTheLoopAlive(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.ok(e.run(func(c *loop.Ctx) error {
		cleaned := false
		_, err := loop.Await(c, e.spawn("gone", func(c *loop.Ctx) error {
			defer func() { cleaned = true }()
			e.ok(loop.Sleep(c, u))
			runtime.Goexit() // what t.FailNow does
			return nil
		}))
		e.is(err, loop.ErrGoexit)
		e.ok(loop.Sleep(c, u))
		e.check(cleaned, "deferred calls did not run")
		return nil
	}))
}

func TestAwaitOffTheTaskIsRefused(t *testing.T) {
	e := newEnv(t, loop.Options{})
	var kept *loop.Ctx
	e.ok(e.run(func(c *loop.Ctx) error { kept = c; return nil }))
	e.is(loop.Sleep(kept, u), loop.ErrNotInTask)
	_, err := loop.Await(kept, loop.NewFuture[int](e.l))
	e.is(err, loop.ErrNotInTask)
	select {
	case <-kept.Done():
	default:
		t.Error("the context of a task that has ended is not done")
	}
	e.check(kept.Err() != nil && kept.Task() == nil && kept.Cancelling() == 0 && kept.Uncancel() == 0, "ended ctx")
}

func TestCtxIsAContext(t *testing.T) {
	type key struct{}
	parent := context.WithValue(t.Context(), key{}, "v")
	e := newEnv(t, loop.Options{Context: parent})
	task := e.spawn("t", func(c *loop.Ctx) error {
		e.check(c.Value(key{}) == "v" && c.Err() == nil, "value %v", c.Value(key{}))
		derived, stop := context.WithCancelCause(c)
		defer stop(nil)
		gone := make(chan struct{})
		context.AfterFunc(derived, func() { close(gone) })
		err := loop.Sleep(c, 5*u)
		<-derived.Done()
		<-gone
		ce := e.cancelled(context.Cause(derived))
		e.check(ce.Cause == errBoom && c.Value(key{}) == "v", "%+v", ce)
		e.is(c.Err(), errBoom)
		c.Uncancel()
		select {
		case <-c.Done():
			e.Error("Done is closed after Uncancel")
		default:
		}
		return err
	})
	e.ticks(1)
	task.Cancel(errBoom)
	e.ticks(2)
	e.check(task.Cancelled(), "%v", task.Err())
}

func TestDumpNamesWhatTasksWaitFor(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.sleeper("s", 10*u, nil)
	a := e.spawn("a", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.NewFuture[int](e.l)); return err })
	e.spawn("b", func(c *loop.Ctx) error { _, err := loop.Await(c, loop.Shield(a)); return err })
	e.ticks(1)
	e.spawn("new", func(c *loop.Ctx) error { return nil })
	a.Cancel()
	var out syncBuilder
	e.ok(e.l.Dump(&out))
	e.check(out.String() == "s: sleeping, 0s old\na: ready, 0s old, cancelled 1×\n"+
		"b: waiting for shield, 0s old\nnew: created, 0s old\n", "%s", &out)
	s := e.l.Stats()
	e.check(fmt.Sprint(s.Tasks, s.Timers, s.Waiting) == "4 1 10s", "%+v", s)
}

func TestTasksTellTheirAge(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.sleeper("old", 10*u, nil)
	e.l.CallLater(3*u, func() { e.sleeper("new", 10*u, nil) })
	e.l.CallLater(5*u, e.l.Stop)
	e.ok(e.l.RunForever())
	all := e.l.Tasks()
	e.check(len(all) == 2 && all[0].Age == 5*u && all[1].Age == 2*u, "%v", all)
}

// busyClock goes on by hand, and where the loop sleeps.
type busyClock struct{ now time.Duration }

func (h *busyClock) Now() time.Duration { return h.now }
func (h *busyClock) Pause(p loop.Pause) { h.now = max(h.now, p.Until) }

func TestStatsTellTheLagOfTimers(t *testing.T) {
	clock := new(busyClock)
	e := newEnv(t, loop.Options{Clock: clock})
	e.l.CallLater(u, func() { clock.now += 7 * u }) // a callback that blocks
	e.l.CallLater(3*u, e.l.Stop)
	e.ok(e.l.RunForever())
	e.check(e.l.Stats().Lag == 5*u, "lag %v", e.l.Stats().Lag)
}
