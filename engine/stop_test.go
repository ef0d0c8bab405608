package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
)

// An interrupt cancels every outstanding task: nothing new starts, each line
// has its record, those in flight first, and it is over within the grace.
func TestInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"hang.example": {takes: -1}, "quick.example": {}})
		o := opts(w)
		o.Concurrency, o.Politeness.PerHost = 100, 100
		ctx, cancel := context.WithCancel(t.Context())
		text := "http://quick.example/\n" + many(3000, "http://hang.example/%d")
		time.AfterFunc(time.Second, cancel)
		k := &keeper{}
		began := time.Now()
		sum, err := Run(ctx, o, lines(t, ctx, text), k)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %v after the interrupt", took-time.Second)
		}
		recs := k.byIndex(t, 3001)
		if !recs[0].OK || sum.OK != 1 || sum.Kinds["cancelled"] != 3000 || sum.Unrecorded != 0 {
			t.Errorf("summary: %+v", sum)
		}
		if len(w.asked) != 101 {
			t.Errorf("%d requests, want the one and the 100 in flight", len(w.asked))
		}
		for i, r := range k.recs[1:101] {
			if r.Attempts != 1 || r.Error.Phase != "headers" || r.StartedAt.IsZero() {
				t.Fatalf("record %d is not one that was in flight: %+v", i, r)
			}
		}
		if r := k.recs[101]; r.Attempts != 0 || r.Error.Phase != "queue" {
			t.Errorf("then those that waited: %+v", r)
		}
	})
}

// A retry that waits is cancelled like the others, with its attempts.
func TestInterruptDuringBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"http://a.example/": {status: 503}})
		o := opts(w)
		o.Retries = 9
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		k := &keeper{}
		if _, err := Run(ctx, o, lines(t, ctx, "http://a.example/"), k); err != nil {
			t.Fatal(err)
		}
		if r := k.byIndex(t, 1)[0]; r.Error.Kind != "cancelled" || r.Attempts < 3 {
			t.Errorf("%+v", r)
		}
	})
}

// A pipe is not read on after an interrupt.
func TestInterruptWhileWaitingForInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, in := io.Pipe()
		defer in.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := list.New(ctx, []list.Source{{Name: "-", R: r}}, list.Options{})
		defer f.Close()
		began := time.Now()
		if _, err := Run(ctx, opts(newWeb(nil)), f, &keeper{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// Lines that nobody had time for are counted.
func TestUnrecordedAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"a.example": {takes: -1}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		k := &keeper{onRec: func(*results.Record) error { time.Sleep(10 * time.Millisecond); return nil }}
		f := list.New(ctx, []list.Source{{R: strings.NewReader(many(5000, "http://a.example/%d")), Regular: true}}, list.Options{Window: 100})
		defer f.Close()
		sum, err := Run(ctx, opts(w), f, k)
		if err != nil && !errors.Is(err, ErrStuck) {
			t.Fatal(err)
		}
		if sum.Lines()+sum.Unrecorded != 5000 || sum.Unrecorded == 0 {
			t.Errorf("%d recorded + %d unrecorded, want 5000 in all", sum.Lines(), sum.Unrecorded)
		}
		time.Sleep(time.Hour) // the sink's goroutine comes to its end
		synctest.Wait()
		if sum.Lines() > int64(len(k.recs)) {
			t.Errorf("%d counted as recorded, the sink has %d", sum.Lines(), len(k.recs))
		}
	})
}

// A slow sink slows fetching; nothing piles up without bound.
func TestSlowSinkSlowsFetching(t *testing.T) {
	w := newWeb(map[string]page{})
	o := opts(w)
	ahead := 0
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		k.onRec = func(*results.Record) error {
			time.Sleep(time.Millisecond)
			w.mu.Lock()
			ahead = max(ahead, len(w.asked)-len(k.recs))
			w.mu.Unlock()
			return nil
		}
		if _, err := Run(t.Context(), o, lines(t, t.Context(), many(20_000, "http://a.example/%d")), k); err != nil {
			t.Fatal(err)
		}
		k.byIndex(t, 20_000)
	})
	if ahead > maxRoom+DefaultConcurrency {
		t.Errorf("fetching ran %d ahead of the sink", ahead)
	}
}

