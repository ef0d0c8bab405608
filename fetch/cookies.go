package fetch

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"crawl/weburl"
)

// What servers may have us keep and send; without bounds a hostile one could fill
// the memory, and every later request. RFC 6265 section 6.1 asks for 50 cookies of
// 4096 bytes for each domain, and for 3000 in all; browsers keep 180 for each.
const (
	maxCookie      = 4096     // bytes of a cookie with its attributes, and of its path
	maxSiteCookies = 180      // of a registrable domain
	maxGeneration  = 16 << 20 // bytes of each of the two generations
	maxSent        = 50       // cookies of the jar in one request
	maxSentBytes   = 16 << 10 // bytes of a Cookie header to which the jar still adds
)

// jar keeps cookies by the rules of RFC 6265 and the public suffix list. It may
// be used from any goroutine.
type jar struct {
	mu         sync.Mutex
	young, old map[string]*siteCookies // by registrable domain, which is in one of them
	used       int                     // bytes of the young
}

func newJar() *jar { return &jar{young: map[string]*siteCookies{}, old: map[string]*siteCookies{}} }

// header is the Cookie header for u: those of the caller first.
func (j *jar) header(u weburl.URL, own []string) string {
	var b strings.Builder
	b.WriteString(strings.Join(own, "; "))
	for i, c := range j.cookies(u) {
		value := c.Value
		if c.Quoted {
			value = `"` + value + `"`
		}
		if i == maxSent || b.Len()+len("; =")+len(c.Name)+len(value) > maxSentBytes {
			break
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Name + "=" + value)
	}
	return b.String()
}

// cookies gives what is kept for u, the longest path first.
func (j *jar) cookies(u weburl.URL) []*http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.take(siteOf(hostOf(u)))
	if s == nil {
		return nil
	}
	j.put(s)
	return s.jar.Cookies(cookieURL(u))
}

// set keeps what the answer of u sets, within the bounds.
func (j *jar) set(u weburl.URL, h http.Header) {
	var all []*http.Cookie
	for _, line := range h["Set-Cookie"] {
		if len(line) > maxCookie {
			continue
		}
		// The clone does not keep the whole header in memory, of which line is a part.
		if c, err := http.ParseSetCookie(strings.Clone(line)); err == nil {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return
	}
	name := siteOf(hostOf(u))
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.take(name)
	if s == nil {
		s = newSiteCookies(name)
	}
	s.set(u, all, time.Now())
	j.put(s)
}

// take takes the site of that name out of the jar, nil if there is none; put
// follows. The caller holds mu.
func (j *jar) take(name string) *siteCookies {
	s := j.young[name]
	if s != nil {
		delete(j.young, name)
		j.used -= s.bytes
		return s
	}
	s = j.old[name]
	delete(j.old, name)
	return s
}

// put puts s among the young, and begins a new generation if that makes them too
// many. The caller holds mu.
func (j *jar) put(s *siteCookies) {
	if len(s.kept) == 0 {
		return
	}
	j.young[s.name] = s
	if j.used += s.bytes; j.used > maxGeneration {
		j.young, j.old, j.used = map[string]*siteCookies{}, j.young, 0
	}
}

// hostOf is u's host as cookies have it, without the last dot.
func hostOf(u weburl.URL) string { return strings.TrimSuffix(u.Hostname(), ".") }

// siteOf is the registrable domain of host: the part below a public suffix, else
// the host itself.
func siteOf(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}
