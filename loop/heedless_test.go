package loop_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"crawl/loop"
)

// A body that ignores the error of its suspensions must not stop the others: a
// forgotten err is a fault of one task, not of the program (D4).
func TestHeedlessTaskStarvesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticks := 0
		_, err := loop.Run(t.Context(), func(c *loop.Ctx) (int, error) {
			on := true
			poller := loop.CreateTask(c, func(c *loop.Ctx) (int, error) {
				for on {
					_ = loop.Sleep(c, 5*time.Millisecond)
				}
				return 0, nil
			})
			loop.CreateTask(c, func(c *loop.Ctx) (int, error) {
				for loop.Sleep(c, time.Millisecond) == nil {
					ticks++
				}
				return 0, nil
			})
			if err := loop.Sleep(c, 20*time.Millisecond); err != nil {
				return 0, err
			}
			poller.Cancel()
			for range 100 { // others still get their turns
				if err := loop.Yield(c); err != nil {
					return 0, err
				}
			}
			on = false
			return loop.Await(c, poller)
		}, loop.Options{})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if ticks < 15 {
			t.Errorf("%d ticks", ticks)
		}
	})
}

// Close ends a task that does not heed it.
func TestHeedlessTaskDoesNotHoldClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := loop.New(loop.Options{})
		ended := false
		loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
			defer func() { ended = true }()
			for {
				_ = loop.Sleep(c, time.Millisecond)
			}
		})
		l.CallLater(10*time.Millisecond, l.Stop)
		if err := l.RunForever(); err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		synctest.Wait()
		if !ended {
			t.Error("the task was not unwound")
		}
	})
}

// A limit around a retry loop is no limit that the loop set itself: what it sees
// is a cancellation, and not ErrTimeout.
func TestOuterLimitEndsARetryLoop(t *testing.T) {
	rounds := 0
	_, err := loop.Run(t.Context(), func(c *loop.Ctx) (int, error) {
		err := loop.Timeout(c, 5*time.Second, func(c *loop.Ctx) error {
			for {
				rounds++
				_, err := loop.WaitFor(c, loop.NewFuture[int](c.Loop()), time.Second)
				if !errors.Is(err, loop.ErrTimeout) || rounds > 100 {
					return err
				}
			}
		})
		if !errors.Is(err, loop.ErrTimeout) {
			t.Errorf("the scope returned %v", err)
		}
		return 0, nil
	}, loop.Options{Clock: &loop.VirtualClock{}})
	if err != nil || rounds != 5 {
		t.Errorf("%d rounds of a second in five, %v", rounds, err)
	}
}

// A nil function is told where it is given, not where it is called.
func TestNilFunctionsPanicAtTheCall(t *testing.T) {
	l := loop.New(loop.Options{})
	defer l.Close()
	f := loop.NewFuture[int](l)
	for what, call := range map[string]func(){
		"CreateTask":       func() { loop.CreateTask[int](l, nil) },
		"RunInExecutor":    func() { loop.RunInExecutor[int](l, nil, nil) },
		"AddDoneCallback":  func() { f.AddDoneCallback(nil) },
		"AddSignalHandler": func() { _ = l.AddSignalHandler(os.Interrupt, nil) },
		"CallSoon":         func() { l.CallSoon(nil) },
		"CallLater":        func() { l.CallLater(1, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took nil", what)
				}
			}()
			call()
		}()
	}
}

// Close tells that it dropped tasks in one line, and nothing of their errors,
// which are its own doing.
func TestCloseIsBrief(t *testing.T) {
	var told []string
	l := loop.New(loop.Options{})
	l.SetExceptionHandler(func(_ *loop.Loop, e loop.ErrContext) { told = append(told, e.Message) })
	for range 50 {
		loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) })
	}
	l.CallLater(time.Millisecond, l.Stop)
	if err := l.RunForever(); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if len(told) != 1 {
		t.Errorf("Close said %q", told)
	}
}
