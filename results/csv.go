package results

import (
	"unicode"
	"unicode/utf8"
)

// CSV encodes records as comma-separated values (RFC 4180) for spreadsheets and
// whatever reads their files: a line of names, then a line a record, as UTF-8
// without a byte order mark. A value without commas, quotes and spaces at its ends
// stands without quotes. What has no value is empty; lists and objects are JSON.
//
// Two things are not as they came. A control character, line ends included, is a
// space, so that one record is one line and no terminal obeys it. And a text that
// a spreadsheet would take for a formula, because it begins with =, +, - or @, if
// only behind spaces or characters that nobody sees, has a ' before it. Where every byte counts there are TSV and JSONL.
//
// It never fails and allocates nothing when dst has room. Safe from any goroutine.
type CSV struct{ Columns *Columns }

var _ Framer = CSV{}

// Append implements Encoder.
func (c CSV) Append(dst []byte, r *Record) ([]byte, error) {
	start := len(dst)
	for i := range c.Columns.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		cell := len(dst)
		dst = quoteCell(c.Columns.list[i].append(dst, r, appendNoFormula), cell)
	}
	if len(dst) == start {
		dst = append(dst, `""`...) // else readers would pass over the line
	}
	return append(dst, '\n'), nil
}

// Head implements Framer.
func (c CSV) Head() string {
	var head []byte
	for _, name := range c.Columns.Names() {
		cell := len(head)
		head = append(quoteCell(append(head, name...), cell), ',')
	}
	return string(head[:len(head)-1]) + "\n"
}

// Between implements Framer.
func (CSV) Between() string { return "" }

// Tail implements Framer.
func (CSV) Tail() string { return "" }

// appendNoFormula appends a text that no spreadsheet takes for a formula, also
// once its control characters are spaces, and what nobody sees is cut off.
func appendNoFormula(dst []byte, s string) []byte {
	for _, c := range s {
		switch {
		case c == '=', c == '+', c == '-', c == '@', c == '＝', c == '＋', c == '－', c == '＠':
			return append(append(dst, '\''), s...)
		case c > ' ' && c < 0x7f, c > 0x7f && !breaks(c) && !unicode.IsSpace(c) && !isHidden(c):
			return append(dst, s...)
		}
	}
	return append(dst, s...)
}

// quoteCell makes what dst has from start on a cell.
func quoteCell(dst []byte, start int) []byte {
	raw := dst[start:]
	if len(raw) == 0 {
		return dst
	}
	quote, simple := raw[0] <= ' ' || raw[len(raw)-1] <= ' ' || string(raw) == `\.`, true
	for _, c := range raw {
		quote = quote || c == ',' || c == '"'
		simple = simple && c >= ' ' && c < 0x7f
	}
	if simple && !quote {
		return dst
	}
	return rewrite(dst, start, func(dst, raw []byte) []byte {
		if quote {
			dst = append(dst, '"')
		}
		dst = appendBlanked(dst, raw, quote)
		if quote {
			dst = append(dst, '"')
		}
		return dst
	})
}

// appendBlanked appends text with spaces for control characters, U+FFFD for what
// is no UTF-8, and quotes doubled if double is set.
func appendBlanked(dst, text []byte, double bool) []byte {
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		i += n
		switch {
		case c < ' ', c == 0x7f, c > 0x7f && breaks(c):
			dst = append(dst, ' ')
		case c == '"' && double:
			dst = append(dst, `""`...)
		default:
			dst = utf8.AppendRune(dst, c)
		}
	}
	return dst
}

// rewrite replaces what dst has from start on by what spell makes of it, which is
// written behind it first: an encoder has no buffer of its own.
func rewrite(dst []byte, start int, spell func(dst, raw []byte) []byte) []byte {
	end := len(dst)
	dst = spell(dst, dst[start:end])
	n := copy(dst[start:], dst[end:])
	return dst[:start+n]
}
