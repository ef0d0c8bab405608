package main

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// site is the server of the scripts: two hosts, a TLS host, and an address
// where nobody listens.
type site struct {
	plain, other, secure *httptest.Server
	nobody               string

	mu       sync.Mutex
	arrived  *sync.Cond
	total    int // requests but those for robots.txt
	asked    map[string]int
	inFlight int
	peak     int
}

func newSite() (*site, error) {
	s := &site{asked: map[string]int{}}
	s.arrived = sync.NewCond(&s.mu)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.nobody = l.Addr().String()
	l.Close()
	h := s.handler()
	s.plain, s.other = httptest.NewServer(h), httptest.NewServer(h)
	s.secure = httptest.NewUnstartedServer(h)
	s.secure.EnableHTTP2 = true
	s.secure.StartTLS()
	return s, nil
}

func (s *site) close() {
	for _, srv := range []*httptest.Server{s.plain, s.other, s.secure} {
		srv.CloseClientConnections()
		srv.Close()
	}
}

// ca is the certificate that the TLS host's is to be judged by.
func (s *site) ca() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.secure.Certificate().Raw})
}

// await waits until n requests have come.
func (s *site) await(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.total < n {
		s.arrived.Wait()
	}
}

// handler counts, then serves.
func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	for path, h := range map[string]http.HandlerFunc{
		"/page/{n}":    servePage,
		"/hang/":       func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/status/{n}":  serveStatus,
		"/hop/{n}":     serveHop,
		"/loop":        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/flaky":       s.serveFlaky,
		"/wait":        s.serveWait,
		"/echo":        serveEcho,
		"/private/":    servePage,
		"/robots.txt":  serveRobots,
		"/slow/{ms}":   serveSlow,
		"/slow/{ms}/":  serveSlow,
		"/empty":       func(w http.ResponseWriter, r *http.Request) {},
		"/shop.html":   serveShop,
		"/drip/{rest}": serveDrip,
	} {
		mux.HandleFunc(path, h)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		if r.URL.Path != "/robots.txt" {
			s.total++
			s.inFlight++
			s.peak = max(s.peak, s.inFlight)
		}
		s.arrived.Broadcast()
		s.mu.Unlock()
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if r.URL.Path != "/robots.txt" {
				s.inFlight--
			}
		}()
		mux.ServeHTTP(w, r)
	})
}

func html(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<html lang="en"><head><title>%s</title><meta name="description" content="About %[1]s">
<link rel="canonical" href="/canonical"></head><body><a href="/page/1">one</a> <a href="rel">two</a> <a href="/page/1">again</a></body></html>`, title)
}

func servePage(w http.ResponseWriter, r *http.Request) { html(w, 200, "Page "+r.PathValue("n")) }

func serveStatus(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	html(w, n, "Status")
}

func serveHop(w http.ResponseWriter, r *http.Request) {
	if n, _ := strconv.Atoi(r.PathValue("n")); n > 0 {
		http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusMovedPermanently)
		return
	}
	html(w, 200, "Landed")
}

// serveFlaky answers 503 to the first request.
func (s *site) serveFlaky(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	first := s.asked["/flaky"] == 1
	s.mu.Unlock()
	if first {
		html(w, 503, "Not now")
		return
	}
	html(w, 200, "Better")
}

// serveWait answers the first request with 429 and Retry-After.
func (s *site) serveWait(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	first := s.asked["/wait"] == 1
	s.mu.Unlock()
	if first {
		w.Header().Set("Retry-After", "1")
		html(w, 429, "Wait")
		return
	}
	html(w, 200, "Thanks")
}

// serveEcho shows the request's user agent and method as a title.
func serveEcho(w http.ResponseWriter, r *http.Request) {
	html(w, 200, r.Method+" by "+r.UserAgent())
}

func serveRobots(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "User-agent: *\nDisallow: /private/\n")
}

func serveSlow(w http.ResponseWriter, r *http.Request) {
	ms, _ := strconv.Atoi(r.PathValue("ms"))
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		html(w, 200, "Slow")
	case <-r.Context().Done():
	}
}

func serveShop(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, `<title>Shop</title><h1>Tea &amp; more</h1><ul>
<li class="item" data-price="3">Green</li><li class="item" data-price="5">Black</li></ul>`)
}

// serveDrip sends a header and a little, and then nothing.
func serveDrip(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<title>Dripping")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}
