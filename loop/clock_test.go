package loop_test

import (
	"context"
	"testing"
	"time"

	"crawl/loop"
)

// Virtual time stands still while a hold is out, whatever timers there are.
func TestVirtualTimeWaitsForAHold(t *testing.T) {
	e := newEnv(t, loop.Options{})
	release := e.l.Hold()
	e.l.CallLater(u, func() { e.note("timer"); e.l.Stop() })
	go func() {
		e.l.CallSoonThreadsafe(func() { e.note("foreign") })
		release()
		release() // idempotent
	}()
	e.ok(e.l.RunForever())
	e.want("foreign@0 timer@1")
}

// A channel that nobody closes yet does not hold virtual time back, and is no
// deadlock either.
func TestVirtualTimeDoesNotWaitForAChannel(t *testing.T) {
	e := newEnv(t, loop.Options{})
	ch := make(chan struct{})
	e.ok(e.run(func(c *loop.Ctx) error {
		f := loop.FromChan(e.l, ch)
		_, err := loop.WaitFor(c, loop.Shield(f), u)
		e.is(err, loop.ErrTimeout)
		close(ch)
		_, err = loop.Await(c, f)
		return err
	}))
	e.check(e.l.Time() == u, "at %v", e.l.Time())
}

// Jobs that sleep on the virtual clock take turns in the order of their deadlines.
func TestJobsSleepOnTheVirtualClock(t *testing.T) {
	clock := new(loop.VirtualClock)
	e := newEnv(t, loop.Options{Clock: clock})
	var fs []*loop.Future[int]
	for _, d := range []time.Duration{3, 1, 2} {
		f := loop.RunInExecutor(e.l, nil, func(ctx context.Context) (int, error) { return int(d), clock.Sleep(ctx, d*u) })
		f.AddDoneCallback(func(f *loop.Future[int]) { e.note("%d", d) })
		fs = append(fs, f)
	}
	_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, fs...))
	e.ok(err)
	e.want("1@1 2@2 3@3")
	// A cancelled sleep ends, and leaves the clock to the others.
	began := make(chan struct{})
	ended := make(chan error, 1)
	f := loop.RunInExecutor(e.l, nil, func(ctx context.Context) (int, error) {
		close(began)
		ended <- clock.Sleep(ctx, 1000*u)
		return 0, nil
	})
	<-began
	f.Cancel(errBoom)
	e.is(<-ended, errBoom)
	e.ok(e.run(func(c *loop.Ctx) error { return loop.Sleep(c, u) }))
	e.check(e.l.Time() == 4*u, "at %v", e.l.Time())
}

func TestStateOfTheLoop(t *testing.T) {
	e := newEnv(t, loop.Options{})
	e.check(!e.l.IsRunning() && !e.l.IsClosed(), "new")
	e.ok(e.run(func(c *loop.Ctx) error {
		e.check(e.l.IsRunning() && c.Loop() == e.l, "running")
		return nil
	}))
	e.check(!e.l.IsRunning(), "stopped")
	e.ok(e.l.Close())
	e.check(e.l.IsClosed(), "closed")
}
