package sqlite

import (
	"context"
	"errors"

	"crawl/frontier"
)

const (
	// keepEnd is how much of the output's end can be made again, in bytes.
	keepEnd = 16 << 20
	// keepEvery is how many settlements go by before what lies further back is
	// forgotten.
	keepEvery = 4096
)

// ErrTooShort is Shorten's answer where more is missing than can be made again.
var ErrTooShort = errors.New("more of the output is missing than the state can have made again")

// keepDone keeps the row of what has its record now, before its end.
func (s *Store) keepDone(o *frontier.Outcome, note bool, from string, args ...any) {
	if o.Again != nil || o.OutputEnd == 0 {
		return
	}
	s.db.write("INSERT INTO done (end, "+columns+", verdict, page, note) SELECT ?, "+columns+", ?, ?, ? FROM "+from,
		append([]any{o.OutputEnd, int(o.Verdict), o.Page, note}, args...)...)
	if s.kept++; s.kept%keepEvery == 0 {
		s.db.write("DELETE FROM done WHERE end < ?", o.OutputEnd-keepEnd)
	}
}

// Shorten has what stood in the output behind length done again, because it is
// there no more: of an output that was written shortly before a power cut not all
// may be on the disk. It returns where the last record that is whole ends: the
// output is to be cut back to that. About 16 MiB can be made again; for more it is
// ErrTooShort, and changes nothing. It is called after Open, before anything else,
// and blocks on the disk.
func (s *Store) Shorten(ctx context.Context, length int64) (end int64, err error) {
	err = s.call(ctx, func() error {
		var first, before int64
		known := s.db.one("SELECT end FROM done WHERE end > ? ORDER BY end LIMIT 1", []any{length}, &first)
		found := s.db.one("SELECT end FROM done WHERE end <= ? ORDER BY end DESC LIMIT 1", []any{length}, &before)
		var missing int64
		s.db.one("SELECT count(*) FROM done", nil, &missing)
		whole := s.state.settled[frontier.OK] + s.state.settled[frontier.Failed] + s.state.settled[frontier.Duplicate]
		if !known || !found && missing < whole { // what lies before is forgotten
			return ErrTooShort
		}
		for s.shortenSome(before) {
		}
		s.state.outputEnd, s.changed = before, true
		s.commit()
		s.opened = s.state.opened()
		end = before
		return nil
	})
	return end, err
}

// shortenSome does so for some of what ends behind a place, and says whether there
// may be more.
func (s *Store) shortenSome(behind int64) bool {
	type doneRow struct {
		row
		rowid   int64
		verdict frontier.Verdict
		page    string
		note    bool
	}
	var some []doneRow
	s.db.each("SELECT rowid, "+columns+", verdict, page, note FROM done WHERE end > ? ORDER BY end LIMIT ?", []any{behind, admitAtOnce}, func(scan func(...any) error) error {
		var d doneRow
		err := scan(&d.rowid, &d.id, &d.url, &d.depth, &d.referrer, &d.more, &d.verdict, &d.page, &d.note)
		some = append(some, d)
		return err
	})
	for i := range some {
		d := &some[i]
		s.db.write("DELETE FROM done WHERE rowid = ?", d.rowid)
		if d.note {
			s.db.write("INSERT INTO note ("+columns+") VALUES (?, ?, ?, ?, ?)", d.id, d.url, d.depth, d.referrer, d.more)
			s.unsettle(d.verdict, "")
			continue
		}
		s.db.write("DELETE FROM failed WHERE id = ?", d.id)
		s.renew(&d.row, d.verdict, d.page)
	}
	return len(some) == admitAtOnce && s.db.err == nil
}
