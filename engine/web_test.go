package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
	"crawl/weburl"
)

// web is a make-believe network for tests in a bubble of virtual time: pages
// by URL, with how long they take.
type web struct {
	mu    sync.Mutex
	pages map[string]page                            // by URL, or by host where the URL has none
	serve func(req *fetch.Request) (p page, ok bool) // goes before pages; it may look at the fields below

	asked    []string // in the order of the requests
	requests []*fetch.Request
	spans    []span // in the order of their ends
	at       map[string][]time.Time
	inFlight map[string]int
	peak     map[string]int // by host; "" is the whole web
}

// span is a request from its start to its end.
type span struct {
	url        weburl.URL
	robots     bool // it is for a robots.txt, here or where a redirect led
	start, end time.Time
	page       page
}

type page struct {
	takes  time.Duration // below zero: it never answers
	status int           // 0: 200
	body   string
	header http.Header
	err    *fetch.Error
	again  *page // what it is from the second request on
	panics bool
}

func newWeb(pages map[string]page) *web {
	return &web{pages: pages, at: map[string][]time.Time{}, inFlight: map[string]int{}, peak: map[string]int{}}
}

// Do is Fetcher.
func (w *web) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	p, began := w.enter(req), time.Now()
	defer func() { w.leave(span{req.URL, req.MaxBody > 0, began, time.Now(), p}) }()
	if req.OnPhase != nil {
		req.OnPhase(fetch.PhaseHeaders)
	}
	resp := &fetch.Response{URL: req.URL, IP: "192.0.2.1", Protocol: "HTTP/1.1", Header: p.header}
	if p.takes != 0 {
		// A timer of no time at all would, in a bubble and under the race
		// detector, now and then crash the runtime of Go 1.26.8.
		var up <-chan time.Time
		if p.takes > 0 {
			timer := time.NewTimer(p.takes)
			defer timer.Stop()
			up = timer.C
		}
		select {
		case <-up:
		case <-ctx.Done():
			return resp, &fetch.Error{Kind: fetch.KindCancelled, Phase: fetch.PhaseHeaders, Err: ctx.Err()}
		}
	}
	switch {
	case p.panics:
		panic("a fault of ours")
	case p.err != nil:
		return resp, p.err
	}
	resp.Status = p.status
	if resp.Status == 0 {
		resp.Status = 200
	}
	resp.ContentType = "text/html; charset=utf-8"
	resp.Body = []byte(p.body)
	resp.Size = int64(len(p.body))
	return resp, nil
}

func (w *web) enter(req *fetch.Request) page {
	w.mu.Lock()
	defer w.mu.Unlock()
	url, host := req.URL.String(), req.URL.Hostname()
	w.asked = append(w.asked, url)
	w.requests = append(w.requests, req)
	w.at[url] = append(w.at[url], time.Now())
	for _, key := range []string{host, ""} {
		w.inFlight[key]++
		w.peak[key] = max(w.peak[key], w.inFlight[key])
	}
	if w.serve != nil {
		if p, ok := w.serve(req); ok {
			return p
		}
	}
	p, ok := w.pages[url]
	if !ok && strings.HasSuffix(url, "/robots.txt") {
		return page{status: 404}
	}
	if !ok {
		p = w.pages[host]
	}
	if n := len(w.at[url]); n > 1 && p.again != nil {
		return *p.again
	}
	return p
}

func (w *web) leave(s span) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spans = append(w.spans, s)
	w.inFlight[s.url.Hostname()]--
	w.inFlight[""]--
}

// count is how often url was asked for.
func (w *web) count(url string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.at[url])
}

// starts are the moments at which the requests to a host started, its robots.txt
// left out.
func (w *web) starts(host string) (at []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[string]int{}
	for i, url := range w.asked {
		if u := w.requests[i].URL; u.Hostname() == host && u.Path() != "/robots.txt" {
			at = append(at, w.at[url][seen[url]])
		}
		seen[url]++
	}
	return at
}

// refused, reset and the like are what becomes of requests.
var (
	refused = &fetch.Error{Kind: fetch.KindConnect, Phase: fetch.PhaseConnect, Err: syscall.ECONNREFUSED}
	reset   = &fetch.Error{Kind: fetch.KindReset, Phase: fetch.PhaseHeaders, Err: syscall.ECONNRESET}
)

// to is a redirect.
func to(url string) page {
	return page{status: 302, header: http.Header{"Location": {url}}}
}

// keeper is a sink that keeps the records, and when they came.
type keeper struct {
	recs   []results.Record
	at     []time.Time
	onRec  func(*results.Record) error
	closed bool
}

func (k *keeper) Write(r *results.Record) error {
	k.recs = append(k.recs, *r)
	k.at = append(k.at, time.Now())
	if k.onRec != nil {
		return k.onRec(r)
	}
	return nil
}
func (k *keeper) Flush() error { return nil }
func (k *keeper) Close() error { k.closed = true; return nil }

// byIndex returns the records by line, and fails if a line has none or two.
func (k *keeper) byIndex(t *testing.T, n int) []results.Record {
	t.Helper()
	recs := make([]results.Record, n)
	seen := make([]int, n)
	for _, r := range k.recs {
		if !r.HasIndex || r.Index >= int64(n) {
			t.Fatalf("a record of no line: %+v", r)
		}
		recs[r.Index] = r
		seen[r.Index]++
	}
	for i, c := range seen {
		if c != 1 {
			t.Errorf("line %d has %d records", i, c)
		}
	}
	return recs
}

// lines makes a frontier of a list.
func lines(t *testing.T, ctx context.Context, text string) *list.List {
	l := list.New(ctx, []list.Source{{Name: "list", R: strings.NewReader(text), Regular: true}}, list.Options{})
	t.Cleanup(l.Close)
	return l
}

// many is a list of n URLs by a format with one number.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i)
	}
	return b.String()
}

// opts are options on w, without robots.
func opts(w *web) Options {
	return Options{Fetcher: w, Logger: slog.New(slog.DiscardHandler), Rand: func() float64 { return 0.5 }, MaxRedirects: 10, Politeness: frontier.Politeness{PerHost: 8}}
}
