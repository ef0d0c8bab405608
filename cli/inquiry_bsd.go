//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package cli

import (
	"os"
	"syscall"
)

// inquiries are the signals that ask what is in flight; Ctrl-T sends SIGINFO.
var inquiries = []os.Signal{syscall.SIGUSR1, syscall.SIGINFO}
