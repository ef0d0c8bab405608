package cli

import (
	"errors"
	"syscall"

	"crawl/engine"
	"crawl/results"
)

// Exit codes (cli.md §9).
const (
	exitOK         = 0
	exitFailed     = 1   // some lines failed
	exitUsage      = 2   // nothing was fetched
	exitIO         = 3   // a list could not be read, or output not written
	exitNoAnswer   = 4   // requests were tried, and not one HTTP answer came
	exitReaderGone = 141 // as SIGPIPE has it
	exitSignal     = 128 // plus the signal's number
)

// Stopped is the cause of a run that was told to end from outside.
type Stopped struct{ Signal syscall.Signal }

func (s Stopped) Error() string { return "stopped by " + s.Name() }

// Name is the signal's, as people write it.
func (s Stopped) Name() string {
	switch s.Signal {
	case syscall.SIGINT:
		return "SIGINT"
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGHUP:
		return "SIGHUP"
	}
	return s.Signal.String()
}

// errReaderGone is the cause of a run whose output nobody reads any more.
var errReaderGone = errors.New("the reader of the output is gone")

// openCode is the exit code when a list or the output could not be opened: the
// signal's if that is why.
func openCode(err error) int {
	var stopped Stopped
	if errors.As(err, &stopped) {
		return exitSignal + int(stopped.Signal)
	}
	return exitIO
}

// verdict is the exit code of a run: cause is why its context ended, if it did,
// err what Run came back with. The order of the questions is the precedence.
func verdict(sum *results.Summary, cause, err error) int {
	var stopped Stopped
	switch {
	case errors.Is(cause, errReaderGone), errors.Is(err, syscall.EPIPE):
		return exitReaderGone
	case err != nil && !(errors.Is(err, engine.ErrStuck) && errors.As(cause, &stopped)):
		return exitIO
	case errors.As(cause, &stopped):
		return exitSignal + int(stopped.Signal)
	case sum.NoAnswer():
		return exitNoAnswer
	case sum.Failed > 0:
		return exitFailed
	}
	return exitOK
}
