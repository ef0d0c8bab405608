package sqlite

import (
	"context"

	"crawl/frontier"
)

// keepFailed keeps the row of a request that failed, before its end.
func (s *Store) keepFailed(o *frontier.Outcome, l *lease) {
	s.db.write("INSERT INTO failed ("+columns+", start, page) SELECT "+columns+", ?, ? FROM queue WHERE hid = ? AND at = ? AND id = ?",
		o.Place.At, o.Page, l.host.hid, l.out[o.ItemID], int64(o.ItemID))
}

// Failed returns where the records of the requests that failed begin in the
// output, in ascending order. Lines that are no requests are not among them. It
// blocks on the disk.
func (s *Store) Failed(ctx context.Context) (starts []int64, err error) {
	err = s.call(ctx, func() error {
		s.db.each("SELECT start FROM failed ORDER BY start", nil, func(scan func(...any) error) error {
			var start int64
			err := scan(&start)
			starts = append(starts, start)
			return err
		})
		return nil
	})
	return starts, err
}

// RetryFailed has the requests that failed done again, as if they were new, with
// an output that was made without their records and is end bytes long. It is
// called after Open, before anything else, and takes effect as a whole: until
// Pruned is called, Opened says Pruning, also in a later run, so that the output
// can be put in its place after a kill. It blocks on the disk.
func (s *Store) RetryFailed(ctx context.Context, end int64) error {
	return s.call(ctx, func() error {
		for s.retrySome() {
		}
		s.db.write("DELETE FROM done") // their places are others now
		s.state.outputEnd, s.state.pruning, s.changed = end, true, true
		s.commit()
		s.opened = s.state.opened()
		return nil
	})
}

// retrySome does so for some, and says whether there may be more.
func (s *Store) retrySome() bool {
	type failed struct {
		row
		page string
	}
	var some []failed
	s.db.each("SELECT "+columns+", page FROM failed ORDER BY id LIMIT ?", []any{admitAtOnce}, func(scan func(...any) error) error {
		var f failed
		err := scan(&f.id, &f.url, &f.depth, &f.referrer, &f.more, &f.page)
		some = append(some, f)
		return err
	})
	for i := range some {
		f := &some[i]
		s.db.write("DELETE FROM failed WHERE id = ?", f.id)
		s.renew(&f.row, frontier.Failed, f.page)
	}
	return len(some) == admitAtOnce && s.db.err == nil
}

// renew puts a request that was settled into its queue again, as if it were new,
// and gives its page back.
func (s *Store) renew(r *row, verdict frontier.Verdict, page string) {
	it, err := r.item()
	if s.db.fail("read", err); s.db.err != nil {
		return
	}
	again := s.row(&frontier.Item{
		Index: it.Index, Line: it.Line, URL: it.URL, Target: it.URL, Input: it.Input, Key: it.Key,
		Method: it.Method, Header: it.Header, Timeout: it.Timeout, Meta: it.Meta,
		Depth: it.Depth, Referrer: it.Referrer, Sitemap: it.Sitemap, Foreign: isLink(it) && it.Foreign,
	})
	again.id = r.id
	s.insert(s.host(it.URL.HostPort()), again)
	s.unsettle(verdict, page)
}

// unsettle takes back the counts of a settlement.
func (s *Store) unsettle(verdict frontier.Verdict, page string) {
	s.state.settled[verdict]--
	s.changed = true
	if page != "" {
		s.state.pages--
		s.db.write("UPDATE page SET n = n - 1 WHERE host = ?", page)
	}
}

// isLink: a link may be foreign from the start, a line becomes so by a hop.
func isLink(it frontier.Item) bool { return it.Index < 0 }

// Pruned says that the output which RetryFailed spoke of is in its place.
func (s *Store) Pruned(ctx context.Context) error {
	return s.call(ctx, func() error {
		s.state.pruning, s.changed = false, true
		s.commit()
		return nil
	})
}
