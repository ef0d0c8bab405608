package fetch

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"crawl/weburl"
)

// What a site and a cookie take in memory beside their text, in bytes: maps,
// mostly. Without them a million sites of one letter each would fit.
const (
	siteBytes   = 1024
	cookieBytes = 512
)

// longestAge is as long as browsers keep a cookie, whatever its Max-Age says.
const longestAge = 400 * 24 * time.Hour

// siteCookies are those of one registrable domain. net/http's jar holds them and
// judges them; kept counts what is in there, which it does not tell.
type siteCookies struct {
	name  string
	jar   *cookiejar.Jar
	kept  map[cookieKey]cookieCost
	bytes int
}

// cookieKey is what makes a cookie the same cookie (RFC 6265 section 5.3, step 11).
type cookieKey struct{ name, domain, path string }

type cookieCost struct {
	bytes   int
	expires time.Time // zero: with the run
}

func newSiteCookies(name string) *siteCookies {
	j, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // it never fails
	return &siteCookies{name: strings.Clone(name), jar: j, kept: map[cookieKey]cookieCost{}, bytes: siteBytes}
}

// set keeps the cookies that the answer of u sets at the time now: changes and
// ends of those that are kept, and new ones while there is room.
func (s *siteCookies) set(u weburl.URL, cookies []*http.Cookie, now time.Time) {
	for key, k := range s.kept {
		if !k.expires.IsZero() && !k.expires.After(now) {
			s.forget(key)
		}
	}
	at := cookieURL(u)
	at.Host, at.Path = strings.Clone(at.Host), strings.Clone(at.Path) // not the whole URL
	var fit []*http.Cookie
	for _, c := range cookies {
		key := keyOf(c, at)
		if len(key.path) > maxCookie || !s.covers(key.domain, at.Host) {
			continue
		}
		_, known := s.kept[key]
		if !known && len(s.kept) >= maxSiteCookies {
			continue
		}
		if known {
			s.forget(key)
		}
		if !expire(c, now) {
			k := cookieCost{cookieBytes + len(c.Raw) + 2*(len(key.name)+len(key.domain)+len(key.path)), c.Expires}
			s.kept[key] = k
			s.bytes += k.bytes
		}
		fit = append(fit, c)
	}
	s.jar.SetCookies(at, fit)
}

func (s *siteCookies) forget(key cookieKey) {
	s.bytes -= s.kept[key].bytes
	delete(s.kept, key)
}

// covers says that host may set a cookie for domain, as far as that is the
// site's: others are not counted, since the jar does not take them.
func (s *siteCookies) covers(domain, host string) bool {
	return domain == host || strings.HasSuffix(host, "."+domain) && len(domain) >= len(s.name)
}

// keyOf makes c say its path in full (RFC 6265 sections 5.1.4 and 5.2.4) and
// gives its key.
func keyOf(c *http.Cookie, at *url.URL) cookieKey {
	if !strings.HasPrefix(c.Path, "/") {
		c.Path = at.Path[:max(1, strings.LastIndexByte(at.Path, '/'))]
	}
	domain := at.Host
	if c.Domain != "" {
		domain = strings.ToLower(strings.TrimPrefix(c.Domain, "."))
	}
	return cookieKey{c.Name, domain, c.Path}
}

// expire makes c say its end as a time, and reports whether that has passed.
func expire(c *http.Cookie, now time.Time) (gone bool) {
	switch {
	case c.MaxAge < 0:
		return true
	case c.MaxAge > 0:
		age := time.Duration(min(int64(c.MaxAge), int64(longestAge/time.Second))) * time.Second
		c.MaxAge, c.Expires = 0, now.Add(age)
	}
	return !c.Expires.IsZero() && !c.Expires.After(now)
}

// cookieURL is u as the jar needs it.
func cookieURL(u weburl.URL) *url.URL {
	return &url.URL{Scheme: u.Scheme(), Host: hostOf(u), Path: u.Path()}
}
