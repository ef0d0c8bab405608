package loop_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"crawl/loop"
)

// A bubble fails its test if a goroutine or coroutine outlives it. These runs
// leave everything behind that a program can leave behind.
func TestNothingOutlivesClose(t *testing.T) {
	quietly := func(*loop.Loop, loop.ErrContext) {}
	leave := func(l *loop.Loop) (deferred *int) {
		deferred = new(int)
		l.SetExceptionHandler(quietly)
		gate := loop.NewFuture[int](l)
		bodies := []func(c *loop.Ctx) (int, error){
			func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) },
			func(c *loop.Ctx) (int, error) { return loop.Await(c, gate) },
			func(c *loop.Ctx) (int, error) { return loop.WaitFor(c, gate, time.Hour) },
			func(c *loop.Ctx) (int, error) { return loop.Await(c, loop.Shield(gate)) },
			func(c *loop.Ctx) (int, error) { return 0, loop.NewEvent(l).Wait(c) },
			func(c *loop.Ctx) (int, error) { return loop.NewQueue[int](l, 1).Get(c) },
			func(c *loop.Ctx) (int, error) { // suspends again while it unwinds
				defer func() { _ = loop.Sleep(c, time.Hour) }()
				return 0, c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, time.Hour) })
			},
			func(c *loop.Ctx) (int, error) { // Goexit while it unwinds, as in require.NoError
				defer runtime.Goexit()
				return 0, loop.Sleep(c, time.Hour)
			},
			func(c *loop.Ctx) (int, error) { defer panic("unwinding"); return 0, loop.Sleep(c, time.Hour) },
			func(c *loop.Ctx) (int, error) {
				return 0, loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
					loop.CreateTask(g, func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) })
					return nil
				})
			},
			func(c *loop.Ctx) (int, error) {
				pulled := 0
				for range loop.Map(c, count(9, &pulled), 3, func(c *loop.Ctx, _ int) (int, error) { return 0, loop.Sleep(c, time.Hour) }) {
				}
				return 0, nil
			},
			func(*loop.Ctx) (int, error) { runtime.Goexit(); return 0, nil },
			func(*loop.Ctx) (int, error) { return 0, nil }, // leaves an idle coroutine
			func(c *loop.Ctx) (int, error) {
				derived, cancel := context.WithTimeout(c, 100*time.Hour)
				defer cancel()
				context.AfterFunc(derived, func() {})
				return 0, loop.Sleep(c, time.Hour)
			},
		}
		for _, body := range bodies {
			loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
				defer func() { *deferred++ }()
				return body(c)
			})
		}
		loop.FromChan(l, make(chan struct{}))
		loop.FromContext(l, context.Background())
		loop.RunInExecutor(l, nil, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, nil })
		l.CallLater(time.Hour, func() {})
		l.CallSoon(func() { l.CallSoon(func() { l.CallSoon(func() { loop.CreateTask(l, bodies[0]); l.Stop() }) }) })
		if err := l.RunForever(); err != nil {
			t.Error(err)
		}
		return deferred
	}
	t.Run("Close", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := loop.New(loop.Options{SlowCallback: time.Second})
			deferred := leave(l)
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			if *deferred != 14 || len(l.AllTasks()) != 0 {
				t.Errorf("%d of 14 bodies unwound; left %s", *deferred, names(l.AllTasks()))
			}
		})
	})
	t.Run("CancelAll and Close", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := loop.New(loop.Options{})
			deferred := leave(l)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_ = l.CancelAll(ctx)
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			if *deferred != 14 {
				t.Errorf("%d of 14 bodies unwound", *deferred)
			}
		})
	})
	t.Run("ten thousand tasks", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := loop.New(loop.Options{})
			l.SetExceptionHandler(quietly)
			for range 10_000 {
				loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) })
			}
			l.Stop()
			_ = l.RunForever()
			_ = l.Close()
		})
	})
}
