package warc

import "crypto/sha256"

// original is a response record that later ones may refer to.
type original struct{ id, uri, date string }

// seen knows originals by the digest of their payload, in two generations: what is
// met again moves to the younger, and once that is full the older is forgotten.
type seen struct {
	young, old map[[sha256.Size]byte]original
	cost       int // of the young, in bytes
}

const (
	maxGeneration = 16 << 20
	originalCost  = 256 // beside the URI: key, identifier, date, headers, the map's own
)

// find gives the original of a payload.
func (s *seen) find(digest [sha256.Size]byte) (original, bool) {
	if o, ok := s.young[digest]; ok {
		return o, true
	}
	o, ok := s.old[digest]
	if ok {
		s.add(digest, o)
	}
	return o, ok
}

// add notes an original. The first of a payload stays.
func (s *seen) add(digest [sha256.Size]byte, o original) {
	if _, twice := s.young[digest]; twice {
		return
	}
	cost := originalCost + len(o.uri)
	if s.young == nil || s.cost+cost > maxGeneration {
		s.young, s.old, s.cost = map[[sha256.Size]byte]original{}, s.young, 0
	}
	s.young[digest] = o
	s.cost += cost
}
