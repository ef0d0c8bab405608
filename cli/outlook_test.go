package cli

import (
	"testing"
	"time"

	"crawl/engine"
	"crawl/frontier"
	"crawl/results"
	"crawl/results/progress"
)

// A list with one slow host: what waits for it beyond the workbench counts too.
func TestTheTimeLeftIsThatOfTheSlowestHost(t *testing.T) {
	at := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	s := &engine.Snapshot{
		Counts:  engine.Counts{At: at, Elapsed: 10 * time.Second},
		Waiting: []frontier.Waiting{{Host: "slow:80", Queued: 16}, {Host: "parked:80", Queued: 1, Until: at.Add(time.Second)}},
		Times:   []results.HostTime{{Host: "slow:80", Requests: 19}, {Host: "parked:80", Requests: 1}},
		Flights: []engine.Flight{{Host: "slow:80", Began: at.Add(-3 * time.Second)}, {Host: "slow:80", Began: at.Add(-4 * time.Second)}},
	}
	behind := func(host string) int { return map[string]int{"slow:80": 184}[host] }
	run := progress.State{Total: 1000, Done: 798, PerSecond: 100}
	var o outlook
	if got := o.left(run); got != 0 {
		t.Errorf("before the first look: %v", got)
	}
	o.look(s, behind)
	if got := o.left(run); got != 100*time.Second || o.parked != 1 {
		t.Errorf("%v, %d parked; want 200 lines at 2/s, 1 parked", got, o.parked)
	}
	// Half a minute of fetching later nothing has come of the last line.
	s.At, s.Elapsed = at.Add(30*time.Second), 40*time.Second
	s.Waiting, s.Times, s.Flights = nil, nil, s.Flights[:1]
	o.look(s, behind)
	run.Done = 999
	if got := o.left(run); got != 0 || o.parked != 0 {
		t.Errorf("the last is on its way for 33 s: %v, %d parked", got, o.parked)
	}
}
