package frontier

import (
	"slices"
	"strings"
	"time"
)

// Waiting is a host that something waits for.
type Waiting struct {
	Host   string
	Queued int           // items on the workbench; the store may have more
	Until  time.Time     // nobody asks it before: its Retry-After; zero: it is not parked
	Every  time.Duration // from one start to the next, by rate or delay; 0: no limit
}

// Waiting lists by name the hosts that are parked at now or have items queued
// here. It costs O(hosts), for a person who asks.
func (w *Workbench) Waiting(now time.Time) []Waiting {
	var all []Waiting
	for key, h := range w.hosts {
		one := Waiting{Host: key, Queued: h.items(), Every: max(w.spacing, h.delay)}
		if h.parked.After(now) && h.row.lost == nil {
			one.Until = h.parked
		}
		if one.Queued > 0 || !one.Until.IsZero() {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b Waiting) int { return strings.Compare(a.Host, b.Host) })
	return all
}
