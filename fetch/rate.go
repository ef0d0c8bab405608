package fetch

import (
	"context"
	"sync"
	"time"
)

const (
	minRate    = 100 // bytes a second on the wire, over rateWindow (cli.md section 6)
	rateWindow = 10 * time.Second
)

// rateWatch cancels an exchange whose body came slower than minRate over a
// rateWindow. It has a timer of its own, because a reader that waits for bytes
// cannot look at the clock.
type rateWatch struct {
	w      *wire
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	seen  int64 // bytes at the last look
	over  bool
}

func watchRate(w *wire, cancel context.CancelCauseFunc) *rateWatch {
	r := &rateWatch{w: w, cancel: cancel}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(rateWindow, r.look)
	return r
}

func (r *rateWatch) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.w.n.Load()
	switch {
	case r.over:
	case n-r.seen < minRate*int64(rateWindow/time.Second):
		r.cancel(&timeLimit{after: rateWindow, slow: true})
	default:
		r.seen = n
		r.timer.Reset(rateWindow)
	}
}

// stop ends the watch; it cancels nothing after that.
func (r *rateWatch) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.timer.Stop()
}
