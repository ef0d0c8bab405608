package cli

import (
	"fmt"
	"testing"

	"crawl/engine"
)

// A run fits into the files that the process may open.
func TestFitFiles(t *testing.T) {
	for _, c := range []struct{ limit, asked, want int }{
		{0, 500, 500}, {64, 500, 20}, {64, 10, 10}, {1024, 64, 64}, {1024, 900, 500}, {8, 64, 1},
	} {
		e := engine.Options{Concurrency: c.asked}
		notice := fitFiles(&e, c.limit, false)
		if e.Concurrency != c.want || (notice == "") != (c.asked == c.want) {
			t.Errorf("limit %d, -c %d: %d at once, %q", c.limit, c.asked, e.Concurrency, notice)
		}
		if c.limit > spareFiles && e.Concurrency+e.Fetch.MaxIdle > c.limit-spareFiles {
			t.Errorf("limit %d, -c %d: %d in flight and %d idle do not fit", c.limit, c.asked, e.Concurrency, e.Fetch.MaxIdle)
		}
		if want := fmt.Sprintf("only %d files may be open (ulimit -n): %s at once instead of %d", c.limit, map[bool]string{true: "1 request", false: fmt.Sprint(c.want, " requests")}[c.want == 1], c.asked); notice != "" && notice != want {
			t.Errorf("notice %q, want %q", notice, want)
		}
	}
}

// Saving bodies takes files too: those that the parsers have open.
func TestFitFilesLeavesSomeForBodies(t *testing.T) {
	for _, c := range []struct{ limit, parsers, want, atOnce int }{
		{0, 1000, 1000, 500}, {64, 2, 2, 17}, {64, 1000, 3, 15}, {1024, 4, 4, 494}, {1024, 1000, 83, 375}, {8, 4, 1, 1},
	} {
		e := engine.Options{Concurrency: 500, Parsers: c.parsers}
		fitFiles(&e, c.limit, true)
		if e.Parsers != c.want || e.Concurrency != c.atOnce {
			t.Errorf("limit %d, -parsers %d: %d parsers, %d at once; want %d, %d", c.limit, c.parsers, e.Parsers, e.Concurrency, c.want, c.atOnce)
		}
		if most := e.Concurrency + e.Fetch.MaxIdle + savingFiles*e.Parsers; c.limit >= 64 && most > c.limit-spareFiles {
			t.Errorf("limit %d, -parsers %d: %d files do not fit", c.limit, c.parsers, most)
		}
	}
}
