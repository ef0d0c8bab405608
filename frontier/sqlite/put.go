package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"crawl/frontier"
)

// errNoURL is a mistake of the caller.
var errNoURL = errors.New("item without a URL")

// admitAtOnce is how many links EndSeeds lets in at a time.
const admitAtOnce = 500

// Put adds seeds and links (Index -1); see frontier.Seeder. Where one item is
// refused, none is added. It returns before it is committed, as Settle does.
//
// A run that is resumed puts its seeds again: the lines of the earlier run are
// known, counted as often as they were there, and only others are taken in. A
// seed that an earlier run has met as a link is asked again, for its line.
func (s *Store) Put(ctx context.Context, items []frontier.Item) ([]frontier.Added, error) {
	added := make([]frontier.Added, len(items))
	err := s.call(ctx, func() error {
		for i := range items {
			if err := s.check(&items[i]); err != nil {
				return fmt.Errorf("put item %d of %d: %w", i+1, len(items), err)
			}
		}
		for i, it := range items {
			if it.Index >= 0 {
				added[i] = s.seed(it)
			} else {
				added[i] = s.link(it)
			}
		}
		s.signal()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// check refuses what cannot be put now.
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
// those that get a record only.
func (s *Store) seed(it frontier.Item) frontier.Added {
	if it.Invalid != nil {
		return s.note(s.hash("\x00"+it.Input), it, frontier.Added{New: true})
	}
	identity := it.Identity()
	h := s.hash(identity)
	repeated := true // in this run
	if s.resuming {
		if s.again == nil {
			s.again = frontier.NewSeen()
		}
		_, repeated = s.again.Add(identity, it.Index)
	}
	var id int64
	var index sql.NullInt64
	known := s.db.one("SELECT id, idx FROM seen WHERE h = ?", []any{h}, &id, &index)
	first := frontier.Added{First: frontier.ItemID(id)}
	switch {
	case known && index.Valid && !repeated:
		return first
	case known && index.Valid:
		it.DuplicateOf = index.Int64
		return s.note(h, it, first)
	}
	it.ID = s.nextID()
	s.db.write("INSERT OR REPLACE INTO seen (h, id, idx) VALUES (?, ?, ?)", h, int64(it.ID), it.Index)
	s.recent.put(h, it.ID)
	return s.enqueue(it)
}

// note takes in a seed that gets a record only, unless it is one of an earlier
// run: h says what it is like.
func (s *Store) note(h int64, it frontier.Item, added frontier.Added) frontier.Added {
	if s.resuming {
		s.lines[h]++
		var n int64
		if s.db.one("SELECT n FROM line WHERE h = ?", []any{h}, &n) && s.lines[h] <= n {
			return frontier.Added{First: added.First}
		}
	}
	s.db.write("INSERT INTO line (h, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", h)
	it.Target = it.URL
	r := s.row(&it)
	s.db.write("INSERT INTO note ("+columns+") VALUES (?, ?, ?, ?, ?)", int64(s.nextID()), r.url, r.depth, r.referrer, r.more)
	s.state.read++
	return added
}

// link takes in what a page brought, or holds it until the seeds are in.
func (s *Store) link(it frontier.Item) frontier.Added {
	it.Index = -1
	h := s.hash(it.Identity())
	id, known := s.recent.get(h)
	if !known {
		known = s.db.one("SELECT id FROM seen WHERE h = ?", []any{h}, &id)
	}
	switch {
	case known:
		s.recent.put(h, id)
		if !s.seeded {
			return frontier.Added{}
		}
		return frontier.Added{First: id}
	case !s.seeded:
		it.Target = it.URL
		r := s.row(&it)
		s.db.write("INSERT OR IGNORE INTO held (h, url, depth, referrer, more) VALUES (?, ?, ?, ?, ?)", h, r.url, r.depth, r.referrer, r.more)
		return frontier.Added{}
	}
	it.ID = s.nextID()
	s.db.write("INSERT INTO seen (h, id) VALUES (?, ?)", h, int64(it.ID))
	s.recent.put(h, it.ID)
	return s.enqueue(it)
}

// enqueue puts a new item with its host.
func (s *Store) enqueue(it frontier.Item) frontier.Added {
	it.Target = it.URL
	r := s.row(&it)
	r.id = int64(it.ID)
	s.insert(s.host(it.URL.HostPort()), r)
	s.state.read++
	return frontier.Added{New: true}
}

// insert puts a row in the queue of a host.
func (s *Store) insert(h *host, r *row) {
	s.db.write("INSERT INTO queue (hid, at, "+columns+") VALUES (?, ?, ?, ?, ?, ?, ?)", h.hid, r.at, r.id, r.url, r.depth, r.referrer, r.more)
	s.arrived(h, r.at)
}

// row is newRow, of which an error is one of the store.
func (s *Store) row(it *frontier.Item) *row {
	r, err := newRow(it)
	s.db.fail("write", err)
	return &r
}

// EndSeeds lets the links in, some at a time; see frontier.Seeder. Where ctx ends
// it early, another call goes on.
func (s *Store) EndSeeds(ctx context.Context) error {
	for left := true; left; {
		err := s.call(ctx, func() error {
			s.seeded, s.state.seeded, s.changed = true, true, true
			left = s.admit()
			s.holding = left
			s.signal()
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// admit lets in the links that were held first, and says whether there may be
// more.
func (s *Store) admit() bool {
	if s.again != nil {
		s.again.Close()
		s.again = nil
	}
	var its []frontier.Item
	last := int64(0)
	s.items("SELECT 0, "+columns+" FROM held ORDER BY id LIMIT ?", func(r *row) error {
		it, err := r.item()
		its = append(its, it)
		last = r.id
		return err
	}, admitAtOnce)
	for _, it := range its {
		s.link(it)
	}
	if len(its) > 0 {
		s.db.write("DELETE FROM held WHERE id <= ?", last)
	}
	return len(its) == admitAtOnce
}
