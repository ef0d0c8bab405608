package engine

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"crawl/extract"
	"crawl/fetch"
	"crawl/frontier"
	"crawl/weburl"
)

// Crawl has a run follow links, or sitemaps (cli.md §7). The frontier is then a
// frontier.Seeder, whose Claim gives nothing before all lines are in it.
type Crawl struct {
	// Depth is how many links from a line a page may be; 0: none is followed.
	Depth int
	// Scope judges links, the redirects of links and what sitemaps list. The lines
	// are its seeds, added by the caller before the first Claim; those that
	// redirects lead to are added by the run, to which it belongs from there on.
	Scope *frontier.Scope
	// Budget bounds the pages, those of lines included. It belongs to the run.
	Budget *frontier.Budget
	// Sitemaps has each line's origin asked for its sitemaps, which robots.txt names
	// or which stand at /sitemap.xml; what they list is fetched as if linked by
	// nobody, at depth 0.
	Sitemaps bool
}

// validate reports all faults, joined.
func (c *Crawl) validate() error {
	var errs []error
	if c.Depth < 0 {
		errs = append(errs, fmt.Errorf("depth: %d is below zero", c.Depth))
	}
	if c.Scope == nil || c.Budget == nil {
		errs = append(errs, errors.New("a crawl needs a scope and a budget"))
	}
	return errors.Join(errs...)
}

// crawler is the part of a run that follows links. All of it but judge belongs to
// the loop's goroutine.
type crawler struct {
	Crawl
	scope    sync.RWMutex // of Scope, which parser workers read
	cuts     frontier.Cuts
	sitemaps int64 // that were read
	unread   int64 // that could not be
}

// found is what a page or a sitemap brought.
type found struct {
	links []frontier.Item
	cuts  frontier.Cuts
	reach weburl.URL // where the redirects of a line ended
}

// judge says whether the link may be followed. It may be called from any
// goroutine.
func (c *crawler) judge(u weburl.URL) frontier.Cut {
	c.scope.RLock()
	defer c.scope.RUnlock()
	return c.Scope.Judge(u)
}

// reaches takes into the scope where the redirects of a line ended.
func (c *crawler) reaches(u weburl.URL) {
	c.scope.Lock()
	defer c.scope.Unlock()
	c.Scope.AddSeed(u)
}

// reached notes where the redirects of a line ended that was answered, before the
// links from there are judged.
func (r *run) reached(it *frontier.Item, resp *fetch.Response) weburl.URL {
	if r.crawl == nil || isLink(it) || len(it.Hops) == 0 || resp.Status == 0 {
		return weburl.URL{}
	}
	r.crawl.reaches(it.Target)
	return it.Target
}

// isLink says that an item is no line: it was found on the way.
func isLink(it *frontier.Item) bool { return it.Index < 0 }

// leaves says that a hop leads a link out of the scope. What looks like a trap is
// none in a redirect: its number is bounded, and sessions often begin so.
func (r *run) leaves(it *frontier.Item, to weburl.URL) frontier.Cut {
	if r.crawl == nil || !isLink(it) || it.Sitemap {
		return frontier.CutNone
	}
	cut := r.crawl.judge(to)
	if cut.IsTrap() {
		return frontier.CutNone
	}
	return cut
}

// follows says that the links of a page are to be followed, as far as that is
// known before it is parsed: error pages link to what everybody may have guessed.
func (r *run) follows(it *frontier.Item, x exchange, failed bool) bool {
	return r.crawl != nil && it.Depth < r.crawl.Depth && !failed &&
		!extract.NoFollow(x.resp.Header["X-Robots-Tag"], r.agent)
}

// judged are the items for the URLs found on page, each judged, and how many were
// cut. It runs on a parser worker.
func (r *run) judged(from *frontier.Item, page weburl.URL, urls []weburl.URL, like frontier.Item) found {
	var f found
	like.Index, like.Referrer = -1, page.String()
	for _, u := range urls {
		// A sitemap may be anywhere if robots.txt names it, those that it lists may not.
		if !like.Sitemap || from.Sitemap && u.Hostname() != page.Hostname() {
			if cut := r.crawl.judge(u); cut != frontier.CutNone {
				f.cuts[cut]++
				continue
			}
		}
		// What was given for a line's origin, as a password, is not for others; nor does
		// a page say which password is sent.
		away := u.Origin() != page.Origin()
		like.Foreign = from.Foreign || away
		if like.URL = u.WithUserOf(page); away {
			like.URL = u.WithUserOf(weburl.URL{})
		}
		f.links = append(f.links, like)
	}
	return f
}

// afford takes a page of the budget for an item that is asked for the first time.
// Without one left the item is denied, and with it all that were never asked, of
// the host or of the run.
func (r *run) afford(it frontier.Item) bool {
	if r.crawl == nil || !it.Started.IsZero() || it.Sitemap && !r.crawl.Budget.Full() {
		return true
	}
	cut := frontier.CutPages
	if !it.Sitemap { // else there is no page left for what it lists
		cut = r.crawl.Budget.Take(it.URL)
	}
	if cut == frontier.CutNone {
		return true
	}
	why := &frontier.CutError{Cut: cut}
	host := it.Target.HostPort()
	r.bench.Finish(r.now(), host) // the slot that came with it
	if cut == frontier.CutPages {
		r.bench.Close(r.now(), why)
	} else {
		r.bench.CloseHost(r.now(), host, why)
	}
	r.deny(frontier.Pick{Item: it, Denied: why})
	return false
}

// cutLink settles a link that is not asked, for a limit or for robots.txt: it is
// counted and has no record. It reports false for what has one: lines, and links
// that were asked before.
func (r *run) cutLink(it frontier.Item, why error) bool {
	if r.crawl == nil || !isLink(&it) || !it.Started.IsZero() {
		return false
	}
	if it.Sitemap {
		r.crawl.unread++
		r.emit(it, nil, frontier.Outcome{Verdict: frontier.NoRecord})
		return true
	}
	var limit *frontier.CutError
	var ferr *fetch.Error
	var f found
	switch {
	case errors.As(why, &limit):
		f.cuts[limit.Cut]++
	case errors.As(why, &ferr) && ferr.Kind == fetch.KindRobots:
		f.cuts[frontier.CutRobots]++
	default:
		return false
	}
	r.emit(it, nil, r.settling(it, frontier.NoRecord, f))
	return true
}

// settling is the outcome of an item that ends with this verdict, with what it
// brought.
func (r *run) settling(it frontier.Item, v frontier.Verdict, f found) frontier.Outcome {
	out := frontier.Outcome{Verdict: v}
	if r.crawl == nil {
		return out
	}
	r.crawl.cuts.Add(f.cuts)
	out.Links, out.Cuts, out.Reach, out.Page = f.links, f.cuts, f.reach, pageHost(&it)
	return out
}

// pageHost is the host name that an item takes a page of, if it was asked.
func pageHost(it *frontier.Item) string {
	if it.Started.IsZero() || it.Sitemap {
		return ""
	}
	return it.URL.Hostname()
}

// mayLead says that what came is worth looking for sitemaps at its origin.
func mayLead(it *frontier.Item, resp *fetch.Response) bool {
	return !isLink(it) && resp.Status != 0 && resp.Status != http.StatusTooManyRequests
}
