package report

import "time"

// maxSlots is how many intervals a timeline has at most.
const maxSlots = 300

// widths are the lengths of a timeline's intervals, each a multiple of the one
// before, so that intervals can be merged. Beyond the last they are doubled.
var widths = [...]time.Duration{
	10 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 5 * time.Second, 10 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute,
	time.Hour, 6 * time.Hour, 24 * time.Hour,
}

// timeline counts what began, ended and was under way in intervals of equal
// length, whole multiples of it since 1970. They are merged when the time that
// they cover grows, so that there are never more than maxSlots: the sums stay
// exact.
type timeline struct {
	step  int   // the widths taken so far
	width int64 // of a slot, in µs
	first int64 // the number of slots[0] since 1970
	slots []slot
	// start and end are of the first request and the last one, µs since 1970.
	start, end int64
}

// slot is one interval.
type slot struct {
	ok, failed int64 // records that ended in it
	busy       int64 // µs that lines were under way in it, summed over them
}

// add counts a record that was under way from start for total, which is not
// negative.
func (t *timeline) add(start time.Time, total time.Duration, ok bool) {
	from := start.UnixMicro()
	to := from + total.Microseconds()
	if len(t.slots) == 0 {
		t.width = widths[0].Microseconds()
		t.first, t.slots = floorDiv(from, t.width), make([]slot, 1)
		t.start, t.end = from, to
	}
	t.start, t.end = min(t.start, from), max(t.end, to)
	t.cover(from, to)
	last := floorDiv(to, t.width)
	for i := floorDiv(from, t.width); i <= last; i++ {
		s := &t.slots[i-t.first]
		s.busy += min(to, (i+1)*t.width) - max(from, i*t.width)
	}
	if s := &t.slots[last-t.first]; ok {
		s.ok++
	} else {
		s.failed++
	}
}

// cover makes the slots reach from one time to another.
func (t *timeline) cover(from, to int64) {
	for {
		first := min(t.first, floorDiv(from, t.width))
		last := max(t.first+int64(len(t.slots))-1, floorDiv(to, t.width))
		if n := last - first + 1; n == int64(len(t.slots)) {
			return
		} else if n <= maxSlots {
			t.slots = append(make([]slot, t.first-first, n), t.slots...)[:n]
			t.first = first
			return
		}
		t.merge()
	}
}

// merge goes on to the next width.
func (t *timeline) merge() {
	width := 2 * t.width
	if t.step++; t.step < len(widths) {
		width = widths[t.step].Microseconds()
	}
	factor := width / t.width
	first := floorDiv(t.first, factor)
	last := floorDiv(t.first+int64(len(t.slots))-1, factor)
	slots := make([]slot, last-first+1)
	for i, s := range t.slots {
		to := &slots[floorDiv(t.first+int64(i), factor)-first]
		to.ok += s.ok
		to.failed += s.failed
		to.busy += s.busy
	}
	t.width, t.first, t.slots = width, first, slots
}

// floorDiv is a/b rounded down, also for times before 1970.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
