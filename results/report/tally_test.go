package report

import (
	"fmt"
	"slices"
	"testing"
)

func TestATallyIsBoundedAndLosesNoCount(t *testing.T) {
	tl := newTally(10)
	for i := range 1000 {
		tl.add(fmt.Sprint(i % 50))
	}
	list, others := tl.most(3)
	if want := []counted{{"0", 20}, {"1", 20}, {"2", 20}}; !slices.Equal(list, want) || others != 940 || len(tl.counts) != 10 {
		t.Errorf("%v, %d others, %d names", list, others, len(tl.counts))
	}
	tl.add("7")
	if list, _ := tl.most(1); list[0] != (counted{"7", 21}) {
		t.Errorf("%v", list)
	}
}

// The greatest ones are kept, and of equals the first.
func TestTheGreatestAreKept(t *testing.T) {
	g := greatest[string]{limit: 3}
	for i, rank := range []int64{5, 1, 9, 5, 9, 0, 5} {
		if g.wants(rank) != (i < 3 || rank > g.ranks[2]) {
			t.Errorf("%d: wants %v", i, g.wants(rank))
		}
		g.put(rank, fmt.Sprint(rank, "#", i))
	}
	if want := []string{"9#2", "9#4", "5#0"}; !slices.Equal(g.list, want) {
		t.Errorf("%v, want %v", g.list, want)
	}
	none := greatest[int]{}
	none.put(1, 1)
	if len(none.list) != 0 {
		t.Error("kept one of none")
	}
}

func TestNumbersAreReadable(t *testing.T) {
	for got, want := range map[string]string{
		count(0): "0", count(999): "999", count(1000): "1,000", count(-1234567): "-1,234,567",
		size(0): "0 B", size(1023): "1023 B", size(1536): "1.5 KiB", size(1<<20 - 1): "1.0 MiB", size(1 << 62): "4.0 EiB",
		span(0): "0", span(1000): "<0.01 ms", span(350e3): "0.35 ms", span(12.34e6): "12.3 ms", span(999.6e6): "1.00 s",
		span(59.96e9): "1 min 00 s", span(125e9): "2 min 05 s", span(7500e9): "2 h 05 min", span(longest): "3650 days 0 h",
		share(0, 5): "0 %", share(5, 5): "100 %", share(1, 3): "33.3 %", share(1, 9999): "<0.1 %", share(9998, 9999): ">99.9 %", share(0, 0): "0 %",
		numbered(1, "hop"): "1 hop", numbered(2000, "hop"): "2,000 hops", cut("aéé", 4): "aé…", cut("aéé", 5): "aéé",
		perSecond(5, 2e9): "2.50/s", perSecond(5, 0): "", statusText(404): "not found", interval(6 * 3600e9): "6 h",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestURLsAreSplitAtTheirOrigin(t *testing.T) {
	for url, want := range map[string][2]string{
		"https://a.example/x?y":     {"https://a.example", "/x?y"},
		"http://a.example:81":       {"http://a.example:81", ""},
		"https://a.example?q=/":     {"https://a.example", "?q=/"},
		"http://[::1]:8080/":        {"http://[::1]:8080", "/"},
		"http://":                   {"", "http://"},
		"javascript:alert('http:')": {"", "javascript:alert('http:')"},
		"":                          {"", ""},
	} {
		if origin, rest := split(url); origin != want[0] || rest != want[1] {
			t.Errorf("%s: %q, %q", url, origin, rest)
		}
	}
	if hostOf("http://[::1]:8080") != "[::1]:8080" || hostOf("") != "" {
		t.Error("the host of an origin")
	}
}
