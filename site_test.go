package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// site is the server of the scripts: two hosts, a TLS host that asks for a
// certificate, one address where nobody listens and one where nobody answers, and
// two proxies.
type site struct {
	plain, other, secure *httptest.Server
	mirror               *httptest.Server // its pages are what was asked for
	nobody               string
	silent               net.Listener // takes connections, and says nothing
	proxy, guarded       *relay       // guarded wants a password

	feed feedPages // as a script wants them

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
	s.nobody = "127.0.0.1:1" // tcpmux, which nobody serves; a port that was free may be taken
	var err error
	if s.silent, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	h := s.handler()
	s.plain, s.other = httptest.NewServer(h), httptest.NewServer(h)
	s.secure = httptest.NewUnstartedServer(h)
	s.secure.EnableHTTP2 = true
	s.secure.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	s.secure.StartTLS()
	s.mirror = httptest.NewServer(http.HandlerFunc(serveMirror))
	s.proxy, s.guarded = newRelay(s, ""), newRelay(s, "gatekeeper")
	return s, nil
}

func (s *site) close() {
	s.silent.Close()
	for _, srv := range []*httptest.Server{s.proxy.Server, s.guarded.Server, s.plain, s.other, s.secure, s.mirror} {
		srv.CloseClientConnections()
		srv.Close()
	}
}

// ca is the certificate that the TLS host's is to be judged by.
func (s *site) ca() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.secure.Certificate().Raw})
}

// identity is the TLS host's own certificate with its key, for clients to show.
func (s *site) identity() ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(s.secure.TLS.Certificates[0].PrivateKey)
	if err != nil {
		return nil, err
	}
	return append(s.ca(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...), nil
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
		"/size/{n}":    serveSize,
		"/to/":         serveTo,
		"/hop-to/{to}": serveSecretHop,
		"/links":       serveSecretLinks,
		"/header/{n}":  serveHeader,
		"/basic/":      serveBasic,
		"/login":       serveLogin,
		"/cert":        serveCert,
		"/busy/{n}":    s.serveBusy,
		"/web/":        serveWeb,
		"/feed/":       s.feed.serve,
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
