package frontier

import (
	"net/http"
	"testing"
)

// The same request is the same identity, however it was typed; another method,
// user or header is another request.
func TestIdentityIsOfTheRequest(t *testing.T) {
	item := func(url, method string, headers ...string) *Item {
		it := &Item{URL: mustURL(t, url), Method: method}
		for i := 0; i < len(headers); i += 2 {
			if it.Header == nil {
				it.Header = http.Header{}
			}
			it.Header.Set(headers[i], headers[i+1])
		}
		return it
	}
	same := [][2]*Item{
		{item("http://a/", ""), item("http://A:80", "GET")},
		{item("http://a/", "", "A", "1", "B", "2"), item("http://a/", "GET", "b", "2", "a", "1")},
		{item("http://a/", ""), {URL: mustURL(t, "http://a/"), Index: 7, Line: 8, Depth: 2, Referrer: "x", Meta: []byte("1")}},
	}
	for i, p := range same {
		if p[0].Identity() != p[1].Identity() {
			t.Errorf("pair %d: %q and %q should be one request", i, p[0].Identity(), p[1].Identity())
		}
	}
	seen := map[string]int{}
	for i, it := range []*Item{
		item("http://a/", ""), item("https://a/", ""), item("http://a/b", ""), item("http://me@a/", ""), item("http://a/", "HEAD"),
		item("http://a/", "", "A", "1"), item("http://a/", "", "A", "2"), item("http://a/", "HEAD", "A", "1"), item("http://a/", "", "A", "1", "B", "2"),
	} {
		if j, dup := seen[it.Identity()]; dup {
			t.Errorf("requests %d and %d should differ", j, i)
		}
		seen[it.Identity()] = i
	}
}
