package loop_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"crawl/loop"
)

// fixed is an executor with n workers that never end while there may be work.
type fixed struct {
	n     int
	queue chan func()
	wg    sync.WaitGroup
}

func newFixed(n int) *fixed {
	f := &fixed{n: n, queue: make(chan func(), 1000)}
	for range n {
		f.wg.Go(func() {
			for job := range f.queue {
				job()
			}
		})
	}
	return f
}

func (f *fixed) Workers() int                   { return f.n }
func (f *fixed) Submit(job func()) error        { f.queue <- job; return nil }
func (f *fixed) Shutdown(context.Context) error { close(f.queue); f.wg.Wait(); return nil }

// virtualJob is a job that blocks for d of virtual time, deaf to its context.
func (e *env) virtualJob(clock *loop.VirtualClock, d time.Duration, err error) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		_ = clock.Sleep(context.Background(), d)
		return "job", err
	}
}

var executorRows = []row{
	{"E1", func(e *env) {
		began := make(chan struct{})
		f := loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { close(began); return 7, nil })
		<-began // at the call, not at the await
		v, err := loop.RunUntilComplete(e.l, f)
		e.check(v == 7 && err == nil, "%v %v", v, err)
		_, err = loop.RunUntilComplete(e.l, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, errBoom }))
		e.is(err, errBoom)
		_, err = loop.RunUntilComplete(e.l, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { panicDeepInside(); return 0, nil }))
		var p *loop.PanicError
		e.check(errors.As(err, &p) && strings.Contains(string(p.Stack), "panicDeepInside"), "%v", err)
		e.ticks(1)
		e.check(len(e.reports) == 1, "a panic is reported too: %s", e.reported())
		_, err = loop.RunUntilComplete(e.l, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }))
		e.is(err, loop.ErrGoexit)
	}},
	{"E2", func(e *env) {
		for _, want := range []struct{ jobs, rounds int }{{9, 3}, {20, 7}} {
			clock, ex := new(loop.VirtualClock), newFixed(3)
			e := newEnv(e.T, loop.Options{Clock: clock, Executor: ex})
			var fs []*loop.Future[string]
			for range want.jobs {
				fs = append(fs, loop.RunInExecutor(e.l, nil, e.virtualJob(clock, u, nil)))
			}
			_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, fs...))
			e.ok(err)
			e.check(e.l.Time() == time.Duration(want.rounds)*u, "%d jobs on 3 workers took %v", want.jobs, e.l.Time())
		}
	}},
	{"E3", func(e *env) {
		// More jobs than workers: the bound is reached, and never passed.
		limit := min(32, runtime.NumCPU()+4)
		var mu sync.Mutex
		running, peak := 0, 0
		full := make(chan struct{})
		var once sync.Once
		var fs []*loop.Future[int]
		for range limit + 5 {
			fs = append(fs, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) {
				mu.Lock()
				running++
				if peak = max(peak, running); running == limit {
					once.Do(func() { close(full) })
				}
				mu.Unlock()
				<-full
				mu.Lock()
				running--
				mu.Unlock()
				return 0, nil
			}))
			if len(fs) == limit {
				<-full
			}
		}
		_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, fs...))
		e.ok(err)
		e.check(peak == limit, "peak %d, limit %d", peak, limit)
	}},
	{"E4", func(e *env) {
		ex := newFixed(1)
		e = newEnv(e.T, loop.Options{Executor: ex})
		gate := make(chan struct{})
		first := loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { <-gate; return 1, nil })
		ran := false
		second := loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { ran = true; return 2, nil })
		third := loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 3, nil })
		e.check(second.Cancel() && second.Cancelled(), "withdrawn at once")
		close(gate)
		_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, first, third))
		e.ok(err)
		e.check(!ran && e.l.Stats().Jobs == 0, "a withdrawn job ran; %d jobs out", e.l.Stats().Jobs)
	}},
	{"E5", func(e *env) {
		clock := new(loop.VirtualClock)
		e = newEnv(e.T, loop.Options{Clock: clock})
		told := make(chan error, 1)
		e.ok(e.run(func(c *loop.Ctx) error {
			began := make(chan struct{})
			good := loop.RunInExecutor(e.l, nil, func(ctx context.Context) (int, error) {
				close(began)
				<-ctx.Done()
				told <- context.Cause(ctx)
				return 1, nil
			})
			<-began
			good.Cancel(errBoom)
			_, err := loop.Await(c, good) // at once, whatever the job does
			e.is(err, errBoom)
			bad := loop.RunInExecutor(e.l, nil, e.virtualJob(clock, 5*u, errOther))
			t := e.spawn("t", func(c *loop.Ctx) error { _, err := loop.Await(c, bad); e.note("freed"); return err })
			e.ok(loop.Sleep(c, u))
			t.Cancel()
			return loop.Sleep(c, 9*u)
		}))
		e.want("freed@1")
		e.is(<-told, errBoom)
		e.check(len(e.reports) == 1 && errors.Is(e.reports[0].Err, errOther), "the late error is not lost: %s", e.reported())
	}},
	{"E6", func(e *env) {
		clock := new(loop.VirtualClock)
		e = newEnv(e.T, loop.Options{Clock: clock})
		e.ok(e.run(func(c *loop.Ctx) error {
			_, err := loop.WaitFor(c, loop.RunInExecutor(e.l, nil, e.virtualJob(clock, 9*u, nil)), u)
			e.is(err, loop.ErrTimeout)
			e.check(e.l.Time() == u, "at %v", e.l.Time())
			return loop.Sleep(c, 20*u)
		}))
	}},
	{"E7", func(e *env) {
		_, err := loop.RunUntilComplete(e.l, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, nil }))
		e.ok(err)
		e.ok(e.l.ShutdownDefaultExecutor(context.Background()))
		_, err = loop.RunUntilComplete(e.l, loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, nil }))
		e.is(err, loop.ErrExecutorClosed)
	}},
	{"E8", func(e *env) {
		gate := make(chan struct{})
		n := 0
		var mu sync.Mutex
		for range 50 { // running and queued ones
			loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { <-gate; mu.Lock(); n++; mu.Unlock(); return 0, nil })
		}
		now, cancel := context.WithCancel(context.Background())
		cancel()
		e.is(e.l.ShutdownDefaultExecutor(now), context.Canceled)
		close(gate)
		e.ok(e.l.ShutdownDefaultExecutor(context.Background()))
		e.check(n == 50, "%d of 50 jobs ran", n)
	}},
	{"E9", func(e *env) {
		// A job that is deaf keeps Run for the grace time, not for ever.
		gate := make(chan struct{})
		defer close(gate)
		ctx, cancel := context.WithCancel(context.Background())
		told := false
		_, err := loop.Run(ctx, func(c *loop.Ctx) (int, error) {
			c.Loop().SetExceptionHandler(func(_ *loop.Loop, r loop.ErrContext) { told = true; e.is(r.Err, context.DeadlineExceeded) })
			f := loop.RunInExecutor(c.Loop(), nil, func(context.Context) (int, error) { cancel(); <-gate; return 0, nil })
			return loop.Await(c, f)
		}, loop.Options{Grace: 10 * time.Millisecond})
		e.cancelled(err)
		e.check(told, "that a job was left behind is reported")
	}},
	{"E10", func(e *env) {
		n := 0 // unsynchronised: callbacks of jobs run on the loop
		for range 50 {
			loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 0, nil }).
				AddDoneCallback(func(*loop.Future[int]) {
					if n++; n == 50 {
						e.l.Stop()
					}
				})
		}
		e.ok(e.l.RunForever())
		e.check(n == 50, "%d", n)
	}},
	{"E12", func(e *env) {
		l := loop.New(loop.Options{})
		defer l.Close()
		ended := make(chan struct{})
		stop := loop.NewFuture[int](l)
		release := l.Hold()
		go func() {
			defer close(ended)
			defer release()
			ctx := context.Background()
			v, err := loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 7, loop.Yield(c) }).WaitContext(ctx)
			e.check(v == 7 && err == nil, "%v %v", v, err)
			hangs := loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) })
			short, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			_, err = hangs.WaitContext(short)
			e.is(err, context.DeadlineExceeded)
			hangs.Cancel(errBoom)
			_, err = hangs.WaitContext(ctx)
			e.is(err, errBoom)
			stop.TrySet(1, nil)
		}()
		_, err := loop.RunUntilComplete(l, stop)
		e.ok(err)
		<-ended
	}},
	{"E14", func(e *env) {
		// What blocks inside a task stalls the loop; in the executor it does not.
		clock := &handClock{}
		l := loop.New(loop.Options{Clock: clock})
		defer l.Close()
		var fired time.Duration
		l.CallLater(u, func() { fired = clock.now; l.Stop() })
		l.CallSoon(func() { clock.now += 5 * u }) // blocks for five units
		e.ok(l.RunForever())
		e.check(fired == 5*u, "the timer ran at %v", fired)
		vc := new(loop.VirtualClock)
		e2 := newEnv(e.T, loop.Options{Clock: vc})
		f := loop.RunInExecutor(e2.l, nil, e2.virtualJob(vc, 5*u, nil))
		e2.l.CallLater(u, func() { e2.note("timer") })
		_, err := loop.RunUntilComplete(e2.l, f)
		e2.ok(err)
		e2.want("timer@1")
	}},
}

