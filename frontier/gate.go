package frontier

import (
	"slices"
	"time"
)

// gate holds what robots.txt came to for one origin. A host has more than one
// only if http and https answer on the same port.
type gate struct {
	origin  string
	rules   Rules
	refused error     // in place of rules: why no item of the origin is asked
	until   time.Time // robots.txt is to be asked again from here on
}

// rules returns those that hold for origin at now, or nil.
func (h *host) rules(origin string, now time.Time) Rules {
	for i := range h.gates {
		if h.gates[i].origin == origin && now.Before(h.gates[i].until) {
			return h.gates[i].rules
		}
	}
	return nil
}

// kept is the memory of h's rules, in bytes.
func (h *host) kept() (n int) {
	for i := range h.gates {
		if r := h.gates[i].rules; r != nil {
			n += r.Size()
		}
	}
	return n
}

// refuses says that an origin's items are denied at now, all of them.
func (h *host) refuses(now time.Time) bool {
	return slices.ContainsFunc(h.gates, func(g gate) bool { return g.refused != nil && now.Before(g.until) })
}

// SetRules answers a robots pick: what robots.txt came to for the origin on
// host key, good until the moment given, after which it is asked again. It does
// not give the slot back: Finish does.
//
// It reports false, and has answered nothing, where the rules are large and the
// hosts that have work here keep as much as all may: then Refuse is the answer.
func (w *Workbench) SetRules(now time.Time, key, origin string, rules Rules, until time.Time) bool {
	size := rules.Size()
	w.forget(size)
	if size > smallRules && w.kept+size > keepRules {
		return false
	}
	w.setGate(now, key, gate{origin: origin, rules: rules, until: until})
	return true
}

// Refuse answers a robots pick where nothing may be asked of the origin until
// the moment given: its items, those that wait and those that come, are denied
// for this reason, at once, whether or not the host could be asked now. Like
// SetRules it does not give the slot back.
func (w *Workbench) Refuse(now time.Time, key, origin string, why error, until time.Time) {
	w.setGate(now, key, gate{origin: origin, refused: why, until: until})
}

func (w *Workbench) setGate(now time.Time, key string, g gate) {
	h := w.host(key)
	h.asking, h.tries = false, 0
	w.kept -= h.kept()
	h.gates = slices.DeleteFunc(h.gates, func(old gate) bool { return old.origin == g.origin })
	h.gates = append(h.gates, g)
	w.kept += h.kept()
	h.delay = w.o.HostDelay
	for _, g := range h.gates {
		if g.rules != nil {
			h.delay = max(h.delay, g.rules.Delay())
		}
	}
	h.paced = time.Time{} // to be found out again
	w.rank(h, now)
}

// RetryRobots answers a robots pick that failed and is to be asked again at a
// moment: until then the host waits.
func (w *Workbench) RetryRobots(now time.Time, key string, at time.Time) {
	h := w.host(key)
	h.asking = false
	h.tries++
	w.Park(now, key, at)
}

// HopRobots answers a robots pick that was redirected to another host: it is
// the item of the pick with Target and Hops as they are now, and comes back as a
// pick of that host: it waits for a slot there and for the end of a pause, but
// for no rate, no delay and no rules. If no item waits for the answer any more
// by then, it is dropped.
func (w *Workbench) HopRobots(now time.Time, it Item) {
	h := w.host(it.Target.HostPort())
	h.errands.PushBack(it)
	w.rank(h, now)
}

// awaited says that items wait for the robots.txt that it is about; if not, the
// host asks anew once there are some.
func (w *Workbench) awaited(now time.Time, it Item) bool {
	h := w.hosts[it.URL.HostPort()]
	if h == nil || !h.asking {
		return false
	}
	if h.items() == 0 {
		h.asking = false
		w.rank(h, now)
	}
	return h.asking
}
