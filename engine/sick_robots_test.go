package engine

import (
	"context"
	"io"
	"net/http"
	"strings"

	"crawl/fetch"
)

// noAttempts is of lines that are not asked.
const noAttempts = -1

// sickRobots are hosts that deny, and hosts whose robots.txt is sick itself: cli.md
// section 3.
func sickRobots(s *servers) []sickLine {
	page := func(robots http.HandlerFunc) string {
		return s.handler(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/robots") {
				robots(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, pageOf("Welcome"))
		})
	}
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	lines := []sickLine{
		{name: "denied", url: page(says("User-agent: *\nDisallow: /\n")), kind: fetch.KindRobots},
		{name: "denied, long", url: page(says(strings.Repeat("# x\n", 200_000) + "User-agent: *\nDisallow: /\n")), title: "Welcome"}, // beyond the 500 KiB
		{name: "broken server", url: page(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), kind: fetch.KindRobots},
		{name: "busy server", kind: fetch.KindRobots, url: page(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(503)
		})},
		{name: "no such file", url: page(http.NotFound), title: "Welcome"},
		{name: "endless redirects", title: "Welcome", url: page(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		})},
		{name: "reset", url: s.raw(func(p *peer) { p.request(); p.reset() }), kind: fetch.KindReset},
		{name: "never answered", url: s.raw(func(p *peer) { p.request(); p.wait() }), kind: fetch.KindTimeout},
		{name: "no HTTP", url: s.answers("garbage\r\n\r\n"), kind: fetch.KindProtocol},
		{name: "cut short", url: s.raw(func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser") }), kind: fetch.KindTruncated},
	}
	for i := range lines {
		if l := &lines[i]; l.kind != "" {
			l.attempts = noAttempts
		}
		lines[i].name = "robots.txt: " + lines[i].name
	}
	return lines
}

// guest answers for the robots.txt of all hosts but those that have one of their
// own: there is none.
type guest struct {
	*fetch.Client
	own map[string]bool // by HostPort
}

func newGuest(c *fetch.Client, own []sickLine) guest {
	g := guest{c, map[string]bool{}}
	for _, l := range own {
		g.own[strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), "/")] = true
	}
	return g
}

func (g guest) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	if req.URL.Path() == "/robots.txt" && !g.own[req.URL.HostPort()] {
		return &fetch.Response{URL: req.URL, Status: http.StatusNotFound}, nil
	}
	return g.Client.Do(ctx, req)
}
