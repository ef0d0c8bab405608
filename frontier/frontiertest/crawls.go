package frontiertest

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"crawl/frontier"
)

// crawlPromises are those of every frontier.Seeder.
var crawlPromises = []promise{
	{"a link is handed out once, however often it is found", linkOnce},
	{"a host is crawled breadth first", breadthFirst},
	{"links come with the settlement of their page or not at all", linksWithPage},
	{"a seed that a page links to is a seed", seedsBeforeLinks},
	{"it is not done while seeds may come", openSeeds},
	{"bad and repeated seeds get a record only", noFetchSeeds},
	{"a seed after the end of the seeds is refused, and its whole call", lateSeed},
	{"an item without a URL is refused, and its whole call", noURL},
	{"method and headers make another request", otherRequests},
	{"more is closed when links come", moreWithLinks},
	{"an item keeps all that its record needs", itemsAreKept},
	{"a host without work is parked all the same", parkedWithoutWork},
}

func linkOnce(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/")
	x.end()
	first := x.links("http://a.example/1", "http://b.example/1", "http://a.example/1", "http://a.example/")
	if !first[0].New || !first[1].New || first[2].New || first[3].New {
		t.Errorf("put says %+v, want new, new, known, known", first)
	}
	l := x.claimOne(5)
	if got := first[2].First; got != l.Items[1].ID {
		t.Errorf("the link is said to be item %d first, and is %d", got, l.Items[1].ID)
	}
	if got := first[3].First; got != l.Items[0].ID {
		t.Errorf("the seed is said to be item %d first, and is %d", got, l.Items[0].ID)
	}
	for _, it := range l.Items {
		x.page(it, "http://a.example/", "http://b.example/1", "http://a.example/2")
	}
	x.check(x.f.Release(x.ctx, l, 0))
	urls, noFetch := x.all()
	if slices.Sort(urls); !slices.Equal(urls, []string{"http://a.example/2", "http://b.example/1"}) || len(noFetch) > 0 {
		t.Errorf("then %q and %d without a fetch", urls, len(noFetch))
	}
	if st := x.stats(); st.Read != 4 || st.Settled[frontier.OK] != 4 || st.Queued+st.Leased != 0 {
		t.Errorf("stats %+v, want 4 read and settled", st)
	}
	x.finished()
}

func breadthFirst(_ *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1", "http://a.example/2")
	x.end()
	l := x.claimOne(1)
	x.page(l.Items[0], "http://a.example/1/1", "http://a.example/1/2")
	live, err := x.f.Extend(x.ctx, []frontier.Lease{l}, 2)
	x.check(err)
	x.want("after the first page", live[0].Items, "http://a.example/2", "http://a.example/1/1")
	x.page(live[0].Items[0], "http://a.example/2/1")
	x.page(live[0].Items[1], "http://a.example/1/1/1")
	live, err = x.f.Extend(x.ctx, []frontier.Lease{l}, 9)
	x.check(err)
	x.want("the rest", live[0].Items, "http://a.example/1/2", "http://a.example/2/1", "http://a.example/1/1/1")
}

func linksWithPage(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/", "http://b.example/")
	x.end()
	b := x.claim(2, 1)
	a, gone := b.Leases[0].Items[0], b.Leases[1]
	x.check(x.f.Release(x.ctx, gone, time.Hour))
	with := done(a)
	with.Links = links(&x.fixture, "http://c.example/")
	if err := x.f.Settle(x.ctx, []frontier.Outcome{with, done(gone.Items[0])}); !isFenced(err) {
		t.Fatalf("settling under a released lease: %v", err)
	}
	if b := x.claim(5, 5); len(b.Leases) > 0 {
		t.Fatalf("%s is handed out, though its page is not settled", b.Leases[0].Host)
	}
	x.settle(with)
	x.want("with its page", x.claimOne(5).Items, "http://c.example/")
}

func seedsBeforeLinks(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/")
	l := x.claimOne(1)
	x.page(l.Items[0], "http://b.example/link", "http://b.example/seed", "http://b.example/link", "http://a.example/")
	if added := x.links("http://b.example/other"); added[0] != (frontier.Added{}) {
		t.Errorf("a link before the end of the seeds is %+v, want neither new nor known", added[0])
	}
	if b := x.claim(5, 5); len(b.Leases) > 0 || b.Done {
		t.Fatalf("before the end of the seeds: %+v", b)
	}
	if added := x.seeds(1, "http://b.example/seed"); !added[0].New {
		t.Error("a seed is not new, since a link is the same")
	}
	x.end()
	x.end()
	its := x.claimOne(5).Items
	x.want("the seed first", its, "http://b.example/seed", "http://b.example/link", "http://b.example/other")
	if its[0].Index != 1 || its[0].Line != 2 || its[1].Index != -1 || its[1].Depth != 1 || its[1].Referrer != "http://from.example/" {
		t.Errorf("they are %+v", its)
	}
}

func openSeeds(t *testing.T, x *crawl) {
	b := x.claim(1, 1)
	if b.Done || b.Wait != 0 {
		t.Errorf("before the first seed: done %v, wait %v", b.Done, b.Wait)
	}
	x.seeds(0, "http://a.example/")
	select {
	case <-b.More:
	default:
		t.Error("more is open after a seed came")
	}
	x.settle(done(x.claimOne(1).Items[0]))
	b = x.claim(1, 1)
	if b.Done {
		t.Error("done, and seeds may come")
	}
	x.end()
	select {
	case <-b.More:
	default:
		t.Error("more is open after the last seed")
	}
	x.finished()
}

