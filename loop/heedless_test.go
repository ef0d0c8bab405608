package loop_test

import (
	"context"
	"errors"
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
