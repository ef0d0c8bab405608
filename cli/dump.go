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
	"crawl/results"
)

// dump says on stderr what is in flight, which hosts are parked and how far the
// run is, as SIGUSR1 asks (cli.md §10).
func (v *live) dump(ctx context.Context) {
	s, err := v.monitor.Snapshot(ctx)
	switch {
	case errors.Is(err, engine.ErrNotRunning):
		say(v.c, slog.LevelInfo, "nothing is in flight")
	case err != nil: // it has ended
	case v.c.log != nil:
		v.dumpJSON(&s)
	default:
		fmt.Fprint(v.c, dumpText(&s, v.total.Load(), v.earlier))
	}
}

// oldestFirst orders flights by age.
func oldestFirst(s *engine.Snapshot) {
	slices.SortFunc(s.Flights, func(a, b engine.Flight) int {
		return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.Index, b.Index))
	})
}

// dumpText is a snapshot for people.
//
//	crawl: 1,200 of 5,000 lines in 12.3 s: 1,150 ok, 50 failed; 2 in flight, 300 waiting, 1 host parked
//	  in flight   12.1 s  headers  https://slow.example/a
//	  in flight    80 ms  body     https://b.example/ (attempt 2)
//	  parked     until 15:04:05, in 4m10s: busy.example:443 (12 lines)
func dumpText(s *engine.Snapshot, total, earlier int64) string {
	var b strings.Builder
	parked := 0
	for _, w := range s.Waiting {
		if !w.Until.IsZero() {
			parked++
		}
	}
	done := grouped(s.Summary.Lines() + earlier)
	if total > 0 {
		done += " of " + grouped(total)
	}
	fmt.Fprintf(&b, "crawl: %s lines in %s: %s ok, %s failed; %s in flight, %s waiting, %s parked\n", done, results.Duration(s.Elapsed),
		grouped(s.Summary.OK), grouped(s.Summary.Failed), grouped(int64(s.InFlight)), grouped(int64(s.Queued)), plural(parked, "host"))
	oldestFirst(s)
	for _, f := range s.Flights {
		fmt.Fprintf(&b, "  in flight  %7s  %-7s  %s", results.Duration(s.At.Sub(f.Began)), f.Phase, visible(f.URL.String()))
		if f.Attempt > 1 {
			fmt.Fprintf(&b, " (attempt %d)", f.Attempt)
		}
		b.WriteByte('\n')
	}
	for _, w := range s.Waiting {
		if !w.Until.IsZero() {
			fmt.Fprintf(&b, "  parked     until %s, in %s: %s", clockTime(s.At, w.Until), results.Duration(w.Until.Sub(s.At)), visible(w.Host))
			if w.Queued > 0 {
				fmt.Fprintf(&b, " (%s)", plural(w.Queued, "line"))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// plural is n with its noun.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(int64(n)) + " " + one + "s"
}

// dumpJSON is a snapshot for machines: an object each.
func (v *live) dumpJSON(s *engine.Snapshot) {
	say(v.c, slog.LevelInfo, "state", slog.Int("in_flight", s.InFlight), slog.Int("waiting", s.Queued), slog.Any("summary", &s.Summary))
	oldestFirst(s)
	for _, f := range s.Flights {
		say(v.c, slog.LevelInfo, "in flight", slog.String("url", f.URL.String()), slog.String("phase", string(f.Phase)),
			slog.Float64("age", milliseconds(s.At.Sub(f.Began))), slog.Int("attempt", f.Attempt), slog.Bool("robots", f.Robots))
	}
	for _, w := range s.Waiting {
		if !w.Until.IsZero() {
			say(v.c, slog.LevelInfo, "parked", slog.String("host", w.Host), slog.Time("until", w.Until.UTC()), slog.Int("waiting", w.Queued))
		}
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
