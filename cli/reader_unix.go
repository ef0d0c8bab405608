//go:build unix

package cli

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// sigpipe is what a write to a pipe without a reader raises.
var sigpipe = []os.Signal{syscall.SIGPIPE}

// watchReader calls gone once the reader of the pipe f has closed its end, also
// while nothing is written. It does nothing for what is no pipe or socket. stop
// ends the watch and waits for it.
func watchReader(f *os.File, gone func()) (stop func()) {
	info, err := f.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return func() {}
	}
	wake, stopper, err := os.Pipe()
	if err != nil {
		return func() {} // a closed pipe is then noticed at the next write
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// Of f no event is asked for: POLLERR (POLLHUP on some systems) always counts.
		fds := []unix.PollFd{{Fd: int32(f.Fd())}, {Fd: int32(wake.Fd()), Events: unix.POLLIN}}
		for {
			_, err := unix.Poll(fds, -1)
			switch {
			case fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0:
				gone()
				return
			case fds[1].Revents != 0, err != nil && err != unix.EINTR:
				return
			}
		}
	}()
	return func() {
		stopper.Close()
		<-ended
		wake.Close()
	}
}

// closedAtStart says that f was most likely closed when the process began: the Go
// runtime then opens the null device in its place, for reading too, which no shell's
// redirection does (Python's DEVNULL does).
func closedAtStart(f *os.File) bool {
	var own, null unix.Stat_t
	mode, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil || mode&unix.O_ACCMODE != unix.O_RDWR || unix.Fstat(int(f.Fd()), &own) != nil || unix.Stat(os.DevNull, &null) != nil {
		return false
	}
	return own.Mode&unix.S_IFMT == unix.S_IFCHR && own.Rdev == null.Rdev
}
