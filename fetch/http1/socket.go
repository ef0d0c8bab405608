package http1

import (
	"net"
	"syscall"
)

// socket looks at what waits in the system's buffer of a connection.
type socket struct {
	raw   syscall.RawConn // nil: there is none to look at
	look  func(fd uintptr) bool
	quiet bool // what look found
}

// open finds the socket under nc, which may be TLS.
func (s *socket) open(nc net.Conn) {
	if over, ok := nc.(interface{ NetConn() net.Conn }); ok {
		nc = over.NetConn()
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
	if s.raw == nil {
		return false
	}
	if err := s.raw.Read(s.look); err != nil {
		return false // a deadline that has passed, or closed here: Do will say so
	}
	return !s.quiet
}