// An output that fails ends the run at once.
func TestSinkErrorEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"hang.example": {takes: -1}, "a.example": {}})
		k := &keeper{onRec: func(*results.Record) error { return syscall.ENOSPC }}
		began := time.Now()
		_, err := Run(t.Context(), opts(w), lines(t, t.Context(), "http://a.example/\n"+many(500, "http://hang.example/%d")), k)
		var sinkErr *SinkError
		if !errors.As(err, &sinkErr) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error %v, want a SinkError of ENOSPC", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %v", took)
		}
		if len(k.recs) != 1 || len(w.asked) > 20 {
			t.Errorf("%d records were written, %d requests made after the error", len(k.recs), len(w.asked))
		}
	})
}

// A sink stuck in a write does not keep an interrupted run from ending.
func TestStuckSinkIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"hang.example": {takes: -1}, "a.example": {}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		unstick := make(chan struct{})
		k := &keeper{onRec: func(*results.Record) error { <-unstick; return nil }}
		began := time.Now()
		_, err := Run(ctx, opts(w), lines(t, ctx, "http://a.example/\nhttp://hang.example/\n"), k)
		if !errors.Is(err, ErrStuck) {
			t.Errorf("error %v, want ErrStuck", err)
		}
		if took := time.Since(began) - time.Second; took > DefaultGrace {
			t.Errorf("took %v after the interrupt", took)
		}
		close(unstick) // and its goroutine can end
	})
}

// Nor do lines that need no request, or wait, and come in batches.
func TestStuckSinkAndBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		unstick := make(chan struct{})
		k := &keeper{onRec: func(*results.Record) error { <-unstick; return nil }}
		o := opts(newWeb(map[string]page{"a.example": {takes: -1}}))
		o.Concurrency = 1
		began := time.Now()
		text := strings.Repeat("http://a.example/0\n", 1200) + many(9000, "http://a.example/%d")
		_, err := Run(ctx, o, lines(t, ctx, text), k)
		if took := time.Since(began) - time.Second; !errors.Is(err, ErrStuck) || took > DefaultGrace {
			t.Errorf("%v, %v after the interrupt", err, took)
		}
		close(unstick)
	})
}

// The run's deadline ends every phase alike: each line that is not done has the
// kind deadline, within the same grace as an interrupt.
func TestDeadline(t *testing.T) {
	for name, with := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"a deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 2*time.Second)
		},
		"with a cause of its own": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeoutCause(ctx, 2*time.Second, errors.New("enough"))
		},
		"a cancel with the cause": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(2*time.Second, func() { cancel(context.DeadlineExceeded) })
			return ctx, func() { cancel(nil) }
		},
		"a child of it": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
			ctx, drop := context.WithCancelCause(ctx)
			return ctx, func() { drop(nil); cancel() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWeb(map[string]page{
					"hang.example":                       {takes: -1},
					"http://norobots.example/robots.txt": {takes: -1},
					"http://backoff.example/":            {status: 500},
					"http://parked.example/0":            {status: 503, header: http.Header{"Retry-After": {"60"}}},
					"http://hop.example/":                to("http://parked.example/2"),
					"quick.example":                      {},
				})
				o := opts(w)
				o.Retries, o.Politeness.Robots, o.Politeness.PerHost = 20, true, 1
				ctx, cancel := with(t.Context())
				defer cancel()
				text := "http://quick.example/\nhttp://hang.example/0\nhttp://hang.example/1\nhttp://norobots.example/\n" +
					"http://backoff.example/\nhttp://parked.example/0\nhttp://parked.example/1\nhttp://hop.example/\n"
				f := lines(t, ctx, text)
				k := &keeper{}
				began := time.Now()
				sum, err := Run(ctx, o, f, k)
				if took := time.Since(began); err != nil || took > 2*time.Second+DefaultGrace {
					t.Fatalf("%v after %v", err, took)
				}
				recs := k.byIndex(t, 8)
				if !recs[0].OK || sum.Kinds["deadline"] != 7 || sum.Unrecorded != 0 {
					t.Errorf("summary: %+v", sum)
				}
				for i, r := range recs[1:] {
					if e := r.Error; e.Kind != "deadline" || e.Message != "the run's deadline has passed" || e.Phase != [7]string{0: "headers"}[i] && e.Phase != "queue" {
						t.Errorf("line %d: %+v", i+1, e)
					}
				}
				if recs[4].Attempts < 2 || recs[4].Status != 500 || len(recs[7].Redirects) != 1 || recs[1].Attempts != 1 || recs[2].Attempts != 0 {
					t.Errorf("what was is kept: %+v", recs)
				}
				if st, _ := f.Stats(t.Context()); st.Settled[frontier.Cancelled] != 7 {
					t.Errorf("the frontier has %+v", st)
				}
			})
		})
	}
}
