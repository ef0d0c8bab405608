package memory

import (
	"context"
	"fmt"

	"crawl/frontier"
)

// Settle ends items and takes in their links; see frontier.Frontier. Where one
// outcome is refused, none takes effect. OutputEnd is not kept: there is nobody
// to read it.
func (s *Store) Settle(_ context.Context, outs []frontier.Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkAll(outs); err != nil {
		return err
	}
	for i := range outs {
		s.settle(&outs[i])
	}
	s.signal()
	return nil
}

// checkAll refuses what may not be settled, and an item that is settled twice in
// one call. The caller holds mu.
func (s *Store) checkAll(outs []frontier.Outcome) error {
	ended := make(map[frontier.ItemID]bool, len(outs))
	for i := range outs {
		o := &outs[i]
		if !s.holds(o) || ended[o.ItemID] {
			return fmt.Errorf("settle item %d: %w", o.ItemID, frontier.ErrFenced)
		}
		ended[o.ItemID] = true
		if o.Again != nil && (o.Again.URL.IsZero() || o.Again.Target.IsZero()) {
			return fmt.Errorf("settle item %d: %w", o.ItemID, errNoURL)
		}
		for j := range o.Links {
			if o.Links[j].Invalid != nil || o.Links[j].URL.IsZero() {
				return fmt.Errorf("settle item %d: link %d: %w", o.ItemID, j+1, errNoURL)
			}
		}
	}
	return nil
}

// holds says that the outcome's item is out under its lease. The caller holds mu.
func (s *Store) holds(o *frontier.Outcome) bool {
	out := false
	if h := s.leases[o.Token]; h != nil {
		_, out = h.out[o.ItemID]
	} else if o.Token == 0 {
		_, out = s.noteOpen[o.ItemID]
	}
	return out
}

// settle takes one outcome. The caller holds mu.
func (s *Store) settle(o *frontier.Outcome) {
	for _, link := range o.Links {
		s.link(link)
	}
	s.leased--
	if h := s.leases[o.Token]; h != nil {
		delete(h.out, o.ItemID)
	} else {
		delete(s.noteOpen, o.ItemID)
	}
	if o.Again == nil {
		s.open--
		s.settled[o.Verdict]++
		return
	}
	it := *o.Again
	it.ID, it.Host, it.Token = o.ItemID, "", 0
	h := s.host(it.Target.HostPort())
	h.later.add(it)
	s.rank(h, s.now())
}
