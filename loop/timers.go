package loop

import "time"

// A timer is one entry of the loop's heap. Entries are reused; gen tells a
// handle whether its timer is still the one that it was made for. All fields
// are guarded by Loop.mu.
type timer struct {
	l     *Loop
	when  time.Duration
	seq   uint64 // ties are first come, first served (L6)
	index int    // place in the heap, or one of the two below
	gen   uint64
	r     runner
}

const (
	timerIdle = -1 // neither in the heap nor due
	timerDue  = -2 // in the ready queue, not yet run
)

// run is the timer's turn in the ready queue. A timer cancelled since then
// has no runner left (L10).
func (t *timer) run() {
	l := t.l
	l.mu.Lock()
	r := t.r
	l.freeTimer(t)
	l.mu.Unlock()
	if r != nil {
		r.run()
	}
}

// addTimer arms a timer; l.mu is held.
func (l *Loop) addTimer(when time.Duration, r runner) Handle {
	var t *timer
	if n := len(l.spareTimers); n > 0 {
		t = l.spareTimers[n-1]
		l.spareTimers = l.spareTimers[:n-1]
	} else {
		t = &timer{l: l}
	}
	l.timerSeq++
	t.when, t.seq, t.r = when, l.timerSeq, r
	l.timers.push(t)
	return Handle{l: l, t: t, seq: t.gen}
}

// cancelTimer removes a timer from the heap at once (L11), or empties it when
// it is due already; l.mu is held.
func (l *Loop) cancelTimer(t *timer, gen uint64) {
	if t.gen != gen {
		return
	}
	switch t.index {
	case timerIdle:
	case timerDue:
		t.r = nil
	default:
		l.timers.remove(t)
		l.freeTimer(t)
	}
}

func (l *Loop) freeTimer(t *timer) {
	t.r = nil
	t.index = timerIdle
	t.gen++
	if len(l.spareTimers) < 1024 {
		l.spareTimers = append(l.spareTimers, t)
	}
}

// queueDueTimers moves every timer that is due behind what is ready already
// (L8, L9); l.mu is held.
func (l *Loop) queueDueTimers() {
	if len(l.timers) == 0 {
		return
	}
	now := l.clock.Now()
	l.tick = now
	if late := now - l.timers[0].when; late >= 0 {
		l.lag = late
	}
	for len(l.timers) > 0 && l.timers[0].when <= now {
		t := l.timers[0].t
		l.timers.remove(t)
		t.index = timerDue
		l.push(t)
	}
}

// A timerHeap is a four-way heap ordered by (when, seq). The keys lie beside
// the pointers, so that sifting does not touch the timers themselves.
type timerHeap []timerKey

type timerKey struct {
	when time.Duration
	seq  uint64
	t    *timer
}

func (k timerKey) before(o timerKey) bool {
	return k.when < o.when || (k.when == o.when && k.seq < o.seq)
}

func (h *timerHeap) push(t *timer) {
	*h = append(*h, timerKey{})
	h.up(len(*h)-1, timerKey{t.when, t.seq, t})
}

func (h *timerHeap) remove(t *timer) {
	i, last := t.index, len(*h)-1
	moved := (*h)[last]
	(*h)[last] = timerKey{}
	*h = (*h)[:last]
	if i == last {
		return
	}
	if i > 0 && moved.before((*h)[(i-1)/4]) {
		h.up(i, moved)
	} else {
		h.down(i, moved)
	}
}

func (h timerHeap) up(i int, k timerKey) {
	for i > 0 {
		parent := (i - 1) / 4
		if !k.before(h[parent]) {
			break
		}
		h.place(i, h[parent])
		i = parent
	}
	h.place(i, k)
}

func (h timerHeap) down(i int, k timerKey) {
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		least := first
		for j := first + 1; j < min(first+4, len(h)); j++ {
			if h[j].before(h[least]) {
				least = j
			}
		}
		if !h[least].before(k) {
			break
		}
		h.place(i, h[least])
		i = least
	}
	h.place(i, k)
}

func (h timerHeap) place(i int, k timerKey) {
	h[i] = k
	k.t.index = i
}
