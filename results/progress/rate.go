package progress

import "time"

// Rate is how fast a count grew lately. The zero value is ready.
type Rate struct {
	samples []sample // the oldest first
}

type sample struct {
	at time.Time
	n  int64
}

// lately is how far back a Rate looks, and apart how far its samples are apart.
const (
	lately = 15 * time.Second
	apart  = lately / 30
)

// Add takes the count at a moment; moments do not run backwards. What was before
// a gap in which nobody looked, because the process was stopped, is forgotten.
func (r *Rate) Add(at time.Time, n int64) {
	if k := len(r.samples); k > 0 && at.Sub(r.samples[k-1].at) > lately {
		r.samples = r.samples[:0]
	}
	for len(r.samples) > 1 && at.Sub(r.samples[1].at) >= lately {
		r.samples = r.samples[1:]
	}
	if k := len(r.samples); k > 1 && r.samples[k-1].at.Sub(r.samples[k-2].at) < apart {
		r.samples = r.samples[:k-1]
	}
	r.samples = append(r.samples, sample{at, n})
}

// PerSecond is the growth by the second over the last 15 s; 0 while it is not
// known.
func (r *Rate) PerSecond() float64 {
	if len(r.samples) < 2 {
		return 0
	}
	first, last := r.samples[0], r.samples[len(r.samples)-1]
	took := last.at.Sub(first.at)
	if took <= 0 {
		return 0
	}
	return float64(last.n-first.n) / took.Seconds()
}
