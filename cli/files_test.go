package cli

import (
	"strings"
	"testing"

	"crawl/engine"
)

// A run fits into the files that the process may open.
func TestFitFiles(t *testing.T) {
	for _, c := range []struct{ limit, asked, want int }{
		{0, 500, 500}, {64, 500, 20}, {64, 10, 10}, {1024, 64, 64}, {1024, 900, 500}, {8, 64, 1},
	} {
		e := engine.Options{Concurrency: c.asked}
		notice := fitFiles(&e, c.limit)
		if e.Concurrency != c.want || (notice == "") != (c.asked == c.want) {
			t.Errorf("limit %d, -c %d: %d at once, %q", c.limit, c.asked, e.Concurrency, notice)
		}
		if c.limit > spareFiles && e.Concurrency+e.Fetch.MaxIdle > c.limit-spareFiles {
			t.Errorf("limit %d, -c %d: %d in flight and %d idle do not fit", c.limit, c.asked, e.Concurrency, e.Fetch.MaxIdle)
		}
		if notice != "" && !strings.Contains(notice, "ulimit -n") {
			t.Errorf("notice %q", notice)
		}
	}
}
