//go:build unix && !(darwin || dragonfly || freebsd || netbsd || openbsd)

package cli

import (
	"os"
	"syscall"
)

// inquiries are the signals that ask what is in flight.
var inquiries = []os.Signal{syscall.SIGUSR1}
