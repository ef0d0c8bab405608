package sqlite_test

import (
	"context"
	"fmt"
	"os"

	"crawl/frontier"
	"crawl/frontier/sqlite"
	"crawl/weburl"
)

// A crawl is cut off after its first page, and resumed.
func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "state")
	defer os.RemoveAll(dir)
	home, _ := weburl.Parse("https://example.com/")
	next, _ := home.Resolve("/next")
	seeds := []frontier.Item{{Index: 0, Line: 1, URL: home}}

	s, _ := sqlite.Open(dir, sqlite.Options{})
	_, _ = s.Put(ctx, seeds)
	_ = s.EndSeeds(ctx)
	b, _ := s.Claim(ctx, 10, 10, 0)
	page := b.Leases[0].Items[0]
	_ = s.Settle(ctx, []frontier.Outcome{{
		Token: page.Token, ItemID: page.ID, Verdict: frontier.OK, OutputEnd: 120,
		Links: []frontier.Item{{Index: -1, Depth: 1, URL: next}},
	}})
	_ = s.Close()

	s, _ = sqlite.Open(dir, sqlite.Options{})
	defer s.Close()
	_, _ = s.Put(ctx, seeds)
	_ = s.EndSeeds(ctx)
	fmt.Println("the output ended at", s.OutputEnd())
	b, _ = s.Claim(ctx, 10, 10, 0)
	for _, it := range b.Leases[0].Items {
		fmt.Println(it.URL)
	}
	// Output:
	// the output ended at 120
	// https://example.com/next
}
