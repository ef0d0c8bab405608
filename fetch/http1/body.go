package http1

import (
	"io"
	"net"
)

// framing is how a body ends.
type framing uint8

const (
	none     framing = iota // at once
	counted                 // after a number of bytes
	chunked                 // with the chunk of size 0 and its trailers
	toTheEnd                // with the connection
)

// body reads the body of the current answer. It is a part of its Conn.
type body struct {
	c    *Conn
	kind framing
	part part  // of a chunked body
	bare bool  // the chunk's size ended with LF alone, and so must its data
	left int64 // bytes of the body, or of the chunk
	err  error // how it ended
}

func (b *body) begin(kind framing, left int64) {
	b.kind, b.part, b.left, b.err = kind, sizeLine, left, nil
	if kind == none {
		b.end()
	}
}

// end is the good end.
func (b *body) end() {
	b.err = io.EOF
	b.c.busy = false
}

// Read is Answer.Body's. It gives the end with the last bytes if it is known
// then.
func (b *body) Read(p []byte) (n int, err error) {
	if b.c.closed.Load() {
		return 0, net.ErrClosed
	}
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if b.kind == chunked {
		n, err = b.readChunks(p)
	} else {
		n, err = b.c.in.read(p, b.left)
		err = b.count(n, err)
	}
	if err != nil && b.err == nil {
		b.err = err
	}
	return n, err
}

// count notes that n bytes of a body without chunks came.
func (b *body) count(n int, err error) error {
	switch {
	case b.kind == toTheEnd:
		if err == io.EOF {
			b.end()
		}
		return err
	case err != nil:
		return inside(err)
	}
	if b.left -= int64(n); b.left > 0 {
		return nil
	}
	b.end()
	return io.EOF
}
