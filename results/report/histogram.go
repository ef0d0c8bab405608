package report

import (
	"math"
	"time"
)

// perOctave is how many buckets of a histogram a doubling of the time has: each
// is 4.4 % wide, so that its middle is within 2.2 % of whatever it holds.
const perOctave = 16

// histogram counts durations in buckets of a logarithmic scale. It holds only
// those between the shortest and the longest seen. The zero value is empty.
type histogram struct {
	first    int // the bucket of counts[0]
	counts   []uint32
	n        int64
	min, max time.Duration
}

// bucketOf is the bucket that d is in: those from 2^(i/16) µs on. All below a
// microsecond share the first one.
func bucketOf(d time.Duration) int {
	if d <= time.Microsecond {
		return 0
	}
	return int(math.Log2(float64(d)/float64(time.Microsecond)) * perOctave)
}

// add counts d, which is not negative.
func (h *histogram) add(d time.Duration) {
	b := bucketOf(d)
	switch {
	case h.n == 0:
		h.first, h.counts, h.min = b, []uint32{0}, d
	case b < h.first:
		h.counts = append(make([]uint32, h.first-b), h.counts...)
		h.first = b
	}
	for b >= h.first+len(h.counts) {
		h.counts = append(h.counts, 0)
	}
	h.counts[b-h.first]++
	h.n++
	h.min, h.max = min(h.min, d), max(h.max, d)
}

// quantile is the duration that the share q of them, 0 to 1, does not exceed,
// within 2.2 %. The last one is exact. Of an empty histogram it is 0.
func (h *histogram) quantile(q float64) time.Duration {
	rank, seen := int64(math.Ceil(q*float64(h.n))), int64(0)
	if rank >= h.n {
		return h.max
	}
	for i, n := range h.counts {
		if seen += int64(n); seen >= rank {
			µs := math.Exp2((float64(h.first+i) + 0.5) / perOctave)
			return min(max(time.Duration(µs*float64(time.Microsecond)), h.min), h.max)
		}
	}
	return h.max
}
