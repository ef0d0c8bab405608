package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/frontier"
)

// graph is a random web: pages by URL, with the pages that they link to.
type graph struct {
	urls  []string
	to    [][]int
	hop   []int // where a page redirects to, or -1
	sick  []bool
	seeds []int
}

func newGraph(rnd *rand.Rand, hosts int) *graph {
	g := &graph{}
	n := 1 + rnd.IntN(60)
	for i := range n {
		g.urls = append(g.urls, fmt.Sprintf("http://h%d.example/%d", rnd.IntN(hosts), i))
		var to []int
		for range rnd.IntN(6) {
			to = append(to, rnd.IntN(n))
		}
		g.to = append(g.to, to)
		hop := -1
		if rnd.IntN(8) == 0 {
			hop = rnd.IntN(n)
		}
		g.hop = append(g.hop, hop)
		g.sick = append(g.sick, rnd.IntN(12) == 0)
	}
	for range 1 + rnd.IntN(3) {
		g.seeds = append(g.seeds, rnd.IntN(n))
	}
	return g
}

// page is the i-th.
func (g *graph) page(i int, rnd *rand.Rand) page {
	var p page
	switch {
	case g.sick[i]:
		p = page{status: 500}
	case g.hop[i] >= 0:
		p = to(g.urls[g.hop[i]])
	default:
		var hrefs []string
		for _, j := range g.to[i] {
			hrefs = append(hrefs, g.urls[j])
		}
		p = links(hrefs...)
	}
	p.takes = time.Duration(1+rnd.IntN(1000)) * time.Millisecond
	return p
}

// end is the page that answers for the i-th in the end, or -1.
func (g *graph) end(i int) int {
	for range 11 {
		switch {
		case g.sick[i]:
			return -1
		case g.hop[i] < 0:
			return i
		}
		i = g.hop[i]
	}
	return -1
}

// depths are the distances from the seeds of all that can be reached, by a search
// of its own.
func (g *graph) depths(limit int) map[string]int {
	depth := map[string]int{}
	var queue []int
	meet := func(i, d int) {
		if _, ok := depth[g.urls[i]]; !ok && d <= limit {
			depth[g.urls[i]] = d
			queue = append(queue, i)
		}
	}
	for _, i := range g.seeds {
		meet(i, 0)
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if end := g.end(i); end >= 0 {
			for _, j := range g.to[end] {
				meet(j, depth[g.urls[i]]+1)
			}
		}
	}
	return depth
}

// run crawls the graph.
func (g *graph) run(t *testing.T, ctx context.Context, rnd *rand.Rand, s *site) {
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeAny, nil, nil)
	pages := map[string]page{}
	for i, u := range g.urls {
		pages[u] = g.page(i, rnd)
	}
	s.serve = func(req *fetch.Request) (page, bool) { p, ok := pages[req.URL.String()]; return p, ok }
	var seeds []string
	for _, i := range g.seeds {
		seeds = append(seeds, g.urls[i])
	}
	synctest.Test(t, func(*testing.T) { s.crawl(t, ctx, seeds...) })
}

// Whatever the web, every page that can be reached has one record, and no other
// has any; one host, asked one by one, is crawled breadth first.
func TestRandomWebsAreCrawled(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		hosts, limit := 1+rnd.IntN(4), 1000
		s := newSite(0, nil)
		s.o.Concurrency = 1 + rnd.IntN(8)
		if exact := rnd.IntN(3) == 0; exact {
			hosts, s.o.Concurrency, limit = 1, 1, rnd.IntN(5)
		}
		s.o.Crawl.Depth = limit
		g := newGraph(rnd, hosts)
		g.run(t, context.Background(), rnd, s)
		want := g.depths(limit)
		seen := map[string]bool{}
		for _, r := range s.keep.recs {
			if r.Duplicate {
				continue
			}
			d, ok := want[r.URL]
			if !ok || seen[r.URL] {
				t.Errorf("seed %d: %s (known %v, before %v)", seed, r.URL, ok, seen[r.URL])
			}
			if limit < 1000 && r.Depth != d || r.Depth < d {
				t.Errorf("seed %d: %s at depth %d, want %d", seed, r.URL, r.Depth, d)
			}
			seen[r.URL] = true
		}
		if len(seen) != len(want) || s.sum.Unrecorded != 0 || s.sum.Lines() != int64(len(s.keep.recs)) {
			t.Errorf("seed %d: %d pages of %d, %d unrecorded, %d records counted of %d", seed, len(seen), len(want), s.sum.Unrecorded, s.sum.Lines(), len(s.keep.recs))
		}
		if t.Failed() {
			return
		}
	}
}
