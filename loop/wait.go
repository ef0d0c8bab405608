package loop

import "time"

// ReturnWhen says what Wait waits for.
type ReturnWhen int

const (
	// AllCompleted waits until every member is done; failed and cancelled count (W5).
	AllCompleted ReturnWhen = iota
	// FirstCompleted waits until at least one member is done (W6).
	FirstCompleted
	// FirstException waits until a member fails, or all are done; a cancelled
	// member is no failure (W7).
	FirstException
)

// String gives asyncio's name.
func (w ReturnWhen) String() string {
	switch w {
	case AllCompleted:
		return "ALL_COMPLETED"
	case FirstCompleted:
		return "FIRST_COMPLETED"
	case FirstException:
		return "FIRST_EXCEPTION"
	}
	return "invalid ReturnWhen"
}

// Wait suspends the task until members are done as when says, and splits the
// set into done and pending, both in the order of ts, duplicates once (W3, W4).
// It returns no member's error, does not count as having looked at it (W10),
// and cancels nothing (W8, W9). Errors: [ErrEmptySet], [ErrReturnWhen],
// [ErrForeignLoop], and the cancellation of the calling task; done and pending
// are given in that case too.
//
// Each call looks over ts. To make FirstCompleted in a loop over what is pending
// cheap, a call that is given the pending slice of the one before shortens it in
// place, so the slice that was given is spent; to take many completions one by one, [AsCompleted]
// and [WaitSet] are cheaper still.
func Wait[W waitable](c *Ctx, ts []W, when ReturnWhen) (done, pending []W, err error) {
	return waitFor(c, ts, when, nil)
}

// WaitTimeout is Wait for at most d; zero and negative limits look once, after
// everything that is ready has run (W8). The limit is no error.
func WaitTimeout[W waitable](c *Ctx, ts []W, when ReturnWhen, d time.Duration) (done, pending []W, err error) {
	return waitFor(c, ts, when, &d)
}

func waitFor[W waitable](c *Ctx, ts []W, when ReturnWhen, limit *time.Duration) (done, open []W, err error) {
	if len(ts) == 0 {
		return nil, nil, ErrEmptySet
	}
	if when < AllCompleted || when > FirstException {
		return nil, nil, ErrReturnWhen
	}
	if when == FirstCompleted {
		return waitFirst(c, ts, limit)
	}
	l := c.t.l
	w := &waiting{when: when, out: core{l: l, ext: &ext{name: "wait"}}}
	l.mu.Lock()
	if ts, err = distinct(l, ts); err == nil {
		for _, t := range ts {
			w.look(t.node())
		}
	}
	l.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	if !w.met() {
		err = w.suspend(c, nodes(ts), limit)
	}
	for _, t := range ts {
		if t.Done() {
			done = append(done, t)
		} else {
			open = append(open, t)
		}
	}
	return done, open, err
}

func nodes[W waitable](ts []W) []*core {
	all := make([]*core, len(ts))
	for i, t := range ts {
		all[i] = t.node()
	}
	return all
}

// waitable is what can be in a set.
type waitable interface {
	comparable
	Waitable
}

// distinct drops repetitions (W3) and refuses futures of other loops; l.mu is held.
func distinct[W waitable](l *Loop, ts []W) ([]W, error) {
	for _, t := range ts {
		if t.node().l != l {
			return nil, ErrForeignLoop
		}
	}
	out := make([]W, 0, len(ts))
	for _, t := range ts {
		if f := t.node(); !f.hasFlag(flagVisited) {
			f.setFlag(flagVisited)
			out = append(out, t)
		}
	}
	for _, t := range out {
		t.node().clearFlag(flagVisited)
	}
	return out, nil
}

// A waiting is one call of Wait. Guarded by l.mu.
type waiting struct {
	out    core // done when the condition is met
	when   ReturnWhen
	open   int
	failed bool
}

func (w *waiting) look(member *core) {
	switch member.status() {
	case pending:
		w.open++
	case failed:
		w.failed = true
	}
}

func (w *waiting) met() bool {
	switch {
	case w.open == 0:
		return true
	case w.when == FirstException:
		return w.failed
	}
	return false
}

type waitHook struct {
	w      *waiting
	member *core
}

func (h *waitHook) run() {
	l := h.member.l
	l.mu.Lock()
	defer l.unlockAndWake()
	h.w.open--
	h.w.look(h.member)
	if h.w.met() && h.w.out.status() == pending {
		h.w.out.settle(succeeded, nil)
	}
}

// suspend waits until the condition is met or the limit is over, and takes its
// hooks and its timer back on every way out (W8, W9).
func (w *waiting) suspend(c *Ctx, members []*core, limit *time.Duration) error {
	l := w.out.l
	hooks := make([]waitHook, 0, len(members))
	l.mu.Lock()
	for _, m := range members {
		if m.status() == pending {
			hooks = append(hooks, waitHook{w, m})
			m.addWaiter(&hooks[len(hooks)-1])
		}
	}
	var timer Handle
	if limit != nil {
		timer = l.addTimer(later(l.clock.Now(), *limit), &waitLimit{&w.out})
	}
	l.mu.Unlock()
	err := c.await(&w.out)
	l.mu.Lock()
	defer l.mu.Unlock()
	timer.cancelLocked()
	for i := range hooks {
		hooks[i].member.removeWaiter(&hooks[i])
	}
	return err
}

// waitLimit ends a wait when its time is over.
type waitLimit struct{ out *core }

func (t *waitLimit) run() {
	l := t.out.l
	l.mu.Lock()
	defer l.unlockAndWake()
	if t.out.status() == pending {
		t.out.settle(succeeded, nil)
	}
}
