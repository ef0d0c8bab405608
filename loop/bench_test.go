package loop_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"crawl/loop"
)

func quiet(b *testing.B) *loop.Loop {
	l := loop.New(loop.Options{})
	b.Cleanup(func() { l.Close() })
	return l
}

// inTask runs fn in a task, for benchmarks of what needs a Ctx.
func inTask(b *testing.B, fn func(c *loop.Ctx)) {
	l := quiet(b)
	_, err := loop.RunUntilComplete(l, loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
		fn(c)
		return 0, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkCallSoon(b *testing.B) {
	b.ReportAllocs()
	l := quiet(b)
	left := b.N
	fn := func() {}
	var feed func()
	feed = func() { // a thousand callbacks a turn
		n := min(left, 1000)
		left -= n
		for range n {
			l.CallSoon(fn)
		}
		if left == 0 {
			l.Stop()
			return
		}
		l.CallSoon(feed)
	}
	l.CallSoon(feed)
	b.ResetTimer()
	_ = l.RunForever()
}

// Eight goroutines hand in bursts of 80,000 callbacks: a queue that grows with
// b.N would measure the growing.
func BenchmarkCallSoonThreadsafe(b *testing.B) {
	b.ReportAllocs()
	l := quiet(b)
	const burst = 80_000
	for left := b.N; left > 0; left -= burst {
		n := min(left, burst)
		done := loop.NewFuture[int](l)
		run := 0
		fn := func() {
			if run++; run == n {
				_ = done.SetResult(n)
			}
		}
		var wg sync.WaitGroup
		release := l.Hold()
		for p := range 8 {
			wg.Go(func() {
				for i := p; i < n; i += 8 {
					l.CallSoonThreadsafe(fn)
				}
			})
		}
		_, _ = loop.RunUntilComplete(l, done)
		wg.Wait()
		release()
	}
}

func BenchmarkSwitch(b *testing.B) {
	b.ReportAllocs()
	inTask(b, func(c *loop.Ctx) {
		for b.Loop() {
			_ = loop.Yield(c)
		}
	})
}

func BenchmarkSpawnAwait(b *testing.B) {
	body := func(*loop.Ctx) (int, error) { return 1, nil }
	b.Run("one by one", func(b *testing.B) {
		b.ReportAllocs()
		inTask(b, func(c *loop.Ctx) {
			for b.Loop() {
				_, _ = loop.Await(c, loop.CreateTask(c, body))
			}
		})
	})
	b.Run("a thousand in flight", func(b *testing.B) {
		b.ReportAllocs()
		ts := make([]*loop.Task[int], 1000)
		inTask(b, func(c *loop.Ctx) {
			for n := 0; n < b.N; n += len(ts) {
				for i := range ts {
					ts[i] = loop.CreateTask(c, body)
				}
				for _, t := range ts {
					_, _ = loop.Await(c, t)
				}
			}
		})
	})
}

func BenchmarkExecutor(b *testing.B) {
	job := func(context.Context) (int, error) { return 1, nil }
	b.Run("round trip, a thousand in flight", func(b *testing.B) {
		b.ReportAllocs()
		fs := make([]*loop.Future[int], 1000)
		inTask(b, func(c *loop.Ctx) {
			for n := 0; n < b.N; n += len(fs) {
				for i := range fs {
					fs[i] = loop.RunInExecutor(c.Loop(), nil, job)
				}
				for _, f := range fs {
					_, _ = loop.Await(c, f)
				}
			}
		})
	})
	b.Run("spawn, job, await, callback, a thousand in flight", func(b *testing.B) {
		b.ReportAllocs()
		body := func(c *loop.Ctx) (int, error) { return loop.Await(c, loop.RunInExecutor(c.Loop(), nil, job)) }
		called := 0
		callback := func(*loop.Task[int]) { called++ }
		ts := make([]*loop.Task[int], 1000)
		inTask(b, func(c *loop.Ctx) {
			for n := 0; n < b.N; n += len(ts) {
				for i := range ts {
					ts[i] = loop.CreateTask(c, body)
					ts[i].AddDoneCallback(callback)
				}
				for _, t := range ts {
					_, _ = loop.Await(c, t)
				}
			}
		})
	})
	b.Run("one by one", func(b *testing.B) {
		b.ReportAllocs()
		inTask(b, func(c *loop.Ctx) {
			for b.Loop() {
				_, _ = loop.Await(c, loop.RunInExecutor(c.Loop(), nil, job))
			}
		})
	})
}

func BenchmarkTimer(b *testing.B) {
	b.Run("add and cancel, 10000 live", func(b *testing.B) {
		b.ReportAllocs()
		l := quiet(b)
		for i := range 10_000 {
			l.CallAt(time.Hour+time.Duration(i*7919%10_000)*time.Second, func() {})
		}
		fn := func() {}
		i := 0
		for b.Loop() {
			i++
			l.CallAt(time.Hour+time.Duration(i*104729%10_000)*time.Second, fn).Cancel()
		}
	})
	b.Run("sleep on the virtual clock", func(b *testing.B) {
		b.ReportAllocs()
		l := loop.New(loop.Options{Clock: new(loop.VirtualClock)})
		defer l.Close()
		_, _ = loop.RunUntilComplete(l, loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
			for b.Loop() {
				_ = loop.Sleep(c, time.Second)
			}
			return 0, nil
		}))
	})
}

