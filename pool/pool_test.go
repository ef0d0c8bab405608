package pool_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crawl/pool"
)

// bubble runs fn with fake time; it fails if a goroutine of the pool outlives it.
func bubble(t *testing.T, fn func(t *testing.T)) { t.Helper(); synctest.Test(t, fn) }

func TestSpec(t *testing.T) {
	for _, row := range []struct {
		id string
		fn func(t *testing.T)
	}{
		{"E2", firstInFirstOut},
		{"E2/one worker keeps the order", oneWorkerKeepsTheOrder},
		{"E2/workers start lazily and are reused", workersStartLazily},
		{"E4", queuedJobIsWithdrawn},
		{"E5", runningJobIsTold},
		{"E7", closedPoolRefuses},
		{"E8", shutdownWaits},
		{"E8/Close does not wait", closeDoesNotWait},
	} {
		t.Run(row.id, row.fn)
	}
}

func firstInFirstOut(t *testing.T) {
	for _, c := range []struct {
		jobs   int
		rounds time.Duration
	}{{9, 3}, {20, 7}} {
		bubble(t, func(t *testing.T) {
			p := pool.New(pool.Options{Workers: 3})
			var mu sync.Mutex
			var order []int
			running, peak := 0, 0
			start := time.Now()
			for i := range c.jobs {
				must(t, p.Submit(func() {
					mu.Lock()
					order = append(order, i)
					running++
					peak = max(peak, running)
					mu.Unlock()
					time.Sleep(100 * time.Millisecond)
					mu.Lock()
					running--
					mu.Unlock()
				}))
			}
			must(t, p.Shutdown(t.Context()))
			if peak != 3 || time.Since(start) != c.rounds*100*time.Millisecond {
				t.Errorf("%d jobs on 3 workers: peak %d, took %v", c.jobs, peak, time.Since(start))
			}
			for i, n := range order { // a round may begin in any order, rounds may not mix
				if n/3 != i/3 {
					t.Fatalf("not first in, first out: %v", order)
				}
			}
		})
	}
}

func oneWorkerKeepsTheOrder(t *testing.T) {
	p := pool.New(pool.Options{Workers: 1})
	var order []int
	for i := range 1000 {
		must(t, p.Submit(func() { order = append(order, i) }))
	}
	must(t, p.Shutdown(t.Context()))
	if len(order) != 1000 || !slices.IsSorted(order) {
		t.Errorf("%d ran, sorted %v", len(order), slices.IsSorted(order))
	}
}

func workersStartLazily(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 8})
		if n := p.Stats().Workers; n != 0 {
			t.Errorf("%d workers before there is work", n)
		}
		for range 20 {
			must(t, p.Submit(func() {}))
			synctest.Wait()
		}
		if s := p.Stats(); s.Workers != 1 || s.Completed != 20 {
			t.Errorf("jobs one after the other: %+v", s)
		}
		must(t, p.Shutdown(t.Context()))
	})
}

func queuedJobIsWithdrawn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 1})
		gate := make(chan struct{})
		must(t, p.Submit(func() { <-gate }))
		ran := false
		j, err := p.Go(func(context.Context) error { ran = true; return nil })
		must(t, err)
		next := false
		must(t, p.Submit(func() { next = true }))
		why := errors.New("not wanted")
		if !j.Cancel(why) || j.Wait(t.Context()) != why {
			t.Error("a queued job is not withdrawn at once")
		}
		close(gate)
		must(t, p.Shutdown(t.Context()))
		if ran || !next || p.Stats().Withdrawn != 1 {
			t.Errorf("ran %v, next %v, %+v", ran, next, p.Stats())
		}
		if j.Cancel(why) {
			t.Error("cancelled twice")
		}
	})
}

func runningJobIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 1})
		why := errors.New("enough")
		j, err := p.Go(func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
		must(t, err)
		synctest.Wait()
		if !j.Cancel(why) || j.Wait(t.Context()) != why {
			t.Error("a running job is not told by its context")
		}
		must(t, p.Shutdown(t.Context()))
	})
}

func closedPoolRefuses(t *testing.T) {
	p := pool.New(pool.Options{})
	must(t, p.Shutdown(t.Context()))
	if err := p.Submit(func() { t.Error("ran") }); err != pool.ErrClosed {
		t.Error(err)
	}
	if _, err := p.Go(func(context.Context) error { t.Error("ran"); return nil }); err != pool.ErrClosed {
		t.Error(err)
	}
}

func shutdownWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 1})
		n := 0
		for range 3 {
			must(t, p.Submit(func() { time.Sleep(time.Second); n++ }))
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if err := p.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		must(t, p.Shutdown(t.Context()))
		if n != 3 || time.Since(start) != 3*time.Second {
			t.Errorf("shutdown left after %v with %d of 3 jobs done", time.Since(start), n)
		}
	})
}

