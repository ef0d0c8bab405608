package loop

import (
	"slices"
	"time"
)

// A firstWait makes the idiom
//
//	for len(pending) > 0 {
//		done, pending, err = loop.Wait(c, pending, loop.FirstCompleted)
//	}
//
// cheap: asyncio hooks and unhooks every member at every call. Here the hooks of
// a call stay where they are when it returns, and the next call of the same
// task, if it is given back the slice that the last one left pending, goes on
// with them and shortens that slice in place. What is left per call is comparing
// and moving pointers. A call for another set, a cancel and the end of the task
// take the hooks away. Guarded by l.mu.
type firstWait struct {
	hooks []firstHook
	given any     // []W: the pending slice that the last call returned
	left  any     // []W: a copy of it, to see that nobody changed it
	ords  []int32 // of each of them, its place in hooks; ascending
	done  []int32 // places of those that ended since
	out   *core   // what the present call awaits
}

type firstHook struct {
	m      *firstWait
	member *core
	ord    int32
}

// note is called inside settle, so that a member never is done and still
// counted as pending (W6).
func (h *firstHook) note() { h.m.done = append(h.m.done, h.ord) }

// run is a turn later, when the done callbacks of the member have run.
func (h *firstHook) run() {
	l := h.member.l
	l.mu.Lock()
	defer l.unlockAndWake()
	if out := h.m.out; out != nil && out.status() == pending {
		out.settle(succeeded, nil)
	}
}

func (m *firstWait) drop() {
	for i := range m.hooks {
		h := &m.hooks[i]
		h.member.removeWaiter(h)
	}
}

func waitFirst[W waitable](c *Ctx, ts []W, limit *time.Duration) (done, open []W, err error) {
	lv, err := c.running()
	if err != nil {
		return nil, ts, err
	}
	l := c.t.l
	l.mu.Lock()
	defer l.unlockAndWake()
	m := lv.first
	if m == nil || !isGiven(m, ts) {
		if m != nil {
			m.drop()
			lv.first = nil
		}
		if ts, err = distinct(l, ts); err != nil {
			return nil, nil, err
		}
		m = newFirstWait(ts)
		m.left = slices.Clone(ts)
	}
	if len(m.done) == 0 {
		err = m.suspend(c, limit)
	}
	done, open = split(m, ts)
	m.given, lv.first = open, m
	if err != nil || len(open) == 0 {
		m.drop()
		lv.first = nil
	}
	return done, open, err
}

// isGiven tells whether ts is what the last call returned, unchanged.
func isGiven[W waitable](m *firstWait, ts []W) bool {
	given, ok := m.given.([]W)
	return ok && len(given) == len(ts) && &given[0] == &ts[0] && slices.Equal(m.left.([]W), ts)
}

func newFirstWait[W waitable](ts []W) *firstWait {
	m := &firstWait{hooks: make([]firstHook, len(ts)), ords: make([]int32, len(ts))}
	for i, t := range ts {
		m.ords[i] = int32(i)
		m.hooks[i] = firstHook{m, t.node(), int32(i)}
		if t.node().status() != pending {
			m.done = append(m.done, int32(i))
		} else {
			t.node().addWaiter(&m.hooks[i])
		}
	}
	return m
}

// suspend parks the task until a member ends or the limit is over; l.mu is
// held, and given up meanwhile.
func (m *firstWait) suspend(c *Ctx, limit *time.Duration) error {
	l := c.t.l
	out := &core{l: l, ext: &ext{name: "wait"}}
	m.out = out
	var timer Handle
	if limit != nil {
		timer = l.addTimer(later(l.clock.Now(), *limit), &waitLimit{out})
	}
	l.mu.Unlock()
	err := c.await(out)
	l.mu.Lock()
	timer.cancelLocked()
	m.out = nil
	return err
}

// split takes the members that have ended out of ts, both parts in its order,
// and the rest together in place.
func split[W waitable](m *firstWait, ts []W) (done, open []W) {
	if len(m.done) == 0 {
		return nil, ts
	}
	slices.Sort(m.done)
	left := m.left.([]W)
	for i, ord := range m.done {
		at, _ := slices.BinarySearch(m.ords[i:], ord)
		m.done[i] = int32(i + at)
		done = append(done, ts[i+at])
	}
	m.ords = without(m.ords, m.done)
	m.left = without(left, m.done)
	open = without(ts, m.done)
	m.done = m.done[:0]
	return done, open
}

// without deletes the places given, in ascending order, from s. A single one is
// closed from the nearer end: moving pointers is what a call costs most for.
func without[E any](s []E, places []int32) []E {
	if at := int(places[0]); len(places) == 1 && at < len(s)/2 {
		copy(s[1:at+1], s[:at])
		clear(s[:1])
		return s[1:]
	}
	kept := int(places[0])
	for i, at := range places {
		end := len(s)
		if i+1 < len(places) {
			end = int(places[i+1])
		}
		kept += copy(s[kept:], s[at+1:end])
	}
	clear(s[kept:])
	return s[:kept]
}
