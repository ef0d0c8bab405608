package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"crawl/engine"
	"crawl/frontier"
	"crawl/results"
)

// maxParked is how many parked hosts a dump names; the others are counted. What is
// in flight is bounded by -concurrency.
const maxParked = 20

// dumpEvery is how long after a dump the next one comes, however often it is asked
// for meanwhile.
const dumpEvery = time.Second

// inquiry gathers the signals that ask for a dump. It has no clock.
type inquiry struct {
	last time.Time // the last dump
	due  bool      // one was asked for since
}

// ready says that it is time for a dump that was asked for.
func (q *inquiry) ready(now time.Time) bool {
	if !q.due || now.Sub(q.last) < dumpEvery {
		return false
	}
	q.last, q.due = now, false
	return true
}

// backlog is what the run itself does not know of its lines.
type backlog struct {
	total   int64                 // of the list; 0: not known
	earlier int64                 // done by earlier runs
	stored  int64                 // waiting in the frontier
	behind  func(host string) int // of them, those of a host
}

// dump says on stderr what is in flight, which hosts are parked and how far the
// run is, as SIGUSR1 asks (cli.md §10).
func (v *live) dump(ctx context.Context) {
	s, err := v.monitor.Snapshot(ctx)
	switch {
	case errors.Is(err, engine.ErrNotRunning):
		say(v.c, slog.LevelInfo, "nothing is in flight")
	case err != nil: // it has ended
	case v.c.log != nil:
		v.dumpJSON(&s, v.backlog())
	default:
		fmt.Fprint(v.c, dumpText(&s, v.backlog()))
	}
}

// oldestFirst orders flights by age.
func oldestFirst(s *engine.Snapshot) {
	slices.SortFunc(s.Flights, func(a, b engine.Flight) int {
		return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.Index, b.Index))
	})
}

// parking is the parked hosts of a snapshot: those that most lines wait for, and
// then those that are parked for the longest, and how many more there are.
type parking struct {
	named []frontier.Waiting // Queued counts the frontier's lines too
	n     int                // in all
	lines int                // that wait for those that are not named
	last  time.Time          // until when one of those is parked
}

func parkedIn(s *engine.Snapshot, behind func(host string) int) parking {
	var p parking
	for _, w := range s.Waiting {
		if !w.Until.IsZero() {
			w.Queued += behind(w.Host)
			p.named = append(p.named, w)
		}
	}
	slices.SortStableFunc(p.named, func(a, b frontier.Waiting) int {
		return cmp.Or(cmp.Compare(b.Queued, a.Queued), b.Until.Compare(a.Until))
	})
	p.n = len(p.named)
	for _, w := range p.named[min(maxParked, p.n):] {
		p.lines += w.Queued
		if w.Until.After(p.last) {
			p.last = w.Until
		}
	}
	p.named = p.named[:min(maxParked, p.n)]
	return p
}

// dumpText is a snapshot for people.
//
//	crawl: 1,200 of 5,000 lines in 12.3 s: 1,150 ok, 50 failed; 2 in flight, 300 waiting, 21 hosts parked
//	  in flight   12.1 s  headers  https://slow.example/a
//	  in flight    80 ms  body     https://b.example/ (attempt 2)
//	  parked     until 15:04:05, in 4m10s: busy.example:443 (12 lines)
//	  ...
//	  parked     1 host more, until 15:00:10 at the latest (3 lines)
func dumpText(s *engine.Snapshot, of backlog) string {
	var b strings.Builder
	parked := parkedIn(s, of.behind)
	done := grouped(s.Summary.Lines() + of.earlier)
	if of.total > 0 {
		done += " of " + grouped(of.total)
	}
	fmt.Fprintf(&b, "crawl: %s lines in %s: %s ok, %s failed; %s in flight, %s waiting, %s parked\n", done, results.Duration(s.Elapsed),
		grouped(s.Summary.OK), grouped(s.Summary.Failed), grouped(int64(s.InFlight)), grouped(int64(s.Queued)+of.stored), plural(parked.n, "host"))
	oldestFirst(s)
	for _, f := range s.Flights {
		fmt.Fprintf(&b, "  in flight  %7s  %-7s  %s", results.Duration(s.At.Sub(f.Began)), f.Phase, results.Visible(f.URL.String()))
		if f.Attempt > 1 {
			fmt.Fprintf(&b, " (attempt %d)", f.Attempt)
		}
		b.WriteByte('\n')
	}
	for _, w := range parked.named {
		fmt.Fprintf(&b, "  parked     until %s, in %s: %s%s\n", clockTime(s.At, w.Until), results.Duration(w.Until.Sub(s.At)), results.Visible(w.Host), inBrackets(w.Queued))
	}
	if more := parked.n - len(parked.named); more > 0 {
		fmt.Fprintf(&b, "  parked     %s more, until %s at the latest%s\n", plural(more, "host"), clockTime(s.At, parked.last), inBrackets(parked.lines))
	}
	return b.String()
}