func closeDoesNotWait(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 1})
		told := make(chan error, 1)
		_, err := p.Go(func(ctx context.Context) error {
			<-ctx.Done()
			told <- context.Cause(ctx)
			return nil
		})
		must(t, err)
		queued, err := p.Go(func(context.Context) error { t.Error("dropped job ran"); return nil })
		must(t, err)
		must(t, p.Submit(func() { t.Error("dropped function ran") }))
		synctest.Wait()
		p.Close()
		p.Close()
		if err := <-told; err != pool.ErrClosed {
			t.Error(err)
		}
		if err := queued.Wait(t.Context()); err != pool.ErrClosed {
			t.Error(err)
		}
		must(t, p.Shutdown(t.Context()))
		if s := p.Stats(); s.Dropped != 2 || s.Workers != 0 || s.Running != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPanicIsCarried(t *testing.T) {
	cause := errors.New("bad input")
	p := pool.New(pool.Options{Workers: 1})
	must(t, p.Submit(func() { panic(cause) }))
	j, err := p.Go(func(context.Context) error { panic("job") })
	must(t, err)
	var perr *pool.PanicError
	if err := j.Wait(t.Context()); !errors.As(err, &perr) || perr.Value != "job" || len(perr.Stack) == 0 {
		t.Errorf("job: %v", err)
	}
	if err := p.Shutdown(t.Context()); !errors.Is(err, cause) {
		t.Errorf("the first panic of Submit is not returned by Shutdown: %v", err)
	}
	if s := p.Stats(); s.Panicked != 2 || s.Completed != 2 {
		t.Errorf("%+v", s)
	}
}

func TestOnPanicHandlerMayPanicItself(t *testing.T) {
	calls := 0
	p := pool.New(pool.Options{Workers: 1, OnPanic: func(*pool.PanicError) { calls++; panic("again") }})
	ran := false
	must(t, p.Submit(func() { panic(1) }))
	must(t, p.Submit(func() { ran = true }))
	must(t, p.Shutdown(t.Context()))
	if calls != 1 || !ran {
		t.Errorf("calls %d, next job ran %v", calls, ran)
	}
}

func TestGoexitOfAJobCostsNoWorker(t *testing.T) {
	p := pool.New(pool.Options{Workers: 1})
	must(t, p.Submit(runtime.Goexit))
	j, err := p.Go(func(context.Context) error { runtime.Goexit(); return nil })
	must(t, err)
	if err := j.Wait(t.Context()); err != pool.ErrGoexit {
		t.Error(err)
	}
	ran := false
	must(t, p.Submit(func() { ran = true }))
	must(t, p.Shutdown(t.Context()))
	if !ran || p.Stats().Completed != 3 {
		t.Errorf("ran %v, %+v", ran, p.Stats())
	}
}

func TestSubmitFromEverywhere(t *testing.T) {
	p := pool.New(pool.Options{Workers: 4})
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if p.Submit(func() { n.Add(1); _ = p.Submit(func() { n.Add(1) }) }) != nil {
					t.Error("refused")
				}
			}
		})
	}
	wg.Wait()
	for p.Stats().Submitted < 8000 {
		runtime.Gosched()
	}
	must(t, p.Shutdown(t.Context()))
	if n.Load() != 8000 {
		t.Errorf("%d of 8000 ran", n.Load())
	}
}

func TestNegativeWorkersAreRefused(t *testing.T) {
	if (pool.Options{Workers: -1}).Validate() == nil || (pool.Options{}).Validate() != nil {
		t.Error("Validate")
	}
	if pool.New(pool.Options{}).Workers() != runtime.GOMAXPROCS(0) {
		t.Error("default number of workers")
	}
}

func TestWaitLeavesTheJobAlone(t *testing.T) {
	p := pool.New(pool.Options{Workers: 1})
	gate := make(chan struct{})
	j, err := p.Go(func(context.Context) error { <-gate; return nil })
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Wait(ctx); err != context.Canceled {
		t.Error(err)
	}
	close(gate)
	must(t, j.Wait(t.Context()))
	must(t, p.Shutdown(t.Context()))
}

func ExamplePool() {
	p := pool.New(pool.Options{Workers: 2})
	sum := make([]int, 3)
	for i := range sum {
		_ = p.Submit(func() { sum[i] = (i + 1) * 100 })
	}
	_ = p.Shutdown(context.Background()) // waits for all three
	fmt.Println(sum, p.Submit(func() {}))
	// Output: [100 200 300] pool is closed
}

func ExamplePool_Go() {
	p := pool.New(pool.Options{Workers: 1})
	defer p.Close()
	job, _ := p.Go(func(ctx context.Context) error { panic("hostile input") })
	fmt.Println(job.Wait(context.Background()))
	// Output: panic: hostile input
}

func BenchmarkSubmit(b *testing.B) {
	b.Run("one producer", func(b *testing.B) {
		b.ReportAllocs()
		p := pool.New(pool.Options{Workers: 4})
		fn := func() {}
		for b.Loop() {
			_ = p.Submit(fn)
		}
		_ = p.Shutdown(b.Context())
	})
	b.Run("eight producers", func(b *testing.B) {
		b.ReportAllocs()
		p := pool.New(pool.Options{Workers: 4})
		fn := func() {}
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_ = p.Submit(fn)
			}
		})
		_ = p.Shutdown(b.Context())
	})
}

func BenchmarkGoAndWait(b *testing.B) {
	b.ReportAllocs()
	p := pool.New(pool.Options{Workers: 4})
	defer p.Close()
	ctx := context.Background()
	for b.Loop() {
		j, _ := p.Go(func(context.Context) error { return nil })
		_ = j.Wait(ctx)
	}
}
