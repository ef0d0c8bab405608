package journal

import (
	"encoding/binary"
	"hash/crc32"

	"crawl/frontier"
)

// Entry says how one line ended and where its record stands.
type Entry struct {
	Key     uint64 // of the line, as Journal.Key gives it
	Index   int64  // of the record, from 0
	Verdict frontier.Verdict
	Invalid bool // the line is no request
	// Tried says that it was asked for, Answered that there was an answer.
	Tried, Answered bool
	// Held says that the record waits for its turn, outside the output.
	Held bool
	At   int64 // where the record begins: in the output, or among those held
	End  int64 // the output's length once this record and what it let out are written
	Turn int64 // the index whose turn is next after it, in input order; otherwise 0

	mark bool // of no line: only End and Turn count
}

// first says that the entry is of a request's first line.
func (e Entry) first() bool { return e.Verdict != frontier.Duplicate && !e.Invalid && !e.mark }

// An entry on disk is 48 bytes, little endian: key, index, at, end, turn, eight
// bytes each, four of flags and the CRC-32C of all that.
const entrySize = 48

// The flags: the verdict in the lowest byte, and
const (
	flagHeld = 1 << (8 + iota)
	flagInvalid
	flagMark
	flagTried
	flagAnswered
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// append appends the entry as it stands on disk.
func (e Entry) append(dst []byte) []byte {
	start := len(dst)
	for _, v := range [...]int64{int64(e.Key), e.Index, e.At, e.End, e.Turn} {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(v))
	}
	dst = binary.LittleEndian.AppendUint32(dst, e.flags())
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli))
}

// flags is the verdict and what else is yes or no.
func (e Entry) flags() uint32 {
	flags := uint32(e.Verdict)
	for flag, set := range map[uint32]bool{flagHeld: e.Held, flagInvalid: e.Invalid, flagMark: e.mark, flagTried: e.Tried, flagAnswered: e.Answered} {
		if set {
			flags |= flag
		}
	}
	return flags
}

// parseEntry reads the first entrySize bytes of p; ok is false unless they are an
// entry that was written whole.
func parseEntry(p []byte) (e Entry, ok bool) {
	_ = p[entrySize-1]
	if binary.LittleEndian.Uint32(p[44:]) != crc32.Checksum(p[:44], castagnoli) {
		return Entry{}, false
	}
	word := func(i int) int64 { return int64(binary.LittleEndian.Uint64(p[8*i:])) }
	flags := binary.LittleEndian.Uint32(p[40:])
	e = Entry{
		Key: uint64(word(0)), Index: word(1), At: word(2), End: word(3), Turn: word(4),
		Verdict: frontier.Verdict(flags), Held: flags&flagHeld != 0,
		Invalid: flags&flagInvalid != 0, mark: flags&flagMark != 0,
		Tried: flags&flagTried != 0, Answered: flags&flagAnswered != 0,
	}
	return e, e.Verdict <= frontier.Duplicate && e.Index >= 0 && e.At >= 0 && e.End >= 0 && e.Turn >= 0
}
