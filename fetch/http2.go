package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"crawl/fetch/dial"
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
// where it comes from is told by the context.
func newHTTP2() *http.Transport {
	return &http.Transport{
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			if c, ok := ctx.Value(handed{}).(net.Conn); ok {
				return c, nil
			}
			return nil, errors.New("no connection was handed over")
		},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // decode.go does it, and counts
		MaxResponseHeaderBytes: maxResponseHeader,
		HTTP2: &http.HTTP2Config{
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
	most atomic.Int64 // streams that it takes at once, the fewest that were seen
}

// newMulti makes c speak HTTP/2.
func newMulti(ctx context.Context, t *http.Transport, c *dial.Conn, hostPort string) (*multi, error) {
	cc, err := t.NewClientConn(context.WithValue(ctx, handed{}, c.Conn), "https", hostPort)
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	m := &multi{ClientConn: cc, net: c}
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
	return &answer{
		status: resp.StatusCode, proto: resp.Proto, header: resp.Header,
		length: resp.ContentLength, framed: true, body: &metered{resp.Body, &received}, received: received.Load,
		release: func() bool {
			_ = resp.Body.Close()
			return m.Err() == nil
		},
	}, nil
}

// cause finds the TLS alert behind an error of a connection that ended: net/http
// hides it, but the TLS connection gives it again to whoever reads. With TLS 1.3 a
// server says only after the handshake that it wants a certificate.
func (m *multi) cause(err error) error {
	if m.Err() == nil {
		return err
	}
	_ = m.net.SetReadDeadline(longAgo)
	if _, alert := m.net.Read(make([]byte, 1)); isTLS(alert) {
		return alert
	}
	return err
}

// metered counts what is read of a body.
type metered struct {
	r io.Reader
	n *atomic.Int64
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
