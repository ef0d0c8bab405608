package loop

import "context"

// FromChan is a future that is done when ch delivers or is closed (F18). While it
// is pending the loop takes it that something outside may wake it; a
// VirtualClock does not wait for it. A goroutine watches ch; it ends when the
// future is done or cancelled, and at the latest with the loop's Close, which
// waits for it. Any goroutine may call it.
func FromChan(l *Loop, ch <-chan struct{}) *Future[struct{}] {
	return watch(l, "channel", ch, func() error { return nil })
}

// FromContext is a future that fails with ctx's cause when ctx is done (F18).
func FromContext(l *Loop, ctx context.Context) *Future[struct{}] {
	return watch(l, "context", ctx.Done(), func() error { return context.Cause(ctx) })
}

func watch(l *Loop, name string, ch <-chan struct{}, result func() error) *Future[struct{}] {
	f := NewFuture[struct{}](l)
	done := make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	f.core.ext = &ext{name: name, done: done}
	if l.closed {
		f.settle(struct{}{}, ErrLoopClosed)
		return f
	}
	closing := l.closingChan()
	l.externals++
	l.helpers.Go(func() {
		select {
		case <-ch:
			f.TrySet(struct{}{}, result())
		case <-done:
		case <-closing:
		}
		l.mu.Lock()
		l.externals--
		l.needWake = true
		l.unlockAndWake()
	})
	return f
}
