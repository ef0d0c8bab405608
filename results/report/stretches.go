package report

import (
	"slices"
	"time"
)

const (
	// gap is the pause that parts two stretches of requests: longer than any wait for
	// a host (a Retry-After of an hour), which lines in flight cover mostly anyway.
	gap = 2 * time.Hour

	maxStretches = 6
)

// stretches are the times in which there were requests: one for a run, several where
// runs lie apart, as those of other days do. On one timeline they would be two
// strokes with nothing between them.
type stretches struct {
	list []*timeline // in the order of time, further apart than gap
}

// add counts a record that was under way from start for total, which is not
// negative.
func (s *stretches) add(start time.Time, total time.Duration, ok bool) {
	from := start.UnixMicro()
	to := from + total.Microseconds()
	apart := gap.Microseconds()
	i := 0
	for i < len(s.list) && s.list[i].end+apart < from {
		i++
	}
	if i == len(s.list) || to+apart < s.list[i].start {
		s.list = slices.Insert(s.list, i, &timeline{})
	}
	s.list[i].add(start, total, ok)
	for i+1 < len(s.list) && s.list[i].end+apart >= s.list[i+1].start {
		s.join(i)
	}
	if len(s.list) > maxStretches {
		s.join(s.nearest())
	}
}

// nearest is the stretch after which the shortest pause is.
func (s *stretches) nearest() int {
	best := 0
	for i := 1; i+1 < len(s.list); i++ {
		if s.pause(i) < s.pause(best) {
			best = i
		}
	}
	return best
}

func (s *stretches) pause(i int) int64 { return s.list[i+1].start - s.list[i].end }

// join makes one of a stretch and the next.
func (s *stretches) join(i int) {
	s.list[i].absorb(s.list[i+1])
	s.list = slices.Delete(s.list, i+1, i+2)
}

// active is how long they are without the pauses between.
func (s *stretches) active() time.Duration {
	sum := time.Duration(0)
	for _, t := range s.list {
		sum += time.Duration(t.end-t.start) * time.Microsecond
	}
	return sum
}

// absorb adds what another timeline counted.
func (t *timeline) absorb(o *timeline) {
	for t.step < o.step {
		t.merge()
	}
	t.cover(o.first*o.width, (o.first+int64(len(o.slots))-1)*o.width)
	for o.step < t.step {
		o.merge()
	}
	for i, from := range o.slots {
		to := &t.slots[o.first+int64(i)-t.first]
		to.ok += from.ok
		to.failed += from.failed
		to.busy += from.busy
	}
	t.start, t.end = min(t.start, o.start), max(t.end, o.end)
}
