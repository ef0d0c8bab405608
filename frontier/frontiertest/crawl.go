package frontiertest

import (
	"testing"

	"crawl/frontier"
	"crawl/weburl"
)

// Open returns an empty store that waits for seeds and runs on clock. It
// registers its own clean-up with t.
type Open func(t *testing.T, clock *Clock) frontier.Seeder

// Reopener is a store of a test that outlives its process: Reopen ends it as a
// clean exit does and returns it as the next run finds it, waiting for seeds.
type Reopener interface {
	Reopen(t *testing.T) frontier.Seeder
}

// RunSeeder holds a store that is filled by Put to every promise of
// frontier.Frontier and frontier.Seeder, and, if it is a Reopener, to those of a
// run that is resumed.
func RunSeeder(t *testing.T, open Open) {
	Run(t, func(t *testing.T, clock *Clock, urls ...string) frontier.Frontier {
		x := newCrawl(t, clock, open(t, clock))
		x.seeds(0, urls...)
		x.end()
		return x.s
	})
	promises := crawlPromises
	if _, ok := open(t, NewClock()).(Reopener); ok {
		promises = append(promises[:len(promises):len(promises)], resumePromises...)
	}
	for _, c := range promises {
		t.Run(c.promise, func(t *testing.T) {
			clock := NewClock()
			c.test(t, newCrawl(t, clock, open(t, clock)))
		})
	}
}

// promise is one of a crawl.
type promise struct {
	promise string
	test    func(*testing.T, *crawl)
}

// crawl is a fixture whose store is filled by Put.
type crawl struct {
	fixture
	s frontier.Seeder
}

func newCrawl(t *testing.T, clock *Clock, s frontier.Seeder) *crawl {
	return &crawl{fixture: fixture{t: t, ctx: t.Context(), clock: clock, f: s}, s: s}
}

// reopen ends the store and goes on with what it left.
func (x *crawl) reopen() {
	x.t.Helper()
	x.s = x.s.(Reopener).Reopen(x.t)
	x.f = x.s
}

func (x *crawl) end() {
	x.t.Helper()
	x.check(x.s.EndSeeds(x.ctx))
}

// put is Put of items.
func (x *crawl) put(its ...frontier.Item) []frontier.Added {
	x.t.Helper()
	added, err := x.s.Put(x.ctx, its)
	x.check(err)
	if len(added) != len(its) {
		x.t.Fatalf("put %d items, and %d are answered", len(its), len(added))
	}
	return added
}

// seeds puts lines that begin with this index; "" is a bad one.
func (x *crawl) seeds(index int64, urls ...string) []frontier.Added {
	x.t.Helper()
	its := make([]frontier.Item, len(urls))
	for i, u := range urls {
		its[i] = seed(&x.fixture, index+int64(i), u)
	}
	return x.put(its...)
}

// links puts links.
func (x *crawl) links(urls ...string) []frontier.Added {
	x.t.Helper()
	return x.put(links(&x.fixture, urls...)...)
}

// page settles it with links.
func (x *crawl) page(it frontier.Item, urls ...string) {
	x.t.Helper()
	out := done(it)
	out.Links = links(&x.fixture, urls...)
	x.settle(out)
}

// all claims everything, settles it and gives the hosts back until nothing is
// left, and returns the URLs in the order in which they came.
func (x *crawl) all() (urls []string, noFetch []frontier.Item) {
	x.t.Helper()
	for {
		b := x.claim(100, 100)
		for _, it := range b.NoFetch {
			noFetch = append(noFetch, it)
			x.settle(frontier.Outcome{ItemID: it.ID, Verdict: frontier.Duplicate})
		}
		for _, l := range b.Leases {
			for _, it := range l.Items {
				urls = append(urls, it.Target.String())
				x.settle(done(it))
			}
			x.check(x.f.Release(x.ctx, l, 0))
		}
		if len(b.NoFetch)+len(b.Leases) == 0 {
			return urls, noFetch
		}
	}
}

// stats are the store's.
func (x *crawl) stats() frontier.Stats {
	x.t.Helper()
	st, err := x.f.Stats(x.ctx)
	x.check(err)
	return st
}

func seed(x *fixture, index int64, u string) frontier.Item {
	x.t.Helper()
	it := frontier.Item{Index: index, Line: index + 1, Input: u}
	if u == "" {
		_, it.Invalid = weburl.ParseInput("mailto:x")
		it.Input = "mailto:x"
		return it
	}
	it.URL = parse(x, u)
	it.Target = it.URL
	return it
}

func link(x *fixture, u string) frontier.Item {
	x.t.Helper()
	return frontier.Item{Index: -1, Depth: 1, Referrer: "http://from.example/", URL: parse(x, u)}
}

func links(x *fixture, urls ...string) []frontier.Item {
	x.t.Helper()
	var its []frontier.Item
	for _, u := range urls {
		its = append(its, link(x, u))
	}
	return its
}

func parse(x *fixture, u string) weburl.URL {
	x.t.Helper()
	parsed, err := weburl.Parse(u)
	x.check(err)
	return parsed
}
