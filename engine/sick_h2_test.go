package engine

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"crawl/fetch"
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
	p.status("200", stream, end, fields...)
}

// status is header with a status, in as many frames as it takes.
func (p *h2peer) status(status string, stream uint32, end bool, fields ...string) {
	var b bytes.Buffer
	enc := hpack.NewEncoder(&b)
	enc.SetMaxDynamicTableSizeLimit(0) // each block stands for itself
	_ = enc.WriteField(hpack.HeaderField{Name: ":status", Value: status})
	for i := 0; i+1 < len(fields); i += 2 {
		_ = enc.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1], Sensitive: true})
	}
	const most = 16 << 10
	first := b.Next(most)
	_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: first, EndHeaders: b.Len() == 0, EndStream: end})
	for b.Len() > 0 {
		part := b.Next(most)
		_ = p.WriteContinuation(stream, b.Len() == 0, part)
	}
}

// page sends a whole page.
func (p *h2peer) page(stream uint32, title string) {
	p.header(stream, false, "content-type", "text/html")
	_ = p.WriteData(stream, true, []byte(pageOf(title)))
}

// wait reads until the client is gone.
func (p *h2peer) wait() { _, _ = io.Copy(io.Discard, p.Conn) }

// h2 serves h over TLS on each connection.
func (s *servers) h2(h func(*h2peer)) string {
	l := s.listen()
	conf := &tls.Config{Certificates: []tls.Certificate{s.ca.good}, NextProtos: []string{"h2"}}
	s.accept(tls.NewListener(l, conf), func(c net.Conn, nr int) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c, preface); err != nil {
			return
		}
		p := &h2peer{http2.NewFramer(c, c), c, nr}
		_ = p.WriteSettings()
		h(p)
	})
	return "https://" + l.Addr().String() + "/"
}

// each answers every request of a connection with h, as long as h says so.
func (s *servers) each(h func(p *h2peer, stream uint32) bool) string {
	return s.h2(func(p *h2peer) {
		for {
			stream, ok := p.next()
			if !ok || !h(p, stream) {
				return
			}
		}
	})
}

// waiting is wait beside other work; gone is closed when the client is.
func (s *servers) waiting(p *h2peer) (gone chan struct{}) {
	gone = make(chan struct{})
	s.wg.Go(func() { defer close(gone); p.wait() })
	return gone
}

// flood sends pings until the client is gone.
func (s *servers) flood(p *h2peer) {
	gone := s.waiting(p)
	for p.WritePing(false, [8]byte{}) == nil {
		time.Sleep(time.Millisecond) // a flood that leaves the others some of the machine
	}
	<-gone
}

// hpackField is one field as it stands in a header.
func hpackField(name, value string) []byte {
	var b bytes.Buffer
	_ = hpack.NewEncoder(&b).WriteField(hpack.HeaderField{Name: name, Value: value, Sensitive: true})
	return b.Bytes()
}

// sickHTTP2 is row 18, and rows 15 and 17 over HTTP/2.
func sickHTTP2(s *servers) []sickLine {
	big := strings.Repeat("a", 8000)
	var bulk []string
	for range 50 {
		bulk = append(bulk, "x-big", big)
	}
	one := hpackField("x-many", "some value")
	return []sickLine{
		{row: 18, name: "GOAWAY, then well", title: "Second connection", url: s.each(func(p *h2peer, stream uint32) bool {
			if p.nr == 1 { // it did nothing for this stream
				_ = p.WriteGoAway(0, http2.ErrCodeNo, nil)
				return false
			}
			p.page(stream, "Second connection")
			return true
		})},
		{row: 18, name: "GOAWAY for ever", kind: fetch.KindReset, attempts: tries, url: s.each(func(p *h2peer, stream uint32) bool {
			_ = p.WriteGoAway(stream, http2.ErrCodeInternal, []byte("bye"))
			return false
		})},
		{row: 18, name: "refused stream, then well", title: "Second stream", url: s.each(func(p *h2peer, stream uint32) bool {
			if p.nr == 1 && stream == 1 {
				_ = p.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
				return true
			}
			p.page(stream, "Second stream")
			return true
		})},
		{row: 18, name: "RST_STREAM in mid-body", kind: fetch.KindReset, attempts: tries, url: s.each(func(p *h2peer, stream uint32) bool {
			p.header(stream, false)
			_ = p.WriteData(stream, false, []byte("half"))
			_ = p.WriteRSTStream(stream, http2.ErrCodeInternal)
			return true
		})},
		{row: 18, name: "RST_STREAM before the answer", kind: fetch.KindReset, attempts: tries, url: s.each(func(p *h2peer, stream uint32) bool {
			_ = p.WriteRSTStream(stream, http2.ErrCodeCancel)
			return true
		})},
		{row: 18, name: "flood of pings, no answer", kind: fetch.KindTimeout, attempts: tries,
			url: s.each(func(p *h2peer, _ uint32) bool { s.flood(p); return false })},
		{row: 18, name: "flood of pings after the answer", title: "Flooded", url: s.each(func(p *h2peer, stream uint32) bool {
			p.page(stream, "Flooded")
			s.flood(p)
			return false
		})},
		{row: 18, name: "stall in the header", kind: fetch.KindTimeout, attempts: tries,
			url: s.h2(func(p *h2peer) { p.wait() })},
		{row: 18, name: "stall in the body", kind: fetch.KindTimeout, attempts: tries, url: s.each(func(p *h2peer, stream uint32) bool {
			p.header(stream, false, "content-length", "100")
			p.wait()
			return false
		})},
		{row: 17, name: "twenty informational answers over HTTP/2", title: "After the storm", url: s.each(func(p *h2peer, stream uint32) bool {
			for range 20 {
				p.status("103", stream, false, "link", "</a>")
			}
			p.page(stream, "After the storm")
			return true
		})},
		{row: 17, name: "one more over HTTP/2", kind: fetch.KindProtocol, url: s.each(func(p *h2peer, stream uint32) bool {
			for range 21 {
				p.status("103", stream, false, "link", "</a>")
			}
			p.page(stream, "After the storm")
			return true
		})},
		{row: 15, name: "endless header over HTTP/2", kind: fetch.KindProtocol, url: s.each(func(p *h2peer, stream uint32) bool {
			_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{0x88}}) // :status 200
			gone := s.waiting(p)
			for p.WriteContinuation(stream, false, one) == nil {
			}
			<-gone
			return false
		})},
		{row: 15, name: "400 KB of header over HTTP/2", kind: fetch.KindProtocol, url: s.each(func(p *h2peer, stream uint32) bool {
			p.header(stream, true, bulk...)
			p.wait()
			return false
		})},
	}
}
