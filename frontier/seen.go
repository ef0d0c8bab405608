package frontier

import (
	"crypto/rand"
	"math"
)

// SeenKey is the secret of a Seen: who does not know it can aim no URL at the
// place of another.
type SeenKey [16]byte

// Hash is what stands for identity, in a Seen and in files.
func (k SeenKey) Hash(identity string) uint64 { return sipHash13(k, identity) }

// Seen remembers which requests were made already, by a keyed 64-bit hash of
// their identity. The chance of a single false "seen" is about 3 in a million
// at ten million entries.
//
// It takes about 16 bytes an entry, as its tables are at most four fifths full,
// and grows by one of its 256 tables at a time. Large tables lie outside the
// heap, where the system allows that: Close gives them back. It is not safe for
// concurrent use, and no call blocks.
type Seen struct {
	key    SeenKey
	shards [seenShards]seenShard
}

// seenShards is how many tables share the hashes, by their first byte.
const seenShards = 256

// NewSeen returns an empty set with a random key.
func NewSeen() *Seen {
	var key SeenKey
	rand.Read(key[:]) // it never fails
	return NewSeenWithKey(key)
}

// NewSeenWithKey returns an empty set with the key of another, so that what a
// file says of hashes goes on to hold.
func NewSeenWithKey(key SeenKey) *Seen {
	s := &Seen{key: key}
	for i := range s.shards {
		// Each is by its own fraction of a step larger than the one before it, so
		// that they do not all grow at the same moment.
		s.shards[i].stagger = float64(i) / seenShards
	}
	return s
}

// Key is what NewSeenWithKey needs to make another with the same hashes.
func (s *Seen) Key() SeenKey { return s.key }

// Add notes that the entry at index asks for identity. Where an earlier entry
// did, it returns that one's index and true. index is from 0 and below 2⁴⁰ - 1.
func (s *Seen) Add(identity string, index int64) (first int64, dup bool) {
	return s.add(s.key.Hash(identity), index)
}

// AddHash is Add for an identity of which only the hash is known.
func (s *Seen) AddHash(hash uint64, index int64) (first int64, dup bool) {
	return s.add(hash, index)
}

// Reserve makes room for n entries in all, where it is known that so many come:
// tables that grow step by step cost more than half of the time.
func (s *Seen) Reserve(n int64) {
	for i := range s.shards {
		s.shards[i].reserve(int(n / seenShards))
	}
}

// Find returns the index of hash, if it was added.
func (s *Seen) Find(hash uint64) (index int64, ok bool) {
	return s.shards[hash>>56].lookUp(hash << 8)
}

// Replace makes index that of hash, and says whether the hash
// was there; otherwise nothing changes.
func (s *Seen) Replace(hash uint64, index int64) bool {
	return s.shards[hash>>56].replace(hash<<8, index)
}

func (s *Seen) add(hash uint64, index int64) (first int64, dup bool) {
	return s.shards[hash>>56].add(hash<<8, index)
}

// Close gives the memory back. The set is empty then, and can be used on.
func (s *Seen) Close() {
	for i := range s.shards {
		s.shards[i].close()
	}
}

// size is the bytes that the tables take.
func (s *Seen) size() int {
	n := 0
	for i := range s.shards {
		n += len(s.shards[i].slots)
	}
	return n
}

// seenCapacity is the number of slots of a table that has grown n times: a fifth
// more each time.
func seenCapacity(n int, stagger float64) int {
	return int(math.Ceil(16 * math.Pow(1.2, float64(n)+stagger)))
}
