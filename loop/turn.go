package loop

import (
	"runtime"
	"slices"
	"sync/atomic"
)

// push appends to the ready queue; l.mu is held. On a closed loop it drops.
func (l *Loop) push(r runner) {
	if l.closed {
		return
	}
	if n := len(l.ready); n == cap(l.ready) {
		l.ready = slices.Grow(l.ready, max(n, 64)) // append would copy a long queue four times as often
	}
	l.ready = append(l.ready, slot{r: r})
	l.needWake = true
}

// unlockAndWake releases l.mu, and wakes the loop if it sleeps and something
// happened that it must see.
func (l *Loop) unlockAndWake() {
	wake := l.needWake && l.mode.Load() == asleep && l.mode.CompareAndSwap(asleep, awake)
	l.mu.Unlock()
	if wake {
		l.rouse()
	}
}

// rouse ends the loop's sleep; the one who made it awake calls it.
func (l *Loop) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// runTurns makes turns until it is told to stop. Timers and wake-ups are looked
// at in every turn, so that an endless chain of callbacks starves nobody (L3).
func (l *Loop) runTurns() error {
	for {
		if !l.nextBatch() {
			return nil // deadlock, told in l.guard
		}
		for l.next < len(l.batch) && !l.hurry.Load() {
			l.runBatch()
		}
		if stop, err := l.shouldStop(); stop {
			return err
		}
	}
}

// nextBatch sleeps while there is nothing to do, then makes the callbacks that
// are ready now the batch of this turn; what they schedule belongs to the next
// one (L2). It is false when nothing can ever wake the loop.
func (l *Loop) nextBatch() bool {
	l.mu.Lock()
	clear(l.batch) // a sleeping loop keeps nothing alive
	spare := l.batch[:0]
	l.batch, l.batchBase, l.next = nil, l.readyBase, 0
	if l.turns++; l.turns%64 == 0 {
		l.tick = l.clock.Now()
	}
	for gaveWay := false; ; {
		if l.inbox.Load() != nil {
			l.takePosted()
		}
		l.queueDueTimers()
		if len(l.ready) > 0 || l.stopping || l.abortErr != nil {
			break
		}
		if l.guard.deadlock && l.isStuck() {
			l.guard.found = l.deadlockError()
			l.mu.Unlock()
			return false
		}
		if l.jobs.out > 0 && !gaveWay {
			gaveWay = true // to workers that may be done sooner than a sleep and a wake-up are
			l.mu.Unlock()
			runtime.Gosched()
			l.mu.Lock()
			continue
		}
		l.sleep()
		gaveWay = false
	}
	l.batch, l.ready = l.ready, spare
	l.batchBase = l.readyBase
	l.readyBase += uint64(len(l.batch))
	l.needWake = false
	l.mu.Unlock()
	return true
}

// sleep gives up l.mu until the first timer is due or somebody wakes the loop.
// An idle loop burns no CPU (L35). Whoever posts a job after the last look at the
// inbox finds the loop marked asleep.
func (l *Loop) sleep() {
	p := Pause{Until: Forever, Busy: l.holds + l.jobs.busy(), Wake: l.wake}
	if len(l.timers) > 0 {
		p.Until = l.timers[0].when
	}
	l.needWake = false
	l.mode.Store(asleep)
	if l.inbox.Load() == nil {
		l.mu.Unlock()
		l.clock.Pause(p)
		l.mu.Lock()
	}
	l.mode.Store(awake)
	l.tick = l.clock.Now()
}

// isStuck: no timer, no job, no hold, no channel or signal can wake the loop.
func (l *Loop) isStuck() bool {
	return len(l.timers) == 0 && l.jobs.out == 0 && l.holds == 0 && l.externals == 0 &&
		l.base.Done() == nil
}

// runBatch runs what is left of the batch. One deferred recover serves it all:
// a panicking callback costs only itself (L16), the caller goes on behind it.
func (l *Loop) runBatch() {
	defer func() {
		if v := recover(); v != nil {
			l.report(ErrContext{Message: "panic in callback", Err: newPanicError(v)})
		}
	}()
	for l.next < len(l.batch) {
		s := &l.batch[l.next]
		l.next++
		if atomic.LoadUint32(&s.cancelled) == 0 {
			l.dog.begin()
			s.r.run()
			l.dog.end()
			if l.hurry.Load() {
				return
			}
		}
	}
}

// requeueRest puts the unrun rest of the batch before what is ready, so that
// the next run begins with it (L18); l.mu is held.
func (l *Loop) requeueRest() {
	if rest := l.batch[l.next:]; len(rest) > 0 {
		l.readyBase = l.batchBase + uint64(l.next)
		l.ready = append(append([]slot(nil), rest...), l.ready...)
	}
	clear(l.batch)
	l.batch, l.next = l.batch[:0], 0
	l.batchBase = l.readyBase
}

func (l *Loop) shouldStop() (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.abortErr; err != nil {
		l.abortErr = nil
		l.hurry.Store(false)
		return true, err
	}
	return l.stopping, nil
}
