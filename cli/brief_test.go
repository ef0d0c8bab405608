package cli

import (
	"strings"
	"testing"

	"crawl/results"
)

// TestATitleEndsWithTheRowOfTheTerminal: as wide as it is at that moment.
func TestATitleEndsWithTheRowOfTheTerminal(t *testing.T) {
	wide := 80
	b := &brief{width: func() int { return wide }}
	r := &results.Record{URL: "http://a.example/", Status: 200, OK: true, Title: strings.Repeat("x", 100)}
	for _, want := range []int{80, 120} {
		wide = want
		line, err := b.Append(nil, r)
		if got := len([]rune(string(line))) - 1; err != nil || got != want {
			t.Errorf("%d columns of %d, %v: %s", got, want, err, line)
		}
	}
}
