package frontiertest

import (
	"fmt"
	"testing"

	"crawl/frontier"
	"crawl/weburl"
)

// Fill lets n new links in, 200 at a time and of 1,000 hosts.
func Fill(tb testing.TB, s frontier.Seeder, n int) {
	tb.Helper()
	if err := s.EndSeeds(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	for at := 0; at < n; at += 200 {
		if _, err := s.Put(tb.Context(), batch(tb, at, min(200, n-at))); err != nil {
			tb.Fatal(err)
		}
	}
}

// batch makes n links of about 70 bytes, of ten hosts.
func batch(tb testing.TB, at, n int) []frontier.Item {
	tb.Helper()
	its := make([]frontier.Item, n)
	for i := range its {
		u, err := weburl.Parse(fmt.Sprintf("https://www.host%03d.example/articles/2024/some-title-of-a-page-%d.html", (at+i)/20%1000, at+i))
		if err != nil {
			tb.Fatal(err)
		}
		its[i] = frontier.Item{Index: -1, Depth: 1, Referrer: "https://www.host.example/articles/index.html", URL: u}
	}
	return its
}

// Bench measures a store by the item: links that are new, links that are known,
// and what is claimed, settled and given back.
func Bench(b *testing.B, open func(testing.TB) frontier.Seeder) {
	b.Run("put new", func(b *testing.B) {
		s := open(b)
		b.ResetTimer()
		Fill(b, s, b.N)
		perSecond(b)
	})
	b.Run("put known", func(b *testing.B) {
		s := open(b)
		Fill(b, s, 200)
		its := batch(b, 0, 200)
		b.ResetTimer()
		for at := 0; at < b.N; at += len(its) {
			if _, err := s.Put(b.Context(), its); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("claim and settle", func(b *testing.B) {
		s := open(b)
		Fill(b, s, b.N)
		b.ResetTimer()
		drain(b, s)
		perSecond(b)
	})
}

// drain claims and settles all there is.
func drain(b *testing.B, s frontier.Seeder) {
	b.Helper()
	for {
		got, err := s.Claim(b.Context(), 512, 256, 0)
		if err != nil {
			b.Fatal(err)
		}
		if got.Done {
			return
		}
		for _, l := range got.Leases {
			outs := make([]frontier.Outcome, len(l.Items))
			for i, it := range l.Items {
				outs[i] = done(it)
			}
			if err := s.Settle(b.Context(), outs); err != nil {
				b.Fatal(err)
			}
			if err := s.Release(b.Context(), l, 0); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func perSecond(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
}
