package pool_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crawl/pool"
)

// Workers wake one another: a burst must still reach the full width, also when
// all of them sleep already.
func TestABurstReachesEveryWorker(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 8})
		for round := range 3 {
			start := time.Now()
			for range 16 {
				must(t, p.Submit(func() { time.Sleep(time.Second) }))
			}
			synctest.Wait()
			if s := p.Stats(); s.Running != 8 || s.Queued != 8 || s.Workers != 8 {
				t.Errorf("round %d: %+v", round, s)
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if s := p.Stats(); s.Running != 0 || s.Queued != 0 || time.Since(start) != 2*time.Second {
				t.Errorf("round %d: %+v after %v", round, s, time.Since(start))
			}
		}
		must(t, p.Shutdown(t.Context()))
	})
}

// Sixteen jobs submitted by jobs, while other workers sleep, are not left lying.
func TestWorkSubmittedByAJobWakesTheOthers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 4})
		for range 4 {
			must(t, p.Submit(func() { time.Sleep(time.Second) }))
		}
		time.Sleep(2 * time.Second)
		start := time.Now()
		must(t, p.Submit(func() {
			for range 3 {
				_ = p.Submit(func() { time.Sleep(time.Second) })
			}
			time.Sleep(time.Second)
		}))
		must(t, p.Shutdown(t.Context()))
		if d := time.Since(start); d != time.Second {
			t.Errorf("four jobs on four workers took %v", d)
		}
	})
}

func TestShutdownMayBeCalledByMany(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.New(pool.Options{Workers: 2})
		done := 0
		must(t, p.Submit(func() { time.Sleep(time.Second); done++ }))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := p.Shutdown(context.Background()); err != nil || done != 1 {
					t.Errorf("%v, %d done", err, done)
				}
			})
		}
		wg.Wait()
	})
}

// Close and Submit at the same time: every job ends, one way or the other.
func TestCloseAgainstSubmit(t *testing.T) {
	for range 50 {
		p := pool.New(pool.Options{Workers: 2})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 20 {
					j, err := p.Go(func(context.Context) error { return nil })
					if err != nil {
						if !errors.Is(err, pool.ErrClosed) {
							t.Error(err)
						}
						return
					}
					if err := j.Wait(context.Background()); err != nil && !errors.Is(err, pool.ErrClosed) {
						t.Error(err)
					}
				}
			})
		}
		p.Close()
		wg.Wait()
		must(t, p.Shutdown(t.Context()))
	}
}