// The context of a job is made only if somebody asks, and still works for
// contexts derived from it.
func TestJobContext(t *testing.T) {
	type key struct{}
	e := newEnv(t, loop.Options{Context: context.WithValue(t.Context(), key{}, "v")})
	began, ended := make(chan struct{}), make(chan error, 1)
	f := loop.RunInExecutor(e.l, nil, func(ctx context.Context) (int, error) {
		derived, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		if ctx.Err() != nil || ctx.Value(key{}) != "v" {
			t.Errorf("%v, %v", ctx.Err(), ctx.Value(key{}))
		}
		close(began)
		<-derived.Done()
		ended <- fmt.Errorf("%w, %w", context.Cause(derived), ctx.Err())
		return 0, nil
	})
	<-began
	f.Cancel(errBoom)
	if err := <-ended; !errors.Is(err, errBoom) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// inline runs its jobs inside Submit.
type inline struct{}

func (inline) Submit(job func()) error            { job(); return nil }
func (inline) Shutdown(ctx context.Context) error { return nil }

// A job that ends in the last turn of a run is not left lying until the next.
func TestJobThatEndsWithTheRunIsDone(t *testing.T) {
	e := newEnv(t, loop.Options{Executor: inline{}})
	var f *loop.Future[int]
	e.l.CallSoon(func() {
		f = loop.RunInExecutor(e.l, nil, func(context.Context) (int, error) { return 7, nil })
		e.l.Stop()
	})
	e.ok(e.l.RunForever())
	v, err := f.Result()
	e.check(v == 7 && err == nil, "%v, %v", v, err)
}
