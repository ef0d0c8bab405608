package loop

import (
	"os"
	"os/signal"
	"sync/atomic"
)

// interruption is a run's dealing with SIGINT.
type interruption struct {
	struck atomic.Bool
}

// Interrupted tells whether a SIGINT came during the last run, also when the main
// task made something else of it (R7).
func (i *interruption) Interrupted() bool { return i.struck.Load() }

// watch lets the first SIGINT cancel main; the second finds the default
// disposition again and ends the process, even if the loop is stuck (R8). The
// returned function gives the signal back (R10).
func (i *interruption) watch(l *Loop, main Waitable) (restore func()) {
	i.struck.Store(false)
	if !l.opts.HandleInterrupt {
		return func() {}
	}
	return onInterrupt(func() {
		i.struck.Store(true)
		main.Cancel(ErrInterrupted)
	})
}

// claims: the cancellation err is the interrupt's and nobody else's (R9).
func (i *interruption) claims(err error) bool {
	ce, ok := err.(*CancelError)
	return ok && i.struck.Load() && ce.Cause == ErrInterrupted
}

// abortOnInterrupt lets SIGINT end RunUntilComplete at a turn's border, tasks
// intact (R11).
func (l *Loop) abortOnInterrupt() (restore func()) {
	return onInterrupt(func() { l.Abort(ErrInterrupted) })
}

// onInterrupt calls fn at the first SIGINT, on a goroutine of its own, which
// ends with restore.
func onInterrupt(fn func()) (restore func()) {
	ch := make(chan os.Signal, 1)
	quit, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(ch, os.Interrupt)
	go func() {
		defer close(ended)
		select {
		case <-ch:
			signal.Stop(ch)
			fn()
		case <-quit:
		}
	}()
	return func() {
		signal.Stop(ch)
		close(quit)
		<-ended
	}
}
