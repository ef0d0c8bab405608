package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

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

// h2Slow is how an exchange ends whose server sends what h does for the answer.
func h2Slow(t *testing.T, firstByte time.Duration, h func(p *h2peer, stream uint32)) (resp *Response, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, newErr := New(Options{Timeout: 10 * time.Minute, FirstByte: firstByte})
		if newErr != nil {
			t.Fatal(newErr)
		}
		h2Pipes(t, c, func(p *h2peer) {
			_ = p.WriteSettings()
			if stream, ok := p.next(); ok {
				gone := p.waiting()
				h(p, stream)
				<-gone
			}
		})
		start := time.Now()
		resp, err = c.Do(t.Context(), &Request{URL: mustURL(t, "https://pipe.example/")})
		took = time.Since(start)
		resp.Release()
		c.Close()
		time.Sleep(time.Hour)
	})
	return resp, took, err
}

// continued sends a header in a frame for each step, and a pause after each.
func continued(p *h2peer, stream uint32, steps int, pause func(step int) time.Duration, size int) {
	var b bytes.Buffer
	enc := hpack.NewEncoder(&b)
	_ = enc.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	if p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: b.Bytes(), EndStream: true}) != nil {
		return
	}
	for i := range steps {
		time.Sleep(pause(i))
		b.Reset()
		_ = enc.WriteField(hpack.HeaderField{Name: fmt.Sprint("x-", i), Value: strings.Repeat("~", size), Sensitive: true})
		if p.WriteContinuation(stream, i == steps-1, b.Bytes()) != nil {
			return
		}
	}
}

// hints sends a 103 in two frames.
func hints(p *h2peer, stream uint32) {
	var b bytes.Buffer
	_ = hpack.NewEncoder(&b).WriteField(hpack.HeaderField{Name: ":status", Value: "103"})
	_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: b.Bytes()})
	_ = p.WriteContinuation(stream, true, nil)
}

func each(d time.Duration) func(int) time.Duration { return func(int) time.Duration { return d } }

func TestFault03TheMinimumRateHoldsForAHeaderOverHTTP2(t *testing.T) {
	for name, c := range map[string]struct {
		h    func(p *h2peer, stream uint32)
		took time.Duration
	}{
		"a field a second, after hints": {func(p *h2peer, stream uint32) {
			hints(p, stream)
			continued(p, stream, 1000, each(time.Second), 1)
		}, rateWindow},
		"a field a second": {func(p *h2peer, stream uint32) { continued(p, stream, 1000, each(time.Second), 1) }, rateWindow},
		"fast, then slow": {func(p *h2peer, stream uint32) {
			continued(p, stream, 1000, func(i int) time.Duration { return time.Duration(min(i/20, 1)) * time.Second }, 60)
		}, 2 * rateWindow},
		"nothing more": {func(p *h2peer, stream uint32) { continued(p, stream, 1, each(30*time.Minute), 1) }, rateWindow},
		"a frame cut short": {func(p *h2peer, stream uint32) {
			_, _ = p.Conn.Write([]byte{0, 0, 100, frameHeaders, flagEndHeaders, 0, 0, 0, byte(stream), 0x88})
		}, rateWindow},
	} {
		t.Run(name, func(t *testing.T) {
			_, took, err := h2Slow(t, 0, c.h)
			if e := failsWith(t, err, KindTimeout, PhaseHeaders); e.Error() != "slower than 100 B/s for 10s" || took != c.took {
				t.Errorf("says %q after %v, want %v", e, took, c.took)
			}
		})
	}
}

func TestAHeaderThatComesFastEnoughOverHTTP2MayTakeItsTime(t *testing.T) {
	resp, took, err := h2Slow(t, 0, func(p *h2peer, stream uint32) { continued(p, stream, 25, each(time.Second), 200) })
	if err != nil || resp.Status != 200 || len(resp.Header) != 25 || took != 25*time.Second {
		t.Errorf("status %d, %d fields, %v after %v", resp.Status, len(resp.Header), err, took)
	}
}

// Over a slow line too, whatever frames a server makes of what we let it.
func TestABodyOf2KBASecondIsFastEnoughOverHTTP2(t *testing.T) {
	resp, took, err := h2Slow(t, 0, func(p *h2peer, stream uint32) {
		p.header(stream, false)
		_, _ = p.Write([]byte{maxFrame >> 16, maxFrame >> 8 & 0xff, maxFrame & 0xff, 0, 1, 0, 0, 0, byte(stream)})
		for range maxFrame / 2048 {
			time.Sleep(time.Second)
			_, _ = p.Write(make([]byte, 2048))
		}
	})
	if err != nil || resp.Size != maxFrame || took != maxFrame/2048*time.Second {
		t.Errorf("%v, %+v after %v", err, resp, took)
	}
}

// A server may think for as long as it likes before a header begins and after it
// has ended, whatever frames come meanwhile.
func TestBetweenHeadersHTTP2HasNoMinimumRate(t *testing.T) {
	resp, took, err := h2Slow(t, 0, func(p *h2peer, stream uint32) {
		for i := range 50 {
			time.Sleep(time.Second)
			_ = p.WritePing(false, [8]byte{byte(i)})
			if i == 10 {
				hints(p, stream)
			}
		}
		p.header(stream, true)
	})
	if err != nil || resp.Status != 200 || took != 50*time.Second {
		t.Errorf("status %d, %v after %v", resp.Status, err, took)
	}
}

func TestTheFirstByteHasALimitOfItsOwnOverHTTP2(t *testing.T) {
	for name, h := range map[string]func(p *h2peer, stream uint32){
		"silence":                func(*h2peer, uint32) {},
		"pings":                  func(p *h2peer, _ uint32) { _ = p.WritePing(false, [8]byte{}) },
		"a header that trickles": func(p *h2peer, stream uint32) { continued(p, stream, 1000, each(time.Second), 1) },
		"silence after hints":    func(p *h2peer, stream uint32) { time.Sleep(5 * time.Second); hints(p, stream) },
	} {
		t.Run(name, func(t *testing.T) {
			want := 7 * time.Second
			if name == "silence after hints" {
				want += 5 * time.Second
			}
			_, took, err := h2Slow(t, 7*time.Second, h)
			if e := failsWith(t, err, KindTimeout, PhaseHeaders); e.Error() != "timed out after 7s waiting for the answer" || took != want {
				t.Errorf("says %q after %v", e, took)
			}
		})
	}
}
