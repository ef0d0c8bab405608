package loop_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

// u is the tests' unit of time.
const u = time.Second

var (
	errBoom  = errors.New("boom")
	errOther = errors.New("other")
)

// A row is one behaviour of the spec, by its id there.
type row struct {
	id string
	fn func(e *env)
}

// TestSpec holds the package to the spec, row by row, on the virtual clock.
func TestSpec(t *testing.T) {
	for _, rows := range [][]row{
		loopRows, timerRows, runRows, futureRows, taskRows, cancelRows, gatherRows, waitRows,
		timeoutRows, groupRows, executorRows, runnerRows, queueRows,
	} {
		for _, r := range rows {
			t.Run(r.id, func(t *testing.T) { r.fn(newEnv(t, loop.Options{})) })
		}
	}
}

// An env is a loop on the virtual clock and a tape of what happened on it.
type env struct {
	*testing.T
	l       *loop.Loop
	tape    []string
	reports []loop.ErrContext
}

func newEnv(t *testing.T, o loop.Options) *env {
	if o.Clock == nil {
		o.Clock = new(loop.VirtualClock)
	}
	e := &env{T: t, l: loop.New(o)}
	e.l.SetExceptionHandler(func(_ *loop.Loop, c loop.ErrContext) { e.reports = append(e.reports, c) })
	t.Cleanup(func() {
		if err := e.l.Close(); err != nil && !errors.Is(err, loop.ErrLoopRunning) {
			t.Error(err)
		}
	})
	return e
}

// note puts a word and the time on the tape: "word@2" is two units after the start.
func (e *env) note(word string, args ...any) {
	e.tape = append(e.tape, fmt.Sprintf(word, args...)+fmt.Sprintf("@%g", e.l.Time().Seconds()))
}

// want compares the tape and rewinds it.
func (e *env) want(words string) {
	e.Helper()
	if got := strings.Join(e.tape, " "); got != words {
		e.Errorf("happened: %s\nexpected: %s", got, words)
	}
	e.tape = nil
}

func (e *env) check(ok bool, what string, args ...any) {
	e.Helper()
	if !ok {
		e.Errorf(what, args...)
	}
}

func (e *env) is(got, want error) {
	e.Helper()
	if !errors.Is(got, want) {
		e.Errorf("error is %v, expected %v", got, want)
	}
}

func (e *env) ok(err error) {
	e.Helper()
	if err != nil {
		e.Errorf("unexpected error: %v", err)
	}
}

// cancelled says that err is a CancelError.
func (e *env) cancelled(err error) *loop.CancelError {
	e.Helper()
	var ce *loop.CancelError
	if !errors.As(err, &ce) {
		e.Errorf("error is %v, expected a CancelError", err)
		return new(loop.CancelError)
	}
	return ce
}

// run runs fn as a task to its end.
func (e *env) run(fn func(c *loop.Ctx) error) error {
	e.Helper()
	_, err := loop.RunUntilComplete(e.l, e.spawn("main", fn))
	return err
}

// spawn makes a task whose result is its name.
func (e *env) spawn(name string, fn func(c *loop.Ctx) error) *loop.Task[string] {
	return loop.CreateTask(e.l, func(c *loop.Ctx) (string, error) { return name, fn(c) }, name)
}

// sleeper makes a task that notes its name after d and ends with err.
func (e *env) sleeper(name string, d time.Duration, err error) *loop.Task[string] {
	return e.spawn(name, func(c *loop.Ctx) error {
		if serr := loop.Sleep(c, d); serr != nil {
			e.note("%s:cancelled", name)
			return serr
		}
		e.note("%s", name)
		return err
	})
}

// stubborn makes a task that needs d of cleanup after a cancel.
func (e *env) stubborn(name string, d time.Duration, err error) *loop.Task[string] {
	return e.spawn(name, func(c *loop.Ctx) error {
		serr := loop.Sleep(c, 1000*u)
		_ = c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, d) })
		e.note("%s:cleaned", name)
		if err != nil {
			return err
		}
		return serr
	})
}

// ticks runs the loop until nothing is ready.
func (e *env) ticks(n int) {
	for range n {
		e.l.Stop()
		e.ok(e.l.RunForever())
	}
}

func (e *env) reported() string {
	var all []string
	for _, r := range e.reports {
		all = append(all, fmt.Sprintf("%s: %v", r.Message, r.Err))
	}
	return strings.Join(all, "\n")
}

func names[W loop.Waitable](ts []W) string {
	var all []string
	for _, t := range ts {
		all = append(all, t.Name())
	}
	return strings.Join(all, ",")
}

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
			close(release)
		}()
		l.CallSoon(l.Stop)
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
