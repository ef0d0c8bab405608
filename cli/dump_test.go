package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crawl/engine"
	"crawl/frontier"
	"crawl/results"
	"crawl/weburl"
)

func mustURL(t *testing.T, text string) weburl.URL {
	t.Helper()
	u, err := weburl.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func snapshotAt(t *testing.T, at time.Time) *engine.Snapshot {
	s := &engine.Snapshot{
		Counts: engine.Counts{At: at, Elapsed: 12300 * time.Millisecond, InFlight: 2, Queued: 300, Summary: results.Summary{OK: 1150, Failed: 50}},
		Flights: []engine.Flight{
			{URL: mustURL(t, "https://me:secret@b.example/\x1b!"), Attempt: 2, Phase: "body", Began: at.Add(-80 * time.Millisecond), Limit: 30 * time.Second},
			{URL: mustURL(t, "https://slow.example/a"), Attempt: 1, Phase: "headers", Began: at.Add(-12100 * time.Millisecond), Limit: time.Second},
		},
		Waiting: []frontier.Waiting{
			{Host: "a.example:443", Queued: 300},
			{Host: "busy.example:443", Queued: 12, Until: at.Add(250 * time.Second)},
			{Host: "once.example:443", Until: at.Add(5 * time.Second)},
		},
	}
	return s
}

func TestTheDumpShowsWhatIsInFlightAndWhoIsParked(t *testing.T) {
	at := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	const want = `crawl: 1,200 of 5,000 lines in 12.3 s: 1,150 ok, 50 failed; 2 in flight, 300 waiting, 2 hosts parked
  in flight   12.1 s  headers  https://slow.example/a
  in flight    80 ms  body     https://b.example/%1B! (attempt 2)
  parked     until 15:04:10, in 4m10s: busy.example:443 (12 lines)
  parked     until 15:00:05, in 5.00 s: once.example:443
`
	of := backlog{total: 5000, behind: nobody}
	if got := dumpText(snapshotAt(t, at), of); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	s := snapshotAt(t, at)
	s.Waiting = s.Waiting[:2]
	got := dumpText(s, backlog{earlier: 100, stored: 700, behind: func(string) int { return 30 }})
	if !strings.HasPrefix(got, "crawl: 1,300 lines in") || !strings.Contains(got, " 1,000 waiting, 1 host parked\n") || !strings.Contains(got, "busy.example:443 (42 lines)\n") {
		t.Error(got)
	}
}

func nobody(string) int { return 0 }

// Of ten thousand parked hosts those are named that most lines wait for, and the
// rest is counted.
func TestADumpOfManyParkedHostsIsShort(t *testing.T) {
	at := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	s := snapshotAt(t, at)
	s.Waiting = nil
	for i := range 10_000 {
		s.Waiting = append(s.Waiting, frontier.Waiting{Host: fmt.Sprintf("h%04d:80", i), Queued: 1 + i%10, Until: at.Add(time.Duration(1+i%3600) * time.Second)})
	}
	s.Waiting[777].Queued = 500
	got := dumpText(s, backlog{behind: nobody})
	if lines := strings.Count(got, "\n"); lines != 1+2+maxParked+1 {
		t.Errorf("%d lines", lines)
	}
	if !strings.Contains(got, "  parked     until 15:12:58, in 12m58s: h0777:80 (500 lines)\n  parked     until 16:00:00, in 1h00m: h3599:80 (10 lines)\n") {
		t.Error(got)
	}
	if !strings.HasSuffix(got, "  parked     9,980 hosts more, until 15:59:59 at the latest (54,802 lines)\n") {
		t.Error(got)
	}
}

// However often it is asked for, a dump comes once in a second, and the last one
// that was asked for comes.
func TestDumpsAreGathered(t *testing.T) {
	var q inquiry
	at, dumps := time.Unix(100, 0), 0
	for i := range 10_000 {
		q.due = true
		if q.ready(at.Add(time.Duration(i) * 200 * time.Microsecond)) {
			dumps++
		}
	}
	if dumps != 2 {
		t.Errorf("%d dumps in 2 s", dumps)
	}
	if !q.ready(at.Add(2*time.Second)) || q.ready(at.Add(time.Hour)) {
		t.Error("the last is not told, or twice")
	}
}

// With -log json each is an object of its own.
func TestTheDumpForMachines(t *testing.T) {
	var out bytes.Buffer
	o := &options{voice: voice{log: logJSON}}
	v := &live{o: o, c: newConsole(t.Context(), o, nil, &out)}
	s := snapshotAt(t, time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC))
	for range maxParked {
		s.Waiting = append(s.Waiting, frontier.Waiting{Host: "more:80", Queued: 1, Until: s.At.Add(time.Minute)})
	}
	v.dumpJSON(s, backlog{stored: 700, behind: nobody})
	var msgs []string
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err, line)
		}
		msgs = append(msgs, m["msg"].(string))
		if m["msg"] == "in flight" && m["url"] == "https://slow.example/a" && (m["age"] != 12100.0 || m["phase"] != "headers") {
			t.Error(line)
		}
	}
	if got := strings.Join(msgs, ","); got != "state,in flight,in flight"+strings.Repeat(",parked", maxParked+1) {
		t.Error(got)
	}
	if got := out.String(); !strings.Contains(got, `"waiting":1000,"parked_hosts":22,`) || !strings.Contains(got, `"more":2,"until":"2026-01-02T15:01:00Z","waiting":1}`) {
		t.Error(got)
	}
	if strings.Contains(out.String(), "secret") {
		t.Error("a password is shown")
	}
}

