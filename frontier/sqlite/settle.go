package sqlite

import (
	"context"
	"fmt"

	"crawl/frontier"
)

// Settle ends items, takes in their links and notes the largest OutputEnd, all in
// one transaction; see frontier.Frontier. Where one outcome is refused, none
// takes effect.
//
// It is committed when it returns. A kill before that makes it undone as a whole, as
// if it had not been called. An item with the verdict Cancelled stays in its queue,
// for another run.
func (s *Store) Settle(ctx context.Context, outs []frontier.Outcome) error {
	return s.call(ctx, func() error {
		again, err := s.checkAll(outs)
		if err != nil {
			return err
		}
		for i := range outs {
			s.settle(&outs[i], again[i])
		}
		s.commit()
		s.signal()
		return nil
	})
}

// checkAll refuses what may not be settled, and an item that is settled twice in
// one call. It returns the rows of those that are asked again.
func (s *Store) checkAll(outs []frontier.Outcome) ([]row, error) {
	again := make([]row, len(outs))
	ended := make(map[frontier.ItemID]bool, len(outs))
	for i := range outs {
		o := &outs[i]
		if !s.holds(o) || ended[o.ItemID] {
			return nil, fmt.Errorf("settle item %d: %w", o.ItemID, frontier.ErrFenced)
		}
		ended[o.ItemID] = true
		if o.Again != nil {
			if o.Again.URL.IsZero() || o.Again.Target.IsZero() {
				return nil, fmt.Errorf("settle item %d: %w", o.ItemID, errNoURL)
			}
			var err error
			if again[i], err = newRow(o.Again); err != nil {
				return nil, fmt.Errorf("settle item %d: %w", o.ItemID, err)
			}
		}
		for j := range o.Links {
			if o.Links[j].Invalid != nil || o.Links[j].URL.IsZero() {
				return nil, fmt.Errorf("settle item %d: link %d: %w", o.ItemID, j+1, errNoURL)
			}
		}
	}
	return again, nil
}

// holds says that the outcome's item is out under its lease.
func (s *Store) holds(o *frontier.Outcome) bool {
	out := false
	if l := s.leases[o.Token]; l != nil {
		_, out = l.out[o.ItemID]
	} else if o.Token == 0 {
		_, out = s.noteOpen[o.ItemID]
	}
	return out
}

// settle takes one outcome; again is the item's row if it is asked again.
func (s *Store) settle(o *frontier.Outcome, again row) {
	for _, link := range o.Links {
		s.link(link)
	}
	s.out--
	if o.Verdict == frontier.Cancelled && o.Again == nil {
		s.giveBack(o)
		return
	}
	if l := s.leases[o.Token]; l != nil {
		if first := l.out[o.ItemID] == 0; first && o.Page != "" {
			s.takePage(o.Page)
		}
		if o.Verdict == frontier.Failed && o.Again == nil {
			s.keepFailed(o, l)
		}
		s.keepDone(o, false, "queue WHERE hid = ? AND at = ? AND id = ?", l.host.hid, l.out[o.ItemID], int64(o.ItemID))
		s.db.write("DELETE FROM queue WHERE hid = ? AND at = ? AND id = ?", l.host.hid, l.out[o.ItemID], int64(o.ItemID))
		delete(l.out, o.ItemID)
	} else {
		s.keepDone(o, true, "note WHERE id = ?", int64(o.ItemID))
		s.db.write("DELETE FROM note WHERE id = ?", int64(o.ItemID))
		delete(s.noteOpen, o.ItemID)
	}
	s.changed = true
	s.state.outputEnd = max(s.state.outputEnd, o.OutputEnd)
	s.state.cuts.Add(o.Cuts)
	s.state.answered = s.state.answered || o.Answered
	if !o.Reach.IsZero() {
		s.db.write("INSERT OR IGNORE INTO reach (url) VALUES (?)", o.Reach.Identity())
	}
	if o.Again == nil {
		s.state.settled[o.Verdict]++
		return
	}
	again.id, again.at = int64(o.ItemID), 1
	if t := o.Again.NotBefore; !t.IsZero() {
		again.at = max(1, t.UnixNano())
	}
	s.insert(s.host(o.Again.Target.HostPort()), &again)
}

// giveBack leaves a cancelled item in its queue, for another run.
func (s *Store) giveBack(o *frontier.Outcome) {
	if l := s.leases[o.Token]; l != nil {
		delete(l.out, o.ItemID)
	} else {
		delete(s.noteOpen, o.ItemID)
	}
}
