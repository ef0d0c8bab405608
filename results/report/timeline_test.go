package report

import (
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// However long the run and whatever the order, no record and no microsecond of
// work is lost when intervals are merged.
func TestTheTimelineLosesNothing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, covered := range []time.Duration{time.Millisecond, 10 * time.Second, time.Hour, 400 * 24 * time.Hour, 100 * 365 * 24 * time.Hour} {
		var line timeline
		var busy, ok, failed int64
		for range 2000 {
			total := time.Duration(rnd.Int64N(int64(covered)/10 + 1)).Truncate(time.Microsecond)
			at := noon.Add(time.Duration(rnd.Int64N(int64(covered)))).Add(-covered / 2).Truncate(time.Microsecond)
			good := rnd.IntN(3) > 0
			line.add(at, total, good)
			busy += total.Microseconds()
			if good {
				ok++
			} else {
				failed++
			}
		}
		for _, s := range line.slots {
			busy, ok, failed = busy-s.busy, ok-s.ok, failed-s.failed
		}
		if busy != 0 || ok != 0 || failed != 0 || len(line.slots) > maxSlots || len(line.slots) < 1 {
			t.Errorf("%v: %d µs, %d ok and %d failed are missing; %d slots of %d µs", covered, busy, ok, failed, len(line.slots), line.width)
		}
	}
}

// What stands where: two records of a second each, one of them failed.
func TestTheTimelineSaysWhatWasWhen(t *testing.T) {
	var line timeline
	line.add(noon, time.Second, true)
	line.add(noon.Add(500*time.Millisecond), time.Second, false)
	line.add(noon.Add(time.Minute), 0, true)
	if line.width != 500_000 || len(line.slots) != 121 {
		t.Fatalf("%d slots of %d µs", len(line.slots), line.width)
	}
	for i, want := range map[int]slot{
		0: {busy: 500_000}, 1: {busy: 1_000_000}, 2: {ok: 1, busy: 500_000}, 3: {failed: 1}, 4: {}, 120: {ok: 1},
	} {
		if line.slots[i] != want {
			t.Errorf("slot %d: %+v, want %+v", i, line.slots[i], want)
		}
	}
	c := line.chart()
	if c.Width != "500 ms" || c.PeakRate != "2.00/s" || c.PeakBusy != "2.00" || c.Records != 3 || c.Ticks[0].Label != "12:00:00.0" {
		t.Errorf("%+v", c)
	}
	if b := c.Busy[1]; b.H != 100 || b.Tip != "12:00:00.5: 2.00 in flight on average" {
		t.Errorf("%+v", b)
	}
}

// The ends of the axis differ, however short the run is.
func TestTheTicksOfAShortRunDiffer(t *testing.T) {
	var line timeline
	line.add(noon, 50*time.Millisecond, true)
	if ticks := line.chart().Ticks; ticks[0].Label != "12:00:00.00" || ticks[4].Label != "12:00:00.06" {
		t.Errorf("%+v", ticks)
	}
}

// A clock of the year 0 or 9999 in one record costs the others their detail, not
// the memory.
func TestAnAbsurdClockTakesNoMemory(t *testing.T) {
	var line timeline
	line.add(noon, time.Second, true)
	line.add(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), longest, false)
	line.add(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), longest, false)
	if len(line.slots) > maxSlots || line.chart().Records != 3 {
		t.Errorf("%d slots", len(line.slots))
	}
}

func TestRoundingBefore1970(t *testing.T) {
	for _, c := range [][3]int64{{7, 2, 3}, {-7, 2, -4}, {-8, 2, -4}, {0, 5, 0}, {-1, 5, -1}} {
		if got := floorDiv(c[0], c[1]); got != c[2] {
			t.Errorf("%d/%d: %d", c[0], c[1], got)
		}
	}
}
