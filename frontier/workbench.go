package frontier

import (
	"time"

	"golang.org/x/time/rate"
)

// Workbench holds the hosts leased to this process and hands out only what may
// be asked now. It does no I/O, has no clock, never blocks, and belongs to one
// goroutine. A call costs O(log hosts).
type Workbench struct {
	o       Politeness
	global  *rate.Limiter
	spacing time.Duration // of two starts at a host by its rate
	hosts   map[string]*host
	turns   Turns[*host]
	line    Turns[*host]   // those that wait for the run's rate alone; empty without one
	low     []*host        // leased hosts with a short queue
	resting Queue[resting] // hosts with nothing to do, the longest so first
	rests   uint64         // counts them: a host may come to rest often
	leased  int
	queued  int
	kept    int   // bytes of robots rules
	full    error // why what was never asked is not asked any more, anywhere
}

// soon is how long an item that is asked again may wait on the workbench; a
// longer wait is a value in the frontier (house.md §4).
const soon = time.Second

// Pick is what Next hands out.
type Pick struct {
	Item Item
	// Robots: Item is for a robots.txt. Its URL is the file of the origin that has
	// no rules yet, Target where redirects led; it is no item of the frontier. It
	// takes a slot of Target's host, but no rate and no delay, and the origin's
	// items stay queued until SetRules, Refuse or RetryRobots answers.
	Robots bool
	// Denied: Item is not to be asked, for this reason: the rules, a GivenUpError,
	// or what Refuse, Close or CloseHost was told. It took no slot and no rate: it gets its record, or
	// is answered if it is for a robots.txt, and Finish is not called for it.
	Denied error
}

// NewWorkbench returns an empty workbench.
func NewWorkbench(o Politeness) *Workbench {
	if o.PerHost == 0 {
		o.PerHost = DefaultPerHost
	}
	return &Workbench{o: o, global: limiter(o.Rate), spacing: interval(o.HostRate), hosts: map[string]*host{}}
}

// Add takes leases and their items, as Claim or Extend gave them.
func (w *Workbench) Add(now time.Time, ls []Lease) {
	for _, l := range ls {
		h := w.host(l.Host)
		if !h.leased {
			h.leased = true
			w.leased++
		}
		for _, it := range l.Items {
			if it.Since.IsZero() {
				it.Since = now
			}
			h.queue.PushBack(it)
		}
		h.open += len(l.Items)
		w.queued += len(l.Items)
		l.Items = nil
		h.lease = l
		w.rank(h, now)
	}
}

// Next hands out an item whose host may be asked now. Without one it says how
// long until the first may be; 0 means that only another call can change it.
func (w *Workbench) Next(now time.Time) (Pick, time.Duration, bool) {
	for h, ok := w.turns.Next(now); ok; h, ok = w.turns.Next(now) {
		pick, ok, mayStart := w.pick(h, now)
		if mayStart && w.global == nil {
			pick, ok = w.start(h, now), true
		} else if mayStart {
			h.inLine = true
			w.line.Set(h, now, now)
		}
		w.rank(h, now)
		if ok {
			return pick, 0, true
		}
	}
	return w.nextInLine(now)
}

// nextInLine is Next for the hosts that wait for the run's rate alone: whatever
// is not charged for was handed out before.
func (w *Workbench) nextInLine(now time.Time) (Pick, time.Duration, bool) {
	for h, ok := w.line.Next(now); ok; h, ok = w.line.Next(now) {
		pick, ok, mayStart := w.pick(h, now) // another item may be the first now
		if mayStart {
			if wait := reserve(now, w.global); wait > 0 {
				w.line.PutBack(h)
				return Pick{}, soonest(wait, w.turns.Wait(now)), false
			}
			pick, ok = w.start(h, now), true
		}
		h.inLine = false
		w.rank(h, now)
		if ok {
			return pick, 0, true
		}
	}
	return Pick{}, w.turns.Wait(now), false
}

