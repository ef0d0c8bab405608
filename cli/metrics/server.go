package metrics

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"

	"crawl/results"
)

// Server answers /metrics and, at an address of loopback, /debug/pprof/.
type Server struct {
	l        net.Listener
	host     string // as it was given
	port     int
	profiles bool
	http     *http.Server
	times    times
	done     chan struct{}
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

// What a client of the server may take: the run's descriptors and memory are for
// the run.
const (
	maxConns  = 16
	maxHead   = 16 << 10
	readTime  = 10 * time.Second
	idleTime  = 2 * time.Minute
	writeTime = 10 * time.Minute // a profile takes as long as it is asked for
)

// Serve begins to answer at an address. look is called for each answer. At an
// address of loopback there are metrics and profiles, for requests whose Host is
// loopback's or the given one; at any other only metrics. The caller closes it.
func Serve(address string, look Look) (*Server, error) {
	address, err := Address(address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	network := "tcp"
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is4() {
		network = "tcp4" // else 0.0.0.0 would be all of IPv6, too
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	at := l.Addr().(*net.TCPAddr)
	s := &Server{l: l, host: host, port: at.Port, profiles: at.IP.IsLoopback(), times: newTimes(), done: make(chan struct{})}
	s.http = &http.Server{
		Handler: s.handler(look), MaxHeaderBytes: maxHead,
		ReadHeaderTimeout: readTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(netutil.LimitListener(l, maxConns)) // it ends with Close
	}()
	return s, nil
}

// handler answers what this address may be asked.
func (s *Server) handler(look Look) http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(&collector{look: look}, s.times.total, s.times.ttfb,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	if !s.profiles {
		return reading(mux)
	}
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return guarded(reading(mux), s.host)
}

// Addr is where it answers: the host as it was given, and the port that it has.
func (s *Server) Addr() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// Profiles says whether it has profiles, too.
func (s *Server) Profiles() bool { return s.profiles }

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
