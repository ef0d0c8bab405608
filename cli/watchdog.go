package cli

import (
	"fmt"
	"time"

	"crawl/engine"
	"crawl/results"
)

// grudge is how long beyond its limit a request may be in flight before it is
// called stuck: its page has to be parsed too.
const grudge = 10 * time.Second

// flightKey tells flights apart.
type flightKey struct {
	url   string
	began time.Time
}

// watchdog looks for what is in flight longer than its limit allows, which no
// server can bring about: it is a fault of ours, or of this machine. Each is named
// once.
type watchdog struct {
	named map[flightKey]bool
}

// look returns what is to be said of a snapshot, or "".
func (w *watchdog) look(s *engine.Snapshot) string {
	named := map[flightKey]bool{}
	var worst *engine.Flight
	found := 0
	for i := range s.Flights {
		f := &s.Flights[i]
		if f.Limit <= 0 || s.At.Sub(f.Began) < f.Limit+grudge {
			continue
		}
		key := flightKey{f.URL.String(), f.Began}
		named[key] = true
		if w.named[key] {
			continue
		}
		if found++; worst == nil || f.Began.Before(worst.Began) {
			worst = f
		}
	}
	w.named = named // those that have landed are forgotten
	if worst == nil {
		return ""
	}
	text := fmt.Sprintf("stuck: %s is in flight for %s (%s), and may be for %s", worst.URL, results.Duration(s.At.Sub(worst.Began)), worst.Phase, results.Duration(worst.Limit))
	if found > 1 {
		text += fmt.Sprintf("; and %s more", grouped(int64(found-1)))
	}
	return text
}