// soonest is the shorter of two waits, of which 0 is none.
func soonest(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// pick does the next step of a host whose turn it is, if it may. A page is left
// to the caller: mayStart says that only the run's rate can still be against it.
func (w *Workbench) pick(h *host, now time.Time) (pick Pick, ok, mayStart bool) {
	next, at := h.step(now)
	if at.After(now) {
		return Pick{}, false, false
	}
	switch next {
	case deny:
		return w.refuse(h, now), true, false
	case errand:
		it := h.errands.PopFront()
		if !w.awaited(now, it) {
			return Pick{}, false, false
		}
		h.inFlight++
		return Pick{Item: it, Robots: true}, true, false
	case page:
		if w.o.Robots {
			if pick, ok = w.robots(h, now); ok {
				return pick, true, false
			}
		}
		if h.paced = w.paceAfter(h); !h.paced.After(now) {
			return Pick{}, false, true
		}
	}
	return Pick{}, false, false
}

// refuse takes what may not be asked whatever the gates say.
func (w *Workbench) refuse(h *host, now time.Time) Pick {
	if h.errands.Len() > 0 && h.row.lost != nil {
		return Pick{Item: h.errands.PopFront(), Robots: true, Denied: h.row.lost}
	}
	why := h.refusal(now)
	w.queued--
	return Pick{Item: h.take(now), Denied: why}
}

// robots asks for the rules of the next item's origin, or denies the item by
// them; ok is false where it may be asked.
func (w *Workbench) robots(h *host, now time.Time) (pick Pick, ok bool) {
	it := h.next(now)
	rules := h.rules(it.Target.Origin(), now)
	if rules == nil {
		file, err := it.Target.Resolve("/robots.txt")
		if err == nil {
			h.asking = true
			h.inFlight++
			ask := Item{URL: file, Target: file, Foreign: it.Foreign, Retries: max(0, h.tries-1), Again: h.tries > 0}
			return Pick{Item: ask, Robots: true}, true
		}
		w.queued--
		return Pick{Item: h.take(now), Denied: err}, true
	}
	if err := rules.Allowed(it.Target); err != nil {
		w.queued--
		return Pick{Item: h.take(now), Denied: err}, true
	}
	return Pick{}, false
}

// start lets the next item be asked.
func (w *Workbench) start(h *host, now time.Time) Pick {
	h.started = now
	h.inFlight++
	w.queued--
	return Pick{Item: h.take(now)}
}

// paceAfter is when rate and delay let h be asked again after its last start.
func (w *Workbench) paceAfter(h *host) time.Time {
	return h.started.Add(max(w.spacing, h.delay))
}

// Finish gives back the slot that Next took for a fetch or a robots.txt. key
// is the HostPort of the pick's Target.
func (w *Workbench) Finish(now time.Time, key string) {
	h := w.hosts[key]
	h.inFlight--
	w.rank(h, now)
}

// Requeue puts an item that is to be asked again at the head of its host's
// queue. It reports false where the item belongs back into the frontier: its
// host is not leased here, or its time is more than a second away.
func (w *Workbench) Requeue(now time.Time, it Item) bool {
	h := w.hosts[it.Target.HostPort()]
	if h == nil || !h.leased || it.NotBefore.Sub(now) > soon && h.row.lost == nil {
		return false
	}
	if it.Since.IsZero() {
		it.Since = now
	}
	w.queued++
	if it.NotBefore.After(now) {
		h.putOff(it)
	} else {
		h.queue.PushFront(it)
	}
	w.rank(h, now)
	return true
}

// Park lets nobody ask the host before until: its Retry-After. A shorter pause
// does not undo a longer one.
func (w *Workbench) Park(now time.Time, key string, until time.Time) {
	h := w.host(key)
	if until.After(h.parked) {
		h.parked = until
	}
	w.rank(h, now)
}

// Settled says that an item of the lease on key was settled in the frontier.
func (w *Workbench) Settled(key string) {
	if h := w.hosts[key]; h != nil {
		h.open = max(0, h.open-1) // a fenced host was already forgotten
	}
}

// host returns what is known of key, beginning with nothing.
func (w *Workbench) host(key string) *host {
	h := w.hosts[key]
	if h == nil {
		h = &host{key: key, delay: w.o.HostDelay, window: window{size: w.o.PerHost}, full: w.full}
		w.hosts[key] = h
	}
	return h
}

// rank puts h where it belongs now: among the ready hosts, among those that
// wait for their time, or, with nothing to do, full or asking for robots.txt,
// nowhere. Every call that changes h ends with it.
func (w *Workbench) rank(h *host, now time.Time) {
	w.markLow(h)
	w.markRest(h)
	next, at := h.step(now)
	if h.inLine && next == page {
		return // it keeps its place; if its time is later now, that shows at the head
	}
	if h.inLine {
		h.inLine = false
		w.line.Unset(h)
	}
	if next == nothing {
		w.turns.Unset(h)
		return
	}
	w.turns.Set(h, at, now)
}
