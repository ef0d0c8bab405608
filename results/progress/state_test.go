package progress

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden file anew")

var usual = State{Done: 4200, OK: 4150, Failed: 50, Total: 10_000, Bytes: 12 << 20, PerSecond: 82.4, InFlight: 64, Parked: 2, Left: 70 * time.Second}

func TestTheLineReadsAsItDidBefore(t *testing.T) {
	var b strings.Builder
	show := func(name string, s State, widths ...int) {
		b.WriteString("# " + name + "\n")
		for _, w := range widths {
			b.WriteString(s.Line(w) + "|\n")
		}
	}
	show("a list, on terminals of many widths", usual, 160, 120, 100, 80, 60, 40, 30, 20, 8, 1, 0)
	show("a pipe", State{Done: 42, OK: 42, PerSecond: 3.14, InFlight: 1, Bytes: 512}, 100)
	show("the beginning", State{Total: 3, InFlight: 3}, 100)
	show("the end", State{Done: 3, OK: 1, Failed: 2, Total: 3, Parked: 1}, 100)
	show("more than were counted", State{Done: 5, OK: 5, Total: 3}, 100)
	show("stopping", State{Done: 5, OK: 5, Total: 30, InFlight: 7, Stopping: true, Left: time.Hour}, 100)
	show("far from the end", State{Done: 5, OK: 5, Total: 3_000_000, PerSecond: 100, InFlight: 7, Left: 30_000 * time.Second}, 100)
	show("near the end", State{Done: 5, OK: 5, Total: 6, Left: 2400 * time.Millisecond}, 100)
	path := "testdata/lines.txt"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || b.String() != string(want) {
		t.Errorf("%s differs (%v; go test -update writes it anew); now it is\n%s", path, err, b.String())
	}
}

// Whatever the numbers, the line is ASCII and fits.
func TestTheLineFitsEveryWidth(t *testing.T) {
	big := State{Done: 1 << 60, OK: 1 << 60, Failed: 1 << 60, Total: 1 << 61, Bytes: 1 << 62, PerSecond: 1e12, InFlight: 1 << 30, Parked: 1 << 30, Left: 1 << 62}
	for _, s := range []State{{}, usual, big, {Total: 1, Done: 2, Stopping: true}} {
		for width := range 250 {
			line := s.Line(width)
			if len(line) > width {
				t.Fatalf("%d columns of %d: %q", len(line), width, line)
			}
			for _, c := range []byte(line) {
				if c < ' ' || c > '~' {
					t.Fatalf("%q", line)
				}
			}
		}
	}
}

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
	at = at.Add(time.Hour)
	r.Add(at, n)
	if got := r.PerSecond(); got > 0.01 {
		t.Errorf("after an hour of nothing: %v", got)
	}
}
