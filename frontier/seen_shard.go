package frontier

import (
	"encoding/binary"
	"math/bits"
)

// seenShard is one table of a Seen: open addressing with linear probing.
type seenShard struct {
	slots   []byte // slotSize each
	mapped  bool   // slots lie outside the heap
	n       int    // slots in use
	grown   int    // how often it was
	stagger float64
}

// A slot is 12 bytes: 56 bits of the hash (the first 8 say which table) and, in
// the other 40, the index plus 1, so that a slot of zeros is free.
const slotSize = 12

// add notes hash, of which the upper 56 bits count, unless it is there.
func (t *seenShard) add(hash uint64, index int64) (first int64, dup bool) {
	if 5*(t.n+1)*slotSize > 4*len(t.slots) {
		t.grow()
	}
	at, first, dup := t.find(hash)
	if dup {
		return first, true
	}
	putSlot(t.slots[at:], hash, index)
	t.n++
	return index, false
}

// lookUp returns the index of hash, if it is there.
func (t *seenShard) lookUp(hash uint64) (index int64, found bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	_, index, found = t.find(hash)
	return index, found
}

// replace gives hash another index, if it is there.
func (t *seenShard) replace(hash uint64, index int64) bool {
	if len(t.slots) == 0 {
		return false
	}
	at, _, found := t.find(hash)
	if found {
		putSlot(t.slots[at:], hash, index)
	}
	return found
}

// find returns the offset of the slot of hash and the index in it, or of the
// free one where it would be.
func (t *seenShard) find(hash uint64) (at int, index int64, found bool) {
	// The place grows with the hash, so that a table is copied in its order.
	place, _ := bits.Mul64(hash, uint64(len(t.slots)/slotSize))
	at = int(place) * slotSize
	for {
		h, index := slot(t.slots[at:])
		switch {
		case index < 0:
			return at, 0, false
		case h == hash:
			return at, index, true
		}
		if at += slotSize; at == len(t.slots) {
			at = 0
		}
	}
}

// reserve makes room for n hashes in all.
func (t *seenShard) reserve(n int) {
	if 5*n*slotSize <= 4*len(t.slots) {
		return
	}
	for 5*n > 4*seenCapacity(t.grown, t.stagger) {
		t.grown++
	}
	t.grow()
}

// grow moves all to a larger table.
func (t *seenShard) grow() {
	old := *t
	size := slotSize * seenCapacity(t.grown, t.stagger)
	t.slots, t.mapped = takeMemory(size)
	t.grown++
	for at := 0; at < len(old.slots); at += slotSize {
		if h, index := slot(old.slots[at:]); index >= 0 {
			to, _, _ := t.find(h)
			putSlot(t.slots[to:], h, index)
		}
	}
	giveMemory(old.slots, old.mapped)
}

func (t *seenShard) close() {
	giveMemory(t.slots, t.mapped)
	*t = seenShard{stagger: t.stagger}
}

// slot reads one; an index below zero says that it is free.
func slot(p []byte) (hash uint64, index int64) {
	_ = p[slotSize-1]
	high := binary.LittleEndian.Uint64(p)
	low := binary.LittleEndian.Uint32(p[8:])
	return high &^ 0xff, (int64(high&0xff)<<32 | int64(low)) - 1
}

func putSlot(p []byte, hash uint64, index int64) {
	index++
	binary.LittleEndian.PutUint64(p, hash&^0xff|uint64(index)>>32)
	binary.LittleEndian.PutUint32(p[8:], uint32(index))
}
