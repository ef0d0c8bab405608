package frontier

import (
	"slices"
	"time"
)

// host is what the workbench knows of one host.
type host struct {
	key      string
	lease    Lease // its Items are in queue
	leased   bool
	queue    Queue[Item]
	delayed  []Item      // hops and retries, by NotBefore; they go before queue once due
	errands  Queue[Item] // for the robots.txt of other hosts' origins: redirects led here
	inFlight int
	open     int // items of this lease that are not settled

	started time.Time     // of its last page: rate and delay run from there
	delay   time.Duration // the longest that it asks for
	paced   time.Time     // its next page found that it has to wait until then
	parked  time.Time     // its Retry-After
	window  window
	row     row
	full    error // why what was never asked is not asked any more

	asking bool // its robots.txt is asked for, here or where redirects led
	tries  int  // for it, in vain and in a row
	gates  []gate

	Turn
	inLine bool   // it stands in Workbench.line, not in turns
	lowPos int    // 1 + its place in Workbench.low; 0: not there
	rest   uint64 // the number of its present rest (see rest.go); 0: it has something to do
}

// step is what a host has to do next.
type step uint8

const (
	nothing step = iota
	deny         // an item, or an errand, that is not to be asked whatever the gates say
	errand
	page // or the robots.txt that it waits for
)

// items counts what is queued.
func (h *host) items() int { return h.queue.Len() + len(h.delayed) }

// step says what the host has to do next and when it may.
func (h *host) step(now time.Time) (step, time.Time) {
	switch {
	case h.items() > 0 && h.refusal(now) != nil, h.errands.Len() > 0 && h.row.lost != nil:
		return deny, now
	case h.inFlight >= h.slots():
		return nothing, now
	case h.errands.Len() > 0:
		return errand, h.parked
	case h.items() == 0 || h.asking:
		return nothing, now
	}
	at := h.parked
	for _, t := range []time.Time{h.paced, h.due()} {
		if t.After(at) {
			at = t
		}
	}
	return page, at
}

// due is when the first item may be asked for its own part.
func (h *host) due() time.Time {
	if h.queue.Len() > 0 {
		return time.Time{}
	}
	return h.delayed[0].NotBefore
}

// slots is how many requests it may have in flight.
func (h *host) slots() int {
	if h.delay > 0 {
		return 1
	}
	return h.window.size
}

// refusal is why the next item is not asked at all, whatever gates it would have
// to pass.
func (h *host) refusal(now time.Time) error {
	if h.row.lost != nil {
		return h.row.lost
	}
	if h.full != nil && h.next(now).Started.IsZero() {
		return h.full
	}
	for i := range h.gates {
		if g := &h.gates[i]; g.refused != nil && now.Before(g.until) && g.origin == h.next(now).Target.Origin() {
			return g.refused
		}
	}
	return nil
}

// later says that the next item is one of delayed.
func (h *host) later(now time.Time) bool {
	return h.queue.Len() == 0 || len(h.delayed) > 0 && !h.delayed[0].NotBefore.After(now)
}

// next is the item to leave next; there must be one.
func (h *host) next(now time.Time) *Item {
	if h.later(now) {
		return &h.delayed[0]
	}
	return h.queue.Front()
}

// take removes the item that next shows.
func (h *host) take(now time.Time) Item {
	var it Item
	if h.later(now) {
		it = h.delayed[0]
		h.delayed = slices.Delete(h.delayed, 0, 1)
	} else {
		it = h.queue.PopFront()
	}
	it.Waited += now.Sub(it.Since)
	it.Since = time.Time{}
	return it
}

// putOff inserts it by its time, behind others of the same time.
func (h *host) putOff(it Item) {
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
	return h.open == 0 && h.inFlight == 0 && h.items() == 0 && h.errands.Len() == 0
}
