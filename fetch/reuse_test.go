package fetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"crawl/fetch/dial"
)

// A server may close every connection that it was slow to be asked on; whatever
// it kept, one request is repeated once, on a new connection.
func TestFault19ManyStaleConnectionsCostOneNewOne(t *testing.T) {
	var conns atomic.Int32
	gate := make(chan struct{})
	u := raw(t, func(p *peer) {
		conns.Add(1)
		p.request()
		if p.nr <= 4 {
			<-gate // four at a time, so that there are four connections
		}
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
		if p.nr <= 4 {
			p.request() // the next one is not answered
			return
		}
		p.wait()
	})
	c := newClient(t, Options{})
	get := func() error {
		resp, err := c.Do(context.Background(), &Request{URL: u})
		resp.Release()
		return err
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := get(); err != nil {
				t.Error(err)
			}
		})
	}
	for conns.Load() < 4 {
		time.Sleep(time.Millisecond) // the server's goroutines are on their way
	}
	close(gate)
	wg.Wait()
	if err := get(); err != nil || conns.Load() != 5 {
		t.Errorf("%v, after %d connections", err, conns.Load())
	}
}

// A connection that the server closed while it was idle is seen before anything
// is sent, so that even a POST is not lost.
func TestFault19AConnectionClosedWhileIdleIsNotUsed(t *testing.T) {
	gone := make(chan struct{}, 1)
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + fmt.Sprint(p.nr))
		_ = p.Close()
		gone <- struct{}{}
	})
	c := newClient(t, Options{})
	for i, method := range []string{"GET", "POST"} {
		resp, err := c.Do(context.Background(), &Request{URL: u, Method: method})
		if err != nil || string(resp.Body) != fmt.Sprint(i+1) {
			t.Fatalf("%s: body %q, error %v", method, resp.Body, err)
		}
		resp.Release()
		<-gone
	}
}

// What comes late on a kept connection, after an answer that was complete, is not the
// answer to the next request: the connection is as stale as one that is closed.
func TestFault19AConnectionOnWhichSomethingElseComesAtReuseIsReplacedOnce(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
	for _, late := range []string{"late garbage", "\r\n\r\n\r\n\r\n\r\n\r\n", "\x00", "HTP", "<html>" + answer + "x"} {
		var conns atomic.Int32
		u := raw(t, func(p *peer) {
			conns.Add(1)
			for p.request() != "" {
				p.send(answer + fmt.Sprint(p.nr))
				if p.nr == 1 {
					p.request()
					p.send(late)
					p.wait()
					return
				}
			}
		})
		c := newClient(t, Options{HTTP1: true})
		for i, want := range []string{"1", "2", "2"} {
			tape := &tape{}
			resp, err := c.Do(context.Background(), &Request{URL: u, Tap: tape})
			if err != nil || string(resp.Body) != want || tape.answers != 1 || tape.wire.String() != want {
				t.Errorf("%q, request %d: %v, body %q, on tape %q", late, i+1, err, resp.Body, tape.header+tape.wire.String())
			}
			resp.Release()
		}
		if conns.Load() != 2 {
			t.Errorf("%q: %d connections", late, conns.Load())
		}
	}
}

