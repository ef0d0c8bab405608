package extract

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode gives the body as UTF-8 text. It does no work where the bytes read the
// same as they are: UTF-8 (invalid bytes are left to the strings taken out of it,
// see [clean]), and ASCII in an encoding that contains it.
func (c charset) decode(body []byte) []byte {
	body = body[min(c.bom, len(body)):]
	if c.name == utf8Name || asciiCompatible(c.name) && ascii(body) {
		return body
	}
	if m := singleByte(c); m != nil {
		return decodeBytes(m, body)
	}
	out, err := c.enc.NewDecoder().Bytes(body)
	if err != nil {
		return body // decoders put U+FFFD and do not fail; the bytes are then cleaned as UTF-8
	}
	return out
}

// asciiCompatible reports whether the bytes below 0x80 mean ASCII under the name, alone and
// in any order: the encodings of the standard but these.
func asciiCompatible(name string) bool {
	switch name {
	case "", "utf-16be", "utf-16le", "iso-2022-jp", "replacement":
		return false
	}
	return true
}

// singleByte is the table of an encoding with a byte for each character; nil for
// the others.
func singleByte(c charset) *charmap.Charmap {
	if c.name == "iso-8859-8-i" {
		return charmap.ISO8859_8 // the same characters, in another direction
	}
	m, _ := c.enc.(*charmap.Charmap)
	return m
}

// decodeBytes is the standard's single-byte decoder (§9.1). The tables of
// golang.org/x/text say U+FFFD where the standard's have the C1 controls.
func decodeBytes(m *charmap.Charmap, body []byte) []byte {
	var high [0x80]rune
	for i := range high {
		b := byte(0x80 + i)
		high[i] = m.DecodeByte(b)
		if high[i] == utf8.RuneError && b < 0xa0 {
			high[i] = rune(b)
		}
	}
	out := make([]byte, 0, len(body)+len(body)/8)
	for _, b := range body {
		if b < utf8.RuneSelf {
			out = append(out, b)
		} else {
			out = utf8.AppendRune(out, high[b-0x80])
		}
	}
	return out
}

// ascii reports whether b has no byte over 0x7f, eight bytes at a time.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clean makes a string that was taken out of a page valid UTF-8 without NUL: each invalid
// sequence becomes one U+FFFD, as the Encoding Standard's decoder does it.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	if utf8.ValidString(s) {
		return s
	}
	if t, err := unicode.UTF8.NewDecoder().String(s); err == nil {
		return t
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
