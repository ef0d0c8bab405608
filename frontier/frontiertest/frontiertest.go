// Package frontiertest is the conformance suite of frontier.Frontier: what the
// engine relies on, whatever the store. An implementation's tests call Run with
// a way to make one.
package frontiertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"crawl/frontier"
)

// Clock is the time that the store under test is given.
type Clock struct{ now time.Time }

// NewClock returns one that stands at a moment of its own.
func NewClock() *Clock { return &Clock{now: time.Unix(1e9, 0)} }

// Now is the store's clock.
func (c *Clock) Now() time.Time { return c.now }

// Advance moves it on.
func (c *Clock) Advance(d time.Duration) { c.now = c.now.Add(d) }

// Make returns a store that holds urls, in this order, and runs on clock. It
// registers its own clean-up with t.
type Make func(t *testing.T, clock *Clock, urls ...string) frontier.Frontier

// Run holds the store to every promise of the interface.
func Run(t *testing.T, mk Make) {
	for _, c := range []struct {
		promise string
		test    func(*testing.T, *fixture)
	}{
		{"every item is handed out once and then it is done", everyItemOnce},
		{"a host is leased to one holder at a time", oneHolder},
		{"items of a host keep their order", order},
		{"extend refills a live lease and leaves out a fenced one", extend},
		{"an item asked again waits for its time, then goes first", again},
		{"a hop moves the item to the other host", hop},
		{"release gives unsettled items back in order, after the delay", release},
		{"a settle without the lease is refused and changes nothing", fenced},
		{"more is closed when there is something to claim again", more},
		{"stats add up", stats},
		{"an item is settled once, also within a call", settledOnce},
		{"put is refused, or the store is filled by it", putOrFixed},
	} {
		t.Run(c.promise, func(t *testing.T) {
			c.test(t, &fixture{t: t, ctx: t.Context(), make: mk, clock: NewClock()})
		})
	}
}

type fixture struct {
	t     *testing.T
	ctx   context.Context
	make  Make
	clock *Clock
	f     frontier.Frontier
}

// hold makes the store and waits until it has read all urls.
func (x *fixture) hold(urls ...string) {
	x.t.Helper()
	x.f = x.make(x.t, x.clock, urls...)
	for {
		b := x.claim(0, 1) // takes no host, but brings the channel to wait on
		st, err := x.f.Stats(x.ctx)
		x.check(err)
		if st.Read == int64(len(urls)) {
			return
		}
		<-b.More
	}
}

func (x *fixture) claim(hosts, perHost int) frontier.Batch {
	x.t.Helper()
	b, err := x.f.Claim(x.ctx, hosts, perHost, 0)
	x.check(err)
	return b
}

// claimOne claims a single host and fails without one.
func (x *fixture) claimOne(perHost int) frontier.Lease {
	x.t.Helper()
	b := x.claim(1, perHost)
	if len(b.Leases) != 1 {
		x.t.Fatalf("claimed %d hosts, want 1", len(b.Leases))
	}
	return b.Leases[0]
}

// finished waits until the store says that it is done; it must have nothing to
// hand out any more.
func (x *fixture) finished() {
	x.t.Helper()
	for b := x.claim(1, 1); !b.Done; b = x.claim(1, 1) {
		if len(b.Leases) > 0 {
			x.t.Fatalf("all is settled, and still %s is handed out", b.Leases[0].Host)
		}
		<-b.More
	}
}

func (x *fixture) settle(outs ...frontier.Outcome) {
	x.t.Helper()
	x.check(x.f.Settle(x.ctx, outs))
}

func (x *fixture) check(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// want compares the URLs of items.
func (x *fixture) want(what string, its []frontier.Item, urls ...string) {
	x.t.Helper()
	got := make([]string, len(its))
	for i, it := range its {
		got[i] = it.Target.String()
	}
	if len(got) != len(urls) {
		x.t.Fatalf("%s: got %q, want %q", what, got, urls)
	}
	for i := range urls {
		if got[i] != urls[i] {
			x.t.Fatalf("%s: got %q, want %q", what, got, urls)
		}
	}
}

func done(it frontier.Item) frontier.Outcome {
	return frontier.Outcome{Token: it.Token, ItemID: it.ID, Verdict: frontier.OK}
}

func isFenced(err error) bool { return errors.Is(err, frontier.ErrFenced) }
