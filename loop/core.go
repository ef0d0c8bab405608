package loop

import "sync/atomic"

// A core is the part of a future or task that does not depend on the type of
// its result. Everything but state is guarded by l.mu. It is small because a
// program has very many of them: what few need is in ext.
type core struct {
	l     *Loop
	live  *live  // of a task that is not done, and of a scope in use
	ext   *ext   // rare things, or nil
	first runner // first of those who wait; the others are in ext.more
	state atomic.Uint32
	id    uint32 // number of a task, for its name
}

// The state word: two bits of status, then flags.
const (
	pending uint32 = iota
	succeeded
	failed
	cancelled
	statusMask = 3

	flagSealed  = 1 << 2 // its owner alone sets the result
	flagSeen    = 1 << 3 // somebody looked at the error, or it was reported
	flagVisited = 1 << 4 // met already by the cancel walk that is under way
)

type ext struct {
	err        error
	name       string
	more       []runner
	canceller  canceller
	scope      *scope
	done       chan struct{}
	group      *TaskGroup
	next, prev *core // in the list of unseen errors
	listed     bool
}

// A canceller knows what Cancel means for a future that is more than a plain
// one. It is called under l.mu and tells whether there was anything to cancel.
type canceller interface {
	cancel(ce *CancelError) bool
}

func (f *core) status() uint32 { return f.state.Load() & statusMask }

// setFlag and clearFlag: writers hold l.mu, so load and store suffice.
func (f *core) setFlag(flag uint32)      { f.state.Store(f.state.Load() | flag) }
func (f *core) clearFlag(flag uint32)    { f.state.Store(f.state.Load() &^ flag) }
func (f *core) hasFlag(flag uint32) bool { return f.state.Load()&flag != 0 }

func (f *core) extra() *ext {
	if f.ext == nil {
		f.ext = new(ext)
	}
	return f.ext
}

// addWaiter queues r behind those who wait already, or for the next turn if f
// is done (F7, F14).
func (f *core) addWaiter(r runner) {
	switch {
	case f.status() != pending:
		f.l.push(r)
	case f.first == nil:
		f.first = r
	default:
		e := f.extra()
		e.more = append(e.more, r)
	}
}

// removeWaiter takes r out; false if it is not there (any more).
func (f *core) removeWaiter(r runner) bool {
	if f.first == r {
		f.first = nil
		if e := f.ext; e != nil && len(e.more) > 0 {
			f.first = e.more[0]
			e.more = append(e.more[:0], e.more[1:]...)
		}
		return true
	}
	if f.ext != nil {
		for i, other := range f.ext.more {
			if other == r {
				f.ext.more = append(f.ext.more[:i], f.ext.more[i+1:]...)
				return true
			}
		}
	}
	return false
}

// settle ends f and queues everybody who waits, in the order in which they
// began to (F8, F10); l.mu is held, the value is set already.
func (f *core) settle(status uint32, err error) {
	l := f.l
	if err != nil {
		f.extra().err = err
	}
	f.state.Store(f.state.Load()&^statusMask | status)
	if f.first != nil {
		l.notify(f.first)
		f.first = nil
	}
	if e := f.ext; e != nil {
		for _, r := range e.more {
			l.notify(r)
		}
		e.more, e.canceller, e.scope, e.group = nil, nil, nil, nil
		if e.done != nil {
			close(e.done)
		}
	}
	if status == failed && !f.hasFlag(flagSeen) {
		l.unseen.add(f)
	}
}

// notify queues one who waited.
func (l *Loop) notify(r runner) {
	if h, ok := r.(*firstHook); ok {
		h.note()
	}
	l.push(r)
}

// settleErr ends f with err, as cancelled if that is what err says (T19).
func (f *core) settleErr(err error) {
	if isCancel(err) {
		f.settle(cancelled, err)
	} else {
		f.settle(failed, err)
	}
}

// outcome is the error of a done core; asking for it counts as having looked (F12).
func (f *core) outcome() error {
	switch f.status() {
	case pending:
		return ErrNotDone
	case succeeded:
		return nil
	case failed:
		f.markSeen()
	}
	return f.ext.err
}

func (f *core) markSeen() {
	if f.hasFlag(flagSeen) {
		return
	}
	f.l.mu.Lock()
	f.see()
	f.l.mu.Unlock()
}

// see is markSeen with l.mu held.
func (f *core) see() {
	f.setFlag(flagSeen)
	f.l.unseen.remove(f)
}

// doneChan is for ordinary goroutines: it is closed when f is done (F18).
func (f *core) doneChan() <-chan struct{} {
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	e := f.extra()
	if e.done == nil {
		e.done = make(chan struct{})
		if f.status() != pending {
			close(e.done)
		}
	}
	return e.done
}

// unseenList holds done futures whose error nobody looked at, oldest first.
type unseenList struct {
	head, tail *core
	n          int
}

// maxUnseen bounds the list: the oldest error is reported when it overflows.
const maxUnseen = 1024

func (u *unseenList) add(f *core) {
	e := f.extra()
	e.prev, e.listed = u.tail, true
	if u.tail == nil {
		u.head = f
	} else {
		u.tail.ext.next = f
	}
	u.tail = f
	if u.n++; u.n > maxUnseen {
		old := u.head
		old.see()
		f.l.push(unseenReport{old})
	}
}

func (u *unseenList) remove(f *core) {
	e := f.ext
	if e == nil || !e.listed {
		return
	}
	if e.prev == nil {
		u.head = e.next
	} else {
		e.prev.ext.next = e.next
	}
	if e.next == nil {
		u.tail = e.prev
	} else {
		e.next.ext.prev = e.prev
	}
	e.next, e.prev, e.listed = nil, nil, false
	u.n--
}
