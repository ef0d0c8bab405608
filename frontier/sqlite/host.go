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

// arrived lets a host be leased, or refilled, after an item came to it that is to
// be asked at a time; 0: it was never asked.
func (s *Store) arrived(h *host, at int64) {
	now := s.now().UnixNano()
	l := s.leased[h.name]
	switch {
	case l != nil && at > 0:
		s.refill(l)
	case l != nil || h.turn > 0:
	case at > 0:
		s.rank(h, now)
	case h.parked <= now:
		s.stand(h, s.nextTurn(), 0)
	case h.at != h.parked:
		s.stand(h, 0, h.parked)
	}
}

// rank does so for a host that is not leased, by all that waits for it.
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

// refill notes when a leased host has an item to be asked again that is not
// handed out.
func (s *Store) refill(l *lease) {
	found := false
	var at int64
	s.db.each("SELECT at, id FROM queue WHERE hid = ? AND at > 0 ORDER BY at, id LIMIT ?", []any{l.host.hid, l.again() + 1}, func(scan func(...any) error) error {
		var next, id int64
		err := scan(&next, &id)
		if _, out := l.out[frontier.ItemID(id)]; !out && !found {
			found, at = true, next
		}
		return err
	})
	if found {
		s.refills.Set(l, time.Unix(0, at), s.now())
	} else {
		s.refills.Unset(l)
	}
}

// again counts what is out and was asked before.
func (l *lease) again() int {
	n := 0
	for _, at := range l.out {
		if at > 0 {
			n++
		}
	}
	return n
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
