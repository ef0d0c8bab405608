package memory

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
	"crawl/weburl"
)

func TestFrontier(t *testing.T) {
	frontiertest.RunSeeder(t, func(t *testing.T, clock *frontiertest.Clock) frontier.Seeder {
		s := New(Options{Now: clock.Now})
		t.Cleanup(s.Close)
		return s
	})
}

// put fills a store with links of their hosts, n each.
func put(tb testing.TB, s *Store, hosts, n int) {
	tb.Helper()
	if err := s.EndSeeds(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	for h := range hosts {
		referrer := fmt.Sprintf("https://host%d.example/some/page.html", h)
		its := make([]frontier.Item, n)
		for i := range its {
			u, err := weburl.Parse(fmt.Sprintf("https://host%d.example/some/page-%d.html", h, i))
			if err != nil {
				tb.Fatal(err)
			}
			its[i] = frontier.Item{Index: -1, Depth: 1, Referrer: referrer, URL: u}
		}
		if _, err := s.Put(tb.Context(), its); err != nil {
			tb.Fatal(err)
		}
	}
}

// What doc.go says of memory, on the heap: an entry and its text, with a ring
// that is full or half empty; and what a host takes.
func TestMemoryOfWhatWaits(t *testing.T) {
	if unsafe.Sizeof(entry{}) != 104 {
		t.Errorf("an entry takes %d bytes, and doc.go says 104", unsafe.Sizeof(entry{}))
	}
	const text = 48
	for _, c := range []struct{ hosts, links, most int }{
		{10, 1 << 14, 104 + text + 32},
		{10, 1<<14 + 1, 2*104 + text + 32},
		{20_000, 1, 800 + 2*text},
	} {
		s := New(Options{})
		before := inUse()
		put(t, s, c.hosts, c.links)
		each := int(inUse()-before) / (c.hosts * c.links)
		t.Logf("%d hosts with %d links each: %d bytes a link", c.hosts, c.links, each)
		if each > c.most {
			t.Errorf("%d hosts with %d links each: %d bytes a link, want at most %d", c.hosts, c.links, each, c.most)
		}
		s.Close()
	}
}

// inUse is what is in use, and stays so.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// After an interrupt what waits for its time is handed out all the same.
func TestHaltEndsAllWaiting(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := New(Options{Now: func() time.Time { return now }})
	defer s.Close()
	put(t, s, 2, 1)
	b, err := s.Claim(t.Context(), 2, 1, 0)
	if err != nil || len(b.Leases) != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	it := b.Leases[0].Items[0]
	it.NotBefore = now.Add(time.Hour)
	if err := s.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID, Again: &it}}); err != nil {
		t.Fatal(err)
	}
	for i, delay := range []time.Duration{0, time.Hour} {
		if err := s.Release(t.Context(), b.Leases[i], delay); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = s.Claim(t.Context(), 2, 1, 0); err != nil || len(b.Leases) != 0 {
		t.Fatalf("before: %+v, %v", b, err)
	}
	s.Halt()
	<-b.More
	if b, err = s.Claim(t.Context(), 2, 1, 0); err != nil || len(b.Leases) != 2 || len(b.Leases[0].Items) != 1 {
		t.Errorf("after: %+v, %v", b, err)
	}
}

// A context that has ended claims and puts nothing.
func TestACancelledCallDoesNothing(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	put(t, s, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, claimErr := s.Claim(ctx, 1, 1, 0)
	_, putErr := s.Put(ctx, nil)
	_, extendErr := s.Extend(ctx, nil, 1)
	for _, err := range []error{claimErr, putErr, extendErr, s.EndSeeds(ctx)} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	}
}

// A link that many pages have takes no more than once the memory of one that
// waits for the seeds.
func TestAHeldLinkIsHeldOnce(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	u, err := weburl.Parse("http://a/")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.Put(t.Context(), []frontier.Item{{Index: -1, URL: u}}); err != nil {
			t.Fatal(err)
		}
	}
	if s.held.Len() != 1 {
		t.Errorf("%d links are held, want 1", s.held.Len())
	}
}
