package frontier

import (
	"encoding/binary"
	"math/bits"
)

// sipHash13 is SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input
// PRF", 2012, with one round a word and three at the end).
func sipHash13(key SeenKey, text string) uint64 {
	k0, k1 := binary.LittleEndian.Uint64(key[:]), binary.LittleEndian.Uint64(key[8:])
	s := sipState{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
	last := uint64(len(text)) << 56
	for ; len(text) >= 8; text = text[8:] {
		s = s.absorb(word(text))
	}
	for i := range len(text) {
		last |= uint64(text[i]) << (8 * i)
	}
	s = s.absorb(last)
	s.v2 ^= 0xff
	s = s.round().round().round()
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3
}

// word is the first eight bytes of s, the lowest first. The compiler makes one
// load of it.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// sipState is the four words of the hash's state.
type sipState struct{ v0, v1, v2, v3 uint64 }

// absorb takes in one word of the text.
func (s sipState) absorb(m uint64) sipState {
	s.v3 ^= m
	s = s.round()
	s.v0 ^= m
	return s
}

// round is the paper's SipRound.
func (s sipState) round() sipState {
	s.v0 += s.v1
	s.v2 += s.v3
	s.v1 = bits.RotateLeft64(s.v1, 13) ^ s.v0
	s.v3 = bits.RotateLeft64(s.v3, 16) ^ s.v2
	s.v0 = bits.RotateLeft64(s.v0, 32)
	s.v2 += s.v1
	s.v0 += s.v3
	s.v1 = bits.RotateLeft64(s.v1, 17) ^ s.v2
	s.v3 = bits.RotateLeft64(s.v3, 21) ^ s.v0
	s.v2 = bits.RotateLeft64(s.v2, 32)
	return s
}
