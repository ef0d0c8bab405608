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
