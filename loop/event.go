package loop

// An Event is a flag that tasks can wait for. Make one with [NewEvent]. All but
// Wait may be called from any goroutine; from another one than the loop's, take
// a [Loop.Hold] first, or the loop may believe that nobody will set it.
type Event struct {
	l       *Loop
	set     bool
	waiters []*core
}

// NewEvent makes an event that is not set.
func NewEvent(l *Loop) *Event { return &Event{l: l} }

// IsSet tells whether the flag is up.
func (e *Event) IsSet() bool {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	return e.set
}

// Set raises the flag and wakes all who wait, in the order in which they came.
// A Clear right after it does not take that back (Q11).
func (e *Event) Set() {
	e.l.mu.Lock()
	defer e.l.unlockAndWake()
	e.set = true
	for _, w := range e.waiters {
		if w.status() == pending {
			w.settle(succeeded, nil)
		}
	}
	e.waiters = nil
}

// Clear lowers the flag.
func (e *Event) Clear() {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	e.set = false
}

// Wait suspends until the flag is up; not at all if it is.
func (e *Event) Wait(c *Ctx) error {
	e.l.mu.Lock()
	if e.set {
		e.l.mu.Unlock()
		return nil
	}
	w := &core{l: e.l, ext: &ext{name: "event"}}
	e.waiters = append(e.waiters, w)
	e.l.mu.Unlock()
	err := c.await(w)
	if err != nil {
		e.l.mu.Lock()
		defer e.l.mu.Unlock()
		for i, other := range e.waiters {
			if other == w {
				e.waiters = append(e.waiters[:i], e.waiters[i+1:]...)
				break
			}
		}
	}
	return err
}
