package cli

import (
	"errors"
	"fmt"
	"testing"

	"crawl/frontier/journal"
	"crawl/results"
)

// What a state says of itself at the start.
func TestResuming(t *testing.T) {
	for _, c := range []struct {
		done, entries int64
		known         bool
		want          string
	}{
		{5, 12, true, "resuming: 5 done, 7 left"},
		{1_234_567, 10_000_000, true, "resuming: 1,234,567 done, 8,765,433 left"},
		{5, 0, false, "resuming: 5 done"},
		{5, 5, true, ""}, // it is said in the end
		{5, 3, true, ""},
	} {
		s := &state{found: journal.Found{OK: c.done}}
		if got := s.resuming(c.entries, c.known); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.done, c.entries, got, c.want)
		}
	}
}

// Why a state cannot be had is told by the code, before anything is fetched.
func TestCodesOfAState(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{&journal.HeldError{Dir: "st"}, 75},
		{hinted(&journal.ChangedError{Dir: "st", Name: "-format"}), 2},
		{&journal.ForeignError{Path: "st", Reason: "is none"}, 2},
		{&stateError{"missing"}, 2},
		{errors.New("disk on fire"), 3},
	} {
		if got := codeOf(fmt.Errorf("wrapped: %w", c.err), exitIO); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

// The verdict covers the whole list, whoever did what of it.
func TestVerdictOfAResumedRun(t *testing.T) {
	for _, c := range []struct {
		what string
		sum  results.Summary
		want int
	}{
		{"all ok", results.Summary{OK: 1, Tried: 1, Answers: 1, Earlier: results.Earlier{OK: 2, Tried: true, Answered: true}}, 0},
		{"failed earlier", results.Summary{OK: 1, Tried: 1, Answers: 1, Earlier: results.Earlier{Failed: 2}}, 1},
		{"nothing left, failed earlier", results.Summary{Earlier: results.Earlier{OK: 1, Failed: 2, Tried: true, Answered: true}}, 1},
		{"no answer now, some earlier", results.Summary{Failed: 1, Tried: 1, Earlier: results.Earlier{OK: 1, Tried: true, Answered: true}}, 1},
		{"no answer ever", results.Summary{Failed: 1, Tried: 1, Earlier: results.Earlier{Failed: 1, Tried: true}}, 4},
		{"nothing left, no answer ever", results.Summary{Earlier: results.Earlier{Failed: 1, Tried: true}}, 4},
		{"nothing left, only bad lines", results.Summary{Earlier: results.Earlier{Failed: 1}}, 1},
	} {
		if got := verdict(&c.sum, nil, nil, failures{}); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}
