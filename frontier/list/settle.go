package list

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"crawl/frontier"
	"crawl/frontier/journal"
)

// Put is refused: the lines of a list come at construction.
func (l *List) Put(context.Context, []frontier.Item) ([]frontier.Added, error) {
	return nil, frontier.ErrFixed
}

// Settle ends items; see frontier.Frontier. Where one outcome is refused, none
// takes effect.
func (l *List) Settle(_ context.Context, outs []frontier.Outcome) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ended := make(map[frontier.ItemID]bool, len(outs)) // none twice
	for _, o := range outs {
		if !l.holds(o) || ended[o.ItemID] {
			return fmt.Errorf("settle item %d: %w", o.ItemID, frontier.ErrFenced)
		}
		if len(o.Links) > 0 {
			return fmt.Errorf("settle item %d with links: %w", o.ItemID, frontier.ErrFixed)
		}
		ended[o.ItemID] = true
	}
	if err := l.note(outs); err != nil {
		return err
	}
	now := l.o.Now()
	for _, o := range outs {
		l.leased--
		if h := l.leases[o.Token]; h != nil {
			delete(h.out, o.ItemID)
		} else {
			delete(l.noteOpen, o.ItemID)
		}
		if o.Again == nil {
			l.held--
			l.settled[o.Verdict]++
			continue
		}
		h := l.host(o.Again.Target.HostPort())
		h.again(*o.Again)
		l.rank(h, now)
	}
	l.signal()
	l.room.Broadcast()
	return nil
}

// note writes what is done into the journal, if there is one. The caller holds mu.
func (l *List) note(outs []frontier.Outcome) error {
	if l.o.Journal == nil {
		return nil
	}
	es := make([]journal.Entry, 0, len(outs))
	for _, o := range outs {
		if o.Again != nil || o.Verdict == frontier.Cancelled {
			continue
		}
		it := l.noteOpen[o.ItemID]
		if h := l.leases[o.Token]; h != nil {
			it = h.out[o.ItemID]
		}
		es = append(es, journal.Entry{
			Key: it.Key, Index: it.Index, Verdict: o.Verdict, Invalid: it.Invalid != nil,
			Tried: o.Tried, Answered: o.Answered,
			Held: o.Place.Held, At: o.Place.At, End: o.OutputEnd, Turn: o.Place.Turn,
		})
	}
	return l.o.Journal.Append(es...)
}

// holds says that the outcome's item is out under its lease. The caller holds mu.
func (l *List) holds(o frontier.Outcome) bool {
	out := false
	if h := l.leases[o.Token]; h != nil {
		_, out = h.out[o.ItemID]
	} else if o.Token == 0 {
		_, out = l.noteOpen[o.ItemID]
	}
	return out
}

// again puts it at the head of the queue, or among those that wait for their
// time, behind others of the same time.
func (h *hostQueue) again(it frontier.Item) {
	it.Host, it.Token = "", 0
	i, _ := slices.BinarySearchFunc(h.later, it, func(a, b frontier.Item) int {
		if a.NotBefore.After(b.NotBefore) {
			return 1
		}
		return -1
	})
	h.later = slices.Insert(h.later, i, it)
}

// byID returns the items of a lease, the last first: pushed to the front in this
// order they stand as they were.
func byID(out map[frontier.ItemID]frontier.Item) []frontier.Item {
	its := make([]frontier.Item, 0, len(out))
	for _, it := range out {
		its = append(its, it)
	}
	slices.SortFunc(its, func(a, b frontier.Item) int { return cmp.Compare(b.ID, a.ID) })
	return its
}