// parked makes n tasks that each await a future, lets them begin, and returns
// them with a function that ends the next one of them, in a mixed order.
func parked(c *loop.Ctx, n int) (ts []*loop.Task[int], endOne func()) {
	ts = make([]*loop.Task[int], n)
	fs := make([]*loop.Future[int], n)
	for i := range ts {
		fs[i] = loop.NewFuture[int](c.Loop())
		ts[i] = loop.CreateTask(c, func(c *loop.Ctx) (int, error) { return loop.Await(c, fs[i]) })
	}
	_ = loop.Yield(c)
	ended := 0
	return ts, func() {
		if ended < n {
			_ = fs[ended*7919%n].SetResult(ended)
			ended++
		}
	}
}

// The loop over FirstCompleted, one task ending at a time: the time per task
// must not grow with their number as in asyncio. Only the loop is measured, not
// the creation of the tasks.
func BenchmarkWaitInALoop(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		run := func(name string, fn func(c *loop.Ctx, ts []*loop.Task[int], endOne func())) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var took time.Duration
				inTask(b, func(c *loop.Ctx) {
					for range b.N {
						ts, endOne := parked(c, n)
						start := time.Now()
						fn(c, ts, endOne)
						took += time.Since(start)
					}
				})
				b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/float64(n), "ns/task")
			})
		}
		run("Wait", func(c *loop.Ctx, ts []*loop.Task[int], endOne func()) {
			for len(ts) > 0 {
				endOne()
				_, ts, _ = loop.Wait(c, ts, loop.FirstCompleted)
			}
		})
		run("AsCompleted", func(c *loop.Ctx, ts []*loop.Task[int], endOne func()) {
			endOne()
			for range loop.AsCompleted(c, ts...) {
				endOne()
			}
		})
	}
}

// Ten thousand tasks made, run and gathered; the time is per task.
func BenchmarkGather(b *testing.B) {
	b.Run("10000", func(b *testing.B) {
		b.ReportAllocs()
		body := func(*loop.Ctx) (int, error) { return 1, nil }
		ts := make([]loop.Awaitable[int], 10_000)
		inTask(b, func(c *loop.Ctx) {
			for b.Loop() {
				for i := range ts {
					ts[i] = loop.CreateTask(c, body)
				}
				_, _ = loop.Await(c, loop.Gather(c.Loop(), ts...))
			}
		})
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(ts)), "ns/task")
	})
}

func BenchmarkMap(b *testing.B) {
	b.ReportAllocs()
	inTask(b, func(c *loop.Ctx) {
		inputs := func(yield func(int) bool) {
			for i := 0; i < b.N && yield(i); i++ {
			}
		}
		for range loop.Map(c, inputs, 100, func(c *loop.Ctx, in int) (int, error) { return in, loop.Yield(c) }) {
		}
	})
}

// The memory of a task that is suspended.
func BenchmarkSuspendedTasks(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("three gigabytes")
			}
			for b.Loop() {
				l := loop.New(loop.Options{Clock: new(loop.VirtualClock)})
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				for range n {
					loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 0, loop.Sleep(c, time.Hour) })
				}
				l.CallLater(time.Minute, func() {
					runtime.GC()
					runtime.ReadMemStats(&after)
					l.Stop()
				})
				_ = l.RunForever()
				b.ReportMetric(float64(after.Sys-before.Sys)/float64(n), "B/task-sys")
				b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/float64(n), "B/task")
				l.CallLater(2*time.Hour, l.Stop)
				_ = l.RunForever()
				_ = l.Close()
			}
		})
	}
}
