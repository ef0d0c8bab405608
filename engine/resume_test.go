package engine

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"crawl/frontier"
	"crawl/results"
)

// noted is a frontier that keeps the outcomes of its items.
type noted struct {
	frontier.Frontier
	outs []frontier.Outcome
}

func (n *noted) Settle(ctx context.Context, outs []frontier.Outcome) error {
	for _, o := range outs {
		if o.Again == nil {
			n.outs = append(n.outs, o)
		}
	}
	return n.Frontier.Settle(ctx, outs)
}

// placed is a sink that says where records stand: ten bytes each.
type placed struct{ keeper }

func (p *placed) Place() results.Place {
	n := int64(len(p.recs))
	return results.Place{Held: n%2 == 0, At: 10*n - 10, End: 10 * n, Turn: n}
}

// What another run goes on with: records have places, what is cut off has no
// record, and the run is over as soon as nothing is in flight.
func TestAResumableRunLeavesNoRecordOfWhatItCutsOff(t *testing.T) {
	for _, why := range []error{nil, context.DeadlineExceeded} {
		synctest.Test(t, func(t *testing.T) {
			w := newWeb(map[string]page{"hang.example": {takes: -1}, "quick.example": {}, "http://quick.example/busy": {status: 503}})
			o := opts(w)
			o.Resumable, o.Retries = true, 100
			o.Concurrency, o.Politeness.PerHost = 10, 10
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Minute, func() { cancel(why) })
			text := "http://quick.example/\nhttp://quick.example/busy\nmailto:x\nhttp://quick.example/\n" + many(3000, "http://hang.example/%d")
			f, k := &noted{Frontier: lines(t, ctx, text)}, &placed{}
			sum, err := Run(ctx, o, f, k)
			if err != nil {
				t.Fatal(err)
			}
			if len(k.recs) != 3 || sum.Lines() != 3 || sum.Unrecorded != 3001 || sum.Kinds["cancelled"]+sum.Kinds["deadline"] != 0 {
				t.Errorf("%d records, summary %+v", len(k.recs), sum)
			}
			done := 0
			for _, out := range f.outs {
				if out.Verdict == frontier.Cancelled {
					if out.OutputEnd != 0 || out.Place != (frontier.Place{}) {
						t.Errorf("what has no record has a place: %+v", out)
					}
					continue
				}
				done++
				n := int64(done)
				if want := (frontier.Place{Held: n%2 == 0, At: 10*n - 10, Turn: n}); out.Place != want || out.OutputEnd != 10*n {
					t.Errorf("record %d: %+v, want %+v", n, out, want)
				}
			}
			if done != 3 {
				t.Errorf("%d outcomes of lines that are done", done)
			}
			if took := sum.Elapsed - time.Minute; took > 100*time.Millisecond {
				t.Errorf("it took %v to end", took)
			}
		})
	}
}

// However slow the output is: no more than twice Concurrency of the lines that
// were asked for are without their record, which is what a kill repeats.
func TestAKillRepeatsNoMoreThanTwiceTheConcurrency(t *testing.T) {
	for _, concurrency := range []int{1, 3, 40} {
		ahead, settled := 0, 0
		synctest.Test(t, func(t *testing.T) {
			w := newWeb(map[string]page{})
			o := opts(w)
			o.Resumable, o.Concurrency, o.Politeness.PerHost = true, concurrency, 100
			f := &noted{Frontier: lines(t, t.Context(), many(500, "http://a.example/%d")+many(300, "http://a.example/7?%.0d"))}
			k := &keeper{}
			k.onRec = func(*results.Record) error {
				time.Sleep(20 * time.Millisecond)
				w.mu.Lock()
				defer w.mu.Unlock()
				ahead, settled = max(ahead, len(w.asked)-len(f.outs)), len(f.outs)
				return nil
			}
			if _, err := Run(t.Context(), o, f, k); err != nil {
				t.Fatal(err)
			}
			k.byIndex(t, 800)
		})
		if ahead > 2*concurrency || ahead < concurrency/2 {
			t.Errorf("with %d in flight, %d lines had been asked for and were not settled (%d were)", concurrency, ahead, settled)
		}
	}
}

// What a record says of its line's requests: the verdict of a later run counts
// them, too.
func TestReached(t *testing.T) {
	for _, c := range []struct {
		rec             results.Record
		tried, answered bool
	}{
		{results.Record{Status: 200, OK: true, Attempts: 1}, true, true},
		{results.Record{Attempts: 3, Error: results.Failure{Kind: "connect", Phase: "connect"}}, true, false},
		{results.Record{Error: results.Failure{Kind: "connect", Phase: "robots"}}, true, false},
		{results.Record{Error: results.Failure{Kind: "robots", Phase: "robots"}}, true, true},
		{results.Record{Error: results.Failure{Kind: "connect", Phase: "queue"}}, false, false}, // given up
		{results.Record{Attempts: 1, Error: results.Failure{Kind: "blocked_address", Phase: "connect"}}, false, false},
		{results.Record{Error: results.Failure{Kind: "invalid_url"}}, false, false},
		{results.Record{Duplicate: true}, false, false},
	} {
		if tried, answered := reached(&c.rec); tried != c.tried || answered != c.answered {
			t.Errorf("%s: tried %v, answered %v", fmt.Sprint(c.rec.Status, c.rec.Error), tried, answered)
		}
	}
}
