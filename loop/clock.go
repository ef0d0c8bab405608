package loop

import (
	"context"
	"math"
	"sync"
	"time"
)

// Forever is the deadline of a loop that has no timer, and the latest time a
// timer can have (L13).
const Forever = time.Duration(math.MaxInt64)

// A Clock tells a loop the time and lets it sleep. Now may be called from any
// goroutine; it is monotonic with an arbitrary epoch (L12). Pause is called by
// the loop alone.
type Clock interface {
	Now() time.Duration
	// Pause blocks until the clock reaches p.Until or p.Wake delivers. It may
	// return early without reason.
	Pause(p Pause)
}

// Pause describes why and how long a loop has nothing to do.
type Pause struct {
	Until time.Duration   // deadline of the first timer, or Forever
	Busy  int             // executor jobs and holds that are out
	Wake  <-chan struct{} // delivers when the loop has something to do
}

// RealClock returns the machine's monotonic clock, beginning at zero. Each
// loop needs its own.
func RealClock() Clock { return &realClock{start: time.Now()} }

type realClock struct {
	start time.Time
	timer *time.Timer
}

func (c *realClock) Now() time.Duration { return time.Since(c.start) }

func (c *realClock) Pause(p Pause) {
	if p.Until == Forever {
		<-p.Wake
		return
	}
	d := p.Until - c.Now()
	if d <= 0 {
		return
	}
	if c.timer == nil {
		c.timer = time.NewTimer(d)
	} else {
		c.timer.Reset(d)
	}
	select {
	case <-p.Wake:
		c.timer.Stop()
	case <-c.timer.C:
	}
}

// A VirtualClock stands still while anything runs and jumps to the next
// deadline when nothing can: no callback is ready and no executor job or Hold
// is out (B5). Hours pass in microseconds, in the same order as on the real
// clock. The zero value starts at time zero. One clock serves one loop.
type VirtualClock struct {
	mu       sync.Mutex
	now      time.Duration
	sleepers []*sleeper
	changed  chan struct{}
}

type sleeper struct {
	until time.Duration
	woken chan struct{}
}

// Now gives the virtual time. Any goroutine may call it.
func (v *VirtualClock) Now() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Sleep blocks an executor job (or the holder of a Hold) for d of virtual time
// or until ctx is done. It is the job's stand-in for time.Sleep, and the only
// way in which a job lets the virtual time move on. It must not be called on
// the loop's goroutine: tasks use [Sleep].
func (v *VirtualClock) Sleep(ctx context.Context, d time.Duration) error {
	v.mu.Lock()
	s := &sleeper{until: later(v.now, d), woken: make(chan struct{})}
	v.sleepers = append(v.sleepers, s)
	v.notify()
	v.mu.Unlock()
	select {
	case <-s.woken:
		return nil
	case <-ctx.Done():
		v.mu.Lock()
		v.drop(s)
		v.mu.Unlock()
		return context.Cause(ctx)
	}
}

// Pause jumps, or waits until a job or a hold lets it jump.
func (v *VirtualClock) Pause(p Pause) {
	for {
		v.mu.Lock()
		if v.changed == nil {
			v.changed = make(chan struct{}, 1)
		}
		first := v.firstSleeper()
		if p.Busy > len(v.sleepers) || (first == nil && p.Until == Forever) {
			v.mu.Unlock()
			select {
			case <-p.Wake:
				return
			case <-v.changed:
				continue
			}
		}
		if first == nil || p.Until < first.until {
			v.now = max(v.now, p.Until)
			v.mu.Unlock()
			return
		}
		// One sleeper at a time, so that jobs that are due together go on in a
		// fixed order.
		v.now = max(v.now, first.until)
		v.drop(first)
		close(first.woken)
		v.mu.Unlock()
	}
}

func (v *VirtualClock) firstSleeper() (first *sleeper) {
	for _, s := range v.sleepers {
		if first == nil || s.until < first.until {
			first = s
		}
	}
	return first
}

func (v *VirtualClock) drop(s *sleeper) {
	for i, other := range v.sleepers {
		if other == s {
			v.sleepers = append(v.sleepers[:i], v.sleepers[i+1:]...)
			return
		}
	}
}

func (v *VirtualClock) notify() {
	if v.changed == nil {
		v.changed = make(chan struct{}, 1)
	}
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

// later adds without wrapping into the past (L13).
func later(t, d time.Duration) time.Duration {
	if d > 0 && t > Forever-d {
		return Forever
	}
	return t + d
}
