package frontier

import (
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// host is what the workbench knows of one host.
type host struct {
	key      string
	lease    Lease // its Items are in queue
	leased   bool
	queue    Queue[Item]
	delayed  []Item // hops and retries, by NotBefore; they go before queue once due
	inFlight int
	open     int // items of this lease that are not settled

	limiter   *rate.Limiter
	notBefore time.Time // paced or parked until
	asking    bool      // its robots.txt is in flight
	gates     []gate

	Turn
	retired uint64 // the number of its last retirement
	lowPos  int    // 1 + its place in Workbench.low; 0: not there
}

// gate holds the robots rules of one origin. A host has more than one only if
// http and https answer on the same port.
type gate struct {
	origin string
	rules  Rules
	until  time.Time // rules are to be asked again from here on
}

// gate returns the rules that hold for origin at now, or nil.
func (h *host) gate(origin string, now time.Time) Rules {
	for i := range h.gates {
		if h.gates[i].origin == origin && now.Before(h.gates[i].until) {
			return h.gates[i].rules
		}
	}
	return nil
}

func (h *host) setGate(g gate) {
	i := slices.IndexFunc(h.gates, func(old gate) bool { return old.origin == g.origin })
	if i < 0 {
		h.gates = append(h.gates, g)
		return
	}
	h.gates[i] = g
}

// due is when the host's next item may be asked, if it has one.
func (h *host) due(now time.Time) (time.Time, bool) {
	var at time.Time
	switch {
	case h.queue.Len() > 0:
		at = now
	case len(h.delayed) > 0:
		at = h.delayed[0].NotBefore
	default:
		return at, false
	}
	if at.Before(h.notBefore) {
		at = h.notBefore
	}
	return at, true
}

// next is the item to ask now; due must have said so.
func (h *host) next(now time.Time) *Item {
	if len(h.delayed) > 0 && !h.delayed[0].NotBefore.After(now) {
		return &h.delayed[0]
	}
	return h.queue.Front()
}

// take removes the item that next shows.
func (h *host) take(now time.Time) Item {
	var it Item
	if len(h.delayed) > 0 && !h.delayed[0].NotBefore.After(now) {
		it = h.delayed[0]
		h.delayed = slices.Delete(h.delayed, 0, 1)
	} else {
		it = h.queue.PopFront()
	}
	it.Waited += now.Sub(it.Since)
	it.Since = time.Time{}
	return it
}

// delay inserts it by its time, behind others of the same time.
func (h *host) delay(it Item) {
	i, _ := slices.BinarySearchFunc(h.delayed, it, func(a, b Item) int {
		if a.NotBefore.After(b.NotBefore) {
			return 1
		}
		return -1 // equal times: behind
	})
	h.delayed = slices.Insert(h.delayed, i, it)
}

// idle says that nothing here is queued, in flight or unsettled.
func (h *host) idle() bool {
	return h.open == 0 && h.inFlight == 0 && h.queue.Len() == 0 && len(h.delayed) == 0
}
