package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"crawl/frontier"
	"crawl/loop"
)

const (
	// claimHosts bounds the hosts of one claim, maxLeases those held at once.
	claimHosts = 512
	maxLeases  = 10_000
	// gather is how long supply waits after word of new work, so that a stream
	// of lines becomes few claims.
	gather = time.Millisecond
)

// stock is one round of calls to the frontier: what is idle goes back, what ran
// low is refilled, further hosts are claimed.
type stock struct {
	idle     []frontier.Return
	low      []frontier.Lease
	hosts    int
	perHost  int
	extended []frontier.Lease
	batch    frontier.Batch
}

// call makes the round. It may block, so it runs on the store worker. Extend is
// the last: it sees what came for a leased host before the Claim, and Batch.More
// tells of what comes after it.
func (s *stock) call(ctx context.Context, f frontier.Frontier) error {
	var err error
	for _, ret := range s.idle {
		if err := f.Release(ctx, ret.Lease, ret.Delay); err != nil && !errors.Is(err, frontier.ErrFenced) {
			return err
		}
	}
	if s.batch, err = f.Claim(ctx, s.hosts, s.perHost, 0); err != nil || len(s.low) == 0 {
		return err
	}
	s.extended, err = f.Extend(ctx, s.low, s.perHost)
	return err
}

// brought says that the round changed anything.
func (s *stock) brought() bool {
	if len(s.batch.Leases)+len(s.batch.NoFetch) > 0 {
		return true
	}
	for _, l := range s.extended {
		if len(l.Items) > 0 {
			return true
		}
	}
	return false
}

// supply is the task that keeps the workbench stocked. It ends when the
// frontier is done.
func (r *run) supply(c *loop.Ctx) (struct{}, error) {
	for {
		s := r.nextStock()
		_, err := loop.Await(c, loop.RunInExecutor(r.l, r.store, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, s.call(ctx, r.f)
		}))
		if c.Err() != nil {
			return struct{}{}, c.Err()
		}
		if err != nil {
			r.fail(err)
			return struct{}{}, nil // it is Run's to report
		}
		r.shelve(s)
		if s.batch.Done {
			r.landings.Close()
			return struct{}{}, nil
		}
		r.pump()
		if err := r.awaitHunger(c, s); err != nil {
			return struct{}{}, err
		}
	}
}

// nextStock says what the next round is to do.
func (r *run) nextStock() *stock {
	return &stock{
		idle:    r.bench.Idle(r.now()),
		low:     r.bench.Low(),
		hosts:   max(0, min(claimHosts, maxLeases-r.bench.Leased())),
		perHost: frontier.Stock(r.o.Politeness.PerHost),
	}
}

// shelve puts what a round brought where it belongs.
func (r *run) shelve(s *stock) {
	now := r.now()
	live := make(map[uint64]bool, len(s.extended))
	for _, l := range s.extended {
		live[l.Token] = true
	}
	for _, l := range s.low {
		if !live[l.Token] {
			r.bench.Drop(now, l.Host)
		}
	}
	r.bench.Add(now, s.extended)
	r.bench.Add(now, s.batch.Leases)
	for _, it := range s.batch.NoFetch {
		r.note(it)
	}
}

// awaitHunger waits until another round makes sense: there is room, the
// workbench runs low, and, if the last round brought nothing, the frontier has
// word of something new.
func (r *run) awaitHunger(c *loop.Ctx, s *stock) error {
	if !s.brought() && !r.ranLow(s) {
		if err := r.awaitMore(c, s.batch); err != nil {
			return err
		}
	}
	for !r.wants() {
		r.hungry.Clear()
		if err := r.hungry.Wait(c); err != nil {
			return err
		}
	}
	return nil
}

// ranLow says that a host ran low while the round was made, which did not ask
// for it. The frontier's word of what was settled meanwhile may be over already.
func (r *run) ranLow(s *stock) bool {
	asked := make(map[uint64]bool, len(s.low))
	for _, l := range s.low {
		asked[l.Token] = true
	}
	return slices.ContainsFunc(r.bench.Low(), func(l frontier.Lease) bool { return !asked[l.Token] })
}

// awaitMore waits for the frontier's word or its time.
func (r *run) awaitMore(c *loop.Ctx, b frontier.Batch) error {
	more := loop.FromChan(r.l, b.More)
	var err error
	if b.Wait > 0 {
		_, err = loop.WaitFor(c, more, b.Wait)
	} else {
		_, err = loop.Await(c, more)
	}
	if c.Err() != nil {
		return c.Err()
	}
	if err != nil && !errors.Is(err, loop.ErrTimeout) {
		return err
	}
	return loop.Sleep(c, gather)
}

// wants says that a further round is due: there is room for its records, and
// the workbench runs low or cannot fill the slots.
func (r *run) wants() bool {
	if r.full() {
		return false
	}
	return r.starved || r.bench.Queued() < 2*r.o.Concurrency
}
