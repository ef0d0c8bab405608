package frontier

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/time/rate"

	"crawl/weburl"
)

// Politeness is what a workbench asks of itself towards hosts: all of it at
// once, so that the strictest wins. The host of politeness is host and port;
// robots rules are per origin (cli.md §5).
type Politeness struct {
	PerHost  int        // requests in flight to one host; 0: 8
	Rate     rate.Limit // requests per second of the whole run, evenly spaced; 0: no limit
	HostRate rate.Limit // the same for one host; 0: no limit
	// HostDelay is the time from one start to the next at a host, which then has
	// one request in flight at most; 0: none. A Crawl-delay does the same.
	HostDelay time.Duration
	// MaxErrors is how many connect errors and time-outs in a row, over 30 s at
	// least, give a host up; 0: it never is.
	MaxErrors int
	Robots    bool // ask each origin's robots.txt before its first URL
}

// Defaults of a run.
const (
	// DefaultPerHost is the number of requests in flight to one host.
	DefaultPerHost = 8
	// DefaultMaxErrors is what the command gives up a host after.
	DefaultMaxErrors = 30
)

// Validate reports values that make no sense.
func (p Politeness) Validate() error {
	if p.PerHost < 0 || p.Rate < 0 || p.HostRate < 0 || p.HostDelay < 0 || p.MaxErrors < 0 {
		return fmt.Errorf("politeness: a limit below zero (per host %d, rate %g, host rate %g, host delay %v, errors of a host %d)",
			p.PerHost, float64(p.Rate), float64(p.HostRate), p.HostDelay, p.MaxErrors)
	}
	return nil
}

// Rules is what an origin's robots.txt came to.
type Rules interface {
	// Allowed is nil where u may be asked, else the reason why not. It does not
	// block.
	Allowed(u weburl.URL) error
	// Delay is the Crawl-delay, from one start to the next; 0: none.
	Delay() time.Duration
	// Size is the memory that they keep, in bytes. It does not change.
	Size() int
}

// limiter makes a limiter of evenly spaced starts, or nil for no limit.
func limiter(l rate.Limit) *rate.Limiter {
	if l <= 0 {
		return nil
	}
	return rate.NewLimiter(l, 1)
}

// reserve takes one start from the limiter (nil is free), or none and says how
// long to wait. It reserves with a time and never sleeps.
func reserve(now time.Time, l *rate.Limiter) time.Duration {
	if l == nil {
		return 0
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// interval is the time between two evenly spaced starts; 0 for no limit.
func interval(l rate.Limit) time.Duration {
	if l <= 0 {
		return 0
	}
	return time.Duration(min(math.Ceil(float64(time.Second)/float64(l)), float64(math.MaxInt64/2)))
}
