package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

// ponderous are rules that forbid everything, and take their time to say so.
type ponderous struct {
	takes time.Duration
	asked func()
	size  int
}

func (p ponderous) Allowed(weburl.URL) error {
	time.Sleep(p.takes)
	if p.asked != nil {
		p.asked()
	}
	return &fetch.Error{Kind: fetch.KindRobots, Phase: fetch.PhaseRobots, Err: errors.New("no")}
}

func (ponderous) Delay() time.Duration { return 0 }
func (p ponderous) Size() int          { return p.size }

// pondering is a run whose hosts h0.example to h9.example have such rules, and
// lines for it: n of each of them.
func pondering(t *testing.T, ctx context.Context, w *web, k *keeper, n int, more string) *run {
	t.Helper()
	o := opts(w)
	o.Politeness.Robots, o.Politeness.PerHost = true, 1
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for host := range 10 {
		text.WriteString(many(n, fmt.Sprintf("http://h%d.example/%%d", host)))
	}
	return newRun(o, lines(t, ctx, more+text.String()), k)
}

// setRules gives the hosts of pondering their rules.
func (r *run) setRules(t *testing.T, p ponderous) {
	t.Helper()
	for host := range 10 {
		u, err := weburl.Parse(fmt.Sprintf("http://h%d.example/", host))
		if err != nil {
			t.Fatal(err)
		}
		r.bench.SetRules(r.now(), u.HostPort(), u.Origin(), p, r.now().Add(time.Hour))
	}
}

// An interrupt, or a deadline, does not wait until all that robots.txt forbids is
// denied.
func TestAnInterruptDoesNotWaitForDenials(t *testing.T) {
	for kind, cause := range map[string]error{"cancelled": nil, "deadline": context.DeadlineExceeded} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			k := &keeper{}
			r := pondering(t, ctx, newWeb(nil), k, 100, "")
			r.setRules(t, ponderous{takes: 20 * time.Millisecond})
			time.AfterFunc(time.Second, func() { cancel(cause) })
			began := time.Now()
			sum, err := r.run(ctx)
			if took := time.Since(began); err != nil || took > 1100*time.Millisecond {
				t.Errorf("%v, %v after the interrupt", err, took-time.Second)
			}
			k.byIndex(t, 1000)
			if n := sum.Kinds["robots"]; n < 45 || n > 52 || sum.Kinds[kind] != 1000-n {
				t.Errorf("%+v", sum)
			}
		})
	}
}

// Other hosts' pages start and land while denials take their time.
func TestDenialsDoNotHoldUpOtherHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"quick.example": {takes: 100 * time.Millisecond}})
		k := &keeper{}
		r := pondering(t, t.Context(), w, k, 100, many(10, "http://quick.example/%d"))
		r.setRules(t, ponderous{takes: 20 * time.Millisecond})
		began := time.Now()
		if _, err := r.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		recs := k.byIndex(t, 1010)
		if took := time.Since(began); took < 20*time.Second {
			t.Errorf("all was over after %v: nothing took its time", took)
		}
		for i, at := range k.at {
			if n := k.recs[i].Index; n < 10 && (!recs[n].OK || at.Sub(began) > 5*time.Second) {
				t.Errorf("line %d has its record after %v, ok: %v", n, at.Sub(began), recs[n].OK)
			}
		}
	})
}

// However quick denials are, a turn of the loop has its end.
func TestATurnOfTheLoopDeniesNoMoreThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		r := pondering(t, t.Context(), newWeb(nil), k, 200, "")
		n, peak := 0, 0
		r.setRules(t, ponderous{asked: func() {
			if n++; n == 1 {
				r.l.CallSoon(func() { n = 0 }) // the next turn
			}
			peak = max(peak, n)
		}})
		sum, err := r.run(t.Context())
		if err != nil || sum.Kinds["robots"] != 2000 || peak != pumpPicks {
			t.Errorf("%v; %d at once, %+v", err, peak, sum)
		}
	})
}

// Time that stands still, or leaps, keeps nobody from their turn.
func TestAPumpGoesOnWhateverTheClockSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		o := opts(newWeb(nil))
		o.Now = func() time.Time { now = now.Add(time.Minute); return now }
		k := &keeper{}
		sum, err := Run(t.Context(), o, lines(t, t.Context(), many(300, "http://a.example/%d")), k)
		if err != nil || sum.OK != 300 {
			t.Errorf("%v, %+v", err, sum)
		}
	})
}
