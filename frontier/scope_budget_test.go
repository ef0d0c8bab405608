package frontier

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"crawl/weburl"
)

func ExampleBudget() {
	b := NewBudget(3, 2)
	for _, s := range []string{"https://a.example/1", "http://a.example:8080/2", "https://a.example/3", "https://b.example/", "https://c.example/"} {
		u, _ := weburl.Parse(s)
		fmt.Println(s, b.Take(u))
	}
	// Output:
	// https://a.example/1 none
	// http://a.example:8080/2 none
	// https://a.example/3 host_pages
	// https://b.example/ none
	// https://c.example/ max_pages
}

func TestWithoutLimitsABudgetNeverEnds(t *testing.T) {
	b := NewBudget(0, 0)
	u := mustURL(t, "https://a.example/")
	for range 1000 {
		if got := b.Take(u); got != CutNone {
			t.Fatal(got)
		}
	}
	if len(b.byHost) > 0 {
		t.Error("hosts are counted and nobody asks")
	}
}

func TestAHostThatHadItsPagesTakesNoneOfTheRuns(t *testing.T) {
	b := NewBudget(2, 1)
	a, c := mustURL(t, "https://a.example/"), mustURL(t, "https://c.example/")
	for i, want := range []Cut{CutNone, CutHostPages, CutHostPages, CutHostPages} {
		if got := b.Take(a); got != want {
			t.Fatalf("page %d of the first host: %v, want %v", i, got, want)
		}
	}
	if got := b.Take(c); got != CutNone {
		t.Errorf("the run's second page: %v", got)
	}
	if got := b.Take(c); got != CutPages {
		t.Errorf("the run's third page: %v", got)
	}
}

func TestAHostIsCountedByItsNameAloneAndKeepsNoURL(t *testing.T) {
	b := NewBudget(0, 1000)
	tail := "/" + strings.Repeat("x", 60_000)
	before := heapInUse()
	for i := range 1000 {
		// the second round finds its host in the map
		b.Take(mustURL(t, fmt.Sprintf("https://host-%d.example%s", i%500, tail)))
	}
	if used := int64(heapInUse() - before); used > 1<<20 {
		t.Errorf("500 names take %d bytes", used)
	}
	if len(b.byHost) != 500 {
		t.Errorf("%d hosts", len(b.byHost))
	}
	runtime.KeepAlive(b)
}

// What earlier runs have taken counts: of the run, and of each host.
func TestABudgetGoesOnWhereEarlierRunsEnded(t *testing.T) {
	b := NewBudget(5, 3)
	b.Spent("", 3)
	b.Spent("a.example", 2)
	for i, want := range []Cut{CutNone, CutHostPages, CutHostPages} {
		if got := b.Take(mustURL(t, "http://a.example/")); got != want {
			t.Errorf("page %d of a.example: %v, want %v", i, got, want)
		}
	}
	if got := b.Take(mustURL(t, "http://b.example/")); got != CutNone {
		t.Errorf("the fifth: %v", got)
	}
	if got := b.Take(mustURL(t, "http://c.example/")); got != CutPages {
		t.Errorf("the sixth: %v", got)
	}
}

// Counts of cuts are kept by name, so that a later version may order them anew.
func TestCutsAreKeptByName(t *testing.T) {
	var all Cuts
	for i := range all {
		all[i] = int64(i)
	}
	text, err := all.MarshalText()
	if err != nil || !strings.Contains(string(text), `"max_pages":7`) {
		t.Fatalf("%s, %v", text, err)
	}
	var back Cuts
	if err := back.UnmarshalText(text); err != nil || back != all {
		t.Errorf("%v, %v", back, err)
	}
	if err := back.UnmarshalText([]byte(`{"unheard_of":1}`)); err == nil {
		t.Error("a cut that is none is taken")
	}
	if err := back.UnmarshalText([]byte(`{`)); err == nil {
		t.Error("broken JSON is taken")
	}
}
