package report

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Runs of other days are stretches of their own, each with its own detail, in
// whatever order their records come.
func TestRunsThatLieApartAreStretches(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	type began struct{ day, second int }
	var all []began
	for day := range 3 {
		for second := range 60 {
			all = append(all, began{day, second})
		}
	}
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var s stretches
	for _, b := range all {
		s.add(noon.AddDate(0, 0, b.day).Add(time.Duration(b.second)*time.Second), time.Second, true)
	}
	if len(s.list) != 3 || s.active() != 3*time.Minute {
		t.Fatalf("%d stretches of %v", len(s.list), s.active())
	}
	for day, line := range s.list {
		c := line.chart()
		if c.Records != 60 || line.width > time.Second.Microseconds() || line.start != noon.AddDate(0, 0, day).UnixMicro() {
			t.Errorf("day %d: %d records in slots of %s", day, c.Records, c.Width)
		}
	}
}

// A pause of a run is none between runs: a host may be parked for an hour. What lies
// between two stretches, or covers their pause, joins them.
func TestWhatLiesBetweenJoinsStretches(t *testing.T) {
	var s stretches
	s.add(noon, time.Second, true)
	s.add(noon.Add(gap), time.Second, false)
	if len(s.list) != 1 {
		t.Errorf("%d stretches, and a pause of less than %v", len(s.list), gap)
	}
	s.add(noon.Add(4*gap), time.Second, true)
	s.add(noon.Add(7*gap), time.Second, true)
	if len(s.list) != 3 {
		t.Fatalf("%d stretches", len(s.list))
	}
	s.add(noon.Add(gap), 5*gap, true)
	if c := s.list[0].chart(); len(s.list) != 1 || c.Records != 5 || s.active() != 7*gap+time.Second {
		t.Errorf("%d stretches, %d records, %v", len(s.list), c.Records, s.active())
	}
}

// However many there are, a few are kept, those nearest to each other together, and
// nothing is lost.
func TestStretchesAreBoundedAndLoseNothing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		var s stretches
		var busy int64
		n := 1 + rnd.IntN(400)
		covered := time.Duration(1+rnd.Int64N(int64(400*24*time.Hour))) / time.Duration(1+rnd.IntN(1000))
		for range n {
			total := time.Duration(rnd.Int64N(int64(time.Hour))).Truncate(time.Microsecond)
			s.add(noon.Add(time.Duration(rnd.Int64N(int64(covered)))).Truncate(time.Microsecond), total, rnd.IntN(2) > 0)
			busy += total.Microseconds()
		}
		records := int64(0)
		for i, line := range s.list {
			if len(line.slots) > maxSlots || i > 0 && s.list[i-1].end >= line.start {
				t.Fatalf("stretch %d has %d slots and overlaps", i, len(line.slots))
			}
			for _, slot := range line.slots {
				records += slot.ok + slot.failed
				busy -= slot.busy
			}
		}
		if records != int64(n) || busy != 0 || len(s.list) > maxStretches {
			t.Fatalf("%d of %d records, %d µs missing, %d stretches", records, n, busy, len(s.list))
		}
	}
}

// A clock that is wrong by years spoils nobody's chart but its own.
func TestAnAbsurdClockIsAStretchOfItsOwn(t *testing.T) {
	var s stretches
	for i := range 1000 {
		s.add(noon.Add(time.Duration(i)*time.Millisecond), time.Millisecond, true)
	}
	s.add(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Second, true)
	s.add(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), longest, true)
	if len(s.list) != 3 || s.list[1].chart().Records != 1000 || s.list[1].width > 10_000 {
		t.Errorf("%d stretches", len(s.list))
	}
}
