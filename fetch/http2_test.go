package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"crawl/weburl"
)

// h2peer is one HTTP/2 connection of a server that does as it likes.
type h2peer struct {
	*http2.Framer
	net.Conn
	nr int
}

// next reads frames up to the next request and gives its stream.
func (p *h2peer) next() (stream uint32, ok bool) {
	for {
		f, err := p.ReadFrame()
		if err != nil {
			return 0, false
		}
		if h, is := f.(*http2.HeadersFrame); is {
			return h.StreamID, true
		}
	}
}

// header sends a 200 with the fields given, name and value in turn.
func (p *h2peer) header(stream uint32, end bool, fields ...string) {
	var b bytes.Buffer
	enc := hpack.NewEncoder(&b)
	_ = enc.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	for i := 0; i+1 < len(fields); i += 2 {
		_ = enc.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: b.Bytes(), EndHeaders: true, EndStream: end})
}

// wait reads until the client is gone.
func (p *h2peer) wait() { _, _ = io.Copy(io.Discard, p.Conn) }

// waiting is wait beside other work; gone is closed when the client is.
func (p *h2peer) waiting() (gone chan struct{}) {
	gone = make(chan struct{})
	go func() { defer close(gone); p.wait() }()
	return gone
}

// h2 serves h over TLS on each connection.
func h2(t *testing.T, h func(*h2peer)) weburl.URL {
	t.Helper()
	return agreed(t, func(c net.Conn, nr int) {
		p := &h2peer{http2.NewFramer(c, c), c, nr}
		_ = p.WriteSettings()
		h(p)
	})
}

// agreed is a server that agrees to HTTP/2, reads how the client begins, and does
// as h likes.
func agreed(t *testing.T, h func(c net.Conn, nr int)) weburl.URL {
	t.Helper()
	a := newAuthority(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{a.leaf(t, "", time.Now().Add(time.Hour))}, NextProtos: []string{"h2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	accept(t, l, func(c net.Conn, nr int) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c, preface); err != nil {
			return
		}
		h(c, nr)
	})
	return mustURL(t, "https://"+l.Addr().String()+"/")
}

func TestFault18AGoAwayIsTriedAgainOnANewConnection(t *testing.T) {
	var conns atomic.Int32
	u := h2(t, func(p *h2peer) {
		conns.Add(1)
		stream, ok := p.next()
		if !ok {
			return
		}
		if p.nr == 1 { // says that it did nothing for this stream
			_ = p.WriteGoAway(0, http2.ErrCodeNo, nil)
			return
		}
		p.header(stream, true)
		p.wait()
	})
	resp, err := do(t, Options{Insecure: true}, u)
	if err != nil || resp.Status != 200 || conns.Load() != 2 {
		t.Errorf("%v, status %d, %d connections", err, resp.Status, conns.Load())
	}
}

func TestFault18AResetStreamIsResetAndRetried(t *testing.T) {
	u := h2(t, func(p *h2peer) {
		for {
			stream, ok := p.next()
			if !ok {
				return
			}
			p.header(stream, false)
			_ = p.WriteData(stream, false, []byte("half"))
			_ = p.WriteRSTStream(stream, http2.ErrCodeInternal)
		}
	})
	resp, err := do(t, Options{Insecure: true}, u)
	failsWith(t, err, KindReset, PhaseBody)
	if resp.Protocol != "HTTP/2.0" || resp.Status != 200 || !retried(resp, err) {
		t.Errorf("got %+v", resp)
	}
}

func TestFault18AConnectionLostInMidBodyIsRetried(t *testing.T) {
	for _, goaway := range []bool{false, true} {
		u := h2(t, func(p *h2peer) {
			stream, ok := p.next()
			if !ok {
				return
			}
			p.header(stream, false)
			_ = p.WriteData(stream, false, []byte("half"))
			if goaway {
				_ = p.WriteGoAway(stream, http2.ErrCodeInternal, []byte("bye"))
			}
		})
		resp, err := do(t, Options{Insecure: true}, u)
		e, _ := err.(*Error)
		if e == nil || e.Kind != KindReset && e.Kind != KindTruncated || !retried(resp, err) {
			t.Errorf("GOAWAY %v: %v", goaway, err)
			continue
		}
		checkMessage(t, e)
	}
}

func TestFault18APeerThatStallsEndsAtTheTimeout(t *testing.T) {
	for phase, h := range map[Phase]func(*h2peer){
		PhaseHeaders: func(p *h2peer) { p.wait() },
		PhaseBody: func(p *h2peer) {
			if stream, ok := p.next(); ok {
				p.header(stream, false, "content-length", "100")
				p.wait()
			}
		},
	} {
		u := h2(t, h)
		_, err := do(t, Options{Insecure: true, Timeout: 150 * time.Millisecond}, u)
		failsWith(t, err, KindTimeout, phase)

		ctx, cancel := context.WithCancel(context.Background())
		c := newClient(t, Options{Insecure: true})
		_, err = c.Do(ctx, &Request{URL: u, OnPhase: func(p Phase) {
			if p == phase {
				cancel()
			}
		}})
		cancel()
		failsWith(t, err, KindCancelled, phase)
	}
}

func TestFault18AFloodOfPingsLeavesTheLimitsStanding(t *testing.T) {
	u := h2(t, func(p *h2peer) {
		if _, ok := p.next(); !ok {
			return
		}
		gone := p.waiting()
		for p.WritePing(false, [8]byte{}) == nil {
		}
		<-gone
	})
	_, err := do(t, Options{Insecure: true, Timeout: time.Second}, u)
	failsWith(t, err, KindTimeout, PhaseHeaders)
}

func TestFault15HeadersOverHTTP2EndAt256KiB(t *testing.T) {
	u := h2(t, func(p *h2peer) {
		stream, ok := p.next()
		if !ok {
			return
		}
		gone := p.waiting()
		defer func() { <-gone }() // the client hangs up; a RST of ours would hide why
		var b bytes.Buffer
		enc := hpack.NewEncoder(&b)
		_ = enc.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
		big := string(bytes.Repeat([]byte("a"), 8000))
		for range 50 {
			_ = enc.WriteField(hpack.HeaderField{Name: "x-big", Value: big, Sensitive: true})
		}
		block, first := b.Bytes(), true
		for len(block) > 0 {
			part := block[:min(len(block), 16000)]
			block = block[len(part):]
			if first {
				_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: part, EndStream: true})
			} else {
				_ = p.WriteContinuation(stream, len(block) == 0, part)
			}
			first = false
		}
	})
	_, err := do(t, Options{Insecure: true}, u)
	failsWith(t, err, KindProtocol, PhaseHeaders)
}