func noFetchSeeds(t *testing.T, x *crawl) {
	added := x.seeds(0, "http://a.example/", "", "http://b.example/", "http://b.example/", "", "http://A.example:80")
	x.end()
	for i, isNew := range []bool{true, true, true, false, true, false} {
		if added[i].New != isNew {
			t.Errorf("seed %d: %+v, want new %v", i, added[i], isNew)
		}
	}
	urls, noFetch := x.all()
	if slices.Sort(urls); !slices.Equal(urls, []string{"http://a.example/", "http://b.example/"}) {
		t.Errorf("handed out: %q", urls)
	}
	slices.SortFunc(noFetch, func(a, b frontier.Item) int { return int(a.Index - b.Index) })
	for i, want := range []struct {
		index, of int64
		bad       bool
	}{{1, 0, true}, {3, 2, false}, {4, 0, true}, {5, 0, false}} {
		if len(noFetch) != 4 {
			t.Fatalf("%d items get a record only, want 4", len(noFetch))
		}
		if it := noFetch[i]; it.Index != want.index || it.DuplicateOf != want.of || (it.Invalid != nil) != want.bad || it.Line != it.Index+1 {
			t.Errorf("without a fetch: %+v, want %+v", it, want)
		}
	}
	if got := noFetch[0].Invalid.Error(); got == "" || noFetch[0].Input != "mailto:x" {
		t.Errorf("the bad line says %q and was %q", got, noFetch[0].Input)
	}
	if st := x.stats(); st.Read != 6 || st.Settled != [4]int64{frontier.OK: 2, frontier.Duplicate: 4} {
		t.Errorf("stats %+v", st)
	}
	x.finished()
}

func lateSeed(t *testing.T, x *crawl) {
	x.end()
	its := append(links(&x.fixture, "http://a.example/1"), seed(&x.fixture, 0, "http://a.example/"))
	if _, err := x.s.Put(x.ctx, its); !errors.Is(err, frontier.ErrFixed) {
		t.Errorf("put of a late seed: %v, want ErrFixed", err)
	}
	x.finished()
}

func noURL(t *testing.T, x *crawl) {
	for _, bad := range []frontier.Item{{Index: 1}, {Index: -1}, {Index: -1, Invalid: errors.New("x")}} {
		if _, err := x.s.Put(x.ctx, []frontier.Item{seed(&x.fixture, 0, "http://a.example/"), bad}); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	x.seeds(0, "http://a.example/")
	it := x.claimOne(1).Items[0]
	out := done(it)
	out.Links = append(links(&x.fixture, "http://a.example/1"), frontier.Item{Index: -1})
	if err := x.f.Settle(x.ctx, []frontier.Outcome{out}); err == nil {
		t.Error("a link without a URL was taken")
	}
	if err := x.f.Settle(x.ctx, []frontier.Outcome{{Token: it.Token, ItemID: it.ID, Again: &frontier.Item{}}}); err == nil {
		t.Error("an item without a URL is to be asked again")
	}
	x.settle(done(it))
	x.end()
	x.finished()
}

func otherRequests(t *testing.T, x *crawl) {
	get, head, lang := seed(&x.fixture, 0, "http://a.example/"), seed(&x.fixture, 1, "http://a.example/"), seed(&x.fixture, 2, "http://a.example/")
	head.Method = http.MethodHead
	lang.Header = http.Header{"Accept-Language": {"de"}}
	for i, a := range x.put(get, head, lang) {
		if !a.New {
			t.Errorf("request %d is said to be known", i)
		}
	}
	its := x.claimOne(5).Items
	if len(its) != 3 || its[1].Method != http.MethodHead || its[2].Header.Get("Accept-Language") != "de" {
		t.Errorf("handed out: %+v", its)
	}
}

func moreWithLinks(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/")
	x.end()
	l := x.claimOne(1)
	b := x.claim(1, 1)
	x.page(l.Items[0], "http://b.example/")
	select {
	case <-b.More:
	default:
		t.Error("more is open after a settle brought a link")
	}
}

func parkedWithoutWork(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/")
	x.end()
	l := x.claimOne(1)
	x.settle(done(l.Items[0]))
	x.check(x.f.Release(x.ctx, l, time.Minute))
	x.links("http://a.example/1")
	if b := x.claim(1, 1); len(b.Leases) > 0 || b.Wait != time.Minute {
		t.Errorf("during the pause: %d leases, wait %v", len(b.Leases), b.Wait)
	}
	x.clock.Advance(time.Minute)
	l = x.claimOne(1)
	x.settle(done(l.Items[0]))
	x.check(x.f.Release(x.ctx, l, time.Minute))
	x.clock.Advance(time.Minute)
	if b := x.claim(1, 1); len(b.Leases) > 0 || b.Wait != 0 || !b.Done || len(x.stats().Parked) > 0 {
		t.Errorf("after the last pause: %+v", b)
	}
}

// itemsAreKept fills every field, so that one that is added to Item and not
// stored is found.
func itemsAreKept(t *testing.T, x *crawl) {
	u := "https://me:secret@a.example/path?q=%20#part"
	want := frontier.Item{
		Index: 0, Line: 3, URL: parse(&x.fixture, u), Input: "HTTPS://***@a.example/\u00fc", Method: "PURGE",
		Header: http.Header{"X-Latin": {"gr\xfc\xdfe"}, "Accept": {"a", "b"}}, Timeout: 1500 * time.Millisecond,
		Meta: []byte("{\"a\" : [1,  \"<&>\"]}"), Depth: 4, Referrer: "https://r.example/?\u2028",
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
