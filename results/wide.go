package results

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wide are the blocks whose characters take two columns of a terminal, as near as
// blocks go: what aligns by them may be off by a rare sign, and nothing else depends
// on it.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0x4dbf, 1}, {0x4e00, 0xa4c6, 1}, {0xa960, 0xa97c, 1},
		{0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6b, 1}, {0xff01, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{
		{0x16fe0, 0x1b2fb, 1}, {0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f7e0, 0x1f7f0, 1}, {0x1f90c, 0x1faff, 1}, {0x20000, 0x3fffd, 1},
	},
}

// wideSymbols are those elsewhere that are emoji by themselves.
const wideSymbols = "\u2329\u232a⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"

// columnsOf is how many columns of a terminal a character takes.
func columnsOf(c rune) int {
	switch {
	case c < 0x300:
		return 1
	case unicode.In(c, unicode.Mn, unicode.Me) || isHidden(c):
		return 0
	case unicode.Is(wide, c), c < 0x2e80 && strings.ContainsRune(wideSymbols, c):
		return 2
	}
	return 1
}

// textWidth is how many columns of a terminal visible text takes, colours of ours
// none. An emoji made of several counts as several, for many terminals show it so.
func textWidth(text []byte) (n int) {
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		if c == '\x1b' {
			_, text, _ = bytes.Cut(text, []byte("m"))
			continue
		}
		n += columnsOf(c)
		text = text[size:]
	}
	return n
}

// fitWidth cuts what dst has from start on to width columns, an ellipsis included.
func fitWidth(dst []byte, start, width int) []byte {
	if textWidth(dst[start:]) <= width {
		return dst
	}
	end := start
	for room := width - len(" "); ; {
		c, size := utf8.DecodeRune(dst[end:])
		if room -= columnsOf(c); room < 0 {
			break
		}
		end += size
	}
	return append(dst[:end], "…"...)
}
