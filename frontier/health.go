package frontier

import (
	"fmt"
	"time"
)

// Health is what an exchange told of its host.
type Health uint8

const (
	Unknown     Health = iota // nothing: a failed look-up, a cancelled request
	Healthy                   // it answered as it should
	Troubled                  // it was reached, and has troubles of its own
	Overloaded                // it has too much to do, and does not say for how long: 429, 503
	Unreachable               // a connect error or a time-out
)

// Report tells the workbench of the health of host key: of a request that
// started at started, or ended with err where it is Unreachable. It reports
// whether this gave the host up.
func (w *Workbench) Report(now time.Time, key string, health Health, started time.Time, err error) (givenUp bool) {
	h := w.host(key)
	lost := h.row.lost
	switch health {
	case Unknown:
		return false
	case Unreachable:
		h.row.fail(now, err, w.o.MaxErrors)
	default:
		h.row = row{}
		h.window.report(now, health, started, w.o.PerHost)
	}
	w.rank(h, now)
	return lost == nil && h.row.lost != nil
}

// window is how many requests a host may have in flight, by additive increase
// and multiplicative decrease (AIMD).
type window struct {
	size      int
	answers   int       // healthy ones since size changed
	decreased time.Time // the last time
}

// increaseAfter is how many healthy answers bring one more request in flight
// (cli.md §5).
const increaseAfter = 10

// report adapts the window to an answer. What started before the last decrease
// says nothing of the host as it is asked now, so that a volley of requests
// which fail together decreases it once.
func (w *window) report(now time.Time, health Health, started time.Time, limit int) {
	switch {
	case started.Before(w.decreased):
	case health == Overloaded:
		w.size, w.answers, w.decreased = max(1, w.size/2), 0, now
	case health == Healthy && w.size < limit:
		if w.answers++; w.answers == increaseAfter {
			w.size, w.answers = w.size+1, 0
		}
	}
}

// row is a row of failures.
type row struct {
	failures int
	since    time.Time     // of the first
	lost     *GivenUpError // the host was given up
}

// minRow is how long a row has to last for a host to be given up (cli.md §5).
const minRow = 30 * time.Second

func (r *row) fail(now time.Time, err error, limit int) {
	if r.failures++; r.failures == 1 {
		r.since = now
	}
	if r.lost == nil && limit > 0 && r.failures >= limit && now.Sub(r.since) >= minRow {
		r.lost = &GivenUpError{Failures: r.failures, Last: err}
	}
}

// GivenUpError is why the items of a host that was given up are denied.
type GivenUpError struct {
	Failures int   // in a row
	Last     error // of them
}

func (e *GivenUpError) Error() string {
	return fmt.Sprintf("host given up after %d failures in a row: %v", e.Failures, e.Last)
}

// Unwrap gives the last failure.
func (e *GivenUpError) Unwrap() error { return e.Last }
