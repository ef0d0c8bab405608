package fetch

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"crawl/weburl"
)

// What a server may have us keep, at least the figures of RFC 6265 section 6.1;
// without them a hostile one could fill the memory, and every later request.
const (
	maxCookie  = 4096 // bytes of name, value and attributes
	maxCookies = 50   // that one page is sent
)

// jar keeps cookies by the rules of RFC 6265 and the public suffix list. It may
// be used from any goroutine.
type jar struct{ jar *cookiejar.Jar }

func newJar() *jar {
	j, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // it never fails
	return &jar{j}
}

// header is the Cookie header for u: those of the caller first.
func (j *jar) header(u weburl.URL, own []string) string {
	parts := append([]string(nil), own...)
	for _, c := range j.jar.Cookies(cookieURL(u)) {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}

// take keeps what the answer of u sets, within the bounds.
func (j *jar) take(u weburl.URL, h http.Header) {
	lines := h["Set-Cookie"]
	if len(lines) == 0 {
		return
	}
	at := cookieURL(u)
	kept := map[string]bool{}
	for _, c := range j.jar.Cookies(at) {
		kept[c.Name] = true
	}
	var fit []*http.Cookie
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		if err != nil || len(line) > maxCookie || !kept[c.Name] && len(kept) >= maxCookies {
			continue
		}
		kept[c.Name] = true
		fit = append(fit, c)
	}
	j.jar.SetCookies(at, fit)
}

// cookieURL is u as the jar needs it.
func cookieURL(u weburl.URL) *url.URL {
	return &url.URL{Scheme: u.Scheme(), Host: u.Host(), Path: u.Path()}
}
