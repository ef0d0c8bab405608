package loop_test

import (
	"errors"
	"fmt"
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
