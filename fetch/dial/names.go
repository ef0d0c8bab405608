package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	namesKept = 60 * time.Second // an answer or a failure; as curl, and faults.md row 9
	maxNames  = 10_000           // answers and failures remembered
)

var errClosed = &net.OpError{Op: "dial", Net: "tcp", Err: net.ErrClosed}

// names remembers look-ups, and makes one per host at a time however many wait.
type names struct {
	lookup Lookup
	family Family
	limit  time.Duration // of one look-up

	mu     sync.Mutex
	byHost map[string]*look
	ended  []*look // those of byHost that have ended, oldest first; some are replaced by newer ones
	closed bool
	work   sync.WaitGroup
}

// look is one look-up. What it found is written before done is closed.
type look struct {
	host   string
	cancel context.CancelFunc
	done   chan struct{}

	addrs []netip.Addr
	err   error
	at    time.Time // when it ended
}

func newNames(lookup Lookup, family Family, limit time.Duration) *names {
	return &names{lookup: lookup, family: family, limit: limit, byHost: make(map[string]*look)}
}

// find returns the host's addresses of the family, of which there may be none,
// or a *net.DNSError; the slice is shared.
// It blocks until ctx ends, which is an error of that type too.
func (n *names) find(ctx context.Context, host string, due time.Time) ([]netip.Addr, error) {
	l, err := n.get(host, due)
	if err != nil {
		return nil, err
	}
	select {
	case <-l.done:
		return l.addrs, l.err
	case <-ctx.Done():
		return nil, n.late(host)
	}
}

// get gives a look-up that is remembered, on its way, or begun now.
func (n *names) get(host string, due time.Time) (*look, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, errClosed
	}
	if l := n.byHost[host]; l != nil && l.serves(due, time.Now()) {
		return l, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), n.limit)
	l := &look{host: host, cancel: cancel, done: make(chan struct{})}
	n.byHost[host] = l
	n.work.Go(func() { n.run(ctx, l) })
	return l, nil
}

// serves reports whether a look-up is of use now, for a retry that was due at due
// if that is not zero. One new look-up serves all the retries that were due before
// it ended: thousands of a host whose name service is slow cost no more than a
// few. It is called with the lock held.
func (l *look) serves(due, now time.Time) bool {
	if l.at.IsZero() {
		return true // on its way
	}
	if l.err != nil && !l.at.After(due) && !notFound(l.err) {
		return false
	}
	return now.Sub(l.at) < namesKept
}

// run makes one look-up, for all who wait.
func (n *names) run(ctx context.Context, l *look) {
	defer l.cancel()
	addrs, err := n.lookup(ctx, n.family.network(), l.host)
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.closed:
		l.err = errClosed
	case errors.As(err, new(*net.AddrError)): // the standard library's: addresses, but none of the family
	case err != nil && ctx.Err() != nil:
		l.err = n.late(l.host)
	case err != nil:
		l.err = asDNSError(l.host, err)
	default:
		l.addrs = n.family.only(addrs)
	}
	l.at = time.Now()
	close(l.done)
	n.ended = append(n.ended, l)
	n.forget()
}

// forget drops the oldest of too many. It is called with the lock held.
func (n *names) forget() {
	if len(n.ended) <= maxNames {
		return
	}
	l := n.ended[0]
	n.ended[0], n.ended = nil, n.ended[1:]
	if n.byHost[l.host] == l {
		delete(n.byHost, l.host)
	}
}

// late is the error of a look-up that met the limit.
func (n *names) late(host string) error {
	return &net.DNSError{
		Err: "timed out", Name: host, IsTimeout: true, IsTemporary: true,
		UnwrapErr: &TimeoutError{Stage: StageLookup, After: n.limit},
	}
}

func (n *names) isClosed() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closed
}

// close cancels what is on its way and waits for it.
func (n *names) close() {
	n.mu.Lock()
	n.closed = true
	for _, l := range n.byHost {
		l.cancel()
	}
	n.mu.Unlock()
	n.work.Wait()
}

func notFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
