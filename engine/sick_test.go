package engine

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crawl/fetch"
)

// sickLine is one line of a list, and the record it is to have. Each is served
// by a host (a port) of its own, so that nothing done to one host touches another.
type sickLine struct {
	row  int // of faults.md
	name string
	url  string

	kind      fetch.Kind // "": ok
	status    int        // 0: 200 where it is ok, else not looked at
	attempts  int        // 0: 1; or noAttempts
	redirects int
	truncated bool
	title     string
	links     int // at least so many
}

// Limits of the run in which everything is sick at once.
const (
	sickTimeout = 3 * time.Second
	sickConnect = 2 * time.Second
	sickBody    = 4 << 20
	sickRetries = 1
	sickHops    = 10
	// tries is the attempts of a line whose fault does not pass.
	tries = 1 + sickRetries
)

// servers are all servers of a test. Each method starts one and gives its
// host:port, or the URL of its root.
type servers struct {
	t  *testing.T
	ca authority

	wg     sync.WaitGroup // of every goroutine here
	mu     sync.Mutex
	closed bool
	open   map[io.Closer]struct{} // listeners and connections
	http   []*httptest.Server
}

func newServers(t *testing.T) *servers {
	s := &servers{t: t, ca: newAuthority(t), open: map[io.Closer]struct{}{}}
	t.Cleanup(s.close)
	return s
}

// close ends all servers, and waits for what they do.
func (s *servers) close() {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	for _, h := range s.http {
		h.CloseClientConnections()
		h.Close()
	}
	s.http = nil
	s.wg.Wait()
}

// keep has c closed with the servers. It reports whether they still run.
func (s *servers) keep(c io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		c.Close()
		return false
	}
	s.open[c] = struct{}{}
	return true
}

func (s *servers) drop(c io.Closer) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// accept gives h each connection of l with its number, from 1, and closes it
// after h.
func (s *servers) accept(l net.Listener, h func(c net.Conn, nr int)) {
	s.keep(l)
	s.wg.Go(func() {
		for nr := 1; ; nr++ {
			c, err := l.Accept()
			if err != nil || !s.keep(c) {
				return
			}
			s.wg.Go(func() {
				defer s.drop(c)
				h(c, nr)
			})
		}
	})
}

// listen opens a port of its own.
func (s *servers) listen() net.Listener {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// peer is one connection of a server that does as it likes.
type peer struct {
	net.Conn
	r  *bufio.Reader
	nr int
}

// request reads one request's header: "" when there is none.
func (p *peer) request() string {
	var head strings.Builder
	for {
		line, err := p.r.ReadString('\n')
		if err != nil {
			return ""
		}
		if strings.TrimSpace(line) == "" {
			return head.String()
		}
		head.WriteString(line)
	}
}

func (p *peer) send(s string) bool {
	_, err := io.WriteString(p, s)
	return err == nil
}

// endless sends s until the client is gone.
func (p *peer) endless(s string) {
	for p.send(s) {
	}
}

// trickle sends s byte by byte, so slowly that it never comes to its end.
func (p *peer) trickle(s string) {
	for i := range len(s) {
		if !p.send(s[i : i+1]) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// reset closes the connection with a RST.
func (p *peer) reset() {
	if c, ok := p.Conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	_ = p.Close()
}

// wait blocks until the client closes the connection.
func (p *peer) wait() { _, _ = io.Copy(io.Discard, p.r) }

// raw is a server of bytes: h has each connection.
func (s *servers) raw(h func(*peer)) string {
	l := s.listen()
	s.accept(l, func(c net.Conn, nr int) { h(&peer{c, bufio.NewReader(c), nr}) })
	return "http://" + l.Addr().String() + "/"
}

// answers is a raw server that reads one request of each connection, sends the
// text, and closes.
func (s *servers) answers(text string) string {
	return s.raw(func(p *peer) {
		if p.request() != "" {
			p.send(text)
		}
	})
}

// overTLS is a server of bytes over TLS.
func (s *servers) overTLS(conf *tls.Config, h func(*peer)) string {
	l := s.listen()
	s.accept(tls.NewListener(l, conf), func(c net.Conn, nr int) { h(&peer{c, bufio.NewReader(c), nr}) })
	return "https://" + l.Addr().String() + "/"
}

// handler is a server of the standard library.
func (s *servers) handler(h http.HandlerFunc) string {
	srv := httptest.NewServer(h)
	s.http = append(s.http, srv)
	return srv.URL + "/"
}

// handlerTLS is the same over TLS, with HTTP/2 or without.
func (s *servers) handlerTLS(http2 bool, h http.HandlerFunc) string {
	srv := httptest.NewUnstartedServer(h)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{s.ca.good}}
	srv.EnableHTTP2 = http2
	srv.StartTLS()
	s.http = append(s.http, srv)
	return srv.URL + "/"
}

// page is a small page.
func pageOf(title string) string {
	return fmt.Sprintf("<!doctype html><title>%s</title><p>A page.", title)
}

// whole is an answer with a body of its length.
func whole(body string, header ...string) string {
	return answerHead(append(header, fmt.Sprintf("Content-Length: %d", len(body)))...) + body
}

// answerHead is the header of a 200.
func answerHead(header ...string) string {
	return "HTTP/1.1 200 OK\r\n" + strings.Join(append(header, "", ""), "\r\n")
}
