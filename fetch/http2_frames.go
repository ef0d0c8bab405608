package fetch

import (
	"encoding/binary"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxFrame is the payload of a frame in bytes that we let a server send: the
	// least that may be said (RFC 9113 section 4.2), as browsers do. A frame counts
	// for the minimum rate of a body once all of it is there, and one of net/http's
	// mebibyte would have to come at 100 kB/s.
	maxFrame    = 1 << 14
	frameHeader = 9

	frameHeaders      = 0x1
	frameSettings     = 0x4
	frameContinuation = 0x9
	flagEndHeaders    = 0x4
)

// errNotHTTP2 is of a server that agreed to HTTP/2, and then begins with something
// else than it has to (RFC 9113 section 3.4): often with an answer in HTTP/1.
var errNotHTTP2 = &fault{KindProtocol, "the server agreed to HTTP/2 and does not speak it"}

// frames is a connection that looks at the header of each frame as it comes (RFC
// 9113 section 4.1): what net/http says of one that it cannot take has no type by
// which it could be told from a lost connection. And net/http tells nothing of an
// answer's header before all of it is there, so that here alone it can be held to
// the minimum rate. Read is for one goroutine.
type frames struct {
	net.Conn
	header [frameHeader]byte
	have   int // bytes of the header that are there
	rest   int // bytes of the payload that are to come
	begun  bool
	block  block                 // the header that is coming
	wrong  atomic.Pointer[fault] // what is wrong with a frame, to be asked from any goroutine
}

// Read reads up to a frame that is wrong, and then says what is wrong with it.
func (f *frames) Read(p []byte) (int, error) {
	if wrong := f.wrong.Load(); wrong != nil {
		return 0, wrong
	}
	n, err := f.Conn.Read(p)
	f.block.add(n)
	for at := 0; at < n; {
		if f.rest > 0 {
			part := min(f.rest, n-at)
			f.rest -= part
			at += part
			f.ended()
			continue
		}
		part := copy(f.header[f.have:], p[at:n])
		if f.have += part; f.have < frameHeader {
			break
		}
		if wrong := f.begin(); wrong != nil {
			f.wrong.Store(wrong)
			return at, wrong
		}
		at += part
	}
	if wrong := f.wrong.Load(); err != nil && wrong != nil { // of the block's limit, which has ended the wait
		err = wrong
	}
	return n, err
}

// begin judges the frame whose header is there.
func (f *frames) begin() *fault {
	length, kind := int(binary.BigEndian.Uint32(f.header[:])>>8), f.header[3]
	switch {
	case !f.begun && kind != frameSettings, !f.begun && length > maxFrame:
		return errNotHTTP2
	case length > maxFrame:
		return &fault{KindProtocol, fmt.Sprintf("an HTTP/2 frame of %d bytes", length)}
	}
	f.begun, f.have, f.rest = true, 0, length
	if kind == frameHeaders {
		f.block.begin(f.slow)
	}
	f.ended()
	return nil
}

// ended ends the header with the frame that says so, once that is there.
func (f *frames) ended() {
	kind, flags := f.header[3], f.header[4]
	if f.rest == 0 && (kind == frameHeaders || kind == frameContinuation) && flags&flagEndHeaders != 0 {
		f.block.end()
	}
}

// slow gives the connection up: nothing else can come before the header ends (RFC
// 9113 section 6.10), so that all its exchanges wait for the one.
func (f *frames) slow() {
	limit := timeLimit{after: rateWindow, slow: true}
	f.wrong.CompareAndSwap(nil, &fault{KindTimeout, limit.Error()})
	_ = f.SetReadDeadline(longAgo)
}

// block holds the header of an answer to the minimum rate while it comes, in
// however many frames.
type block struct {
	mu        sync.Mutex
	timer     *time.Timer // nil: no header is coming
	got, seen int         // bytes of it, and those at the begin of the present window
}

// begin begins to watch; slow is called, once, on a goroutine of its own.
func (b *block) begin(slow func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timer != nil {
		return // a second one in the first is an error, of which net/http tells
	}
	b.got, b.seen = 0, 0
	b.timer = time.AfterFunc(rateWindow, func() {
		if b.late() {
			slow()
		}
	})
}

// late ends a window.
func (b *block) late() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.timer == nil:
		return false
	case b.got-b.seen < minRate*int(rateWindow/time.Second):
		return true
	}
	b.seen = b.got
	b.timer.Reset(rateWindow)
	return false
}

func (b *block) add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got += n
}

func (b *block) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}

// Close does not wait for the peer. net/http, which does not know that there is
// TLS below, would.
func (f *frames) Close() error {
	f.block.end()
	hangUp(f.Conn)
	return f.Conn.Close()
}
