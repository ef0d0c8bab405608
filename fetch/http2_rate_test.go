package fetch

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"

	"crawl/fetch/dial"
)

// h2Pipes gives c HTTP/2 connections to h inside a synctest bubble.
func h2Pipes(t *testing.T, c *Client, h func(*h2peer)) {
	a := newAuthority(t)
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "pipe.example", time.Now().Add(time.Hour))}, NextProtos: []string{"h2"}}
	c.open = func(ctx context.Context, _ dial.Call) (*dial.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			s := tls.Server(far, conf)
			if _, err := io.ReadFull(s, make([]byte, len(http2.ClientPreface))); err != nil {
				return
			}
			h(&h2peer{http2.NewFramer(s, s), s, 1})
		}()
		client := tls.Client(near, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
		if err := client.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		return &dial.Conn{Conn: client, Protocol: "h2"}, nil
	}
}

// The limits hold over HTTP/2 as they do over HTTP/1.1, whatever net/http's own
// client does about them.
func TestFault18TheMinimumRateHoldsOverHTTP2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Options{Timeout: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		h2Pipes(t, c, func(p *h2peer) {
			_ = p.WriteSettings()
			stream, ok := p.next()
			if !ok {
				return
			}
			gone := p.waiting()
			defer func() { <-gone }()
			p.header(stream, false)
			for { // one byte a second
				if p.WriteData(stream, false, []byte("x")) != nil {
					return
				}
				time.Sleep(time.Second)
			}
		})
		start := time.Now()
		_, err = c.Do(t.Context(), &Request{URL: mustURL(t, "https://pipe.example/")})
		if e := failsWith(t, err, KindTimeout, PhaseBody); e.Error() != "slower than 100 B/s for 10s" || time.Since(start) != rateWindow {
			t.Errorf("says %q after %v", e, time.Since(start))
		}
		c.Close()
		time.Sleep(time.Hour) // virtual: pings and idle times end, and with them both sides
	})
}
