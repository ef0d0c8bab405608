package frontier

import (
	"strings"

	"crawl/weburl"
)

// Budget bounds the pages of a run and of each host (cli.md §7, -max-pages and
// -host-pages). A host is a name without port, as in [Scope]: a site that is
// served by http and https is one.
//
// A page is a line or link, with all its hops and retries, so it is taken once,
// when it is first asked and not when it is found: what was found may be known
// already, or robots.txt may forbid it.
//
// A Budget belongs to one goroutine, the loop's; no call blocks. Its memory grows
// with the hosts that had a page, only where hosts have a limit.
type Budget struct {
	pages, hostPages int64
	taken            int64
	byHost           map[string]int64
}

// NewBudget makes a budget of so many pages for the run and for each host. 0 is
// no limit.
func NewBudget(pages, hostPages int64) *Budget {
	return &Budget{pages: pages, hostPages: hostPages, byHost: make(map[string]int64)}
}

// Take takes a page of the host of u, and is CutNone. Where the run or the host
// has had all its pages it takes nothing, and is CutPages or CutHostPages.
func (b *Budget) Take(u weburl.URL) Cut {
	host := u.Hostname()
	switch {
	case b.pages > 0 && b.taken >= b.pages:
		return CutPages
	case b.hostPages > 0 && b.byHost[host] >= b.hostPages:
		return CutHostPages
	}
	b.taken++
	if b.hostPages > 0 {
		b.byHost[strings.Clone(host)]++ // a map takes over even a key that it has, and with it the whole URL
	}
	return CutNone
}

// Full says that the run has had all its pages.
func (b *Budget) Full() bool { return b.pages > 0 && b.taken >= b.pages }

// Spent says that earlier runs have taken n pages, of the host of this name or, by
// "", of the whole run, whose hosts are told besides.
func (b *Budget) Spent(host string, n int64) {
	if host == "" {
		b.taken += n
	} else if b.hostPages > 0 {
		b.byHost[host] += n
	}
}
