package memory

import (
	"context"
	"errors"
	"fmt"

	"crawl/frontier"
)

// firstLink is the ID of the first link. That of a seed is its Index and 1, so
// IDs grow in the order of the queue, and tell a seed's Index.
const firstLink = 1 << 39

// errNoURL is a mistake of the caller.
var errNoURL = errors.New("item without a URL")

// Put adds seeds, in the order of their Index, and links (Index -1); see
// frontier.Seeder. Where one item is refused, none is added.
func (s *Store) Put(ctx context.Context, items []frontier.Item) ([]frontier.Added, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range items {
		if err := s.check(&items[i]); err != nil {
			return nil, fmt.Errorf("put item %d of %d: %w", i+1, len(items), err)
		}
	}
	added := make([]frontier.Added, len(items))
	for i, it := range items {
		if it.Index >= 0 {
			added[i] = s.seed(it)
		} else {
			added[i] = s.link(it)
		}
	}
	s.signal()
	return added, nil
}

// check refuses what cannot be put now. The caller holds mu.
func (s *Store) check(it *frontier.Item) error {
	switch {
	case it.Index >= 0 && s.seeded:
		return frontier.ErrFixed
	case it.Invalid == nil && it.URL.IsZero(), it.Invalid != nil && it.Index < 0:
		return errNoURL
	}
	return nil
}

// seed takes a line in: with its host, or, invalid or asked for before, among
// those that get a record only. The caller holds mu.
func (s *Store) seed(it frontier.Item) frontier.Added {
	it.ID = frontier.ItemID(it.Index + 1)
	if it.Invalid == nil {
		first, dup := s.seen.Add(it.Identity(), it.Index)
		if !dup {
			return s.enqueue(it)
		}
		it.DuplicateOf = first
		s.note(it)
		return frontier.Added{First: frontier.ItemID(first + 1)}
	}
	s.note(it)
	return frontier.Added{New: true}
}

func (s *Store) note(it frontier.Item) {
	s.read++
	s.open++
	s.noFetch.PushBack(fresh(it))
}

// link takes in what a page brought, or holds it until the seeds are in. The
// caller holds mu.
func (s *Store) link(it frontier.Item) frontier.Added {
	it.Index = -1
	if !s.seeded {
		if _, dup := s.heldSeen.Add(it.Identity(), s.heldCount); !dup {
			s.heldCount++
			s.held.PushBack(newEntry(fresh(it)))
		}
		return frontier.Added{}
	}
	id := firstLink + s.links
	first, dup := s.seen.Add(it.Identity(), id-1)
	if dup {
		return frontier.Added{First: frontier.ItemID(first + 1)}
	}
	s.links++
	it.ID = frontier.ItemID(id)
	return s.enqueue(it)
}

// enqueue puts a new item with its host.
func (s *Store) enqueue(it frontier.Item) frontier.Added {
	s.read++
	s.open++
	h := s.host(it.URL.HostPort())
	h.queue.PushBack(newEntry(fresh(it)))
	s.rank(h, s.now())
	return frontier.Added{New: true}
}

// fresh is an item that was never asked.
func fresh(it frontier.Item) frontier.Item {
	it.Target = it.URL
	return it
}

// EndSeeds lets the links in; see frontier.Seeder.
func (s *Store) EndSeeds(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seeded = true
	for s.held.Len() > 0 {
		e := s.held.PopFront()
		s.link(e.item())
	}
	if s.heldSeen != nil {
		s.heldSeen.Close()
		s.heldSeen = nil
	}
	s.signal()
	return nil
}
