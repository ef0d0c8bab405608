package http1

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// socket looks at what waits to be read of a connection: in the system's buffer,
// and in that of TLS.
type socket struct {
	over  net.Conn        // TLS; nil: there is none
	raw   syscall.RawConn // nil: there is none to look at
	look  func(fd uintptr) bool
	quiet bool // what look found
}

// open finds the socket under nc, which may be TLS.
func (s *socket) open(nc net.Conn) {
	if over, ok := nc.(interface{ NetConn() net.Conn }); ok {
		s.over, nc = nc, over.NetConn()
	}
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	s.raw = raw
	s.look = func(fd uintptr) bool {
		s.quiet = quiet(fd)
		return true // do not wait
	}
}

// stale reports whether bytes or the end of the connection wait to be read.
func (s *socket) stale() bool {
	if s.over != nil && s.holds(longAgo) {
		return true
	}
	if s.raw == nil {
		return false
	}
	if err := s.raw.Read(s.look); err != nil {
		return false // a deadline that has passed, or closed here: Do will say so
	}
	if s.quiet {
		return false
	}
	// What came over TLS may be a session ticket, which is no answer.
	return s.over == nil || s.holds(time.Now().Add(time.Millisecond))
}

// longAgo is a deadline until which nothing is read of the socket.
var longAgo = time.Unix(1, 0)

// holds reports whether TLS gives a byte, or an end, before a deadline. What it
// gives is lost, and the connection with it.
func (s *socket) holds(until time.Time) bool {
	if s.over.SetReadDeadline(until) != nil {
		return false // closed here
	}
	var b [1]byte
	_, err := s.over.Read(b[:])
	_ = s.over.SetReadDeadline(time.Time{})
	return !errors.Is(err, os.ErrDeadlineExceeded)
}
