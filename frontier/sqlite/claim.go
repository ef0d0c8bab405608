package sqlite

import (
	"context"
	"time"

	"crawl/frontier"
)

const (
	// notes bounds the NoFetch items of one batch.
	notes = 1024
	// maxWake bounds the hosts that one claim gives a turn after their pause.
	maxWake = 10_000
)

// columns are those that scanRow reads.
const columns = "id, url, depth, referrer, more"

// Claim leases hosts in the order in which they came to have work; see
// frontier.Frontier. Leases do not expire. It reads as many rows as it hands out,
// however many hosts there are.
func (s *Store) Claim(ctx context.Context, hosts, perHost int, _ time.Duration) (frontier.Batch, error) {
	var b frontier.Batch
	err := s.call(ctx, func() error {
		now := s.now()
		s.moreSeen = true
		b = frontier.Batch{More: s.more, NoFetch: s.handNotes()}
		if hosts > 0 {
			s.wake(now.UnixNano())
		}
		for len(b.Leases) < hosts && s.db.err == nil {
			ready := s.rows("SELECT hid, name, turn, 0, parked FROM host WHERE turn > ? ORDER BY turn LIMIT ?", s.claimed, hosts-len(b.Leases))
			if len(ready) == 0 {
				break
			}
			for _, h := range ready {
				s.claimed = h.turn
				if l, ok := s.lease(h, perHost, now); ok {
					b.Leases = append(b.Leases, l)
				}
			}
		}
		b.Wait = s.wait(now)
		b.Done = s.seeded && !s.holding && s.open() == 0
		return nil
	})
	if err != nil {
		return frontier.Batch{}, err
	}
	return b, nil
}

// lease hands a host out, unless it stood there only for its pause to end.
func (s *Store) lease(h *host, perHost int, now time.Time) (frontier.Lease, bool) {
	l := &lease{host: h, token: s.token + 1, out: map[frontier.ItemID]int64{}}
	s.leased[h.name] = l
	its := s.hand(l, perHost, now)
	if len(its) == 0 && perHost > 0 {
		delete(s.leased, h.name)
		s.refills.Unset(l)
		s.rank(h, now.UnixNano()) // by the claim's time: by a later one it might come again and again
		return frontier.Lease{}, false
	}
	s.token++
	s.leases[l.token] = l
	return frontier.Lease{Host: h.name, Token: l.token, Items: its}, true
}

// hand moves up to n items that may be asked now to the lease: first those that
// are asked again.
func (s *Store) hand(l *lease, n int, now time.Time) []frontier.Item {
	var its []frontier.Item
	take := func(r *row) error {
		if _, out := l.out[frontier.ItemID(r.id)]; out || len(its) == n {
			return nil
		}
		it, err := r.item()
		if err != nil {
			return err
		}
		it.Host, it.Token = l.host.name, l.token
		l.out[it.ID] = r.at
		its = append(its, it)
		if r.at == 0 {
			l.from = r.id
		}
		return nil
	}
	s.items("SELECT at, "+columns+" FROM queue WHERE hid = ? AND at BETWEEN 1 AND ? ORDER BY at, id LIMIT ?", take, l.host.hid, now.UnixNano(), n+l.again())
	if len(its) < n {
		s.items("SELECT at, "+columns+" FROM queue WHERE hid = ? AND at = 0 AND id > ? ORDER BY id LIMIT ?", take, l.host.hid, l.from, n-len(its))
	}
	s.out += int64(len(its))
	s.refill(l)
	return its
}

// items calls take for every row of a query.
func (s *Store) items(text string, take func(*row) error, args ...any) {
	s.db.each(text, args, func(scan func(...any) error) error {
		var r row
		if err := scan(&r.at, &r.id, &r.url, &r.depth, &r.referrer, &r.more); err != nil {
			return err
		}
		return take(&r)
	})
}

// handNotes hands out seeds that get a record only.
func (s *Store) handNotes() []frontier.Item {
	var its []frontier.Item
	s.items("SELECT 0, "+columns+" FROM note WHERE id > ? ORDER BY id LIMIT ?", func(r *row) error {
		it, err := r.item()
		its = append(its, it)
		s.noted = r.id
		s.noteOpen[it.ID] = struct{}{}
		return err
	}, s.noted, notes)
	s.out += int64(len(its))
	return its
}

// wait is how long it takes until a host may be leased or refilled; 0 if nothing
// waits for its time.
func (s *Store) wait(now time.Time) time.Duration {
	for { // those whose time has come are Extend's
		if _, ok := s.refills.Next(now); !ok {
			break
		}
	}
	wait := s.refills.Wait(now)
	var at int64
	if s.db.one("SELECT at FROM host WHERE at IS NOT NULL ORDER BY at LIMIT 1", nil, &at) {
		if lease := max(1, time.Duration(at-now.UnixNano())); wait == 0 || lease < wait {
			wait = lease
		}
	}
	return wait
}

// Extend refills leases; see frontier.Frontier.
func (s *Store) Extend(ctx context.Context, ls []frontier.Lease, n int) ([]frontier.Lease, error) {
	live := make([]frontier.Lease, 0, len(ls))
	err := s.call(ctx, func() error {
		now := s.now()
		for _, given := range ls {
			if l := s.leases[given.Token]; l != nil {
				given.Items = s.hand(l, n, now)
				live = append(live, given)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return live, nil
}

// Release gives a host back; see frontier.Frontier.
func (s *Store) Release(ctx context.Context, given frontier.Lease, delay time.Duration) error {
	return s.call(ctx, func() error {
		l := s.leases[given.Token]
		if l == nil {
			return frontier.ErrFenced
		}
		s.refills.Unset(l)
		s.out -= int64(len(l.out)) // their rows are still there
		delete(s.leases, l.token)
		delete(s.leased, l.host.name)
		s.hosts.put(l.host.name, l.host)
		now := s.now()
		l.host.parked = now.Add(delay).UnixNano()
		s.rank(l.host, now.UnixNano())
		s.signal()
		return nil
	})
}