// inBrackets is " (12 lines)", or nothing for none.
func inBrackets(lines int) string {
	if lines == 0 {
		return ""
	}
	return " (" + plural(lines, "line") + ")"
}

// plural is n with its noun.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(int64(n)) + " " + one + "s"
}

// dumpJSON is a snapshot for machines: an object each.
func (v *live) dumpJSON(s *engine.Snapshot, of backlog) {
	parked := parkedIn(s, of.behind)
	say(v.c, slog.LevelInfo, "state", slog.Int("in_flight", s.InFlight), slog.Int64("waiting", int64(s.Queued)+of.stored),
		slog.Int("parked_hosts", parked.n), slog.Any("summary", &s.Summary))
	oldestFirst(s)
	for _, f := range s.Flights {
		say(v.c, slog.LevelInfo, "in flight", slog.String("url", f.URL.String()), slog.String("phase", string(f.Phase)),
			slog.Float64("age", milliseconds(s.At.Sub(f.Began))), slog.Int("attempt", f.Attempt), slog.Bool("robots", f.Robots))
	}
	for _, w := range parked.named {
		say(v.c, slog.LevelInfo, "parked", slog.String("host", w.Host), slog.Time("until", w.Until.UTC()), slog.Int("waiting", w.Queued))
	}
	if more := parked.n - len(parked.named); more > 0 {
		say(v.c, slog.LevelInfo, "parked", slog.Int("more", more), slog.Time("until", parked.last.UTC()), slog.Int("waiting", parked.lines))
	}
}

// milliseconds is a time as records have it.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// eventText is what -v says of an event.
func eventText(now time.Time, e engine.Event) (string, []slog.Attr) {
	attrs := []slog.Attr{slog.String("host", e.Host)}
	why := fmt.Sprint(e.Status)
	if e.Err != nil {
		why = e.Err.Error()
		attrs = append(attrs, slog.String("error", why))
	}
	if e.Status != 0 {
		attrs = append(attrs, slog.Int("status", e.Status))
	}
	switch e.Kind {
	case engine.Retrying:
		attrs = append(attrs, slog.String("url", e.URL.String()), slog.Float64("after", milliseconds(e.After)))
		return fmt.Sprintf("again in %s: %s: %s", results.Duration(e.After), e.URL, why), attrs
	case engine.Redirected:
		attrs = append(attrs, slog.String("url", e.URL.String()), slog.String("to", e.Target.String()))
		return fmt.Sprintf("redirect %d: %s to %s", e.Status, e.URL, e.Target), attrs
	case engine.RobotsFailed:
		attrs = append(attrs, slog.String("url", e.URL.String()))
		return fmt.Sprintf("nothing is asked of %s for now: %s", e.Host, why), attrs
	case engine.HostParked:
		attrs = append(attrs, slog.Time("until", e.Until.UTC()))
		return fmt.Sprintf("parked until %s: %s (%s)", clockTime(now, e.Until), e.Host, why), attrs
	}
	return fmt.Sprintf("given up: %s: %s", e.Host, why), attrs
}
