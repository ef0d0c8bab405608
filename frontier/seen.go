package frontier

import "hash/maphash"

// Seen remembers which requests were made already, by a keyed 64-bit hash of
// their identity. The chance of a single false "seen" is about 3 in a million
// at ten million entries; the key is random, so that no site can aim for one.
// It is not safe for concurrent use.
type Seen struct {
	seed  maphash.Seed
	first map[uint64]int64
}

// NewSeen returns an empty set with a key of its own.
func NewSeen() *Seen {
	return &Seen{seed: maphash.MakeSeed(), first: map[uint64]int64{}}
}

// Add notes that the entry at index asks for identity. Where an earlier entry
// did, it returns that one's index and true.
func (s *Seen) Add(identity string, index int64) (first int64, dup bool) {
	key := maphash.String(s.seed, identity)
	if first, dup = s.first[key]; dup {
		return first, true
	}
	s.first[key] = index
	return index, false
}
