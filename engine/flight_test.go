package engine

import (
	"testing"

	"crawl/frontier"
	"crawl/weburl"
)

// A password of the netrc does not go in clear where a page leads: of a line it is
// known whether TLS was left, of a link to another origin and of a robots.txt not.
func TestRequestsSayThatTheyMayHaveLeftTLS(t *testing.T) {
	parse := func(s string) weburl.URL {
		u, err := weburl.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	hop := []frontier.Hop{{URL: parse("http://b.example/")}}
	for _, c := range []struct {
		name   string
		item   frontier.Item
		robots bool
		want   bool
	}{
		{"a line", frontier.Item{}, false, false},
		{"from http to another port", frontier.Item{Foreign: true, URL: parse("http://a.example/"), Hops: hop}, false, false},
		{"from https", frontier.Item{Foreign: true, URL: parse("https://a.example/"), Hops: hop}, false, true},
		{"a link to the same origin", frontier.Item{Index: -1, URL: parse("http://a.example/")}, false, false},
		{"a link to another", frontier.Item{Index: -1, Foreign: true, URL: parse("http://a.example/")}, false, true},
		{"its robots.txt", frontier.Item{Foreign: true, URL: parse("http://a.example/robots.txt")}, true, true},
		{"a line's robots.txt", frontier.Item{URL: parse("http://a.example/robots.txt")}, true, false},
	} {
		c.item.Target = c.item.URL
		if got := request(&flight{item: c.item, robots: c.robots}).LeftTLS; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
