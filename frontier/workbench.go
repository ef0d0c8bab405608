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
	hosts   map[string]*host
	turns   Turns[*host]
	low     []*host        // leased hosts with a short queue
	retired Queue[retired] // hosts that were released, the oldest first
	// retirements counts them: a host may be released often.
	retirements uint64
	leased      int
	queued      int
}

// keepHosts bounds the memory of hosts whose lease went back: their pace,
// pause and robots rules.
const keepHosts = 10_000

// soon is how long an item that is asked again may wait on the workbench; a
// longer wait is a value in the frontier (house.md §4).
const soon = time.Second

// Pick is what Next hands out.
type Pick struct {
	Item Item
	// Robots: the origin of Item.Target has no rules yet. Its robots.txt takes
	// a slot of the host, and the origin's items stay queued until SetRules or
	// RetryRobots. No rate is charged for it. Item has only a Target.
	Robots bool
	// Denied: the rules do not let Item be asked. It took no slot and no rate:
	// it gets its record, and Finish is not called for it.
	Denied error
}

// NewWorkbench returns an empty workbench.
func NewWorkbench(o Politeness) *Workbench {
	if o.PerHost == 0 {
		o.PerHost = DefaultPerHost
	}
	return &Workbench{o: o, global: limiter(o.Rate), hosts: map[string]*host{}}
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
	for {
		h, ok := w.turns.Next(now)
		if !ok {
			return Pick{}, w.turns.Wait(now), false
		}
		pick, wait, ok := w.pick(h, now)
		if wait > 0 { // the whole run is paced: h keeps its turn
			w.turns.PutBack(h)
			return Pick{}, wait, false
		}
		w.rank(h, now)
		if ok {
			return pick, 0, true
		}
	}
}

// pick takes the next item of a host that is ready. A wait is the run's own.
func (w *Workbench) pick(h *host, now time.Time) (Pick, time.Duration, bool) {
	target := h.next(now).Target
	if w.o.Robots {
		rules := h.gate(target.Origin(), now)
		if rules == nil {
			h.asking = true
			h.inFlight++
			return Pick{Item: Item{Target: target}, Robots: true}, 0, true
		}
		if err := rules.Allowed(target); err != nil {
			w.queued--
			return Pick{Item: h.take(now), Denied: err}, 0, true
		}
	}
	runWait, hostWait := reserve(now, w.global, h.limiter)
	if hostWait > 0 {
		h.notBefore = now.Add(hostWait)
		return Pick{}, 0, false
	}
	if runWait > 0 {
		return Pick{}, runWait, false
	}
	h.inFlight++
	w.queued--
	return Pick{Item: h.take(now)}, 0, true
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
	if h == nil || !h.leased || it.NotBefore.Sub(now) > soon {
		return false
	}
	if it.Since.IsZero() {
		it.Since = now
	}
	w.queued++
	if it.NotBefore.After(now) {
		h.delay(it)
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
	if until.After(h.notBefore) {
		h.notBefore = until
		w.rank(h, now)
	}
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
		h = &host{key: key, limiter: limiter(w.o.HostRate)}
		w.hosts[key] = h
	}
	return h
}

// rank puts h where it belongs now: among the ready hosts, among those that
// wait for their time, or, with no work, full or asking for robots.txt, nowhere.
func (w *Workbench) rank(h *host, now time.Time) {
	w.markLow(h)
	at, ok := h.due(now)
	if !ok || h.asking || h.inFlight >= w.o.PerHost {
		w.turns.Unset(h)
		return
	}
	w.turns.Set(h, at, now)
}
