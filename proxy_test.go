package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// relay is the HTTP proxy of the scripts: whatever host it is asked for, it leads
// to the site, so that names need not exist. It counts what it is asked, as
// "METHOD TARGET".
type relay struct {
	*httptest.Server
	site     *site
	password string // wanted of everyone, by basic authorization; "": nothing is

	mu    sync.Mutex
	asked map[string]int
}

func newRelay(s *site, password string) *relay {
	r := &relay{site: s, password: password, asked: map[string]int{}}
	r.Server = httptest.NewServer(r)
	return r
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.asked[req.Method+" "+req.RequestURI]++
	r.mu.Unlock()
	if r.password != "" && !proxyAuthorized(req, r.password) {
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
		return
	}
	if req.Method == http.MethodConnect {
		r.tunnel(w)
		return
	}
	req.Header.Del("Proxy-Authorization")
	r.site.plain.Config.Handler.ServeHTTP(w, req)
}

func proxyAuthorized(req *http.Request, password string) bool {
	check := &http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}
	_, got, ok := check.BasicAuth()
	return ok && got == password
}

// tunnel joins the client with the TLS host. The ends of both streams end it.
func (r *relay) tunnel(w http.ResponseWriter) {
	far, err := net.Dial("tcp", r.site.secure.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer far.Close()
	w.WriteHeader(http.StatusOK)
	near, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer near.Close()
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(far, buffered)
		far.Close()
	})
	_, _ = io.Copy(near, far)
	near.Close()
	wg.Wait()
}

// times is how often a request came.
func (r *relay) times(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if what != "all" {
		return r.asked[what]
	}
	n := 0
	for _, times := range r.asked {
		n += times
	}
	return n
}
