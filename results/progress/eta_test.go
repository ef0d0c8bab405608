package progress

import (
	"testing"
	"time"
)

func TestTheEndIsWhenTheSlowestHostIsDone(t *testing.T) {
	slow := []Load{{Queued: 31, Every: 2 * time.Second}, {Queued: 500}, {Pause: 10 * time.Second, Queued: 1}}
	for _, c := range []struct {
		what        string
		total, done int64
		perSecond   float64
		hosts       []Load
		want        time.Duration
	}{
		{"the rest at the present rate", 100, 40, 2, nil, 30 * time.Second},
		{"a host that wants them one by one", 100, 90, 100, slow, time.Minute},
		{"the rest takes longer", 1000, 0, 1, slow, 1000 * time.Second},
		{"a parked host with nothing here", 100, 99, 100, []Load{{Pause: time.Hour}}, time.Hour},
		{"nothing happens", 100, 40, 0, nil, 0},
		{"nothing happens but a host is known", 100, 40, 0, slow, time.Minute},
		{"the total is not known", 0, 40, 2, slow, 0},
		{"all is done", 100, 100, 2, slow, 0},
		{"a host that was seen to be slow", 100, 90, 100, []Load{{Queued: 5, Done: 10, Over: time.Minute}}, 30 * time.Second},
		{"as slow as it wants to be", 100, 90, 100, []Load{{Queued: 5, Every: time.Minute, Done: 1000, Over: time.Minute}}, 4 * time.Minute},
		{"a host that is asked as the rest is", 100, 90, 1, []Load{{Queued: 5, Done: 600, Over: time.Minute, InFlight: 8, Age: time.Second}}, 10 * time.Second},
		{"a host that never answered, with lines behind", 100, 90, 1, []Load{{Queued: 40, InFlight: 8, Age: 2 * time.Second}}, 0},
		{"a host that has no answer yet, and little to do", 100, 90, 1, []Load{{Queued: 4, InFlight: 8, Age: 2 * time.Second}}, 10 * time.Second},
		{"only robots.txt was answered", 100, 90, 1, []Load{{Queued: 40, InFlight: 8, Age: 2 * time.Second, Done: 1, Over: 3 * time.Second}}, 0},
		{"those on their way are half done", 100, 50, 100, []Load{{Queued: 40, InFlight: 8, Age: 2 * time.Second, Done: 8, Over: 3 * time.Second}}, 10 * time.Second},
		{"the last request is on its way for long", 100, 99, 1, []Load{{InFlight: 1, Age: 2 * time.Second, Done: 5, Over: time.Minute}}, 0},
		{"only parked hosts are left", 100, 90, 0, []Load{{Queued: 1, Pause: time.Minute}}, time.Minute},
		{"hardly anything happens", 1 << 60, 0, 0.001, nil, 1000 * time.Hour},
	} {
		if got := Left(c.total, c.done, c.perSecond, c.hosts); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestTheRateIsThatOfTheLastSeconds(t *testing.T) {
	var r Rate
	at := time.Unix(0, 0)
	if r.PerSecond() != 0 {
		t.Error("a rate of nothing")
	}
	r.Add(at, 10)
	r.Add(at, 10)
	if r.PerSecond() != 0 {
		t.Error("a rate in no time")
	}
	n := int64(10)
	for range 100 { // 10 s at 100/s
		at, n = at.Add(100*time.Millisecond), n+10
		r.Add(at, n)
	}
	if got := r.PerSecond(); got != 100 {
		t.Errorf("%v, want 100", got)
	}
	for range 300 { // 30 s at 10/s: the past is forgotten
		at, n = at.Add(100*time.Millisecond), n+1
		r.Add(at, n)
	}
	if got := r.PerSecond(); got < 9.9 || got > 10.1 {
		t.Errorf("%v, want 10", got)
	}
	if len(r.samples) > 40 {
		t.Errorf("%d samples are kept", len(r.samples))
	}
	for range 3600 { // an hour of nothing
		at = at.Add(time.Second)
		r.Add(at, n)
	}
	if got := r.PerSecond(); got != 0 {
		t.Errorf("after an hour of nothing: %v", got)
	}
}

// A process that was stopped for an hour goes on at its own pace, not at that of the
// hour.
func TestTheRateForgetsATimeInWhichNobodyLooked(t *testing.T) {
	var r Rate
	at := time.Unix(0, 0)
	r.Add(at, 0)
	r.Add(at.Add(time.Second), 100)
	at = at.Add(time.Hour)
	r.Add(at, 100)
	if got := r.PerSecond(); got != 0 {
		t.Errorf("%v of one look", got)
	}
	r.Add(at.Add(time.Second), 150)
	if got := r.PerSecond(); got != 50 {
		t.Errorf("%v, want 50", got)
	}
}

func TestTheTimeLeftIsSteadyWhereOneHostIsSlow(t *testing.T) {
	began := time.Unix(0, 0)
	p := Paces{Began: began}
	var rate Rate
	const fast, slow = 1000, 500 // lines; 500/s, and 2/s
	for second := 0; second < 200; second += 2 {
		at := began.Add(time.Duration(second) * time.Second)
		quick, late := int64(min(fast, 500*second)), int64(8*(second/4)) // 8 at once, which take 4 s
		rate.Add(at, quick+late)
		if second == 0 {
			continue
		}
		done, over := p.See("slow:80", at, late)
		p.Round()
		left := Left(fast+slow, quick+late, rate.PerSecond(), []Load{{Queued: slow - int(late) - 8, InFlight: 8, Age: 4 * time.Second, Done: done, Over: over}})
		want := time.Duration(250-second) * time.Second
		if off := (left - want).Abs(); second >= 4 && off > want/2 || second > 30 && off > want/8+4*time.Second {
			t.Fatalf("after %d s: %v left, want about %v", second, left, want)
		}
	}
}

func TestTheOlderHalfOfAPaceIsForgotten(t *testing.T) {
	began := time.Unix(0, 0)
	p := Paces{Began: began}
	see := func(second int, n int64) float64 {
		done, over := p.See("a:80", began.Add(time.Duration(second)*time.Second), n)
		p.Round()
		if over == 0 {
			return 0
		}
		return float64(done) / over.Seconds()
	}
	n := int64(0)
	for second := 0; second <= 600; second += 2 { // ten minutes at 10/s
		if got := see(second, n); second > 0 && (got < 9.9 || got > 10.1) {
			t.Fatalf("%v at 10/s", got)
		}
		n += 20
	}
	for second := 602; second <= 800; second += 2 { // and at 1/s
		n += 2
		see(second, n)
	}
	if got := see(802, n); got > 2 {
		t.Errorf("after minutes at 1/s it is %v", got)
	}
}

// A host that is met again begins anew, also if its count did.
func TestAPaceIsOfTheTimeThatWasWatched(t *testing.T) {
	began := time.Unix(0, 0)
	at := began.Add(10 * time.Second)
	p := Paces{Began: began}
	if done, over := p.See("a:80", at, 20); done != 20 || over != 10*time.Second {
		t.Error(done, over)
	}
	p.Round()
	if done, over := p.See("late:80", at, 5); done != 0 || over != 0 {
		t.Error("one that comes later:", done, over)
	}
	if done, _ := p.See("a:80", at, 3); done != 0 {
		t.Error("a count that began anew:", done)
	}
	p.Round()
	p.Round()
	if len(p.hosts) != 0 {
		t.Error("it is remembered:", p.hosts)
	}
	p.Round()
	if done, _ := p.See("a:80", at, 20); done != 0 {
		t.Error("it was not forgotten:", done)
	}
}
