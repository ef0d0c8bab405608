package memory

import (
	"cmp"
	"slices"
	"time"

	"crawl/frontier"
)

// host is what waits for one host.
type host struct {
	key    string
	queue  frontier.Queue[entry]
	later  later  // asked again; once due they go before the queue
	token  uint64 // of its lease; 0: not leased
	out    map[frontier.ItemID]given
	parked time.Time
	frontier.Turn
}

// given is an item that was handed out, as it waits if it comes back.
type given struct {
	entry entry
	again bool // it was one of later
}

// host returns what is known of key, made if it is new. The caller holds mu.
func (s *Store) host(key string) *host {
	h := s.hosts[key]
	if h == nil {
		h = &host{key: key}
		s.hosts[key] = h
	}
	return h
}

func (h *host) empty() bool { return h.queue.Len() == 0 && len(h.later) == 0 }

// due says that h has an item that may be asked now.
func (s *Store) due(h *host, now time.Time) bool { return h.queue.Len() > 0 || s.dueAgain(h, now) }

// dueAgain says that it has one that is asked again.
func (s *Store) dueAgain(h *host, now time.Time) bool {
	return len(h.later) > 0 && s.passed(h.later.first(), now)
}

// rank lets a host be leased, or refilled, when its first item may be asked. A
// host without items is forgotten with the end of its pause. The caller holds mu.
func (s *Store) rank(h *host, now time.Time) {
	if h.token != 0 {
		if len(h.later) > 0 {
			s.refills.Set(h, h.later.first(), now)
		}
		return
	}
	at := now
	if !s.due(h, now) && len(h.later) > 0 {
		at = h.later.first()
	}
	if !s.passed(h.parked, at) {
		at = h.parked
	}
	if h.empty() && !at.After(now) {
		s.turns.Unset(h)
		delete(s.hosts, h.key)
		return
	}
	s.turns.Set(h, at, now)
}

// hand moves up to n items that may be asked now to the lease of h. The caller
// holds mu.
func (s *Store) hand(h *host, n int, now time.Time) []frontier.Item {
	var its []frontier.Item
	for len(its) < n && s.due(h, now) {
		var g given
		if s.dueAgain(h, now) {
			g.again = true
			g.entry = entry{whole: h.later.take()}
		} else {
			g.entry = h.queue.PopFront()
		}
		it := g.entry.item()
		it.Host, it.Token = h.key, h.token
		h.out[it.ID] = g
		its = append(its, it)
	}
	s.leased += int64(len(its))
	s.rank(h, now)
	return its
}

// takeBack puts what was handed out where it waited: at the head, in the order
// of their IDs.
func (h *host) takeBack() {
	ids := make([]frontier.ItemID, 0, len(h.out))
	for id := range h.out {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b frontier.ItemID) int { return cmp.Compare(b, a) })
	for _, id := range ids {
		if g := h.out[id]; g.again {
			h.later.add(*g.entry.whole)
		} else {
			h.queue.PushFront(g.entry)
		}
	}
	h.out = nil
}
