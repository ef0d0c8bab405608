package frontier

import "time"

// SetRules answers a robots pick: what robots.txt came to for the origin on
// host key, good until the moment given, after which it is asked again. It does
// not give the slot back: Finish does.
func (w *Workbench) SetRules(now time.Time, key, origin string, rules Rules, until time.Time) {
	h := w.host(key)
	h.asking = false
	h.setGate(gate{origin: origin, rules: rules, until: until})
	w.rank(h, now)
}

// RetryRobots answers a robots pick that failed and is to be asked again at a
// moment: until then the host waits.
func (w *Workbench) RetryRobots(now time.Time, key string, at time.Time) {
	w.host(key).asking = false
	w.Park(now, key, at)
	w.rank(w.host(key), now)
}
