package frontiertest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
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
	{"a sitemap is not the page at its URL", sitemapAndPage},
	{"more is closed when links come", moreWithLinks},
	{"an item keeps all that its record needs", itemsAreKept},
	{"a host without work is parked all the same", parkedWithoutWork},
	{"a new link waits for its host's pause, not for what is asked again", newBesideAgain},
	{"any number of links may wait for the seeds", manyHeld},
	{"many goroutines may call at once", manyCallers},
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
	if st := x.stats(); st.Read != 6 || st.Settled != (frontier.Verdicts{frontier.OK: 2, frontier.Duplicate: 4}) {
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

func sitemapAndPage(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/sitemap.xml")
	x.end()
	sitemap := link(&x.fixture, "http://a.example/sitemap.xml")
	sitemap.Sitemap = true
	if added := x.put(sitemap, sitemap); !added[0].New || added[1].New {
		t.Errorf("put twice: %+v", added)
	}
	its := x.claimOne(5).Items
	if len(its) != 2 || its[0].Sitemap || !its[1].Sitemap {
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

func newBesideAgain(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1")
	x.end()
	l := x.claimOne(1)
	it := l.Items[0]
	it.NotBefore = x.clock.Now().Add(time.Hour)
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &it})
	x.check(x.f.Release(x.ctx, l, time.Minute))
	if b := x.claim(1, 1); len(b.Leases) > 0 || b.Wait != time.Hour {
		t.Fatalf("%d leases, wait %v", len(b.Leases), b.Wait)
	}
	x.links("http://a.example/2")
	if b := x.claim(1, 1); len(b.Leases) > 0 || b.Wait != time.Minute {
		t.Fatalf("with a new link: %d leases, wait %v", len(b.Leases), b.Wait)
	}
	x.clock.Advance(time.Minute)
	x.want("after the pause", x.claimOne(5).Items, "http://a.example/2")
}

func manyHeld(t *testing.T, x *crawl) {
	var urls []string
	for i := range 1300 {
		urls = append(urls, fmt.Sprintf("http://a.example/%d", i))
	}
	for range 2 {
		x.links(urls...)
	}
	x.end()
	if got, _ := x.all(); !slices.Equal(got, urls) {
		t.Errorf("%d links were let in, or in another order; want %d", len(got), len(urls))
	}
	x.finished()
}

func manyCallers(t *testing.T, x *crawl) {
	const callers, pages = 4, 500
	x.seeds(0, "http://h0.example/0")
	x.end()
	var settling sync.Mutex // one at a time: a journal's order is the output's
	var wg sync.WaitGroup
	counts := make(chan map[string]int, callers)
	for range callers {
		wg.Go(func() {
			seen := map[string]int{}
			defer func() { counts <- seen }()
			for {
				b, err := x.f.Claim(x.ctx, 2, 3, 0)
				if err != nil || b.Done {
					if err != nil {
						t.Error(err)
					}
					return
				}
				for _, l := range b.Leases {
					for _, it := range l.Items {
						seen[it.URL.String()]++
						out := done(it)
						for i := range 3 {
							if n := 3*it.Depth + i + 1; n < pages {
								u, err := it.URL.Resolve(fmt.Sprintf("//h%d.example/%d", n%7, n))
								if err != nil {
									t.Error(err)
								}
								out.Links = append(out.Links, frontier.Item{Index: -1, Depth: n, URL: u})
							}
						}
						settling.Lock()
						if err := x.f.Settle(x.ctx, []frontier.Outcome{out}); err != nil {
							t.Error(err)
						}
						settling.Unlock()
					}
					if err := x.f.Release(x.ctx, l, 0); err != nil {
						t.Error(err)
					}
				}
				if len(b.Leases) == 0 {
					<-b.More
				}
			}
		})
	}
	wg.Wait()
	all := 0
	for range callers {
		for u, n := range <-counts {
			if all++; n != 1 {
				t.Errorf("%s was handed out %d times", u, n)
			}
		}
	}
	if all != pages {
		t.Errorf("%d pages were handed out, want %d", all, pages)
	}
}
