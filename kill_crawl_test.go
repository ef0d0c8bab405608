package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sitePages is how many pages the site of these crawls has.
const sitePages = 900

// TestKilledAnywhereACrawlGoesOn: the same command, twenty times killed at any
// instant and then left alone, has crawled what one run crawls: no page is lost,
// none has two records, no record is torn, and a kill repeats no more than twice
// -c requests.
func TestKilledAnywhereACrawlGoesOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags string
		pages int  // that have a record
		twice bool // a record may come twice
	}{
		{"to a file", "-o out", sitePages, false},
		{"to standard output", "", sitePages, true},
		{"with failures done again each time", "-o out -retry-failed", sitePages, false},
		{"with a limit of pages", "-o out -max-pages 700", 700, false},
		{"with a limit of pages of a host", "-o out -host-pages 650", 650, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKilledCrawl(t)
			args := command("-state state -depth 1000", c.flags)
			k.killOften(t, args)
			for range 2 { // the second finds nothing left, but for failures
				if code := k.run(t, args, nil); code != 1 {
					t.Fatalf("in the end the code is %d, want 1", code)
				}
				k.checkCrawl(t, filepath.Join(k.dir, "out"), c.pages, c.twice)
			}
			if c.pages < sitePages { // what no record needs was not asked for
				k.urls = nil
			}
			if !strings.Contains(c.flags, "retry") {
				k.checkRequests(t)
			}
		})
	}
}

// newKilledCrawl is a site whose pages link to the next ones, and a list of some of
// its pages.
func newKilledCrawl(t *testing.T) *killed {
	k := &killed{}
	root := k.start(t, k.serveSite)
	for i := range sitePages {
		k.urls[sitePath(i)] = true
	}
	for _, path := range []string{sitePath(0), sitePath(0), sitePath(400)} {
		k.lines = append(k.lines, root+path, "mailto:"+path[1:])
	}
	k.list(t)
	return k
}

// sitePath is that of the i-th page, some of which are gone and some broken.
func sitePath(i int) string {
	switch {
	case i%10 == 5:
		return fmt.Sprintf("/gone/%d", i)
	case i%50 == 7:
		return fmt.Sprintf("/broken/%d", i)
	}
	return fmt.Sprintf("/page/%d", i)
}

func (k *killed) serveSite(w http.ResponseWriter, r *http.Request) {
	var i int
	if _, err := fmt.Sscanf(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/'):], "/%d", &i); err == nil && strings.HasPrefix(r.URL.Path, "/page/") {
		defer func() {
			for j := range 6 {
				fmt.Fprintf(w, "<a href=%q>next</a>", sitePath((i+1+j)%sitePages))
			}
		}()
	}
	k.serve(w, r)
}

// checkCrawl: so many pages have a record in out, each its own, and each line.
func (k *killed) checkCrawl(t *testing.T, out string, pages int, twice bool) {
	t.Helper()
	seen := map[string]int{}
	var lines []int
	for text := range strings.Lines(read(t, out)) {
		var r struct {
			Index     *int
			URL       string
			Depth     *int
			Referrer  string
			Duplicate *int `json:"duplicate_of"`
			Attempts  int
			Error     struct{ Kind string }
		}
		if err := json.Unmarshal([]byte(text), &r); err != nil || !strings.HasSuffix(text, "\n") {
			t.Fatalf("a torn record: %q", text)
		}
		if r.Index != nil {
			lines = append(lines, *r.Index)
		}
		if r.Depth == nil || (r.Referrer == "") != (r.Index != nil) {
			t.Errorf("%s has depth %v and referrer %q", r.URL, r.Depth, r.Referrer)
		}
		switch {
		case r.Duplicate != nil || r.Error.Kind == "invalid_url":
		case r.Error.Kind == "scope":
		default:
			seen[r.URL]++
		}
	}
	if len(seen) != pages {
		t.Errorf("%d pages have a record, want %d", len(seen), pages)
	}
	for url, n := range seen {
		if n > 1 && !twice {
			t.Errorf("%s has %d records", url, n)
		}
	}
	slices.Sort(lines)
	if twice {
		lines = slices.Compact(lines)
	}
	if want := []int{0, 1, 2, 3, 4, 5}; !slices.Equal(lines, want) {
		t.Errorf("records of the lines %v, want %v", lines, want)
	}
}
