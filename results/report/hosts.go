package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crawl/results"
)

// maxHosts is how many hosts are told apart; the records of any further ones
// are counted together.
const maxHosts = 100_000

// maxHostKinds is how many kinds of errors are counted for each host: more than
// there are.
const maxHostKinds = 30

// hosts counts the records of each host.
type hosts struct {
	byName map[string]*host
	others int64 // records of hosts beyond maxHosts
}

// host is what became of the URLs of one host and port.
type host struct {
	Name    string
	Records int64
	Failed  int64
	kinds   map[string]int64 // of the failed ones
	total   histogram        // of those for which a request was made
}

func (hs *hosts) add(name string, r *results.Record) {
	name = cut(name, maxText)
	h := hs.byName[name]
	if h == nil {
		if len(hs.byName) >= maxHosts {
			hs.others++
			return
		}
		h = &host{Name: name}
		hs.byName[name] = h
	}
	h.Records++
	if r.Failed() {
		h.Failed++
		if h.kinds == nil {
			h.kinds = map[string]int64{}
		}
		if kind := cut(r.Error.Kind, maxText); h.kinds[kind] > 0 || len(h.kinds) < maxHostKinds {
			h.kinds[kind]++
		}
	}
	if r.Time.Total > 0 {
		h.total.add(r.Time.Total)
	}
}

func (h *host) P50() time.Duration { return h.total.quantile(0.5) }
func (h *host) P90() time.Duration { return h.total.quantile(0.9) }
func (h *host) Max() time.Duration { return h.total.max }

// Kind is why most of the failed records failed.
func (h *host) Kind() string {
	t := tally{counts: h.kinds}
	if list, _ := t.most(1); len(list) > 0 {
		return list[0].Name
	}
	return ""
}

// slowest are the n hosts with the longest p90, where a request was made.
func (hs *hosts) slowest(n int) []*host {
	g := greatest[*host]{limit: n}
	for _, h := range hs.sorted() {
		if h.total.n > 0 {
			g.put(int64(h.P90()), h)
		}
	}
	return g.list
}

// failing are the n hosts with the most failed records.
func (hs *hosts) failing(n int) []*host {
	g := greatest[*host]{limit: n}
	for _, h := range hs.sorted() {
		if h.Failed > 0 {
			g.put(h.Failed, h)
		}
	}
	return g.list
}

// sorted are all, by name, so that a report of the same records is the same.
func (hs *hosts) sorted() []*host {
	list := make([]*host, 0, len(hs.byName))
	for _, h := range hs.byName {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b *host) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// split cuts a URL in its normal form into origin ("https://a.example:8443") and
// the rest. What is no http or https URL has no origin.
func split(url string) (origin, rest string) {
	for _, scheme := range [...]string{"https://", "http://"} {
		after, ok := strings.CutPrefix(url, scheme)
		if !ok {
			continue
		}
		end := strings.IndexAny(after, "/?#")
		if end < 0 {
			end = len(after)
		}
		if end == 0 {
			return "", url
		}
		return url[:len(scheme)+end], after[end:]
	}
	return "", url
}

// hostOf is the host and port of an origin.
func hostOf(origin string) string {
	_, name, _ := strings.Cut(origin, "://")
	return name
}
