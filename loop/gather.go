package loop

// A Result is a value or the error that came in its place. Index is the place
// of its awaitable among the arguments.
type Result[T any] struct {
	Value T
	Err   error
	Index int
}

// Gather is the future of all results, in the order of the arguments, whatever
// the order of completion (G2). The same awaitable given twice fills two slots
// (G3). The first error in time ends the gather at once; the others go on and
// can be awaited (G4, G5), their errors go to the exception handler. Cancelling
// the gather, or the task that awaits it, cancels every child and then waits
// for all of them to end (G7, G8). No arguments: done, with an empty slice (G1).
//
// It does not suspend and may be called from any goroutine. A child of another
// loop makes it fail with [ErrForeignLoop] (G16).
func Gather[T any, A Awaitable[T]](l *Loop, aws ...A) *Future[[]T] {
	out := NewFuture[[]T](l)
	g := &gathering{out: &out.core}
	g.finish = func() {
		out.val = make([]T, len(aws))
		for i, a := range aws {
			out.val[i] = a.future().val
		}
		out.core.settle(succeeded, nil)
	}
	startGather(l, g, aws)
	return out
}

// GatherResults is Gather with the errors in place, asyncio's
// return_exceptions=True: it waits for all and does not fail; failed and
// cancelled children have their error in their slot (G6).
func GatherResults[T any, A Awaitable[T]](l *Loop, aws ...A) *Future[[]Result[T]] {
	out := NewFuture[[]Result[T]](l)
	g := &gathering{out: &out.core, inPlace: true}
	g.finish = func() {
		out.val = make([]Result[T], len(aws))
		for i, a := range aws {
			f := a.future()
			out.val[i] = Result[T]{Value: f.val, Index: i}
			if f.core.status() != succeeded {
				out.val[i].Err = f.core.ext.err
			}
		}
		out.core.settle(succeeded, nil)
	}
	startGather(l, g, aws)
	return out
}

// A gathering is what both forms have in common. Guarded by l.mu.
type gathering struct {
	out     *core
	kids    []gatherHook
	left    int
	inPlace bool
	ce      *CancelError // it was cancelled
	finish  func()       // all children are done: makes the value
}

// A gatherHook waits for one child.
type gatherHook struct {
	g   *gathering
	kid *core
}

func startGather[T any, A Awaitable[T]](l *Loop, g *gathering, aws []A) {
	g.out.setFlag(flagSealed)
	g.out.extra().name = "gather"
	g.out.ext.canceller = g
	seen := make(map[*core]struct{}, len(aws))
	g.kids = make([]gatherHook, 0, len(aws))
	l.mu.Lock()
	defer l.unlockAndWake()
	for _, a := range aws {
		kid := a.node()
		if kid.l != l {
			g.out.settle(failed, ErrForeignLoop)
			return
		}
		if _, again := seen[kid]; !again {
			seen[kid] = struct{}{}
			g.kids = append(g.kids, gatherHook{g, kid})
		}
	}
	if g.left = len(g.kids); g.left == 0 {
		g.finish()
	}
	for i := range g.kids {
		g.kids[i].kid.addWaiter(&g.kids[i])
	}
}

// run is told that the child is done.
func (h *gatherHook) run() {
	l := h.kid.l
	l.mu.Lock()
	defer l.unlockAndWake()
	h.g.childDone(h.kid)
}

func (g *gathering) childDone(kid *core) {
	g.left--
	wasSeen := kid.hasFlag(flagSeen)
	kid.see()
	status := kid.status()
	open := g.out.status() == pending
	if !g.inPlace && status != succeeded {
		switch {
		case open && g.ce == nil:
			// Even when the child was cancelled, the gather was not (G12).
			g.out.settle(failed, kid.ext.err)
			return
		case status == failed && !wasSeen:
			kid.l.reportSoon(ErrContext{
				Message: "error of a gathered task came after the gather had ended",
				Err:     kid.ext.err, Name: kid.nameLocked(),
			})
		}
	}
	if g.left > 0 || !open {
		return
	}
	if g.ce != nil {
		g.out.settle(cancelled, g.ce) // even if the children swallowed it (G9)
		return
	}
	g.finish()
}

// cancel passes a cancel on to the children; it is refused when all are done (G11).
func (g *gathering) cancel(ce *CancelError) bool {
	any := false
	for i := range g.kids {
		if kid := g.kids[i].kid; kid.status() == pending {
			kid.l.cancelLocked(kid, ce)
			any = true
		}
	}
	if any && g.ce == nil {
		g.ce = ce
	}
	return any
}
