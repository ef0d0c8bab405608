package results

import (
	"encoding/json"
	"math/bits"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string under the rules of AppendJSON. Most
// bytes of a record are plain ASCII, so eight are judged at a time; this is
// where the encoder's time goes.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0 // s[:start] is in dst
	for i := 0; i < len(s); {
		if i+8 <= len(s) {
			m := special8(load8(s, i))
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) / 8
		} else if isPlain(s[i]) {
			i++
			continue
		}
		if s[i] < utf8.RuneSelf {
			dst = appendEscaped(append(dst, s[start:i]...), rune(s[i]))
			i++
			start = i
			continue
		}
		// Letters beyond ASCII come in words: stay here for the whole one.
		for i < len(s) && s[i] >= utf8.RuneSelf {
			c, n := utf8.DecodeRuneInString(s[i:])
			if c == utf8.RuneError && n == 1 {
				dst = utf8.AppendRune(append(dst, s[start:i]...), utf8.RuneError)
				start = i + n
			} else if breaks(c) {
				dst = appendEscaped(append(dst, s[start:i]...), c)
				start = i + n
			}
			i += n
		}
	}
	return append(append(dst, s[start:]...), '"')
}

// load8 reads eight bytes as a little-endian word; the compiler makes it one
// load.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// special8 is zero when none of the eight bytes needs a look: all within
// 0x20..0x7e and neither '"' nor '\\'. Otherwise its lowest set bit lies in
// the first byte that does; higher bits may be wrong, for a borrow or carry
// runs only upwards from a true one.
func special8(x uint64) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	quote, slash := x^ones*'"', x^ones*'\\'
	return (x | // not ASCII
		(x - ones*0x20) | // C0
		(x + ones) | // DEL
		(quote - ones) | (slash - ones)) & high // zero where equal
}

// isPlain is special8 for one byte.
func isPlain(c byte) bool {
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'
}

// breaks reports whether a rune beyond ASCII may not be written as it is: C1
// controls, and the separators that some readers take for line ends.
func breaks(c rune) bool {
	return c < 0xa0 || c == '\u2028' || c == '\u2029'
}

// appendEscaped appends the JSON escape of a rune below U+10000.
func appendEscaped(dst []byte, c rune) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', byte(c))
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', hexDigits[c>>12&15], hexDigits[c>>8&15], hexDigits[c>>4&15], hexDigits[c&15])
}

// appendRaw appends JSON text from outside: as it is when it is valid, on one
// line and free of control characters, else with the least change that makes
// it so. In valid JSON a byte below 0x20 is white space between tokens, and
// everything else that is changed stands inside a string.
func appendRaw(dst []byte, raw json.RawMessage) []byte {
	if !json.Valid(raw) {
		return appendString(dst, string(raw))
	}
	for i := 0; i < len(raw); {
		c, n := utf8.DecodeRune(raw[i:])
		switch {
		case c < 0x20:
			dst = append(dst, ' ')
		case c == 0x7f, c >= utf8.RuneSelf && breaks(c):
			dst = appendEscaped(dst, c)
		default:
			dst = utf8.AppendRune(dst, c) // U+FFFD for an invalid byte
		}
		i += n
	}
	return dst
}
