package fetch

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// An exchange's limits, each told by the cause of the context, on the clock of a
// bubble. bytes is what was received by then.
func TestEachLimitHoldsExactly(t *testing.T) {
	const total, first = 60 * time.Second, 25 * time.Second
	type step func(l *limits, received *atomic.Int64)
	wait := func(d time.Duration) step { return func(*limits, *atomic.Int64) { time.Sleep(d) } }
	asked := func(l *limits, _ *atomic.Int64) { l.await(time.Now()) }
	begins := func(l *limits, n *atomic.Int64) { l.watch(time.Now(), n.Load) }
	bytes := func(k int64) step { return func(_ *limits, n *atomic.Int64) { n.Add(k) } }
	flow := func(seconds int, perSecond int64) step {
		return func(_ *limits, n *atomic.Int64) {
			for range seconds {
				time.Sleep(time.Second)
				n.Add(perSecond)
			}
		}
	}
	for name, tc := range map[string]struct {
		steps []step
		want  timeLimit
		at    time.Duration // from the start
	}{
		"the whole time, with nothing else":           {nil, timeLimit{after: total}, total},
		"the first byte, from the end of the request": {[]step{wait(7 * time.Second), asked}, timeLimit{after: first}, 7*time.Second + first},
		"the whole time before the first byte's":      {[]step{wait(50 * time.Second), asked}, timeLimit{after: total}, total},
		"nothing for a window":                        {[]step{wait(3 * time.Second), asked, wait(4 * time.Second), begins}, timeLimit{after: rateWindow, slow: true}, 17 * time.Second},
		"too little in the second window":             {[]step{asked, begins, flow(10, 150), flow(4, 99)}, timeLimit{after: rateWindow, slow: true}, 20 * time.Second},
		"just enough until the whole time is over":    {[]step{asked, begins, bytes(1), flow(59, 150)}, timeLimit{after: total}, total},
		"an informational response is no answer":      {[]step{asked, begins, wait(9 * time.Second), asked}, timeLimit{after: first}, 9*time.Second + first},
		"a second connection begins anew":             {[]step{asked, begins, wait(9 * time.Second), func(l *limits, _ *atomic.Int64) { l.again() }}, timeLimit{after: total}, total},
		"the body does not begin the window anew":     {[]step{asked, begins, wait(5 * time.Second), begins}, timeLimit{after: rateWindow, slow: true}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				var l limits
				var received atomic.Int64
				start := time.Now()
				l.start(total, first, cancel)
				for _, s := range tc.steps {
					s(&l, &received)
				}
				<-ctx.Done()
				var got *timeLimit
				if !errors.As(context.Cause(ctx), &got) || *got != tc.want || time.Since(start) != tc.at {
					t.Errorf("%v after %v, want %+v after %v", context.Cause(ctx), time.Since(start), tc.want, tc.at)
				}
			})
		})
	}
}

func TestLimitsThatWereStoppedCancelNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		var l limits
		l.stop() // not even begun
		l = limits{}
		l.start(time.Minute, 0, cancel)
		l.await(time.Now())
		time.Sleep(30 * time.Second)
		l.stop()
		time.Sleep(time.Hour)
		if ctx.Err() != nil {
			t.Error(context.Cause(ctx))
		}
	})
}