// What is in flight beyond its limit is named once, with the time that it has to
// be parsed taken into account.
func TestTheWatchdogNamesWhatIsStuckOnce(t *testing.T) {
	at := time.Now()
	var w watchdog
	s := snapshotAt(t, at)
	const want = "stuck: https://slow.example/a is in flight for 12.1 s (headers), and may be for 1.00 s"
	if got := w.look(s); got != want {
		t.Errorf("%q", got)
	}
	if got := w.look(s); got != "" {
		t.Errorf("named twice: %q", got)
	}
	s.At = at.Add(time.Hour)
	if got := w.look(s); !strings.HasPrefix(got, "stuck: https://b.example/") || strings.Contains(got, "more") {
		t.Errorf("%q", got)
	}
	if got := (&watchdog{}).look(s); !strings.HasPrefix(got, "stuck: https://slow.example/a") || !strings.HasSuffix(got, "; and 1 more") {
		t.Errorf("the oldest of two: %q", got)
	}
	s = snapshotAt(t, at)
	s.Flights[1].Limit = 12100*time.Millisecond - grudge + 1
	if got := (&watchdog{}).look(s); got != "" {
		t.Errorf("within its limit: %q", got)
	}
	s.Flights = nil
	if w.look(s); len(w.named) != 0 {
		t.Error("what has landed is remembered")
	}
}

func TestEachEventHasItsWords(t *testing.T) {
	now := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	a, b := mustURL(t, "https://a.example/"), mustURL(t, "https://b.example/")
	for want, e := range map[string]engine.Event{
		"again in 1.20 s: https://a.example/: connection reset":  {Kind: engine.Retrying, URL: a, After: 1200 * time.Millisecond, Err: errors.New("connection reset")},
		"again in 500 ms: https://a.example/: 503":               {Kind: engine.Retrying, URL: a, After: 500 * time.Millisecond, Status: 503},
		"redirect 302: https://a.example/ to https://b.example/": {Kind: engine.Redirected, URL: a, Target: b, Status: 302},
		"nothing is asked of a.example:443 for now: status 500":  {Kind: engine.RobotsFailed, URL: a, Host: "a.example:443", Err: errors.New("status 500")},
		"parked until 15:01:00: a.example:443 (429)":             {Kind: engine.HostParked, Host: "a.example:443", Status: 429, Until: now.Add(time.Minute)},
		"given up: a.example:443: refused":                       {Kind: engine.HostGivenUp, Host: "a.example:443", Err: errors.New("refused")},
	} {
		if got, attrs := eventText(now, e); got != want || len(attrs) < 2 {
			t.Errorf("%q, %v; want %q", got, attrs, want)
		}
	}
}

// Events that stderr does not take in time hold nothing up: they are counted.
func TestEventsAreDroppedRatherThanWaitedFor(t *testing.T) {
	var out bytes.Buffer
	o := &options{voice: voice{verbose: true, progress: whenNever}}
	v := &live{o: o, c: newConsole(t.Context(), o, nil, &out), events: make(chan engine.Event, 2)}
	for range 1002 {
		v.observe(engine.Event{Kind: engine.HostGivenUp, Host: "a:80", Err: errors.New("refused")})
	}
	v.end()
	if got := out.String(); strings.Count(got, "given up") != 2 || !strings.Contains(got, "crawl: 1,000 messages were left out: standard error did not take them in time\n") {
		t.Error(got)
	}
	o.voice.verbose = false
	v.observe(engine.Event{Kind: engine.Retrying})
	if len(v.events) != 0 {
		t.Error("a retry is told without -v")
	}
}

// Before and after the run there is nothing to see, which is an answer too.
func TestADumpOfNoRun(t *testing.T) {
	var out bytes.Buffer
	o := &options{}
	v := &live{o: o, c: newConsole(t.Context(), o, nil, &out), monitor: &engine.Monitor{}}
	v.dump(t.Context())
	if got := out.String(); got != "crawl: nothing is in flight\n" {
		t.Errorf("%q", got)
	}
	if _, ok := v.state(t.Context(), context.Background()); ok {
		t.Error("a state of no run")
	}
}
