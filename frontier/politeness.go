package frontier

import (
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"crawl/weburl"
)

// Politeness is what a workbench asks of itself towards hosts. The host of
// politeness is host and port; robots rules are per origin (cli.md §5).
type Politeness struct {
	PerHost  int        // requests in flight to one host; 0: 8
	Rate     rate.Limit // requests per second of the whole run, evenly spaced; 0: no limit
	HostRate rate.Limit // the same for one host; 0: no limit
	Robots   bool       // ask each origin's robots.txt before its first URL
}

// DefaultPerHost is the number of requests in flight to one host.
const DefaultPerHost = 8

// Validate reports values that make no sense.
func (p Politeness) Validate() error {
	if p.PerHost < 0 || p.Rate < 0 || p.HostRate < 0 {
		return fmt.Errorf("politeness: a limit below zero (per host %d, rate %g, host rate %g)", p.PerHost, float64(p.Rate), float64(p.HostRate))
	}
	return nil
}

// Rules is what an origin's robots.txt came to.
type Rules interface {
	// Allowed is nil where u may be asked, else the reason why not. It does not
	// block.
	Allowed(u weburl.URL) error
}

// limiter makes a limiter of evenly spaced starts, or nil for no limit.
func limiter(l rate.Limit) *rate.Limiter {
	if l <= 0 {
		return nil
	}
	return rate.NewLimiter(l, 1)
}

// reserve takes one start from the run's limiter and one from the host's (nil
// ones are free), or none, and says how long each asks to wait. It reserves
// with a time and never sleeps.
func reserve(now time.Time, run, host *rate.Limiter) (runWait, hostWait time.Duration) {
	r, runWait := reserveOne(now, run)
	h, hostWait := reserveOne(now, host)
	if runWait > 0 || hostWait > 0 {
		r.CancelAt(now)
		h.CancelAt(now)
	}
	return runWait, hostWait
}

func reserveOne(now time.Time, l *rate.Limiter) (*rate.Reservation, time.Duration) {
	if l == nil {
		return &rate.Reservation{}, 0 // cancelling it does nothing
	}
	r := l.ReserveN(now, 1)
	return r, r.DelayFrom(now)
}
