package loop

import (
	"context"
	"time"
)

// jobContext is the context of an executor job: done when its future is
// cancelled or the loop closes. The real context under it is made on demand.
type jobContext struct {
	j *jobCore
	l *Loop
}

func (c jobContext) inner() context.Context {
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	ctx := c.j.ctx.make(c.l.base, nil)
	if c.j.err != nil {
		c.j.ctx.end(c.j.err)
	}
	return ctx
}

func (c jobContext) Deadline() (time.Time, bool) { return c.l.base.Deadline() }
func (c jobContext) Done() <-chan struct{}       { return c.inner().Done() }
func (c jobContext) Value(key any) any           { return c.inner().Value(key) }

func (c jobContext) Err() error {
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	if c.j.err != nil {
		return c.j.err
	}
	return c.l.base.Err()
}
