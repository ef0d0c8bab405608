package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"crawl/frontier"
)

// endsAfter is a context that ends once it was asked n times.
type endsAfter struct {
	context.Context
	n int
}

func (c *endsAfter) Err() error {
	if c.n--; c.n < 0 {
		return context.Canceled
	}
	return nil
}

// EndSeeds that was cut off has let in some links: the crawl is not done, and
// another call lets in the rest.
func TestEndSeedsGoesOnWhereItWasCutOff(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	const links = admitAtOnce + 10
	for i := range links {
		if _, err := s.Put(t.Context(), []frontier.Item{link(t, fmt.Sprintf("http://a/%d", i))}); err != nil {
			t.Fatal(err)
		}
	}
	settle := func() int {
		b, err := s.Claim(t.Context(), 1, 2*links, 0)
		if err != nil || len(b.Leases) != 1 {
			t.Fatalf("%d leases, %v", len(b.Leases), err)
		}
		var outs []frontier.Outcome
		for _, it := range b.Leases[0].Items {
			outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
		}
		if err := errors.Join(s.Settle(t.Context(), outs), s.Release(t.Context(), b.Leases[0], 0)); err != nil {
			t.Fatal(err)
		}
		return len(outs)
	}
	if err := s.EndSeeds(&endsAfter{t.Context(), 1}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off: %v", err)
	}
	if n := settle(); n != admitAtOnce {
		t.Errorf("%d links were let in, want %d", n, admitAtOnce)
	}
	if b, err := s.Claim(t.Context(), 1, 1, 0); err != nil || b.Done {
		t.Errorf("done %v, %v: links still wait", b.Done, err)
	}
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := settle(); n != 10 {
		t.Errorf("then %d links, want 10", n)
	}
	if b, err := s.Claim(t.Context(), 1, 1, 0); err != nil || !b.Done {
		t.Errorf("done %v, %v", b.Done, err)
	}
	checkFile(t, s)
}
