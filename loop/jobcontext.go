package loop

import (
	"context"
	"time"
)

// jobContext is the context of an executor job: done when its future is
// cancelled or the loop closes. The real context under it is made on demand.
type jobContext jobCore

func (c *jobContext) inner() context.Context {
	l := c.f.l
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx := c.ctx.make(l.base, nil)
	if c.cause != nil {
		c.ctx.end(c.cause)
	}
	return ctx
}

func (c *jobContext) Deadline() (time.Time, bool) { return c.f.l.base.Deadline() }
func (c *jobContext) Done() <-chan struct{}       { return c.inner().Done() }
func (c *jobContext) Value(key any) any           { return c.inner().Value(key) }

func (c *jobContext) Err() error {
	l := c.f.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.cause != nil {
		return c.cause
	}
	return l.base.Err()
}
