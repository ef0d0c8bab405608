package frontier

import (
	"slices"
	"time"
)

// Stock is how many items of a host to claim at a time: enough that the slots of
// a fast host stay busy until the next claim.
func Stock(perHost int) int { return max(256, 2*perHost) }

// Queued is the number of items that wait on the workbench.
func (w *Workbench) Queued() int { return w.queued }

// Leased is the number of hosts that are leased here.
func (w *Workbench) Leased() int { return w.leased }

// Low lists the leased hosts whose queue is shorter than half their Stock, for
// Extend. The order means nothing.
func (w *Workbench) Low() []Lease {
	ls := make([]Lease, 0, len(w.low))
	for _, h := range w.low {
		ls = append(ls, h.lease)
	}
	return ls
}

// Return is a lease that has no work left here, and how long its host must
// still not be asked.
type Return struct {
	Lease Lease
	Delay time.Duration
}

// Idle takes off the workbench the hosts with nothing queued, in flight or
// unsettled, for Release. What is known of them is remembered for a while, in
// case their next line follows soon.
func (w *Workbench) Idle(now time.Time) []Return {
	var rs []Return
	for i := 0; i < len(w.low); {
		h := w.low[i]
		if !h.idle() {
			i++
			continue
		}
		rs = append(rs, Return{Lease: h.lease, Delay: w.pause(h, now)})
		w.retire(now, h) // the last host of low takes its place
	}
	return rs
}

// pause is how long nobody is to ask h; where items would only be denied there is
// nothing to wait for.
func (w *Workbench) pause(h *host, now time.Time) time.Duration {
	if h.row.lost != nil || h.full != nil || h.refuses(now) {
		return 0
	}
	return max(0, h.parked.Sub(now), w.paceAfter(h).Sub(now))
}

// Drop takes a fenced host off the workbench with all that is queued for it:
// another worker has it now.
func (w *Workbench) Drop(now time.Time, key string) {
	h := w.hosts[key]
	if h == nil || !h.leased {
		return
	}
	w.queued -= h.items()
	h.queue, h.delayed, h.open = Queue[Item]{}, nil, 0
	w.retire(now, h)
}

// Drain takes up to n items off the workbench without asking anyone: a run that
// was cancelled gives them their records.
func (w *Workbench) Drain(now time.Time, n int) []Item {
	var its []Item
	for _, key := range w.drainOrder() {
		h := w.hosts[key]
		for len(its) < n && h.items() > 0 {
			its = append(its, h.take(now))
			w.queued--
		}
		w.rank(h, now)
		if len(its) == n {
			break
		}
	}
	return its
}

// drainOrder lists the hosts with queued items by name, so that two runs drain
// alike.
func (w *Workbench) drainOrder() []string {
	var keys []string
	for key, h := range w.hosts {
		if h.items() > 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// retire ends the lease on h.
func (w *Workbench) retire(now time.Time, h *host) {
	h.leased, h.lease = false, Lease{}
	w.leased--
	w.rank(h, now)
}

// markLow notes that h is leased and runs low, or no longer.
func (w *Workbench) markLow(h *host) {
	low := h.leased && h.queue.Len() < Stock(w.o.PerHost)/2
	switch {
	case low && h.lowPos == 0:
		w.low = append(w.low, h)
		h.lowPos = len(w.low)
	case !low && h.lowPos > 0:
		last := w.low[len(w.low)-1]
		w.low[h.lowPos-1], last.lowPos = last, h.lowPos
		w.low = w.low[:len(w.low)-1]
		h.lowPos = 0
	}
}
