//go:build unix

package fetch

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// stale reports whether an idle connection was closed by its peer, or holds
// bytes that nobody asked for. It looks without taking them, and never blocks.
func stale(c net.Conn) bool {
	encrypted := false
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c, encrypted = t.NetConn(), true
	}
	sc, ok := c.(syscall.Conn)
	if !ok {
		return false // not known; the exchange will tell
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return true
	}
	dead := false
	err = rc.Read(func(fd uintptr) bool {
		var b [1]byte
		n, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
		case err != nil || n == 0:
			dead = true
		default:
			dead = !encrypted // TLS may have sent a session ticket
		}
		return true
	})
	return dead || err != nil
}
