package memory

import (
	"context"
	"time"

	"crawl/frontier"
)

// notes bounds the NoFetch items of one batch.
const notes = 1024

// Claim leases hosts in the order in which they came to have work; see
// frontier.Frontier. Leases do not expire.
func (s *Store) Claim(ctx context.Context, hosts, perHost int, _ time.Duration) (frontier.Batch, error) {
	if err := ctx.Err(); err != nil {
		return frontier.Batch{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	b := frontier.Batch{More: s.more}
	s.moreSeen = true
	for s.noFetch.Len() > 0 && len(b.NoFetch) < notes {
		it := s.noFetch.PopFront()
		s.noteOpen[it.ID] = struct{}{}
		s.leased++
		b.NoFetch = append(b.NoFetch, it)
	}
	for len(b.Leases) < hosts {
		h, ok := s.turns.Next(now)
		if !ok {
			break
		}
		if h.empty() { // it stood here only for its pause to end
			delete(s.hosts, h.key)
			continue
		}
		s.token++
		h.token, h.out = s.token, map[frontier.ItemID]given{}
		s.leases[h.token] = h
		b.Leases = append(b.Leases, frontier.Lease{Host: h.key, Token: h.token, Items: s.hand(h, perHost, now)})
	}
	b.Wait = s.wait(now)
	b.Done = s.seeded && s.open == 0
	return b, nil
}

// wait is how long it takes until a host may be leased or refilled; 0 if nothing
// waits for its time. The caller holds mu.
func (s *Store) wait(now time.Time) time.Duration {
	for { // those whose time has come are Extend's
		if _, ok := s.refills.Next(now); !ok {
			break
		}
	}
	lease, refill := s.turns.Wait(now), s.refills.Wait(now)
	if lease == 0 || refill > 0 && refill < lease {
		return refill
	}
	return lease
}

// Extend refills leases; see frontier.Frontier.
func (s *Store) Extend(ctx context.Context, ls []frontier.Lease, n int) ([]frontier.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	live := make([]frontier.Lease, 0, len(ls))
	for _, l := range ls {
		if h := s.leases[l.Token]; h != nil {
			l.Items = s.hand(h, n, now)
			live = append(live, l)
		}
	}
	return live, nil
}

// Release gives a host back; see frontier.Frontier.
func (s *Store) Release(_ context.Context, l frontier.Lease, delay time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.leases[l.Token]
	if h == nil {
		return frontier.ErrFenced
	}
	now := s.now()
	s.refills.Unset(h)
	s.leased -= int64(len(h.out))
	h.takeBack()
	delete(s.leases, h.token)
	h.token, h.parked = 0, now.Add(delay)
	s.rank(h, now)
	s.signal()
	return nil
}
