package results

import "unicode/utf8"

// TSV encodes records as tab-separated values for programs: a line of names, then
// a line a record, as UTF-8. Every tab is the end of a value and every line end
// that of a record, for in values they stand as \t, \n and \r, a backslash as \\,
// and any other control character as \xHH for each of its bytes: exact, and what
// PostgreSQL's COPY reads. What has no value is empty; lists and
// objects are JSON, their backslashes doubled like any other.
//
// It never fails and allocates nothing when dst has room. Safe from any goroutine.
type TSV struct{ Columns *Columns }

var _ Framer = TSV{}

// Append implements Encoder.
func (t TSV) Append(dst []byte, r *Record) ([]byte, error) {
	for i := range t.Columns.list {
		if i > 0 {
			dst = append(dst, '\t')
		}
		cell := len(dst)
		dst = escapeCell(t.Columns.list[i].append(dst, r, appendAsItIs), cell)
	}
	return append(dst, '\n'), nil
}

// Head implements Framer.
func (t TSV) Head() string {
	var head []byte
	for _, name := range t.Columns.Names() {
		cell := len(head)
		head = append(escapeCell(append(head, name...), cell), '\t')
	}
	return string(head[:len(head)-1]) + "\n"
}

// Between implements Framer.
func (TSV) Between() string { return "" }

// Tail implements Framer.
func (TSV) Tail() string { return "" }

func appendAsItIs(dst []byte, s string) []byte { return append(dst, s...) }

// escapeCell makes what dst has from start on a value.
func escapeCell(dst []byte, start int) []byte {
	for _, c := range dst[start:] {
		if c < ' ' || c >= 0x7f || c == '\\' {
			return rewrite(dst, start, appendTSV)
		}
	}
	return dst
}

func appendTSV(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c, n := utf8.DecodeRune(raw[i:])
		switch {
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\\':
			dst = append(dst, `\\`...)
		case c < ' ', c == 0x7f, c > 0x7f && breaks(c):
			for _, b := range raw[i : i+n] {
				dst = append(dst, '\\', 'x', hexDigits[b>>4], hexDigits[b&15])
			}
		default:
			dst = utf8.AppendRune(dst, c)
		}
		i += n
	}
	return dst
}
