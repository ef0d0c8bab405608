package loop

import (
	"context"
	"errors"
	"time"
)

// A Ctx is the current task, and its context.Context: done when the task is
// cancelled or has ended. Go has no goroutine-local state, so it is what
// asyncio.current_task() would return (D2, T24). The functions that suspend take it and
// must be called from the body of its task, in the body's own goroutine; as a
// context.Context it may be used and kept anywhere.
type Ctx struct {
	t *core // the task, or a scope of it
}

var _ context.Context = (*Ctx)(nil)

var errTaskDone = errors.New("task is done")

// Loop is the loop that runs the task.
func (c *Ctx) Loop() *Loop { return c.t.l }

// Task is the running task; nil once it is done.
func (c *Ctx) Task() AnyTask {
	l := c.t.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if lv := c.t.live; lv != nil {
		return lv.body
	}
	return nil
}

// Cancelling counts the Cancel calls on the task that Uncancel has not taken back.
func (c *Ctx) Cancelling() int {
	l := c.t.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if lv := c.t.live; lv != nil {
		return lv.cancels
	}
	return 0
}

// Uncancel takes one Cancel of the task back and returns how many are left.
// With none left suspensions work again, and Done gives a fresh channel (T8).
func (c *Ctx) Uncancel() int {
	l := c.t.l
	l.mu.Lock()
	lv := c.t.live
	l.mu.Unlock()
	if lv == nil {
		return 0
	}
	return lv.t.uncancel()
}

// Deadline is that of the loop's own context. Limits of this package do not
// show in it: they run on the loop's clock, which may be virtual.
func (c *Ctx) Deadline() (time.Time, bool) { return c.t.l.base.Deadline() }

// Done is closed when the task or scope is cancelled, and when it ends.
func (c *Ctx) Done() <-chan struct{} {
	l := c.t.l
	l.mu.Lock()
	defer l.mu.Unlock()
	return c.context().Done()
}

// Err is nil until Done is closed, then the [CancelError] or the end of the
// loop's context.
func (c *Ctx) Err() error {
	l := c.t.l
	l.mu.Lock()
	defer l.mu.Unlock()
	lv := c.t.live
	if lv == nil {
		return endedContext.Err()
	}
	if ce := lv.cancelledFrom(c.scope()); ce != nil {
		return ce
	}
	if lc := c.lazy(); lc.ctx != nil {
		return lc.ctx.Err()
	}
	return l.base.Err()
}

// Value asks the context that the loop was made with.
func (c *Ctx) Value(key any) any {
	l := c.t.l
	l.mu.Lock()
	inner := l.base
	if c.t.live != nil {
		if lc := c.lazy(); lc.ctx != nil {
			inner = lc.ctx // lets the context package find the real context under ours
		}
	}
	l.mu.Unlock()
	return inner.Value(key)
}

// scope is the scope that c belongs to; nil for the task's own Ctx.
func (c *Ctx) scope() *scope {
	if c.t.ext != nil {
		return c.t.ext.scope
	}
	return nil
}

func (c *Ctx) lazy() *lazyContext {
	if s := c.scope(); s != nil {
		return &s.ctx
	}
	return &c.t.live.ctx
}

// context makes the real context under c; l.mu is held.
func (c *Ctx) context() context.Context {
	if c.t.live == nil {
		return endedContext
	}
	if s := c.scope(); s != nil {
		return s.context(c.t.live)
	}
	lv := c.t.live
	return lv.ctx.make(c.t.l.base, lv.cancelledFrom(nil))
}

var endedContext = func() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errTaskDone)
	return ctx
}()

// A lazyContext makes a real context.Context when somebody first asks for one:
// most tasks and jobs never need it. Guarded by l.mu.
type lazyContext struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (z *lazyContext) make(parent context.Context, ce *CancelError) context.Context {
	if z.ctx == nil {
		z.ctx, z.cancel = context.WithCancelCause(parent)
		if ce != nil {
			z.cancel(ce)
		}
	}
	return z.ctx
}

func (z *lazyContext) end(cause error) {
	if z.cancel != nil {
		z.cancel(cause)
	}
}
