package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"reflect"
	"sync/atomic"
	"time"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

const (
	pingAfter    = 15 * time.Second // an HTTP/2 connection without a frame for so long is tested
	pingTimeout  = 15 * time.Second
	writeTimeout = 15 * time.Second // an HTTP/2 peer that reads nothing for so long is given up
)

// handed is the context's key for the connection that newHTTP2 is to use.
type handed struct{}

// newHTTP2 is what makes HTTP/2 connections of those that the dialer opened.
// net/http's own pool is not used: a connection is made by NewClientConn, and
// where it comes from is told by the context. It is plain in net/http's eyes: the
// TLS below it is ours.
func newHTTP2() *http.Transport {
	var plain http.Protocols
	plain.SetUnencryptedHTTP2(true)
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			if c, ok := ctx.Value(handed{}).(*frames); ok {
				return c, nil
			}
			return nil, errors.New("no connection was handed over")
		},
		Protocols:              &plain,
		DisableCompression:     true, // decode.go does it, and counts
		MaxResponseHeaderBytes: maxResponseHeader,
		HTTP2: &http.HTTP2Config{
			MaxReadFrameSize: maxFrame,
			SendPingTimeout:  pingAfter,
			PingTimeout:      pingTimeout,
			WriteByteTimeout: writeTimeout,
		},
	}
}

// multi is a connection that speaks HTTP/2.
type multi struct {
	*http.ClientConn
	net  *dial.Conn
	from *frames      // what net/http reads from
	most atomic.Int64 // streams that it takes at once, the fewest that were seen
}

// newMulti makes c speak HTTP/2.
func newMulti(ctx context.Context, t *http.Transport, c *dial.Conn, hostPort string) (*multi, error) {
	from := &frames{Conn: c.Conn}
	cc, err := t.NewClientConn(context.WithValue(ctx, handed{}, from), "http", hostPort)
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	m := &multi{ClientConn: cc, net: c, from: from}
	m.begin()
	return m, nil
}

func (m *multi) shared() bool { return true }
func (m *multi) close()       { hangUp(m.net.Conn); _ = m.Close() }
func (m *multi) ip() string   { return plainAddr(m.net.IP) }

// begin reports whether the connection takes another exchange. One that has all
// the streams it takes does: send waits for one to end. One that takes no more,
// though it has fewer, is closing (GOAWAY). The two counts are not of one moment,
// so that one look alone does not say so.
func (m *multi) begin() bool {
	for range 3 {
		busy, free := int64(m.InFlight()), int64(m.Available())
		switch most := m.most.Load(); {
		case m.Err() != nil:
			return false
		case free > 0:
			if most == 0 || free+busy < most {
				m.most.Store(free + busy)
			}
			return true
		case busy >= most:
			return true
		}
	}
	return false
}

func (m *multi) send(ctx context.Context, r *wireRequest, x *exchange) (*answer, error) {
	var received atomic.Int64 // of the body; a header comes whole or not at all
	resp, err := m.RoundTrip(r.http2(httptrace.WithClientTrace(ctx, x.trace(received.Load))))
	if err != nil {
		return nil, m.cause(err)
	}
	length, err := http1.ContentLength(resp.Header["Content-Length"])
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return &answer{
		status: resp.StatusCode, proto: resp.Proto, header: resp.Header,
		length: length, framed: true, body: &metered{resp.Body, &received, length}, received: received.Load,
		release: func() bool {
			_ = resp.Body.Close()
			return m.Err() == nil
		},
	}, nil
}

// cause finds what is behind an error of a connection that ended, where net/http
// hides it: a frame that was wrong before anything was asked, or a TLS alert,
// which the TLS connection gives again to whoever reads. With TLS 1.3 a server says
// only after the handshake that it wants a certificate.
func (m *multi) cause(err error) error {
	if m.Err() == nil {
		return err
	}
	if wrong := m.from.wrong.Load(); wrong != nil {
		return wrong
	}
	_ = m.net.SetReadDeadline(longAgo)
	if _, alert := m.net.Read(make([]byte, 1)); isTLS(alert) {
		return alert
	}
	return err
}

// errSurplus is of a body that is longer than its Content-Length, which makes an
// answer malformed (RFC 9113 section 8.1.1).
var errSurplus = &fault{KindProtocol, "the body is longer than its Content-Length"}

// metered counts what is read of a body, and holds it to the length announced.
type metered struct {
	r      io.Reader
	n      *atomic.Int64
	length int64 // -1: unknown
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	total := c.n.Add(int64(n))
	switch {
	case c.length < 0:
	case total > c.length, total == c.length && untyped(err):
		return n, errSurplus
	case total < c.length && err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// untyped says that err is one that net/http made on the spot. So it complains of
// a surplus, which it cuts off itself. The same type has a lost ping, which can be
// mistaken for it where the body is all there and only its end was not marked.
func untyped(err error) bool {
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled):
		return false
	}
	return reflect.TypeOf(err) == reflect.TypeOf(errors.New(""))
}