func TestFault19WhatIsNoAnswerIsToldWhereTheConnectionIsNotTheReason(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
	for _, tc := range []struct {
		name, method, first, then string
		conns                     int32
	}{
		{"a new connection", "GET", "late garbage", "", 1},
		{"a method that is not safe", "POST", answer + "1", "late garbage", 1},
		{"an answer of another version", "GET", answer + "1", "HTTP/3 200\r\n\r\n", 1},
		{"an answer that is none", "GET", answer + "1", "HTTP/1.1 abc\r\n\r\n", 1},
		{"after an informational answer", "GET", answer + "1", "HTTP/1.1 103 Early Hints\r\n\r\ngarbage", 1},
	} {
		var conns atomic.Int32
		u := raw(t, func(p *peer) {
			conns.Add(1)
			for _, wire := range []string{tc.first, tc.then} {
				if p.request() != "" {
					p.send(wire)
				}
			}
			p.wait()
		})
		c := newClient(t, Options{})
		if tc.then != "" {
			resp, err := c.Do(context.Background(), &Request{URL: u})
			if resp.Release(); err != nil {
				t.Fatal(err)
			}
		}
		_, err := c.Do(context.Background(), &Request{URL: u, Method: tc.method})
		if failsWith(t, err, KindProtocol, PhaseHeaders); conns.Load() != tc.conns {
			t.Errorf("%s: %d connections", tc.name, conns.Load())
		}
	}
	// A server that never says anything else is asked twice, and no more.
	var conns atomic.Int32
	u := raw(t, func(p *peer) {
		if conns.Add(1) == 1 {
			p.request()
			p.send(answer + "1")
		}
		p.request()
		p.send("garbage")
		p.wait()
	})
	c := newClient(t, Options{})
	for i, want := range []Kind{"", KindProtocol} {
		resp, err := c.Do(context.Background(), &Request{URL: u})
		if resp.Release(); kindOf(err) != want || int(conns.Load()) != i+1 {
			t.Errorf("request %d: %v, %d connections", i+1, err, conns.Load())
		}
	}
}

// What a server broke off on a new connection is its answer, and is told.
func TestFault19ANewConnectionThatBreaksIsNoReason(t *testing.T) {
	var conns atomic.Int32
	u := raw(t, func(p *peer) { conns.Add(1); p.request() })
	_, err := do(t, Options{}, u)
	failsWith(t, err, KindReset, PhaseHeaders)
	if conns.Load() != 1 {
		t.Errorf("%d connections", conns.Load())
	}
}

func TestFault18AStreamThatIsGivenUpIsRepeatedOnceOnANewConnection(t *testing.T) {
	for name, spoil := range map[string]func(p *h2peer, stream uint32){
		"GOAWAY":     func(p *h2peer, _ uint32) { _ = p.WriteGoAway(0, http2.ErrCodeNo, nil) },
		"RST_STREAM": func(p *h2peer, s uint32) { _ = p.WriteRSTStream(s, http2.ErrCodeInternal) },
		"RST_STREAM in mid-body": func(p *h2peer, s uint32) {
			p.header(s, false)
			_ = p.WriteData(s, false, []byte("half"))
			_ = p.WriteRSTStream(s, http2.ErrCodeInternal)
		},
		"closed": func(*h2peer, uint32) {},
	} {
		for _, twice := range []bool{false, true} {
			var conns atomic.Int32
			u := h2(t, func(p *h2peer) {
				conns.Add(1)
				stream, ok := p.next()
				if !ok {
					return
				}
				if p.nr == 1 || twice {
					if spoil(p, stream); name == "closed" {
						return
					}
				} else {
					p.header(stream, false)
					_ = p.WriteData(stream, true, []byte("whole"))
				}
				p.wait()
			})
			resp, err := do(t, Options{Insecure: true}, u)
			if conns.Load() != 2 {
				t.Errorf("%s: %d connections", name, conns.Load())
			}
			switch {
			case twice:
				failsWith(t, err, KindReset, phaseOf(err))
			case err != nil || string(resp.Body) != "whole" || resp.Size != 5:
				t.Errorf("%s: %v, body %q", name, err, resp.Body)
			}
		}
	}
}

// A server that takes fewer streams than was thought refuses the others: they are
// sent again on the same connection, whatever their method.
func TestFault18ARefusedStreamIsSentAgain(t *testing.T) {
	for refusals, served := range map[int]bool{maxRefusals: true, maxRefusals + 1: false} {
		var conns, streams atomic.Int32
		u := h2(t, func(p *h2peer) {
			conns.Add(1)
			for {
				stream, ok := p.next()
				if !ok {
					return
				}
				if int(streams.Add(1)) > refusals {
					p.header(stream, true)
				} else {
					_ = p.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
				}
			}
		})
		c := newClient(t, Options{Insecure: true})
		resp, err := c.Do(context.Background(), &Request{URL: u, Method: "POST"})
		if served != (err == nil) || conns.Load() != 1 {
			t.Errorf("%d refusals: %v, %d connections", refusals, err, conns.Load())
		}
		if !served {
			failsWith(t, err, KindReset, PhaseHeaders)
		}
		resp.Release()
	}
}

