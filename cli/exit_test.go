package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"crawl/engine"
	"crawl/results"
)

// The codes and their precedence: 3, then the signal, then 5, 4, 1, 0.
func TestVerdict(t *testing.T) {
	full := &engine.SinkError{Err: fmt.Errorf("write: %w", syscall.ENOSPC)}
	stuck := &engine.SinkError{Err: engine.ErrStuck}
	gone := &engine.SinkError{Err: fmt.Errorf("write: %w", syscall.EPIPE)}
	sigint, sigterm, sighup := Stopped{syscall.SIGINT}, Stopped{syscall.SIGTERM}, Stopped{syscall.SIGHUP}
	failed := results.Summary{OK: 1, Failed: 1, Tried: 2, Answers: 2}
	silent := results.Summary{Failed: 2, Tried: 2}
	cut := results.Summary{Failed: 2, Tried: 2, Kinds: map[string]int64{"deadline": 1, "connect": 1}}
	late := context.DeadlineExceeded
	for _, c := range []struct {
		what    string
		sum     results.Summary
		cause   error
		err     error
		want    int
		allowed int64
	}{
		{"all ok", results.Summary{OK: 2, Duplicates: 1, Tried: 2, Answers: 2}, nil, nil, 0, 0},
		{"nothing to do", results.Summary{}, nil, nil, 0, 0},
		{"some failed", failed, nil, nil, 1, 0},
		{"as many failed as may", failed, nil, nil, 0, 1},
		{"no answer, and all may fail", silent, nil, nil, 4, 100},
		{"Ctrl-C, and all may fail", failed, sigint, nil, 130, 100},
		{"deadline, and all may fail", cut, late, nil, 5, 100},
		{"only bad lines", results.Summary{Failed: 1}, nil, nil, 1, 0},
		{"no answer", silent, nil, nil, 4, 0},
		{"disk full", failed, nil, full, 3, 0},
		{"a list broke", failed, nil, errors.New("read list"), 3, 0},
		{"Ctrl-C", failed, sigint, nil, 130, 0},
		{"terminated, and no answer", silent, sigterm, nil, 143, 0},
		{"hung up", failed, sighup, nil, 129, 0},
		{"Ctrl-C with a blocked output", failed, sigint, stuck, 130, 0},
		{"Ctrl-C with a full disk", failed, sigint, full, 3, 0},
		{"deadline", cut, late, nil, 5, 0},
		{"deadline, lines without a record", results.Summary{OK: 1, Unrecorded: 7}, late, nil, 5, 0},
		{"deadline, a pipe not read on", results.Summary{OK: 1, Uncounted: true}, late, nil, 5, 0},
		{"deadline with a blocked output", failed, late, stuck, 5, 0},
		{"deadline with a full disk", cut, late, full, 3, 0},
		{"deadline after the last record", failed, late, nil, 1, 0},
		{"deadline after the last record, all ok", results.Summary{OK: 1, Tried: 1, Answers: 1}, late, nil, 0, 0},
		{"deadline, its reader gone", cut, late, gone, 141, 0},
		{"reader gone, seen by the watch", failed, errReaderGone, nil, 141, 0},
		{"reader gone, seen by a write", failed, nil, gone, 141, 0},
		{"reader gone, then a write error", failed, errReaderGone, gone, 141, 0},
	} {
		if got := verdict(&c.sum, c.cause, c.err, failures{n: c.allowed}); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

func TestStoppedNamesTheSignal(t *testing.T) {
	if got := (Stopped{syscall.SIGTERM}).Error(); got != "stopped by SIGTERM" {
		t.Error(got)
	}
}

// Where a run could not begin, a signal and the deadline have their codes too.
func TestCodeOf(t *testing.T) {
	for _, c := range []struct {
		err         error
		other, want int
	}{
		{errors.New("no such file"), 3, 3},
		{errors.New("bad PEM"), 2, 2},
		{fmt.Errorf("open: %w", Stopped{syscall.SIGTERM}), 3, 143},
		{context.DeadlineExceeded, 2, 5},
		{nil, 5, 5},
	} {
		if got := codeOf(c.err, c.other); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}
