package frontiertest

import (
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"crawl/frontier"
)

// itemsAreKept fills every field, so that one that is added to Item and not
// stored is found.
func itemsAreKept(t *testing.T, x *crawl) {
	u := "https://me:secret@a.example/path?q=%20#part"
	want := frontier.Item{
		Index: 0, Line: 3, URL: parse(&x.fixture, u), Input: "HTTPS://***@a.example/\u00fc", Method: "PURGE",
		Header: http.Header{"X-Latin": {"gr\xfc\xdfe"}, "Accept": {"a", "b"}}, Timeout: 1500 * time.Millisecond,
		Key: 1<<63 + 1, Meta: []byte("{\"a\" : [1,  \"<&>\"]}"), Depth: 4, Referrer: "https://r.example/?\u2028", Sitemap: true,
	}
	x.put(want)
	want.Target = want.URL
	l := x.claimOne(1)
	sameItem(t, "as it was put", l.Items[0], want)

	want.Index, want.DuplicateOf = 1, 0
	x.put(want)
	sameItem(t, "as a duplicate", x.claim(0, 0).NoFetch[0], want)

	now := x.clock.Now().Add(123456789)
	want.Index = 0
	want.Target, want.Ask, want.Foreign, want.Retries, want.Again = parse(&x.fixture, "http://me:x@a.example:443/b"), "HEAD", true, 2, true
	want.Hops = []frontier.Hop{{URL: parse(&x.fixture, "https://me:secret@a.example/1"), Method: "PUT", Status: 307}, {URL: want.URL, Method: "GET", Status: 302}}
	want.Last = frontier.Answer{Status: 503, Protocol: "HTTP/2.0", IP: "::1"}
	want.Started, want.Waited, want.NotBefore, want.Since = now, 3*time.Second+1, now.Add(1), now.Add(2)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[frontier.Item]()) {
		if reflect.ValueOf(want).FieldByIndex(f.Index).IsZero() && !slices.Contains([]string{"ID", "Index", "Host", "Token", "Invalid", "DuplicateOf"}, f.Name) {
			t.Errorf("this test does not fill %s", f.Name)
		}
	}
	again := want
	x.settle(frontier.Outcome{Token: l.Token, ItemID: l.Items[0].ID, Again: &again})
	x.clock.Advance(time.Second)
	live, err := x.f.Extend(x.ctx, []frontier.Lease{l}, 5)
	x.check(err)
	sameItem(t, "as it is asked again", live[0].Items[0], want)
	if live[0].Items[0].ID != l.Items[0].ID {
		t.Error("it came back under another ID")
	}
}

// sameItem compares all but what belongs to a lease.
func sameItem(t *testing.T, what string, got, want frontier.Item) {
	t.Helper()
	for _, it := range []*frontier.Item{&got, &want} {
		it.ID, it.Host, it.Token = 0, "", 0
		for _, at := range []*time.Time{&it.Started, &it.NotBefore, &it.Since} {
			if *at = at.UTC().Round(0); at.IsZero() {
				*at = time.Time{}
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}