func TestFault18AnUnsafeMethodIsNotRepeated(t *testing.T) {
	var conns atomic.Int32
	u := h2(t, func(p *h2peer) {
		conns.Add(1)
		if stream, ok := p.next(); ok {
			_ = p.WriteRSTStream(stream, http2.ErrCodeInternal)
			p.wait()
		}
	})
	c := newClient(t, Options{Insecure: true})
	_, err := c.Do(context.Background(), &Request{URL: u, Method: "POST"})
	failsWith(t, err, KindReset, PhaseHeaders)
	if conns.Load() != 1 {
		t.Errorf("%d connections", conns.Load())
	}
}

// A connection on which an exchange timed out may be dead: the next one does not
// wait on it.
func TestFault18AConnectionThatStalledIsNotUsedAgain(t *testing.T) {
	u := h2(t, func(p *h2peer) {
		if stream, ok := p.next(); ok && p.nr > 1 {
			p.header(stream, true)
		}
		p.wait()
	})
	c := newClient(t, Options{Insecure: true})
	_, err := c.Do(context.Background(), &Request{URL: u, Timeout: 500 * time.Millisecond})
	failsWith(t, err, KindTimeout, PhaseHeaders)
	resp, err := c.Do(context.Background(), &Request{URL: u})
	if err != nil {
		t.Error(err)
	}
	resp.Release()
}

func TestOneHTTP2ConnectionCarriesAHundred(t *testing.T) {
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(hello))
	s.EnableHTTP2 = true
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			conns.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	c := newClient(t, Options{Insecure: true})
	u := mustURL(t, s.URL+"/")
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			resp, err := c.Do(context.Background(), &Request{URL: u})
			if err != nil || resp.Protocol != "HTTP/2.0" {
				t.Error(err, resp.Protocol)
			}
			resp.Release()
		})
	}
	wg.Wait()
	if conns.Load() != 1 {
		t.Errorf("%d connections", conns.Load())
	}
}

func TestHTTP1IsSpokenWhereItIsAskedFor(t *testing.T) {
	s := serveTLS(t, nil, hello)
	resp, err := do(t, Options{Insecure: true, HTTP1: true}, mustURL(t, s.URL+"/"))
	if err != nil || resp.Protocol != "HTTP/1.1" || string(resp.Body) != "hello over HTTP/1.1" {
		t.Errorf("%v: %s, %q", err, resp.Protocol, resp.Body)
	}
}

// deaf is a connection whose peer reads nothing any more: a write waits until it is
// closed.
type deaf struct {
	net.Conn
	reads  atomic.Bool // the peer does
	once   sync.Once
	closed chan struct{}
}

func (d *deaf) Write(p []byte) (int, error) {
	if d.reads.Load() {
		return d.Conn.Write(p)
	}
	<-d.closed
	return 0, net.ErrClosed
}

func (d *deaf) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.Conn.Close()
}

func TestAConnectionToAPeerThatReadsNothingIsClosedAtOnce(t *testing.T) {
	a := newAuthority(t)
	near, far := net.Pipe()
	server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", time.Now().Add(time.Hour))}})
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	d := &deaf{Conn: near, closed: make(chan struct{})}
	d.reads.Store(true)
	client := tls.Client(d, &tls.Config{InsecureSkipVerify: true})
	if err := client.Handshake(); err != nil || <-done != nil {
		t.Fatal(err)
	}
	d.reads.Store(false)
	newSingle(&dial.Conn{Conn: client}).close() // would hold the test otherwise
	<-d.closed
}
