package loop

import (
	"errors"
	"strings"
)

// ErrGroupClosed is the error of a task that was to be created in a group that
// has ended, or that is aborting; its body never runs (K7).
var ErrGroupClosed = errors.New("task group takes no more tasks")

// A GroupError holds the errors of a task group: those of the children in the
// order of completion, then that of the body (K2, K3). errors.Is and errors.As
// reach every one, also in nested groups (K9).
type GroupError struct{ Errors []error }

func (e *GroupError) Error() string {
	texts := make([]string, len(e.Errors))
	for i, err := range e.Errors {
		texts[i] = err.Error()
	}
	return "task group: " + strings.Join(texts, "; ")
}

// Unwrap gives the errors.
func (e *GroupError) Unwrap() []error { return e.Errors }

// A TaskGroup is the scope that tasks live in: it ends when all of them have.
// It is a [Spawner]: CreateTask(g, fn) makes a child. See [WithTaskGroup].
type TaskGroup struct {
	l        *Loop
	scope    *scope
	children []*core
	left     int
	errs     []error
	aborting bool
	over     bool
	idle     *core        // settled when no child is left; awaited by the exit
	ce       *CancelError // the group's own cancellation
}

// Loop is the group's loop.
func (g *TaskGroup) Loop() *Loop { return g.l }

// WithTaskGroup calls fn with a new group, then suspends until every child is
// done (K1). When a child fails, the others and fn's own suspension are
// cancelled (K2); so are the children when fn returns an error (K3). The errors
// come back as one [GroupError]. A child that is cancelled alone is no error
// (K4). When the calling task is cancelled, the children are, and after their
// end the cancellation is returned, unless there are errors: then they win, and
// the task stays cancelled (K5). Children may create children of the group
// until it ends (K7).
func WithTaskGroup(c *Ctx, fn func(c *Ctx, g *TaskGroup) error) error {
	s, inner, err := c.enter(false)
	if err != nil {
		return err
	}
	g := &TaskGroup{l: c.t.l, scope: s}
	defer s.leave()
	defer g.end()
	err = g.body(inner, fn)
	outside := g.drain(inner, err)
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	switch {
	case err == nil || g.ce != nil && isOwn(err, g.ce):
	case !isCancel(err):
		g.errs = append(g.errs, err)
	case outside == nil && len(g.errs) == 0:
		return err // a cancellation that fn brought from somewhere else
	}
	if len(g.errs) > 0 {
		return &GroupError{g.errs}
	}
	if outside != nil {
		return outside
	}
	return nil
}

// body runs fn; if it does not return, the children are cancelled on the way out.
func (g *TaskGroup) body(c *Ctx, fn func(*Ctx, *TaskGroup) error) error {
	returned := false
	defer func() {
		if !returned {
			g.l.mu.Lock()
			g.abort(nil)
			g.l.unlockAndWake()
			_ = g.drain(c, nil)
		}
	}()
	err := fn(c, g)
	returned = true
	return err
}

// drain waits for the children, through any cancellation, and returns that of
// the task around the group.
func (g *TaskGroup) drain(c *Ctx, err error) (outside error) {
	l := g.l
	l.mu.Lock()
	if err != nil {
		g.abort(nil)
	}
	for g.left > 0 {
		g.idle = &core{l: l, ext: &ext{name: "task group", canceller: g}}
		idle := g.idle
		l.unlockAndWake()
		_, jerr := c.join(idle, true)
		l.mu.Lock()
		if jerr != nil {
			l.mu.Unlock()
			return jerr
		}
	}
	g.over = true
	defer l.unlockAndWake()
	if ce := g.scope.core.live.cancelledFrom(g.scope); ce != nil && ce != g.ce {
		g.scope.core.live.deliver()
		return ce
	}
	return nil
}

// cancel is that of the wait for the children.
func (g *TaskGroup) cancel(ce *CancelError) bool {
	if g.aborting {
		g.cancelChildren(ce)
		return g.left > 0
	}
	g.aborting = true
	g.cancelChildren(ce)
	return g.left > 0
}

// abort cancels the children, and with a cause the body too; l.mu is held.
func (g *TaskGroup) abort(cause error) {
	if g.aborting {
		return
	}
	g.aborting = true
	g.ce = &CancelError{Cause: cause, Origin: "task group"}
	g.cancelChildren(g.ce)
	if cause != nil && g.idle == nil {
		g.scope.strike(g.ce)
	}
}

func (g *TaskGroup) cancelChildren(ce *CancelError) {
	for _, child := range g.children {
		if child.status() == pending {
			g.l.cancelLocked(child, ce)
		}
	}
}

// admit takes a new child; l.mu is held.
func (g *TaskGroup) admit(t *core) error {
	if g.over || g.aborting {
		return ErrGroupClosed
	}
	t.extra().group = g
	if len(g.children) > 64 && len(g.children) > 2*g.left {
		g.prune()
	}
	g.children = append(g.children, t)
	g.left++
	return nil
}

// prune forgets children that are done, so that a long-lived group stays small.
func (g *TaskGroup) prune() {
	kept := g.children[:0]
	for _, child := range g.children {
		if child.status() == pending {
			kept = append(kept, child)
		}
	}
	clear(g.children[len(kept):])
	g.children = kept
}

// childDone is told by a child that has ended; l.mu is held.
func (g *TaskGroup) childDone(t *core) {
	g.left--
	if t.status() == failed {
		t.see() // it is in the group's error
		g.errs = append(g.errs, t.ext.err)
		g.abort(t.ext.err)
	}
	if g.left == 0 && g.idle != nil && g.idle.status() == pending {
		g.idle.settle(succeeded, nil)
	}
}

func (g *TaskGroup) end() {
	g.l.mu.Lock()
	g.over = true
	g.l.mu.Unlock()
}

// isOwn tells whether err is the cancellation ce.
func isOwn(err error, ce *CancelError) bool {
	var got *CancelError
	return isCancel(err) && errors.As(err, &got) && got == ce
}
