package sqlite

import (
	"crypto/sha256"
	"encoding/binary"

	"crawl/frontier"
)

// state is the row of the table state: what holds for the whole file.
type state struct {
	key       []byte
	seeded    bool
	runs      int64
	ids       int64
	turns     int64
	settled   frontier.Verdicts
	read      int64
	outputEnd int64
	pages     int64 // taken
	answered  bool  // anybody has
	pruning   bool
	cuts      frontier.Cuts
}

// load reads the state and notes that a further run begins.
func (s *Store) load() {
	st := &s.state
	var cuts string
	s.db.one("SELECT key, seeded, runs, ids, turns, ok, failed, duplicate, no_record, read, output_end, pages, answered, pruning, cuts FROM state", nil,
		&st.key, &st.seeded, &st.runs, &st.ids, &st.turns,
		&st.settled[frontier.OK], &st.settled[frontier.Failed], &st.settled[frontier.Duplicate], &st.settled[frontier.NoRecord],
		&st.read, &st.outputEnd, &st.pages, &st.answered, &st.pruning, &cuts)
	if s.db.err == nil {
		s.db.fail("read", st.cuts.UnmarshalText([]byte(cuts)))
	}
	s.resuming = st.runs > 0
	s.opened = st.opened()
	st.runs++
	s.token = uint64(st.runs) << 32 // no token of an earlier run comes again
	s.changed = true
	s.commit()
}

func (st *state) opened() Opened {
	return Opened{
		Read: st.read, Settled: st.settled, OutputEnd: st.outputEnd, Seeded: st.seeded,
		Pages: st.pages, Answered: st.answered, Pruning: st.pruning, Cuts: st.cuts,
	}
}

// commit writes the state, if it changed, and ends the group.
func (s *Store) commit() {
	if s.changed {
		st := &s.state
		cuts, _ := st.cuts.MarshalText() // it never fails
		s.db.write(`UPDATE state SET seeded = ?, runs = ?, ids = ?, turns = ?,
			ok = ?, failed = ?, duplicate = ?, no_record = ?, read = ?, output_end = ?, pages = ?, answered = ?, pruning = ?, cuts = ?`,
			st.seeded, st.runs, st.ids, st.turns,
			st.settled[frontier.OK], st.settled[frontier.Failed], st.settled[frontier.Duplicate], st.settled[frontier.NoRecord],
			st.read, st.outputEnd, st.pages, st.answered, st.pruning, string(cuts))
		s.changed = false
	}
	s.db.commit()
}

// open is the number of items that were taken in and are not settled.
func (s *Store) open() int64 {
	n := s.state.read
	for _, settled := range s.state.settled {
		n -= settled
	}
	return n
}

// nextID gives an ID, larger than all before.
func (s *Store) nextID() frontier.ItemID {
	s.state.ids++
	s.changed = true
	return frontier.ItemID(s.state.ids)
}

// hash is the first 64 bits of SHA-256 over the file's key and text.
func (s *Store) hash(text string) int64 {
	sum := sha256.Sum256(append(append(make([]byte, 0, 256), s.state.key...), text...))
	return int64(binary.BigEndian.Uint64(sum[:]))
}
