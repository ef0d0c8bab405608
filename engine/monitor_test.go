package engine

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/results"
)

// What is in flight, since when and for how long it may be, what waits and who is
// parked can be seen while the run goes on.
func TestASnapshotShowsWhatGoesOn(t *testing.T) {
	w := newWeb(map[string]page{
		"hang.example":  {takes: -1},
		"quick.example": {takes: 10 * time.Millisecond},
		"busy.example":  {status: 429, header: http.Header{"Retry-After": {"60"}}},
	})
	o := opts(w)
	o.Politeness.PerHost, o.Fetch.Timeout, o.Monitor = 2, 30*time.Second, &Monitor{}
	text := many(2, "http://quick.example/%d") + many(5, "http://me:secret@hang.example/%d") +
		`{"url": "http://other-hang.example/", "timeout": "7s"}` + "\n" + many(3, "http://busy.example/%d")
	w.pages["other-hang.example"] = page{takes: -1}
	synctest.Test(t, func(t *testing.T) {
		if _, err := o.Monitor.Counts(t.Context()); !errors.Is(err, ErrNotRunning) {
			t.Errorf("before the run: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		time.AfterFunc(time.Second, func() {
			s, err := o.Monitor.Snapshot(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			checkSnapshot(t, s, began)
			cancel()
		})
		sum, err := Run(ctx, o, lines(t, ctx, text), &keeper{})
		if err != nil || sum.Failed != 9 {
			t.Errorf("%+v, %v", sum, err)
		}
		if _, err := o.Monitor.Snapshot(t.Context()); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the run: %v", err)
		}
	})
}

func checkSnapshot(t *testing.T, s Snapshot, began time.Time) {
	if s.Elapsed != time.Second || s.InFlight != 3 || s.Queued != 4 || s.Summary.OK != 2 || s.Summary.Tried != 7 || s.Summary.Answers != 4 {
		t.Errorf("%+v", s.Counts)
	}
	slices.SortFunc(s.Flights, func(a, b Flight) int { return int(a.Index - b.Index) })
	if len(s.Flights) != 3 {
		t.Fatalf("%+v", s.Flights)
	}
	if f := s.Flights[0]; f.URL.String() != "http://hang.example/0" || f.Index != 2 || f.Host != "hang.example:80" || f.Robots ||
		f.Attempt != 1 || f.Phase != fetch.PhaseHeaders || f.Began.Sub(began) > 10*time.Millisecond || f.Limit != 30*time.Second {
		t.Errorf("%+v", f)
	}
	if f := s.Flights[2]; f.Index != 7 || f.Limit != 7*time.Second {
		t.Errorf("%+v", f)
	}
	if len(s.Waiting) != 2 || s.Waiting[0].Host != "busy.example:80" || s.Waiting[0].Until.Sub(began).Truncate(time.Second) != time.Minute || s.Waiting[1].Queued != 3 {
		t.Errorf("%+v", s.Waiting)
	}
	if len(s.Times) != 2 || s.Times[0].Host != "busy.example:80" || s.Times[0].Requests == 0 || s.Times[1] != (results.HostTime{Host: "hang.example:80"}) {
		t.Errorf("%+v", s.Times)
	}
	if len(s.Slowest) != 2 || s.Slowest[0].Host != "quick.example:80" || s.Slowest[0].Requests != 2 || s.Slowest[0].Max != 10*time.Millisecond {
		t.Errorf("%+v", s.Slowest)
	}
}

// Who looks is told when the time is up, and when the run ends meanwhile.
func TestALookEndsWithItsContextAndWithTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := opts(newWeb(map[string]page{"a.example": {takes: time.Second}}))
		o.Monitor = &Monitor{}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		errs := make(chan error, 1)
		k := &keeper{onRec: func(*results.Record) error {
			go func() {
				_, err := o.Monitor.Counts(t.Context())
				for err == nil { // until the loop is over
					time.Sleep(time.Microsecond) // of the bubble: its clock goes on
					_, err = o.Monitor.Counts(t.Context())
				}
				errs <- err
			}()
			return nil
		}}
		time.AfterFunc(time.Millisecond, func() {
			if _, err := o.Monitor.Counts(ended); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		if _, err := Run(t.Context(), o, lines(t, t.Context(), "http://a.example/"), k); err != nil {
			t.Fatal(err)
		}
		if err := <-errs; !errors.Is(err, ErrNotRunning) {
			t.Error(err)
		}
	})
}

func TestEventsTellWhatNoRecordDoes(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/hop":           to("/1"),
		"http://a.example/1":             {err: reset, again: &page{}},
		"http://a.example/2":             {status: 503, header: http.Header{"Retry-After": {"60"}}, again: &page{}},
		"http://b.example/robots.txt":    {status: 500},
		"dead.example":                   {err: refused, takes: 10 * time.Second},
		"http://dead.example/robots.txt": {status: 404},
	})
	o := opts(w)
	o.Retries, o.Politeness.PerHost, o.Politeness.Robots, o.Politeness.MaxErrors = 1, 1, true, 4
	var events []Event
	o.Observe = func(e Event) { events = append(events, e) }
	text := "http://a.example/hop\nhttp://a.example/2\nhttp://b.example/\n" + many(6, "http://dead.example/%d")
	began := time.Time{}
	synctest.Test(t, func(t *testing.T) {
		began = time.Now()
		if _, err := Run(t.Context(), o, lines(t, t.Context(), text), &keeper{}); err != nil {
			t.Fatal(err)
		}
	})
	find := func(kind EventKind, host string) (found []Event) {
		for _, e := range events {
			if e.Kind == kind && e.Host == host {
				found = append(found, e)
			}
		}
		return found
	}
	if e := find(Redirected, "a.example:80"); len(e) != 1 || e[0].Status != 302 || e[0].URL.String() != "http://a.example/hop" || e[0].Target.String() != "http://a.example/1" {
		t.Errorf("redirects: %+v", e)
	}
	e := find(Retrying, "a.example:80")
	slices.SortFunc(e, func(a, b Event) int { return a.Status - b.Status }) // either line may be the first
	if len(e) != 2 || !errors.Is(e[0].Err, reset) || e[0].After <= 0 || e[1].Status != 503 || e[1].After < time.Minute {
		t.Errorf("retries: %+v", e)
	}
	if e := find(HostParked, "a.example:80"); len(e) != 1 || e[0].Status != 503 || e[0].Until.Sub(began) < time.Minute {
		t.Errorf("parked: %+v", e)
	}
	if e := find(RobotsFailed, "b.example:80"); len(e) != 1 || e[0].Err == nil || e[0].URL.String() != "http://b.example/robots.txt" {
		t.Errorf("robots: %+v", e)
	}
	if e := find(HostGivenUp, "dead.example:80"); len(e) != 1 || !errors.Is(e[0].Err, refused) {
		t.Errorf("given up: %+v", e)
	}
}
