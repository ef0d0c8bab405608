package memory_test

import (
	"context"
	"fmt"

	"crawl/frontier"
	"crawl/frontier/memory"
	"crawl/weburl"
)

func Example() {
	ctx := context.Background()
	s := memory.New(memory.Options{})
	defer s.Close()
	home, _ := weburl.Parse("https://example.com/")
	_, _ = s.Put(ctx, []frontier.Item{{Index: 0, Line: 1, URL: home}})
	_ = s.EndSeeds(ctx)

	b, _ := s.Claim(ctx, 10, 10, 0)
	lease := b.Leases[0]
	page := lease.Items[0]
	next, _ := page.URL.Resolve("/next")
	_ = s.Settle(ctx, []frontier.Outcome{{
		Token: page.Token, ItemID: page.ID, Verdict: frontier.OK,
		Links: []frontier.Item{{Index: -1, Depth: 1, Referrer: home.String(), URL: next}, {Index: -1, Depth: 1, URL: home}},
	}})

	refilled, _ := s.Extend(ctx, []frontier.Lease{lease}, 10)
	for _, it := range refilled[0].Items {
		fmt.Println(it.Depth, it.URL, "from", it.Referrer)
	}
	// Output: 1 https://example.com/next from https://example.com/
}
