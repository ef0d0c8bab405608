package http1

import (
	"bytes"
	"errors"
	"io"
	"math"
	"sync/atomic"
)

// errLongLine is said of a line that is longer than it may be.
var errLongLine = errors.New("line too long")

// bufferSize is the size of a connection's buffer. Only a header (or a trailer)
// makes it larger, and only for as long as it is there.
const bufferSize = 4 << 10

// maxEmptyReads is how often a connection may give nothing and no error.
const maxEmptyReads = 100

// input reads from the connection, through a buffer where that serves.
type input struct {
	conn     io.Reader
	base     []byte // of bufferSize
	buf      []byte // base, or a larger one
	r, w     int    // buf[r:w] is received and not taken
	err      error  // the connection's; it comes after all that was received
	received atomic.Int64
	tap      func([]byte) // has what is taken; nil: nobody
}

func (in *input) init(r io.Reader) {
	in.conn = r
	in.base = make([]byte, bufferSize)
	in.buf = in.base
}

// idle reports that nothing is waiting to be taken, not even an error.
func (in *input) idle() bool { return in.r == in.w && in.err == nil }

func (in *input) pending() []byte { return in.buf[in.r:in.w] }

// take takes n bytes of what is pending; they stay where they are until the next
// fill.
func (in *input) take(n int) {
	if in.tap != nil && n > 0 {
		in.tap(in.buf[in.r : in.r+n])
	}
	in.skip(n)
}

// skip takes n bytes that are no part of an answer.
func (in *input) skip(n int) {
	in.r += n
	if in.r == in.w {
		in.buf, in.r, in.w = in.base, 0, 0
	}
}

// recv reads into p once; it never gives nothing without an error.
func (in *input) recv(p []byte) (int, error) {
	if in.err != nil {
		return 0, in.err
	}
	for range maxEmptyReads {
		n, err := in.conn.Read(p)
		in.received.Add(int64(n))
		in.err = err
		if n > 0 {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	in.err = io.ErrNoProgress
	return 0, in.err
}

// fill receives at least one byte more into the buffer, which grows if it is full.
func (in *input) fill() error {
	switch {
	case in.w < len(in.buf):
	case in.r > 0:
		in.w = copy(in.buf, in.pending())
		in.r = 0
	default:
		larger := make([]byte, 2*len(in.buf))
		in.w = copy(larger, in.pending())
		in.buf = larger
	}
	n, err := in.recv(in.buf[in.w:])
	in.w += n
	return err
}

// read gives up to left bytes. A large p is filled directly; what then comes
// beyond left goes to the buffer.
func (in *input) read(p []byte, left int64) (int, error) {
	if in.r == in.w {
		if len(p) >= len(in.base) {
			return in.readDirect(p, left)
		}
		if err := in.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p[:min(int64(len(p)), left)], in.pending())
	in.take(n)
	return n, nil
}

func (in *input) readDirect(p []byte, left int64) (int, error) {
	if left < math.MaxInt64-bufferSize {
		p = p[:min(int64(len(p)), left+bufferSize)]
	}
	n, err := in.recv(p)
	if int64(n) > left {
		in.w = copy(in.buf, p[left:n])
		n, err = int(left), nil
	}
	if in.tap != nil && n > 0 {
		in.tap(p[:n])
	}
	return n, err
}

// line takes a line of at most most bytes and gives it with its end. It is good
// until the next fill. A longer line is errLongLine.
func (in *input) line(most int) ([]byte, error) {
	for from := 0; ; {
		p := in.pending()
		if i := bytes.IndexByte(p[from:], '\n'); i >= 0 && from+i < most {
			in.take(from + i + 1)
			return p[:from+i+1], nil
		}
		if len(p) >= most {
			return nil, errLongLine
		}
		from = len(p)
		if err := in.fill(); err != nil {
			return nil, err
		}
	}
}

// hasLine reports whether line would give one without blocking.
func (in *input) hasLine() bool { return bytes.IndexByte(in.pending(), '\n') >= 0 }

// trimEnd cuts the end of a line, which is CRLF or, with bare true, LF alone.
func trimEnd(line []byte) (text []byte, bare bool) {
	n := len(line) - 1
	if n > 0 && line[n-1] == '\r' {
		return line[:n-1], false
	}
	return line[:n], true
}
