package cli

import (
	"context"
	"errors"
	"syscall"

	"crawl/engine"
	"crawl/fetch"
	"crawl/frontier/journal"
	"crawl/frontier/sqlite"
	"crawl/results"
	"crawl/results/changes"
)

// Exit codes (cli.md §9).
const (
	exitOK         = 0
	exitFailed     = 1   // some lines failed
	exitUsage      = 2   // nothing was fetched
	exitIO         = 3   // a list could not be read, or output not written
	exitNoAnswer   = 4   // requests were tried, and not one HTTP answer came
	exitDeadline   = 5   // -deadline ended the run
	exitHeld       = 75  // another run holds the state (EX_TEMPFAIL)
	exitReaderGone = 141 // as SIGPIPE has it
	exitSignal     = 128 // plus the signal's number
)

// exitCode is one for people.
type exitCode struct{ code, meaning string }

// exitCodes are those that help and manual page show.
func exitCodes() []exitCode {
	return []exitCode{
		{"0", "every line ended ok"},
		{"1", "some lines failed (with -changes: are newly gone or failing)"},
		{"2", "wrong flags or settings: nothing was fetched"},
		{"3", "a list could not be read, or output not written"},
		{"4", "not one HTTP answer came: most likely our own network"},
		{"5", "-deadline ended the run"},
		{"75", "another run has the -state or the -changes"},
		{"130", "SIGINT ended the run; 143: SIGTERM; 129: SIGHUP"},
		{"141", "the reader of the output went away"},
	}
}

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

// codeOf is the exit code when a run could not begin: the signal's, the
// deadline's or the state's if that is why, else other.
func codeOf(err error, other int) int {
	var (
		stopped Stopped
		held    *journal.HeldError
		changed *journal.ChangedError
		foreign *journal.ForeignError
		version *sqlite.VersionError
		state   *stateError
		memory  *changes.FormatError
	)
	switch {
	case errors.As(err, &stopped):
		return exitSignal + int(stopped.Signal)
	case errors.Is(err, context.DeadlineExceeded):
		return exitDeadline
	case errors.As(err, &held):
		return exitHeld
	case errors.As(err, &changed), errors.As(err, &foreign), errors.As(err, &state),
		errors.As(err, &memory), errors.As(err, &version), errors.Is(err, sqlite.ErrForeign):
		return exitUsage
	}
	return other
}

// verdict is the exit code of a run: cause is why its context ended, if it did,
// err what Run came back with, allowed the failures that are no failure of the
// run. The order of the questions is the precedence.
func verdict(sum *results.Summary, cause, err error, allowed failures) int {
	var stopped Stopped
	signalled, late := errors.As(cause, &stopped), errors.Is(cause, context.DeadlineExceeded)
	stuck := errors.Is(err, engine.ErrStuck)
	switch {
	case errors.Is(cause, errReaderGone), errors.Is(err, syscall.EPIPE):
		return exitReaderGone
	case err != nil && !(stuck && (signalled || late)):
		return exitIO
	case signalled:
		return exitSignal + int(stopped.Signal)
	case late && (stuck || unfinished(sum)):
		return exitDeadline
	case sum.NoAnswer():
		return exitNoAnswer
	case allowed.exceeded(sum):
		return exitFailed
	}
	return exitOK
}

// unfinished says that the run was ended before it was done. A deadline that
// passes while the last record is written has ended nothing.
func unfinished(sum *results.Summary) bool {
	return sum.Unrecorded > 0 || sum.Uncounted || sum.Kinds[string(fetch.KindDeadline)] > 0
}
