// Package peers measures the executor round trip of other Go packages, in the
// shape in which the benchmarks of loop and pool measure theirs: a job that
// returns 1, on as many workers as the default executor of loop has.
package peers

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	conc "github.com/sourcegraph/conc/pool"

	"crawl/loop"
	"crawl/pool"
)

var workers = min(32, runtime.NumCPU()+4)

const inFlight = 1000

func job() int { return 1 }

// BenchmarkInFlight: a thousand jobs are given away, then all results taken.
func BenchmarkInFlight(b *testing.B) { peers(b, inFlight) }

// BenchmarkOneByOne: each result is waited for before the next job.
func BenchmarkOneByOne(b *testing.B) { peers(b, 1) }

// peers runs every package with batches of n jobs; an op is one job.
func peers(b *testing.B, n int) {
	run := func(name string, batch func(results []int), ready func() (end func())) {
		b.Run(name, func(b *testing.B) {
			end := ready()
			defer end()
			b.ReportAllocs()
			results := make([]int, n)
			b.ResetTimer()
			for done := 0; done < b.N; done += n {
				clear(results)
				batch(results)
				if results[n-1] != 1 {
					b.Fatal("no result")
				}
			}
		})
	}

	var a *ants.Pool
	run("ants", func(results []int) {
		var wg sync.WaitGroup
		wg.Add(n)
		for i := range results {
			_ = a.Submit(func() { results[i] = job(); wg.Done() })
		}
		wg.Wait()
	}, func() func() { a, _ = ants.NewPool(workers); return a.Release })

	var p pond.ResultPool[int]
	tasks := make([]pond.ResultTask[int], n)
	run("pond", func(results []int) {
		for i := range tasks {
			tasks[i] = p.Submit(job)
		}
		for i, t := range tasks {
			results[i], _ = t.Wait()
		}
	}, func() func() { p = pond.NewResultPool[int](workers); return p.StopAndWait })

	// conc's pool is one batch: it is made and waited for each time.
	run("conc", func(results []int) {
		p := conc.NewWithResults[int]().WithMaxGoroutines(workers)
		for range n {
			p.Go(job)
		}
		copy(results, p.Wait())
	}, func() func() { return func() {} })

	var own *pool.Pool
	run("pool", func(results []int) {
		var wg sync.WaitGroup
		wg.Add(n)
		for i := range results {
			_ = own.Submit(func() { results[i] = job(); wg.Done() })
		}
		wg.Wait()
	}, func() func() { own = pool.New(pool.Options{Workers: workers}); return own.Close })

	jobs := make([]*pool.Job, n)
	run("pool with jobs", func(results []int) {
		for i := range jobs {
			jobs[i], _ = own.Go(func(context.Context) error { results[i] = job(); return nil })
		}
		for _, j := range jobs {
			_ = j.Wait(context.Background())
		}
	}, func() func() { own = pool.New(pool.Options{Workers: workers}); return own.Close })
}

// BenchmarkLoopOnPool: the round trip from a task, with pool as the executor.
func BenchmarkLoopOnPool(b *testing.B) {
	for _, n := range []int{1, inFlight} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			p := pool.New(pool.Options{Workers: workers})
			l := loop.New(loop.Options{Executor: p})
			defer l.Close()
			fs := make([]*loop.Future[int], n)
			_, err := loop.RunUntilComplete(l, loop.CreateTask(l, func(c *loop.Ctx) (int, error) {
				b.ResetTimer()
				for done := 0; done < b.N; done += n {
					for i := range fs {
						fs[i] = loop.RunInExecutor(l, nil, func(context.Context) (int, error) { return job(), nil })
					}
					for _, f := range fs {
						_, _ = loop.Await(c, f)
					}
				}
				return 0, nil
			}))
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
