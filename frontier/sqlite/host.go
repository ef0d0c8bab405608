package sqlite

import (
	"time"

	"crawl/frontier"
)

// host is a row of the table host. While the host is leased, turn is the one that
// it was leased with: after a crash it has it again.
type host struct {
	hid    int64
	name   string
	turn   int64 // 0: none
	at     int64 // 0: it does not wait
	parked int64
}

// lease is a host that was handed out. It is kept in memory only, so that a crash
// ends it.
type lease struct {
	host  *host
	token uint64
	out   map[frontier.ItemID]int64 // what was handed out and not settled, and its at
	from  int64                     // IDs up to here were handed out, of what was never asked
	frontier.Turn
}

// host returns what is known of name, made if it is new.
func (s *Store) host(name string) *host {
	if l := s.leased[name]; l != nil {
		return l.host
	}
	if h, ok := s.hosts.get(name); ok {
		return h
	}
	h := &host{name: name}
	if !s.db.one("SELECT hid, ifnull(turn, 0), ifnull(at, 0), parked FROM host WHERE name = ?", []any{name}, &h.hid, &h.turn, &h.at, &h.parked) {
		s.db.write("INSERT INTO host (name, parked) VALUES (?, 0)", name)
		s.db.one("SELECT last_insert_rowid()", nil, &h.hid)
	}
	s.hosts.put(name, h)
	return h
}

// arrived lets a host be leased, or refilled, by the time that an item that came
// to it is to be asked; 0: at once.
func (s *Store) arrived(h *host, at int64) {
	if l := s.leased[h.name]; l != nil {
		if at > 0 {
			s.refill(l)
		}
		return
	}
	if h.turn > 0 {
		return
	}
	at = max(at, h.parked)
	if now := s.now().UnixNano(); at <= now {
		s.stand(h, s.nextTurn(), 0)
	} else if h.at == 0 || at < h.at {
		s.stand(h, 0, at)
	}
}

// rank does so for a host that was given back, by what waits for it.
func (s *Store) rank(h *host, now int64) {
	at := int64(0)
	some := s.db.one("SELECT at FROM queue WHERE hid = ? ORDER BY at LIMIT 1", []any{h.hid}, &at)
	at = max(at, h.parked)
	switch {
	case at > now: // without work too: whoever brings some finds it parked
		s.stand(h, 0, at)
	case some:
		s.stand(h, s.nextTurn(), 0)
	default:
		s.stand(h, 0, 0)
	}
}

// refill notes when a leased host has a further item to be asked again.
func (s *Store) refill(l *lease) {
	now := s.now()
	var at int64
	if s.db.one("SELECT at FROM queue WHERE hid = ? AND at > ? ORDER BY at LIMIT 1", []any{l.host.hid, now.UnixNano()}, &at) {
		s.refills.Set(l, time.Unix(0, at), now)
	} else {
		s.refills.Unset(l)
	}
}

// stand writes where a host stands.
func (s *Store) stand(h *host, turn, at int64) {
	h.turn, h.at = turn, at
	s.db.write("UPDATE host SET turn = nullif(?, 0), at = nullif(?, 0), parked = ? WHERE hid = ?", turn, at, h.parked, h.hid)
}

// nextTurn gives a place behind all others.
func (s *Store) nextTurn() int64 {
	s.state.turns++
	s.changed = true
	return s.state.turns
}

// known returns the host of a row, as it is in memory if it is there.
func (s *Store) known(row *host) *host {
	if h, ok := s.hosts.get(row.name); ok {
		return h
	}
	s.hosts.put(row.name, row)
	return row
}

// wake gives a turn to the hosts whose time has come, up to a bound.
func (s *Store) wake(now int64) {
	for _, h := range s.rows("SELECT hid, name, ifnull(turn, 0), at, parked FROM host WHERE at <= ? ORDER BY at, hid LIMIT ?", now, maxWake) {
		s.stand(h, s.nextTurn(), 0)
	}
}

// rows reads hosts.
func (s *Store) rows(text string, args ...any) []*host {
	var hs []*host
	s.db.each(text, args, func(scan func(...any) error) error {
		h := &host{}
		err := scan(&h.hid, &h.name, &h.turn, &h.at, &h.parked)
		hs = append(hs, h)
		return err
	})
	for i, h := range hs {
		hs[i] = s.known(h)
	}
	return hs
}
