package progress

import (
	"flag"
	"os"
	"regexp"
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
	show("a list, on terminals of many widths", usual, 200, 120, 100, 80, 60, 40, 30, 20, 8, 1, 0)
	show("a pipe", State{Done: 42, OK: 42, PerSecond: 3.14, InFlight: 1, Bytes: 512}, 100)
	show("the beginning", State{Total: 3, InFlight: 3}, 100)
	show("the end", State{Done: 3, OK: 1, Failed: 2, Total: 3, Parked: 1}, 100)
	show("more than were counted", State{Done: 5, OK: 5, Total: 3}, 100)
	show("stopping", State{Done: 5, OK: 5, Total: 30, InFlight: 7, Stopping: true, Left: time.Hour}, 100)
	show("far from the end", State{Done: 5, OK: 5, Total: 3_000_000, PerSecond: 100, InFlight: 7, Left: 30_000 * time.Second}, 100)
	show("a minute, not 59.6 s", State{Done: 5, OK: 5, Total: 6, Left: 59600 * time.Millisecond}, 100)
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

func TestALineThatStaysHasNoBarAndLeavesNothingOut(t *testing.T) {
	const want = "42%  4,200/10,000  4,150 ok  50 failed  82/s  12 MiB  64 in flight  2 hosts parked  ETA 1m10s"
	if got := usual.Text(); got != want {
		t.Errorf("%q", got)
	}
	if got := (State{Done: 3, OK: 3}).Text(); got != "3 done  3 ok  0/s  0 in flight" {
		t.Errorf("%q", got)
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

// Between two frames neither a part nor the length of the bar changes because a
// number has a digit more.
func TestTheLineDoesNotJumpWithEachDigit(t *testing.T) {
	shape := regexp.MustCompile(`[0-9][0-9,.]*|ETA [0-9a-z ]*`)
	bar := regexp.MustCompile(`\[[=> ]*\]`)
	for width := range 250 {
		first, length := "", 0
		for done := int64(10); done < 10_000; done += 97 {
			s := State{Done: done, OK: done - 9, Failed: 9, Total: 10_000, PerSecond: float64(done%120) + 0.5, InFlight: int(done % 65),
				Bytes: 1 << 20, Left: time.Duration(1+done%3000) * time.Second}
			line := s.Line(width)
			b := bar.FindString(line)
			got := shape.ReplaceAllString(bar.ReplaceAllString(strings.TrimLeft(line, " "), "[]"), "#")
			if first == "" {
				first, length = got, len(b)
			}
			if len(line) < width && (got != first || len(b) != length) {
				t.Fatalf("at %d columns: %q, before it was like %q with a bar of %d", width, line, first, length)
			}
		}
	}
}
