package frontier

import (
	"maps"
	"slices"
	"time"
)

// Close denies, from here on, every item that was never asked, those that wait
// and those that come, for this reason and without asking anybody: the run has
// all that it may have. What was asked before goes on: its hops and retries.
func (w *Workbench) Close(now time.Time, why error) {
	w.full = why
	for _, key := range slices.Sorted(maps.Keys(w.hosts)) { // so that two runs do alike
		h := w.hosts[key]
		h.full = why
		w.rank(h, now)
	}
}

// CloseHost is Close for the items of one host. It is forgotten with the host.
func (w *Workbench) CloseHost(now time.Time, key string, why error) {
	h := w.host(key)
	if h.full == nil {
		h.full = why
	}
	w.rank(h, now)
}

// Rules are those that robots.txt came to for the origin on host key, or nil
// where it was not asked, or is no longer known.
func (w *Workbench) Rules(now time.Time, key, origin string) Rules {
	if h := w.hosts[key]; h != nil {
		return h.rules(origin, now)
	}
	return nil
}
