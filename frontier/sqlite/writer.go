package sqlite

import (
	"context"
	"time"
)

// Bounds of a group of calls that is committed at once.
const (
	groupTime = 20 * time.Millisecond
	groupRows = 500
)

// call is work for the goroutine that owns the file.
type call struct {
	do   func() error
	done chan error
}

// call has do done by that goroutine and waits for it. do either changes nothing
// and returns an error, or takes effect as a whole: a group is never committed in
// the middle of it, and an error of the file takes it back with its group.
func (s *Store) call(ctx context.Context, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := call{do: do, done: make(chan error, 1)}
	select {
	case s.calls <- c:
		return <-c.done
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stopped:
		return ErrClosed
	}
}

// serve is that goroutine, until Close.
func (s *Store) serve() {
	defer close(s.stopped)
	timer := time.NewTimer(groupTime)
	defer timer.Stop()
	armed := true
	for {
		select {
		case c := <-s.calls:
			c.done <- s.serveCall(c.do)
			if s.db.begun && !armed {
				timer.Reset(groupTime)
				armed = true
			}
		case <-timer.C:
			armed = false
			if s.commit(); s.db.err != nil {
				s.signal() // the next call tells why
			}
		case <-s.closing:
			s.commit()
			s.ended = s.db.close()
			if s.again != nil {
				s.again.Close()
			}
			s.signal()
			return
		}
	}
}

// serveCall does one call, and commits a group that is full.
func (s *Store) serveCall(do func() error) error {
	if s.db.err != nil {
		return s.db.err
	}
	err := do()
	if s.db.wrote >= groupRows {
		s.commit()
	}
	if s.db.err != nil {
		return s.db.err
	}
	return err
}

// signal closes the channel that the last batches carried.
func (s *Store) signal() {
	if s.moreSeen {
		close(s.more)
		s.more, s.moreSeen = make(chan struct{}), false
	}
}
