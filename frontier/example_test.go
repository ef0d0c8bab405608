package frontier_test

import (
	"fmt"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

func Example() {
	now := time.Unix(0, 0)
	w := frontier.NewWorkbench(frontier.Politeness{PerHost: 1, HostRate: 1})
	var items []frontier.Item
	for _, s := range []string{"https://example.com/a", "https://example.com/b"} {
		u, _ := weburl.Parse(s)
		items = append(items, frontier.Item{URL: u, Target: u})
	}
	w.Add(now, []frontier.Lease{{Host: "example.com:443", Items: items}})

	pick, _, _ := w.Next(now)
	fmt.Println(pick.Item.Target)
	w.Finish(now, "example.com:443")
	_, wait, _ := w.Next(now)
	fmt.Println("then wait", wait)
	// Output:
	// https://example.com/a
	// then wait 1s
}
