package memory

import (
	"context"
	"sync"
	"time"

	"crawl/frontier"
)

// Options of a Store. The zero value has the documented defaults.
type Options struct {
	// Now is the clock that paces parked hosts and items that are asked again;
	// nil: time.Now.
	Now func() time.Time
}

// Store is a frontier in memory. Make it with New.
type Store struct {
	now func() time.Time

	mu       sync.Mutex
	hosts    map[string]*host
	leases   map[uint64]*host
	turns    frontier.Turns[*host] // hosts to be leased
	refills  frontier.Turns[*host] // leased hosts with an item that waits for its time
	token    uint64
	more     chan struct{}
	moreSeen bool // somebody holds more: closing it tells them something
	halted   bool // nothing waits for its time any more

	seen      *frontier.Seen
	links     int64 // that were let in
	seeded    bool  // no more seeds come
	held      frontier.Queue[entry]
	heldSeen  *frontier.Seen // so that a link is held once; nil with seeded
	heldCount int64

	noFetch  frontier.Queue[frontier.Item]
	noteOpen map[frontier.ItemID]struct{} // NoFetch items handed out

	read    int64
	open    int64 // taken in and not settled
	leased  int64
	settled frontier.Verdicts
}

var _ frontier.Seeder = (*Store)(nil)

// New returns an empty store that waits for seeds.
func New(o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{
		now: o.Now, hosts: map[string]*host{}, leases: map[uint64]*host{}, more: make(chan struct{}),
		seen: frontier.NewSeen(), heldSeen: frontier.NewSeen(), noteOpen: map[frontier.ItemID]struct{}{},
	}
}

// Close gives back the memory of what was seen. The store is not used any more.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Close()
	if s.heldSeen != nil {
		s.heldSeen.Close()
	}
}

// Halt is for a run that was interrupted: from here on nothing waits for its
// time, since items are claimed only to get their records.
func (s *Store) Halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.halted = true
	now := s.now()
	for _, h := range s.hosts {
		s.rank(h, now)
	}
	s.signal()
}

// Stats counts what came in, is queued, leased and settled. It looks at every
// host that has work or a pause.
func (s *Store) Stats(context.Context) (frontier.Stats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := frontier.Stats{Read: s.read, Queued: s.open - s.leased, Leased: s.leased, Settled: s.settled}
	now := s.now()
	for _, h := range s.hosts {
		if h.parked.After(now) {
			st.Parked = append(st.Parked, frontier.Parked{Host: h.key, Until: h.parked})
		}
	}
	return st, nil
}

// signal closes the channel that the last batches carried. The caller holds mu.
func (s *Store) signal() {
	if s.moreSeen {
		close(s.more)
		s.more, s.moreSeen = make(chan struct{}), false
	}
}

// passed says that nothing waits for t any more.
func (s *Store) passed(t, now time.Time) bool { return s.halted || !t.After(now) }
