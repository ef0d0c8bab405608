package sqlite

import (
	"reflect"
	"testing"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

// A plain link takes no more than its columns.
func TestAPlainLinkHasNothingMore(t *testing.T) {
	it := link(t, "http://me:pw@a/1")
	it.Target, it.Depth, it.Referrer = it.URL, 3, "http://a/"
	r, err := newRow(&it)
	if err != nil || r.more != nil {
		t.Errorf("%s, %v", r.more, err)
	}
	got, err := r.item()
	if err != nil || !reflect.DeepEqual(got, it) {
		t.Errorf("%+v, %v; want %+v", got, err, it)
	}
}

// A row that cannot be read is an error that names it, not half an item.
func TestABrokenRowIsAnError(t *testing.T) {
	for _, r := range []row{
		{id: 7, url: "mailto:x"}, {id: 7, url: "http://a/", more: []byte("{")},
		{id: 7, url: "http://a/", more: []byte(`{"target":"x"}`)}, {id: 7, url: "http://a/", more: []byte(`{"hops":[{"url":""}]}`)},
	} {
		if _, err := r.item(); err == nil || err.Error()[:6] != "item 7" {
			t.Errorf("%s %s: %v", r.url, r.more, err)
		}
	}
}

// Whatever a page or a line brings comes back as it was.
func FuzzRow(f *testing.F) {
	f.Add("http://a/", "http://b/?q=\xff", "gr\xfc\xdf", "{\"a\": [1 ]}", int64(5), int64(1700000000123456789))
	f.Add("https://u:p@[::1]:8080/%zz?\"<>`", "", "", "null", int64(-1), int64(0))
	f.Add("http://xn--bcher-kva.example/\u2028", "HTTP://A.example:80/./b/../c", "a\x00b", "", int64(0), int64(-62135596800000000))
	f.Fuzz(func(t *testing.T, text, target, free, meta string, index, nanos int64) {
		u, err := weburl.ParseInput(text)
		if err != nil {
			return
		}
		it := frontier.Item{
			ID: 9, Index: max(-1, index), URL: u, Target: u, Input: free, Referrer: u.String(), Method: "GET",
			Header: map[string][]string{"X": {free, text}}, Timeout: time.Duration(nanos), Depth: int(index & 0xffff),
		}
		if meta != "" {
			it.Meta = []byte(meta)
		}
		if to, err := u.Resolve(target); err == nil {
			it.Target = to
			it.Hops = []frontier.Hop{{URL: u, Method: "POST", Status: 301}, {URL: to, Status: 308}}
		}
		if at := time.Unix(0, nanos).UTC(); nanos != 0 && at.Year() > 0 && at.Year() < 10_000 {
			it.NotBefore = at
		}
		r, err := newRow(&it)
		if err != nil {
			t.Fatal(err)
		}
		r.id = 9
		got, err := r.item()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, it) {
			t.Errorf("got  %+v\nwant %+v", got, it)
		}
	})
}

// FuzzStoredRow reads what a file may hold that somebody has broken.
func FuzzStoredRow(f *testing.F) {
	f.Add("http://a/", []byte(`{"entry":1,"header":{"A":["Yg=="]},"started":"2024-01-02T03:04:05Z"}`))
	f.Add("", []byte(`{"invalid":"no","entry":-9}`))
	f.Fuzz(func(t *testing.T, url string, more []byte) {
		r := row{id: 1, url: url, more: more}
		if it, err := r.item(); err == nil && url != "" && it.URL.IsZero() {
			t.Error("an item without a URL")
		}
	})
}
