package loop

// Shield is a future of a's result that can be cancelled without a noticing:
// awaited instead of a, it keeps a cancel of the awaiting task away from a
// (X11). When a is cancelled the shield is. If a is done, it is a's own future.
// An error of a that comes after the shield was cancelled is nobody's: it is
// reported if it is not looked at on a (X12). Any goroutine may call it.
func Shield[T any](a Awaitable[T]) *Future[T] {
	inner := a.future()
	if inner.Done() {
		return inner
	}
	out := NewFuture[T](inner.core.l)
	out.core.setFlag(flagSealed)
	l := inner.core.l
	l.mu.Lock()
	defer l.unlockAndWake()
	out.core.ext = &ext{name: "shield"}
	inner.core.addWaiter(&shieldHook[T]{inner, out})
	return out
}

type shieldHook[T any] struct{ inner, out *Future[T] }

func (h *shieldHook[T]) run() {
	l := h.inner.core.l
	l.mu.Lock()
	defer l.unlockAndWake()
	if h.out.core.status() == pending {
		h.inner.core.see()
		h.out.follow(h.inner)
	}
}

// follow ends f as other ended; l.mu is held.
func (f *Future[T]) follow(other *Future[T]) {
	if status := other.core.status(); status != succeeded {
		f.core.settle(status, other.core.ext.err)
		return
	}
	f.val = other.val
	f.core.settle(succeeded, nil)
}
