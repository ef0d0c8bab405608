package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"crawl/frontier"
	"crawl/weburl"
)

// page is the URL of the site's page n, on one of 40 hosts.
func page(n int) weburl.URL {
	u, err := weburl.Parse(fmt.Sprintf("http://h%d.example/page/%d", n%40, n))
	if err != nil {
		panic(err) // no input makes it
	}
	return u
}

// linksOf are the links of a page: back to what is known, and forward so that
// every page is found.
func linksOf(it frontier.Item) []frontier.Item {
	text := it.URL.String()
	n, err := strconv.Atoi(text[strings.LastIndexByte(text, '/')+1:])
	if err != nil {
		panic(err)
	}
	var its []frontier.Item
	for _, to := range []int{0, n / 2, n + seeds, 2 * n, 2*n + 1, n + 1} {
		if to < pages {
			its = append(its, frontier.Item{Index: -1, Depth: it.Depth + 1, Referrer: text, URL: page(to)})
		}
	}
	return its
}
