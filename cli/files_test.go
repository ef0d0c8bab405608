package cli

import (
	"fmt"
	"testing"

	"crawl/engine"
)

// A run fits into the files that the process may open.
func TestFitFiles(t *testing.T) {
	for _, c := range []struct{ limit, asked, want int }{
		{0, 500, 500}, {64, 500, 20}, {64, 10, 10}, {1024, 64, 64}, {1024, 900, 500}, {leastFiles, 64, 1},
	} {
		e := engine.Options{Concurrency: c.asked}
		notice, err := fitFiles(&e, c.limit, 1, false, false)
		if err != nil || e.Concurrency != c.want || (notice == "") != (c.asked == c.want) {
			t.Errorf("limit %d, -c %d: %d at once, %q, %v", c.limit, c.asked, e.Concurrency, notice, err)
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
		{0, 1000, 1000, 500}, {64, 2, 2, 17}, {64, 1000, 3, 15}, {1024, 4, 4, 494}, {1024, 1000, 83, 375}, {leastFiles, 4, 1, 1},
	} {
		e := engine.Options{Concurrency: 500, Parsers: c.parsers}
		_, err := fitFiles(&e, c.limit, 0, true, false)
		if err != nil || e.Parsers != c.want || e.Concurrency != c.atOnce {
			t.Errorf("limit %d, -parsers %d: %d parsers, %d at once, %v; want %d, %d", c.limit, c.parsers, e.Parsers, e.Concurrency, err, c.want, c.atOnce)
		}
		if most := e.Concurrency + e.Fetch.MaxIdle + savingFiles*e.Parsers; c.limit >= 64 && most > c.limit-spareFiles {
			t.Errorf("limit %d, -parsers %d: %d files do not fit", c.limit, c.parsers, most)
		}
	}
}

// Too few files are told before anything is opened: a run would wait for ever.
func TestFitFilesRefusesWhatCannotWork(t *testing.T) {
	for _, c := range []struct {
		limit, lists int
		want         string
	}{
		{leastFiles, 0, ""}, {leastFiles, 1, ""}, {0, 1000, ""},
		{leastFiles - 1, 0, "only 19 files may be open (ulimit -n), and 20 are needed"},
		{8, 2, "only 8 files may be open (ulimit -n), and 21 are needed"},
		{64, 46, "only 64 files may be open (ulimit -n), and 65 are needed"},
	} {
		if _, err := fitFiles(&engine.Options{}, c.limit, c.lists, false, false); fmt.Sprint(err) != c.want && (err != nil || c.want != "") {
			t.Errorf("limit %d, %d lists: %v, want %q", c.limit, c.lists, err, c.want)
		}
	}
}

// Every list has its file from beginning to end.
func TestFitFilesLeavesSomeForLists(t *testing.T) {
	e := engine.Options{Concurrency: 500}
	if _, err := fitFiles(&e, 100, 31, false, false); err != nil || e.Concurrency != 23 || e.Concurrency+e.Fetch.MaxIdle > 100-30-spareFiles {
		t.Errorf("%d at once, %d idle, %v", e.Concurrency, e.Fetch.MaxIdle, err)
	}
}

// Archiving takes files too: those in which large bodies and their records wait.
func TestFitFilesLeavesSomeForArchiving(t *testing.T) {
	for _, c := range []struct{ limit, want int }{{0, 500}, {leastFiles, 1}, {64, 6}, {1024, 166}} {
		e := engine.Options{Concurrency: 500}
		_, err := fitFiles(&e, c.limit, 0, false, true)
		if err != nil || e.Concurrency != c.want {
			t.Errorf("limit %d: %d at once, %v; want %d", c.limit, e.Concurrency, err, c.want)
		}
		if most := archivingFiles*e.Concurrency + e.Fetch.MaxIdle; c.limit >= 64 && most > c.limit-spareFiles {
			t.Errorf("limit %d: %d files do not fit", c.limit, most)
		}
	}
}
