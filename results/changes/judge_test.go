package changes

import (
	"slices"
	"strings"
	"testing"
)

// TestWhatIsToldOfALineOverItsRuns: each outcome with the word for it, "-" where the
// feed is silent.
func TestWhatIsToldOfALineOverItsRuns(t *testing.T) {
	for _, c := range []struct {
		name      string
		failAfter int
		runs      string // "outcome: word, …"
	}{
		{"the same for ever", 2, "ok a: new, ok a: -, 304: -, ok a: -"},
		{"another content", 2, "ok a: new, ok b: changed, ok b: -, ok a: changed, 304: -, ok a: -"},
		{"another status", 2, "ok a: new, 204: changed, 204: -, 301: changed, 204: changed"},
		{"gone and back", 2, "ok a: new, 404: gone, 404: -, 410: -, ok a: recovered, ok a: -"},
		{"back with another content", 2, "ok a: new, 410: gone, ok b: recovered, ok b: -, ok a: changed"},
		{"one bad run is no news", 2, "ok a: new, 500: -, ok a: -, timeout: -, ok a: -, connect: -, 500: failing"},
		{"a change behind one bad run", 2, "ok a: new, 500: -, ok b: changed"},
		{"flapping", 2, "ok a: new, 500: -, ok a: -, timeout: -, ok a: -, dns: -, ok a: -, 503: -, ok a: -"},
		{"flapping for longer", 2, "ok a: new, 500: -, 500: failing, ok a: recovered, 500: -, ok a: -, 500: -, dns: failing, ok a: recovered"},
		{"failing is told once", 2, "ok a: new, dns: -, dns: failing, dns: -, 500: -, ok a: recovered, ok a: -, dns: -, dns: failing"},
		{"failing at once", 1, "ok a: new, reset: failing, reset: -, ok a: recovered"},
		{"failing late", 3, "ok a: new, tls: -, tls: -, tls: failing, tls: -"},
		{"never ok", 2, "500: -, 500: failing, 500: -, ok a: recovered"},
		{"ok at the second attempt", 2, "500: -, ok a: new"},
		{"what never was cannot be gone", 2, "404: -, 404: failing, 404: -, ok a: recovered, 404: gone"},
		{"gone is told at once", 9, "ok a: new, 404: gone"},
		{"gone after one failure", 2, "ok a: new, 500: -, 404: gone, 500: -, 500: -, 404: -, ok a: recovered"},
		{"gone after failing", 2, "ok a: new, 500: -, 500: failing, 404: gone, 500: -, ok a: recovered"},
		{"failures after gone do not add up", 2, "ok a: new, 404: gone, 500: -, ok a: recovered, 500: -, 500: failing"},
		{"a 404 that broke off is a failure", 1, "ok a: new, 404 cut: failing"},
		{"a line cut off tells nothing", 2, "ok a: new, 500: -, cancelled: -, deadline: -, dup: -, 500: failing"},
		{"cut off before all", 2, "cancelled: -, deadline: -, ok a: new"},
		{"a 304 to a condition of the line itself", 2, "304: new, ok a: -, ok b: changed"},
		{"back as it was", 1, "ok a: new, timeout: failing, 304: recovered, ok a: -, ok b: changed"},
		{"lines that are none", 2, "invalid_url: -, invalid_url: failing, invalid_url: -"},
		{"denied by robots", 2, "ok a: new, robots: -, robots: failing, ok a: recovered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := seen(t)
			for i, step := range strings.Split(c.runs, ", ") {
				outcome, want, _ := strings.Cut(step, ": ")
				words := []string{}
				if want != "-" {
					words = []string{want + " u"}
				}
				if got := run(t, path, c.failAfter, record("u", outcome)); !slices.Equal(got, words) {
					t.Fatalf("run %d, %s: %q, want %q\n%s", i+1, outcome, got, words, read(t, path))
				}
			}
		})
	}
}

// TestFailuresInARowAreCountedInTheFile, and gone is none of them.
func TestFailuresInARowAreCountedInTheFile(t *testing.T) {
	path := seen(t)
	for _, c := range []struct {
		outcome string
		failed  int
	}{{"ok a", 0}, {"500", 1}, {"dns", 2}, {"500", 3}, {"404", 0}, {"ok a", 0}, {"500", 1}, {"ok a", 0}} {
		run(t, path, 2, record("u", c.outcome))
		if e, _, err := open(t, path, 2).index.find(Request{URL: "u"}); err != nil || e.Failed != c.failed {
			t.Errorf("after %s: %d failures, want %d (%v)", c.outcome, e.Failed, c.failed, err)
		}
	}
}

// TestEachRequestIsKnownByItself: the same URL by another method, or with other
// headers, is another line.
func TestEachRequestIsKnownByItself(t *testing.T) {
	path := seen(t)
	m := open(t, path, 1)
	mine, yours := m.Own("mine"), m.Own("yours")
	if mine == yours || mine != m.Own("mine") || len(mine) != 32 {
		t.Fatal(mine, yours)
	}
	if other := open(t, seen(t), 1); other.Own("mine") == mine {
		t.Error("two files have one salt")
	}
	m.Abort()
	plain, head, own := record("u", "ok a"), record("u", "ok a"), record("u", "ok a")
	head.Basis.Method, own.Basis.Own = "HEAD", mine
	if got := run(t, path, 1, plain, head, own); len(got) != 3 {
		t.Fatalf("told: %q", got)
	}
	if other := open(t, path, 1); other.Own("mine") == mine {
		t.Error("an aborted run has left its salt")
	}
	own = record("u", "ok b")
	own.Basis.Own = mine
	if got := run(t, path, 1, record("u", "ok a"), own); !slices.Equal(got, []string{"changed u"}) {
		t.Fatalf("told: %q", got)
	}
	one, two := open(t, path, 1), ""
	two = one.Own("mine")
	one.Abort()
	if again := open(t, path, 1); again.Own("mine") != two {
		t.Error("the salt is another in the next run")
	}
}

// TestTheFeedTellsOfIndexesThatDoNotCome: so that a sink in input order goes on.
func TestTheFeedTellsOfIndexesThatDoNotCome(t *testing.T) {
	path := seen(t)
	m, sink := open(t, path, 1), &told{}
	feed := m.Feed(sink)
	for i, outcome := range []string{"ok a", "dup", "cancelled", "404"} {
		r := record("u", outcome)
		r.Index, r.HasIndex = int64(i), true
		must(t, feed.Write(r))
	}
	must(t, feed.Write(record("u", "dup"))) // has no index
	if !slices.Equal(sink.skipped, []int64{1, 2}) || !slices.Equal(sink.words, []string{"new u", "failing u"}) {
		t.Errorf("skipped %v, told %q", sink.skipped, sink.words)
	}
}
