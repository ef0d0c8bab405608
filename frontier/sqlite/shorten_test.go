package sqlite

import (
	"errors"
	"fmt"
	"testing"

	"crawl/frontier"
)

// ended is a store of five links and two lines that are settled, each with a record
// of ten bytes; the fourth link failed, the fifth is a page of its own host.
func ended(t *testing.T, dir string) *Store {
	t.Helper()
	s := mustOpen(t, dir, Options{})
	line := link(t, "http://a.example/line")
	line.Index = 0
	again := line
	again.Index = 1
	if _, err := s.Put(t.Context(), []frontier.Item{line, again}); err != nil {
		t.Fatal(err)
	}
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	var links []frontier.Item
	for i := range 5 {
		links = append(links, link(t, fmt.Sprintf("http://a.example/%d", i+1)))
	}
	if _, err := s.Put(t.Context(), links); err != nil {
		t.Fatal(err)
	}
	b, err := s.Claim(t.Context(), 5, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	end := int64(0)
	for _, it := range append(b.Leases[0].Items, b.NoFetch...) {
		out := frontier.Outcome{Token: it.Token, ItemID: it.ID, OutputEnd: end + 10, Page: "a.example"}
		out.Place.At = end
		end += 10
		switch {
		case it.Token == 0:
			out.Verdict, out.Page = frontier.Duplicate, ""
		case it.URL.Path() == "/4":
			out.Verdict = frontier.Failed
		}
		if err := s.Settle(t.Context(), []frontier.Outcome{out}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return mustOpen(t, dir, Options{})
}

// What stood in the part of the output that is lost is done again: lines, links and
// failures, and lines that get a record only.
func TestAnOutputThatIsShorterIsMadeAgain(t *testing.T) {
	for _, c := range []struct {
		length, end int64
		again       string
		notes       int
		left        frontier.Verdicts
	}{
		{65, 60, "", 1, frontier.Verdicts{frontier.OK: 5, frontier.Failed: 1}},
		{40, 40, "/4 /5 ", 1, frontier.Verdicts{frontier.OK: 4}},
		{9, 0, "/line /1 /2 /3 /4 /5 ", 1, frontier.Verdicts{}},
	} {
		s := ended(t, t.TempDir())
		end, err := s.Shorten(t.Context(), c.length)
		if got := s.Opened(); err != nil || end != c.end || got.OutputEnd != c.end || got.Settled != c.left {
			t.Errorf("of %d bytes %d are whole, %v: %+v", c.length, end, err, got)
		}
		if pages := s.Opened().Pages; pages != c.left[frontier.OK]+c.left[frontier.Failed] {
			t.Errorf("of %d bytes: %d pages are taken", c.length, pages)
		}
		if err := s.EndSeeds(t.Context()); err != nil {
			t.Fatal(err)
		}
		b, err := s.Claim(t.Context(), 5, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		again := ""
		for _, l := range b.Leases {
			for _, it := range l.Items {
				again += it.URL.Path() + " "
			}
		}
		if again != c.again || len(b.NoFetch) != c.notes {
			t.Errorf("of %d bytes: %q are done again, and %d lines, want %q", c.length, again, len(b.NoFetch), c.again)
		}
		if starts, err := s.Failed(t.Context()); err != nil || len(starts) != int(c.left[frontier.Failed]) {
			t.Errorf("of %d bytes: the failed begin at %v, %v", c.length, starts, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What lies too far back cannot be made again, and then nothing is changed.
func TestAnOutputThatIsMuchShorterIsNotMadeAgain(t *testing.T) {
	dir := t.TempDir()
	s := ended(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, dir, "DELETE FROM done WHERE end <= 20")
	s = mustOpen(t, dir, Options{})
	before := s.Opened()
	if _, err := s.Shorten(t.Context(), 19); !errors.Is(err, ErrTooShort) || s.Opened() != before {
		t.Errorf("%v: %+v", err, s.Opened())
	}
	if end, err := s.Shorten(t.Context(), 35); err != nil || end != 30 {
		t.Errorf("nearer: %d, %v", end, err)
	}
}
