package extract

import (
	"strings"

	"crawl/weburl"
)

// linkList collects hrefs as they were written: what they mean is known only
// at the end of the page, because a <base> counts for the links before it too.
type linkList struct {
	refs []ref
	seen map[string]int // href without fragment → its place in refs
	cut  bool
}

type ref struct {
	href     string
	noFollow bool // wherever it stands
}

// limitFound is how many distinct hrefs are worth keeping. They outnumber the
// links they lead to: mailto: and the like, spellings of the same URL.
func limitFound(o Options) int {
	if !o.Links && !o.Follow {
		return 0
	}
	return 4 * o.maxLinks()
}

func (o Options) maxLinks() int {
	if o.MaxLinks == 0 {
		return MaxLinks
	}
	return o.MaxLinks
}

func (l *linkList) add(href string, noFollow bool, limit int) {
	if limit == 0 {
		return
	}
	if i := strings.IndexByte(href, '#'); i >= 0 {
		href = href[:i]
	}
	if i, ok := l.seen[href]; ok {
		l.refs[i].noFollow = l.refs[i].noFollow && noFollow
		return
	}
	if len(l.refs) == limit {
		l.cut = true
		return
	}
	if l.seen == nil {
		l.seen = make(map[string]int)
	}
	l.seen[href] = len(l.refs)
	l.refs = append(l.refs, ref{href, noFollow})
}

// fill resolves the hrefs against base and puts them on the page, each target
// once, in the order in which it is first seen.
func (l *linkList) fill(p *Page, base weburl.URL, o Options, noFollow bool) {
	p.LinksCut = l.cut
	type target struct {
		url      weburl.URL
		noFollow bool
	}
	var targets []target
	seen := make(map[weburl.URL]int, len(l.refs))
	for _, r := range l.refs {
		u, err := base.Resolve(r.href)
		if err != nil {
			continue
		}
		if i, ok := seen[u]; ok {
			targets[i].noFollow = targets[i].noFollow && r.noFollow
			continue
		}
		if len(targets) == o.maxLinks() {
			p.LinksCut = true
			continue
		}
		seen[u] = len(targets)
		targets = append(targets, target{u, r.noFollow})
	}
	if o.Links && len(targets) > 0 {
		printed := make(map[string]bool) // only where userinfo makes two of one
		p.Links = make([]string, 0, len(targets))
		for _, t := range targets {
			s := t.url.String()
			if s != t.url.Identity() {
				if plain, err := weburl.Parse(s); err == nil {
					if _, ok := seen[plain]; ok || printed[s] {
						continue
					}
				}
				printed[s] = true
			}
			p.Links = append(p.Links, s)
		}
	}
	if o.Follow && !noFollow {
		for _, t := range targets {
			if !t.noFollow {
				p.Follow = append(p.Follow, t.url)
			}
		}
	}
}
