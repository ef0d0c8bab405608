package loop

import (
	"os"
	"os/signal"
)

// A signalWatch forwards one signal to the loop.
type signalWatch struct {
	ch   chan os.Signal
	quit chan struct{}
}

// AddSignalHandler runs fn on the loop whenever sig arrives, in place of an
// earlier handler for it (L34). The goroutine that listens ends with
// RemoveSignalHandler or Close. [ErrLoopClosed] on a closed loop.
func (l *Loop) AddSignalHandler(sig os.Signal, fn func()) error {
	if fn == nil {
		panic("loop: nil callback")
	}
	l.RemoveSignalHandler(sig)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrLoopClosed
	}
	w := &signalWatch{make(chan os.Signal, 1), make(chan struct{})}
	if l.signals == nil {
		l.signals = map[os.Signal]*signalWatch{}
	}
	l.signals[sig] = w
	l.externals++
	signal.Notify(w.ch, sig)
	l.helpers.Go(func() {
		for {
			select {
			case <-w.ch:
				l.CallSoonThreadsafe(fn)
			case <-w.quit:
				return
			}
		}
	})
	return nil
}

// RemoveSignalHandler tells whether there was a handler for sig.
func (l *Loop) RemoveSignalHandler(sig os.Signal) bool {
	l.mu.Lock()
	defer l.unlockAndWake()
	w, ok := l.signals[sig]
	if ok {
		delete(l.signals, sig)
		l.externals--
		l.needWake = true
		w.end()
	}
	return ok
}

func (w *signalWatch) end() {
	signal.Stop(w.ch)
	close(w.quit)
}

// removeSignals is Close's part.
func (l *Loop) removeSignals() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.signals {
		w.end()
	}
	l.signals = nil
}
