package report

import (
	"strings"

	"crawl/results"
)

// maxHops is how many hops of a chain the page shows.
const maxHops = 30

// redirects counts where chains of redirects lead.
type redirects struct {
	chains  int64 // records with one
	hops    int64
	byHosts tally // "http://a → https://b"
	targets tally // final URLs
	longest greatest[chain]
}

// chain is what one record was led through, its start and its end included.
type chain struct {
	Hops []hop
	More int64 // hops that are not shown, before the last of Hops
}

// Len is how many redirects it has.
func (c chain) Len() int64 { return int64(len(c.Hops)) - 1 + c.More }

// hop is a URL and what it answered; 0 is no answer.
type hop struct {
	URL    string
	Status int
}

func newRedirects() redirects {
	return redirects{byHosts: newTally(maxTargets), targets: newTally(maxTargets), longest: greatest[chain]{limit: maxPages}}
}

func (rs *redirects) add(rec *results.Record) {
	n := len(rec.Redirects)
	if n == 0 {
		return
	}
	rs.chains++
	rs.hops += int64(n)
	end := rec.FinalURL
	if end == "" {
		end = rec.URL // it led back
	}
	rs.targets.add(cut(end, maxURL))
	rs.byHosts.add(cut(byHosts(rec.Redirects, end), maxURL))
	if !rs.longest.wants(int64(n)) {
		return
	}
	c := chain{More: int64(max(0, n-maxHops))}
	for _, h := range rec.Redirects[:min(n, maxHops)] {
		c.Hops = append(c.Hops, hop{cut(h.URL, maxURL), h.Status})
	}
	c.Hops = append(c.Hops, hop{cut(end, maxURL), rec.Status})
	rs.longest.put(int64(n), c)
}

// byHosts is a chain as the hosts see it: one that stays on its host and scheme
// is one name, whatever its paths.
func byHosts(hops []results.Redirect, end string) string {
	var names []string
	for _, h := range append(hops[:min(len(hops), maxHops):min(len(hops), maxHops)], results.Redirect{URL: end}) {
		origin, rest := split(h.URL)
		if origin == "" {
			origin = rest
		}
		if len(names) == 0 || names[len(names)-1] != origin {
			names = append(names, origin)
		}
	}
	if len(names) == 1 {
		return names[0] + " (within)"
	}
	return strings.Join(names, " → ")
}
