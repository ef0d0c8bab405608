package loop

import (
	"errors"
	"time"
)

// WaitFor awaits a for at most d of the loop's time. When the limit passes, a is
// cancelled and its end is waited for; then the error is [ErrTimeout], unless a
// swallowed the cancel and has a value, or failed in its cleanup: that is
// returned (X1, X2). With d ≤ 0 a done future gives its result and any other is
// cancelled (X3). A cancel of the calling task cancels a, waits for it, and is
// never swallowed (X4, X5). To leave a running, [Shield] it. For no limit use
// [Await].
func WaitFor[T any](c *Ctx, a Awaitable[T], d time.Duration) (T, error) {
	f := a.future()
	if err := c.waitFor(&f.core, d); err != nil {
		var zero T
		return zero, err
	}
	return f.val, nil
}

// waitLimiter is the timer of one WaitFor.
type waitLimiter struct {
	f  *core
	ce *CancelError // set when the limit struck
}

func (w *waitLimiter) run() {
	l := w.f.l
	l.mu.Lock()
	defer l.unlockAndWake()
	w.strike()
}

func (w *waitLimiter) strike() {
	if w.f.status() == pending {
		w.ce = &CancelError{Cause: ErrTimeout, Origin: w.f.nameLocked()}
		w.f.l.cancelLocked(w.f, w.ce)
	}
}

func (c *Ctx) waitFor(f *core, d time.Duration) error {
	l := c.t.l
	if f.l != l {
		return ErrForeignLoop
	}
	if f.status() != pending {
		return f.outcome()
	}
	w := &waitLimiter{f: f}
	l.mu.Lock()
	var timer Handle
	if d <= 0 {
		w.strike()
	} else {
		timer = l.addTimer(later(l.clock.Now(), d), w)
	}
	l.mu.Unlock()
	ce, err := c.join(f, true)
	timer.Cancel()
	switch {
	case err != nil:
		return err
	case f.status() == failed:
		return f.outcome()
	case ce != nil:
		return ce
	case w.ce != nil && f.status() == cancelled:
		return ErrTimeout
	}
	return f.outcome()
}

// A TimeoutScope is a limit on a stretch of a task's body, with asyncio.timeout's
// meaning. It serves one Run. The zero value has no limit until Reset.
type TimeoutScope struct {
	l       *Loop
	limit   time.Duration
	limited bool
	scope   *scope
	timer   Handle
	expired bool
	over    bool
}

// NewTimeoutScope makes a scope whose limit is d from the beginning of its Run.
func NewTimeoutScope(d time.Duration) *TimeoutScope {
	return &TimeoutScope{limit: d, limited: true}
}

// ErrScopeOver refuses a scope that has expired or ended (X10).
var ErrScopeOver = errors.New("timeout scope is over")

// Timeout runs fn with a limit of d: see [TimeoutScope.Run].
func Timeout(c *Ctx, d time.Duration, fn func(c *Ctx) error) error {
	return NewTimeoutScope(d).Run(c, fn)
}

// Run calls fn, in the same task and on the same goroutine, with the Ctx of the
// scope. At the limit what fn is suspended in is cancelled, and every later
// suspension in fn fails; if fn then returns that cancellation, Run returns
// [ErrTimeout] (X6). An error of fn's own wins over the limit, and so does a
// cancel of the task itself (X8). A fn that never suspends is never timed out,
// one that swallows the cancellation ends normally (X7). Of nested scopes the
// one whose limit passed says ErrTimeout (X9).
func (s *TimeoutScope) Run(c *Ctx, fn func(c *Ctx) error) (err error) {
	l := c.t.l
	if s.l != nil {
		return ErrScopeOver
	}
	inner, ctx, err := c.enter(false)
	if err != nil {
		return err
	}
	l.mu.Lock()
	s.l, s.scope = l, inner
	if s.limited {
		s.arm(s.limit)
	}
	l.mu.Unlock()
	defer inner.leave()
	defer s.end()
	if err = fn(ctx); isCancel(err) && s.struck() {
		return ErrTimeout
	}
	return err
}

// arm sets the timer; l.mu is held.
func (s *TimeoutScope) arm(d time.Duration) {
	s.timer = s.l.addTimer(later(s.l.clock.Now(), d), s)
}

// run is the limit's turn on the loop.
func (s *TimeoutScope) run() {
	s.l.mu.Lock()
	defer s.l.unlockAndWake()
	if s.over || s.expired {
		return
	}
	s.expired = true
	s.scope.strike(&CancelError{Cause: ErrTimeout, Origin: s.scope.core.live.t.nameLocked()})
}

func (s *TimeoutScope) end() {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	s.over = true
	s.timer.cancelLocked()
}

// struck tells whether the limit is what cancels the scope, and nothing from
// around it.
func (s *TimeoutScope) struck() bool {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	ce := s.scope.ce
	return ce != nil && s.scope.core.live.cancelledFrom(s.scope) == ce
}

// Expired tells whether the limit passed while fn ran.
func (s *TimeoutScope) Expired() bool {
	if s.l == nil {
		return false
	}
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	return s.expired
}

// Reset moves the limit to d from now; [ErrScopeOver] after it passed or the
// scope ended (X10). It belongs on the loop.
func (s *TimeoutScope) Reset(d time.Duration) error {
	if s.l == nil {
		s.limit, s.limited = d, true
		return nil
	}
	s.l.mu.Lock()
	defer s.l.unlockAndWake()
	if s.over || s.expired {
		return ErrScopeOver
	}
	s.timer.cancelLocked()
	s.arm(d)
	return nil
}

// Shielded runs fn in a scope that cancels from around do not reach, for
// cleanup that must suspend (D4, T16). It is limited by d, after which its
// suspensions fail and it returns [ErrTimeout] as Timeout does; d ≤ 0 is no
// limit. After it a pending cancel strikes again.
func (c *Ctx) Shielded(d time.Duration, fn func(c *Ctx) error) error {
	s, ctx, err := c.enter(true)
	if err != nil {
		return err
	}
	defer s.leave()
	if d <= 0 {
		return fn(ctx)
	}
	return Timeout(ctx, d, fn)
}
