package metrics

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"crawl/results"
)

// Server answers /metrics and /debug/pprof/.
type Server struct {
	l     net.Listener
	http  *http.Server
	times times
	done  chan struct{}
}

// Address completes an address: "9090" and ":9090" are ports of loopback. The
// error says what is wrong with it.
func Address(text string) (string, error) {
	if !strings.Contains(text, ":") {
		text = ":" + text
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		return "", errors.New("want a port, or an address with one, such as 127.0.0.1:9090")
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// Serve begins to answer at an address. look is called for each answer. The
// caller closes it.
func Serve(address string, look Look) (*Server, error) {
	address, err := Address(address)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{l: l, times: newTimes(), done: make(chan struct{})}
	reg := prometheus.NewRegistry()
	reg.MustRegister(&collector{look: look}, s.times.total, s.times.ttfb,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(l) // it ends with Close
	}()
	return s, nil
}

// Addr is where it answers.
func (s *Server) Addr() string { return s.l.Addr().String() }

// Observe counts a record in the histograms. It does not block.
func (s *Server) Observe(r *results.Record) { s.times.observe(r) }

// Close lets the answers that are being given end until ctx does, and ends the
// others.
func (s *Server) Close(ctx context.Context) {
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
	<-s.done
}
