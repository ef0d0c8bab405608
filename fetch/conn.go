package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

// sender is a connection with the way to make one exchange on it.
type sender interface {
	conn
	// send writes the request and reads the answer's header. It blocks until
	// that is there or ctx is done.
	send(ctx context.Context, r *wireRequest, x *exchange) (*answer, error)
	ip() string
}

// answer is what came: the header, and a body that is still to be read.
type answer struct {
	status int
	proto  string
	header http.Header
	length int64 // Content-Length; -1 unknown
	framed bool  // the end of the body is marked, not only by the connection's
	body   io.Reader
	tap    Tap // of the body, without its framing; nil: none
	// received counts the bytes that came, of what came before or not.
	received func() int64
	release  func() (good bool) // ends the exchange; good says that the connection can take another
}

// single is a connection that speaks HTTP/1.1.
type single struct {
	*http1.Conn
	net *dial.Conn
}

func newSingle(c *dial.Conn) *single {
	return &single{Conn: http1.NewConn(c.Conn, http1.Options{MaxHeader: maxResponseHeader, MaxInformational: maxInformational}), net: c}
}

func (s *single) shared() bool { return false }
func (s *single) close()       { hangUp(s.net.Conn); _ = s.Conn.Close() }
func (s *single) begin() bool  { return !s.Stale() }
func (s *single) ip() string   { return plainAddr(s.net.IP) }

// hangUp closes the socket under c at once. TLS would say goodbye first, for which
// a peer that reads nothing could make it wait for five seconds.
func hangUp(c net.Conn) {
	for {
		over, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = over.NetConn()
	}
	_ = c.Close()
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// send: the end of ctx ends every read and write, and with them the connection.
func (s *single) send(ctx context.Context, r *wireRequest, x *exchange) (*answer, error) {
	stop := context.AfterFunc(ctx, func() { _ = s.net.SetDeadline(longAgo) })
	before := s.Received()
	ev := http1.Events{
		Wrote:         x.wrote,
		FirstByte:     func() { x.firstByte(s.Received) },
		Informational: x.informed,
	}
	var tap *tapped
	if x.tap != nil {
		tap = tapEvents(x.tap, &ev)
	}
	a, err := s.Do(r.http1(), ev)
	if err != nil {
		stop()
		if s.Received() > before {
			x.firstByte(s.Received)
		}
		return nil, err
	}
	if tap != nil {
		tap.answer()
	}
	return &answer{
		status: a.Status, proto: a.Proto, header: a.Header, tap: x.tap,
		length: a.Length, framed: a.Chunked || a.Length >= 0, body: a.Body, received: s.Received,
		release: func() bool { return stop() && s.Reusable() },
	}, nil
}

func plainAddr(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
