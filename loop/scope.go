package loop

import "context"

// A scope is a stretch of a task's body that can be cancelled, or shielded
// from cancellation, on its own. Scopes of one task nest. The innermost one
// rules every suspension of the task, whichever Ctx it was called with.
// Guarded by l.mu.
type scope struct {
	core   core // what the scope's Ctx points to; never awaited
	parent *scope
	shield bool         // cancellation of what is around does not come in
	ce     *CancelError // why the scope itself is cancelled
	ctx    lazyContext
}

// enter opens a scope inside the current one of c's task.
func (c *Ctx) enter(shield bool) (*scope, *Ctx, error) {
	lv, err := c.running()
	if err != nil {
		return nil, nil, err
	}
	l := c.t.l
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &scope{parent: lv.scope, shield: shield}
	s.core.l, s.core.live = l, lv
	s.core.ext = &ext{scope: s}
	lv.scope = s
	return s, &Ctx{t: &s.core}, nil
}

// leave closes the scope, at the end of its stretch.
func (s *scope) leave() {
	l := s.core.l
	l.mu.Lock()
	defer l.mu.Unlock()
	s.core.live.scope = s.parent
	s.core.live = nil
	s.ctx.end(errTaskDone)
}

// strike cancels the scope, and the suspension its task is parked in; l.mu is held.
func (s *scope) strike(ce *CancelError) {
	lv := s.core.live
	if lv == nil || s.ce != nil {
		return
	}
	s.ce = ce
	s.ctx.end(ce)
	if lv.cancelledFrom(lv.scope) == ce {
		s.core.l.interrupt(lv, ce)
	}
}

// context makes the real context of the scope, under that of the one around it.
func (s *scope) context(lv *live) context.Context {
	if s.ctx.ctx != nil {
		return s.ctx.ctx
	}
	var parent context.Context
	if s.parent != nil {
		parent = s.parent.context(lv)
	} else {
		parent = lv.ctx.make(s.core.l.base, lv.cancelledFrom(nil))
	}
	if s.shield {
		parent = context.WithoutCancel(parent)
	}
	return s.ctx.make(parent, s.ce)
}
