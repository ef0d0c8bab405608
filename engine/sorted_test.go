package engine

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
)

// sortedList is a list of hosts with as many lines each, sorted by host.
func sortedList(hosts, lines int) string {
	var b strings.Builder
	for h := range hosts {
		for i := range lines {
			fmt.Fprintf(&b, "http://host-%d.example/page/%d\n", h, i)
		}
	}
	return b.String()
}

// A list sorted by host keeps all its hosts busy from the beginning: at one
// request a second to a host, it takes as many seconds as one host has lines. So
// it is whether the list can be read twice or comes through a pipe.
func TestASortedListKeepsAllHostsBusy(t *testing.T) {
	const hosts, lines = 200, 200
	text := sortedList(hosts, lines)
	for name, source := range map[string]list.Source{
		"file": {Name: "list", R: strings.NewReader(text), Regular: true},
		"pipe": {Name: "-", R: io.MultiReader(strings.NewReader(text))}, // which cannot seek
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				politely(t, source, list.Options{Window: 1000}, hosts*lines, lines*time.Second)
			})
		})
	}
}

// The same at the size of a real list: a thousand hosts, a million lines. It
// takes half a minute: .ci/run and bench/frontier.sh ask for it.
func TestAMillionSortedLines(t *testing.T) {
	if os.Getenv("CRAWL_LARGE") == "" {
		t.Skip("CRAWL_LARGE is not set")
	}
	const hosts, lines = 1000, 1000
	source := list.Source{Name: "list", R: strings.NewReader(sortedList(hosts, lines)), Regular: true}
	synctest.Test(t, func(t *testing.T) {
		politely(t, source, list.Options{}, hosts*lines, lines*time.Second)
	})
}

// politely runs a list of n lines at one request a second to a host.
func politely(t *testing.T, source list.Source, lo list.Options, n int64, want time.Duration) {
	t.Helper()
	f := list.New(t.Context(), []list.Source{source}, lo)
	defer f.Close()
	o := Options{Fetcher: instant{}, Logger: slog.New(slog.DiscardHandler), Concurrency: 512,
		Politeness: frontier.Politeness{HostRate: rate.Limit(1)}}
	sum, err := Run(t.Context(), o, f, results.NewWriter(io.Discard, results.JSONL{}))
	if err != nil || sum.OK != n {
		t.Fatalf("%d of %d lines are ok, %v", sum.OK, n, err)
	}
	t.Logf("%d lines took %v", n, sum.Elapsed)
	if sum.Elapsed < want-time.Second || sum.Elapsed > want+want/20 {
		t.Errorf("%d lines took %v, want about %v", n, sum.Elapsed, want)
	}
}
