package fetch

import (
	"encoding/binary"
	"fmt"
	"net"
	"sync/atomic"
)

const (
	// maxFrame is the payload of a frame in bytes that we let a server send
	// (RFC 9113 section 4.2), net/http's own default.
	maxFrame      = 1 << 20
	frameHeader   = 9
	frameSettings = 0x4
)

// errNotHTTP2 is of a server that agreed to HTTP/2, and then begins with something
// else than it has to (RFC 9113 section 3.4): often with an answer in HTTP/1.
var errNotHTTP2 = &fault{KindProtocol, "the server agreed to HTTP/2 and does not speak it"}

// frames is a connection that looks at the header of each frame as it comes (RFC
// 9113 section 4.1): what net/http says of one that it cannot take has no type by
// which it could be told from a lost connection. Read is for one goroutine.
type frames struct {
	net.Conn
	header [frameHeader]byte
	have   int // bytes of the header that are there
	rest   int // bytes of the payload that are to come
	begun  bool
	wrong  atomic.Pointer[fault] // what is wrong with a frame, to be asked from any goroutine
}

// Read reads up to a frame that is wrong, and then says what is wrong with it.
func (f *frames) Read(p []byte) (int, error) {
	if wrong := f.wrong.Load(); wrong != nil {
		return 0, wrong
	}
	n, err := f.Conn.Read(p)
	for at := 0; at < n; {
		if f.rest > 0 {
			part := min(f.rest, n-at)
			f.rest -= part
			at += part
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
	return nil
}

// Close does not wait for the peer. net/http, which does not know that there is
// TLS below, would.
func (f *frames) Close() error {
	hangUp(f.Conn)
	return f.Conn.Close()
}
