package fetch

import (
	"context"
	"sync"
	"time"
)

const (
	minRate    = 100 // bytes a second, over rateWindow (cli.md section 6)
	rateWindow = 10 * time.Second
)

// limits cancels an exchange whose time is over, whose answer does not begin, or
// whose answer comes slower than minRate over a rateWindow. It has a timer, and
// only one, because a reader that waits for bytes cannot look at the clock, and
// because nearly all exchanges end before it fires once.
type limits struct {
	total, firstByte time.Duration // firstByte 0: none
	cancel           context.CancelCauseFunc

	mu       sync.Mutex
	timer    *time.Timer
	over     bool
	end      time.Time
	asked    time.Time    // the request is written; zero: not yet, or the answer has begun
	received func() int64 // counts the answer's bytes; nil: it has not begun
	from     time.Time    // of the present window
	seen     int64        // bytes at from
}

// start begins to count the whole time.
func (l *limits) start(total, firstByte time.Duration, cancel context.CancelCauseFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total, l.firstByte, l.cancel = total, firstByte, cancel
	l.end = time.Now().Add(total)
	l.timer = time.AfterFunc(l.pause(total), l.look)
}

// pause is how long the timer may sleep at most: no limit that begins in the
// meantime ends sooner.
func (l *limits) pause(left time.Duration) time.Duration {
	if l.firstByte > 0 {
		left = min(left, l.firstByte)
	}
	return min(left, rateWindow)
}

// await begins the wait for the answer's first byte.
func (l *limits) await(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked, l.received = now, nil
}

// watch begins to watch the rate, unless it is watched.
func (l *limits) watch(now time.Time, received func() int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.received == nil {
		l.asked, l.received, l.from, l.seen = time.Time{}, received, now, received()
	}
}

// again forgets the answer that was begun: the request is made anew on another
// connection. The whole time goes on.
func (l *limits) again() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked, l.received = time.Time{}, nil
}

// look judges the limits, and sleeps until the first of them may be passed.
func (l *limits) look() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	next := l.pause(l.end.Sub(now))
	switch {
	case l.over:
		return
	case !now.Before(l.end):
		l.cancel(&timeLimit{after: l.total})
		return
	case !l.asked.IsZero() && l.firstByte > 0:
		left := l.asked.Add(l.firstByte).Sub(now)
		if left <= 0 {
			l.cancel(&timeLimit{after: l.firstByte})
			return
		}
		next = min(next, left)
	case l.received != nil:
		left := l.from.Add(rateWindow).Sub(now)
		if left <= 0 {
			n := l.received()
			if n-l.seen < minRate*int64(rateWindow/time.Second) {
				l.cancel(&timeLimit{after: rateWindow, slow: true})
				return
			}
			l.from, l.seen, left = now, n, rateWindow
		}
		next = min(next, left)
	}
	l.timer.Reset(next)
}

// stop ends the watch; it cancels nothing after that.
func (l *limits) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.timer != nil {
		l.timer.Stop()
	}
}
