package http1

import (
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"sync/atomic"
)

// Options bounds what an answer may cost. The zero value is usable.
type Options struct {
	// MaxHeader is the most bytes of one answer that are not its body: header,
	// 1xx answers before it, trailers, padding of chunk sizes; default 256 KiB, at
	// most 2 GiB.
	MaxHeader int
	// MaxInformational is the most 1xx answers before the final one; default 20.
	MaxInformational int
}

func (o Options) withDefaults() Options {
	if o.MaxHeader <= 0 {
		o.MaxHeader = 256 << 10
	}
	o.MaxHeader = min(o.MaxHeader, math.MaxInt32)
	if o.MaxInformational <= 0 {
		o.MaxInformational = 20
	}
	return o
}

// Request is what Do sends. It has no body.
type Request struct {
	Method string
	Target string // the request target as it goes on the wire, byte for byte (RFC 9112 section 3.2)
	Host   string // the Host field
	// Header is all the rest, with canonical names. It must not hold Host, nor
	// Content-Length or Transfer-Encoding, which are not the caller's to say.
	Header http.Header
}

// Events are told what happens in Do, on its goroutine; Received also in Read of
// the answer's Body. Each may be nil.
type Events struct {
	Wrote     func() // the request is written
	FirstByte func() // the first byte of the answer came, a 1xx included
	// Informational: a 1xx answer has ended, and the server may think about the
	// final one for as long as it likes.
	Informational func()
	// Sent has the request as it goes out. Received has all that is taken of the
	// answer as it came, framing, trailers and 1xx answers included, piece by piece:
	// by Do to the end of the header, then by Read of the Body. Empty lines before a
	// status line are no part of it, nor is what comes after the answer. The bytes
	// are good during the call.
	Sent, Received func([]byte)
}

// Answer is a final answer. It and its Body are good until the next Do; Header
// and Proto may be kept.
type Answer struct {
	Status int         // 200 to 999
	Proto  string      // "HTTP/1.0" or "HTTP/1.1"; a higher minor version counts as 1.1
	Header http.Header // as sent, with canonical names; a folded value is joined by spaces
	// Length is the announced Content-Length, -1 if there is none that counts. For
	// HEAD and 304 it is the length of what is not sent.
	Length  int64
	Chunked bool // the body is framed by chunks
	// Body reads the body without its framing. It is never nil; it is empty for
	// HEAD, 204, 304 and a Length of 0. Read blocks like the net.Conn's. It ends
	// with io.EOF; with io.ErrUnexpectedEOF where the peer broke off; with a
	// *ProtocolError for broken chunks; else with the net.Conn's own error.
	Body io.Reader
}

// Conn is one connection, with one exchange at a time. See the package comment
// for who may call what.
type Conn struct {
	conn net.Conn
	o    Options
	in   input
	sock socket

	out    []byte   // the request as written
	names  []string // its header's, in order
	fields []field  // of the answer's header

	busy     bool // from Do until its answer's body has ended
	keep     bool // both sides keep the connection after this exchange
	answered bool // a byte of the current answer came
	budget   int  // what is left of MaxHeader for this answer
	answer   Answer
	body     body
	closed   atomic.Bool
}

// NewConn makes a Conn of an open connection, on which nothing has been sent or
// read. The Conn owns nc from now on; deadlines may be set on it all the same.
func NewConn(nc net.Conn, o Options) *Conn {
	c := &Conn{conn: nc, o: o.withDefaults(), keep: true}
	c.in.init(nc)
	c.body.c = c
	return c
}

// Do sends a request and reads to the end of the final answer's header. It
// blocks until then, and as long as the deadlines of the net.Conn allow.
//
// The error is a *RequestError or ErrNotReusable if nothing was sent; a
// *ProtocolError if the answer is no HTTP/1.x; io.EOF if the connection ended
// before any byte of an answer, io.ErrUnexpectedEOF if it ended in the header;
// else it is the net.Conn's own, unwrapped. After any error but *RequestError the
// connection is not reusable.
func (c *Conn) Do(r *Request, ev Events) (*Answer, error) {
	c.answered = false
	if !c.Reusable() {
		return nil, ErrNotReusable
	}
	if err := c.compose(r); err != nil {
		return nil, err
	}
	c.busy, c.budget = true, c.o.MaxHeader
	c.keep = !hasToken(r.Header["Connection"], "close")
	c.in.tap = ev.Received
	if ev.Sent != nil {
		ev.Sent(c.out)
	}

	_, writeErr := c.conn.Write(c.out)
	if writeErr == nil {
		if ev.Wrote != nil {
			ev.Wrote()
		}
	} else if errors.Is(writeErr, os.ErrDeadlineExceeded) || errors.Is(writeErr, net.ErrClosed) {
		return nil, writeErr
	} else {
		c.keep = false // the peer may have answered, and then read no further
	}
	err := c.in.fill()
	if err == nil {
		c.answered = true
		if ev.FirstByte != nil {
			ev.FirstByte()
		}
		err = inside(c.readAnswer(r.Method, ev))
	}
	if err == nil {
		return &c.answer, nil
	}
	if writeErr != nil && !c.answered && !isAlert(err) {
		return nil, writeErr
	}
	return nil, err
}

// isAlert says that a TLS peer told why it hung up. TLS 1.3 refuses a client's
// certificate only after the handshake, when the request is on its way.
func isAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// Reusable reports whether the connection can take a request: it is new, or its
// last answer was read to its end, both sides keep the connection, and nothing
// that was not asked for came after it.
func (c *Conn) Reusable() bool {
	return !c.busy && c.keep && c.in.idle() && !c.closed.Load()
}

// Stale reports whether the peer has closed an idle connection, or has sent on it
// what nobody asked for: a 408 before it hangs up, an answer too many. Whatever
// came before a request must not be taken for its answer, so a connection that
// was idle for a while should be asked before it is used again.
//
// It costs one system call, and does not block; over TLS, on which something came,
// it may for a millisecond, and the read deadline is gone after it. It is false
// where the system cannot be asked: on Windows, and on what is neither a socket nor
// TLS on one.
func (c *Conn) Stale() bool {
	if c.sock.look == nil {
		c.sock.open(c.conn)
	}
	return c.sock.stale()
}

// Answered reports whether any byte of the answer to the last request came. If
// none did, the server has not begun to answer it.
func (c *Conn) Answered() bool { return c.answered }

// Received is the number of bytes received on the connection so far. It may be
// called from any goroutine.
func (c *Conn) Received() int64 { return c.in.received.Load() }

// Close closes the net.Conn; a call that blocks on it ends. It may be called from
// any goroutine, and more than once.
func (c *Conn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	return c.conn.Close()
}

// inside gives the error for a connection that ended within a message.
func inside(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
