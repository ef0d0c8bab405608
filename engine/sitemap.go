package engine

import (
	"context"
	"errors"

	"crawl/extract"
	"crawl/fetch"
	"crawl/frontier"
	"crawl/loop"
	"crawl/weburl"
)

// maxNesting is how deep sitemaps may be listed in sitemaps: one step, as the
// protocol has it (sitemaps.org). Each step more would be 50,000 times as many.
const maxNesting = 1

// sitemapsOf are the items for the sitemaps of the origin that a line led to:
// those that its robots.txt names, and the usual one. Each is asked once, whatever
// number of lines bring it.
func (r *run) sitemapsOf(it *frontier.Item) []frontier.Item {
	u := it.Target
	if r.crawl == nil || !r.crawl.Sitemaps {
		return nil
	}
	var names []string
	if g, ok := r.bench.Rules(r.now(), u.HostPort(), u.Origin()).(gate); ok {
		names = g.Sitemaps()
	}
	var urls []weburl.URL
	for _, name := range append(names, "/sitemap.xml") {
		if to, err := u.Resolve(name); err == nil {
			urls = append(urls, to)
		}
	}
	return r.judged(it, u, urls, frontier.Item{Sitemap: true}).links
}

// readSitemap is the end of a flight for a sitemap: what it lists, or nothing where it
// cannot be had. It has no record.
func (r *run) readSitemap(c *loop.Ctx, fl *flight, x exchange, d fetch.Decision) (landing, error) {
	resp := x.resp
	if d.Err != nil || resp.Status < 200 || resp.Status > 299 {
		resp.Release()
		r.crawl.unread++
		return landing{verdict: frontier.NoRecord}, nil
	}
	phase := fetch.PhaseParse
	fl.phase.Store(&phase)
	type read struct {
		found
		err error
	}
	got, err := loop.Await(c, loop.RunInExecutor(r.l, r.parsers, func(context.Context) (read, error) {
		list, err := extract.ParseSitemap(resp.Body, resp.ContentType, resp.URL, extract.SitemapOptions{MaxSize: int(min(r.o.Fetch.MaxBody, extract.MaxSitemapSize))})
		like := frontier.Item{Sitemap: list.Index}
		if list.Index {
			if like.Depth = fl.item.Depth + 1; like.Depth > maxNesting {
				return read{}, errNested
			}
		}
		return read{r.judged(&fl.item, resp.URL, list.URLs, like), err}, nil
	}))
	if c.Err() != nil {
		return landing{}, c.Err() // its body may still be read by the parser: not released
	}
	resp.Release()
	if err != nil || got.err != nil && len(got.links) == 0 {
		r.crawl.unread++
	} else {
		r.crawl.sitemaps++
	}
	return landing{verdict: frontier.NoRecord, found: got.found}, nil
}

// errNested is why a sitemap is not followed.
var errNested = errors.New("sitemaps are nested too deep")
