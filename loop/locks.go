package loop

import (
	"errors"
	"fmt"
)

// ErrNotAcquired refuses a Release without an Acquire (Q9, Q11).
var ErrNotAcquired = errors.New("released more often than acquired")

// A Semaphore lets a bounded number of tasks pass. Permits are handed over in the
// order of arrival: nobody overtakes one who was woken (Q7), and the permit of
// one who is cancelled then goes to the next (Q8). It is bounded: permits never
// exceed the number it was made with. Only Acquire suspends; the rest may be
// called from any goroutine.
type Semaphore struct {
	l       *Loop
	limit   int
	free    int
	waiters fifo[*core]
}

// NewSemaphore makes a semaphore with n permits; negative n is an error (Q9).
func NewSemaphore(l *Loop, n int) (*Semaphore, error) {
	if n < 0 {
		return nil, fmt.Errorf("semaphore with %d permits", n)
	}
	return &Semaphore{l: l, limit: n, free: n}, nil
}

// Acquire suspends until a permit is free and takes it. On an error it has none.
func (s *Semaphore) Acquire(c *Ctx) error {
	s.l.mu.Lock()
	if s.free > 0 {
		s.free--
		s.l.mu.Unlock()
		return nil
	}
	w := &core{l: s.l, ext: &ext{name: "semaphore"}}
	s.waiters.push(w)
	s.l.mu.Unlock()
	err := c.await(w)
	if err != nil {
		s.l.mu.Lock()
		defer s.l.unlockAndWake()
		if w.status() == succeeded {
			s.passOn()
		}
	}
	return err
}

// Release gives a permit back. [ErrNotAcquired] if none is out.
func (s *Semaphore) Release() error {
	s.l.mu.Lock()
	defer s.l.unlockAndWake()
	if s.free == s.limit {
		return ErrNotAcquired
	}
	s.passOn()
	return nil
}

// passOn gives a permit to the first who still waits, or sets it free.
func (s *Semaphore) passOn() {
	for {
		w, ok := s.waiters.pop()
		if !ok {
			s.free++
			return
		}
		if w.status() == pending {
			w.settle(succeeded, nil)
			return
		}
	}
}

// Locked tells whether Acquire would suspend now.
func (s *Semaphore) Locked() bool {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	return s.free == 0
}

// A Lock lets one task pass at a time. Code between two suspensions needs none
// (L36); a Lock is for stretches that suspend.
type Lock struct{ s Semaphore }

// NewLock makes a lock that nobody holds.
func NewLock(l *Loop) *Lock { return &Lock{Semaphore{l: l, limit: 1, free: 1}} }

// Acquire suspends until the lock is free and takes it.
func (k *Lock) Acquire(c *Ctx) error { return k.s.Acquire(c) }

// Release frees the lock; [ErrNotAcquired] if nobody holds it (Q11).
func (k *Lock) Release() error { return k.s.Release() }

// Locked tells whether somebody holds it.
func (k *Lock) Locked() bool { return k.s.Locked() }
