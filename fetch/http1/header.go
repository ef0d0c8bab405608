package http1

import (
	"bytes"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// keptFields is the most fields of a header for which room is kept.
const keptFields = 256

// block is the field lines of one header, as received.
type block struct {
	text   []byte
	lines  int
	crlf   int  // lines that end so
	folded bool // a line begins with a space or tab
}

// field says where a field is: its name begins at name and ends at colon, its
// value is text[value:end].
type field struct{ name, colon, value, end int32 }

// block takes the field lines and the empty line that ends them. Its text is
// good until the next fill.
func (c *Conn) block() (block, error) {
	var b block
	for begin, from := 0, 0; ; {
		p := c.in.pending()
		i := bytes.IndexByte(p[from:], '\n')
		if i < 0 || from+i >= c.budget {
			if len(p) >= c.budget {
				return b, c.tooLarge()
			}
			from = len(p)
			if err := c.in.fill(); err != nil {
				return b, err
			}
			continue
		}
		end := from + i + 1
		line, bare := trimEnd(p[begin:end])
		if len(line) == 0 {
			b.text = p[:begin]
			c.in.take(end)
			c.budget -= end
			return b, nil
		}
		if line[0] == ' ' || line[0] == '\t' {
			b.folded = true
		}
		if !bare {
			b.crlf++
		}
		b.lines++
		begin, from = end, end
	}
}

// parse makes the header of a block, which it changes. All names and values are
// parts of one string, and all slices of values are parts of one.
func (c *Conn) parse(b block) (http.Header, error) {
	if bytes.IndexByte(b.text, 0) >= 0 {
		return nil, &ProtocolError{Text: "a NUL in the header"} // as browsers have it
	}
	if b.folded || bytes.Count(b.text, []byte{'\r'}) != b.crlf {
		b.text = tidy(b.text)
	}
	if err := c.findFields(b.text); err != nil {
		return nil, err
	}
	text := string(b.text)
	values := make([]string, len(c.fields))
	h := make(http.Header, min(len(c.fields), keptFields))
	for i, f := range c.fields {
		name := text[f.name:f.colon]
		values[i] = text[f.value:f.end]
		if before, twice := h[name]; twice {
			h[name] = append(before, values[i])
		} else {
			h[name] = values[i : i+1 : i+1]
		}
	}
	if cap(c.fields) > keptFields {
		c.fields = nil
	}
	return h, nil
}

// findFields finds the fields of a header and makes their names canonical, in
// place. Lines that are none are left out, unless they could have said where the
// body ends.
func (c *Conn) findFields(text []byte) error {
	c.fields = c.fields[:0]
	for begin := 0; begin < len(text); {
		end := begin + bytes.IndexByte(text[begin:], '\n')
		line, _ := trimEnd(text[begin : end+1])
		colon := bytes.IndexByte(line, ':')
		if colon > 0 && canonical(line[:colon]) {
			value, stop := begin+colon+1, begin+len(line)
			for value < stop && space(text[value]) {
				value++
			}
			for value < stop && space(text[stop-1]) {
				stop--
			}
			c.fields = append(c.fields, field{int32(begin), int32(begin + colon), int32(value), int32(stop)})
		} else if mangled(line, colon) {
			return &ProtocolError{Text: "malformed header line " + quoted(line)}
		}
		begin = end + 1
	}
	return nil
}

func space(b byte) bool { return b == ' ' || b == '\t' }

// canonical brings a field name to canonical form (that of net/http), in place.
// It is false if the name is no token.
func canonical(name []byte) bool {
	upper := true
	for i, b := range name {
		switch {
		case !httpguts.IsTokenRune(rune(b)):
			return false
		case upper && 'a' <= b && b <= 'z':
			name[i] = b - 'a' + 'A'
		case !upper && 'A' <= b && b <= 'Z':
			name[i] = b - 'A' + 'a'
		}
		upper = b == '-'
	}
	return true
}

// mangled reports whether a line that is no field may have been meant as one on
// which the framing rests: by its letters, up to the colon or, without one, at
// its beginning.
func mangled(line []byte, colon int) bool {
	var letters [len("transferencoding") + 1]byte
	n := 0
	for i, b := range line {
		if i == colon || n == len(letters) {
			break
		}
		if lower := b | 0x20; 'a' <= lower && lower <= 'z' {
			letters[n] = lower
			n++
		}
	}
	name := letters[:n]
	if colon < 0 {
		return bytes.HasPrefix(name, []byte("contentlength")) || bytes.HasPrefix(name, []byte("transferencoding"))
	}
	return string(name) == "contentlength" || string(name) == "transferencoding"
}

// tidy joins folded lines by a space (RFC 9112 section 5.2), ends lines with LF
// alone and makes a space of every other CR (section 2.2). It works in place,
// and in one pass.
func tidy(text []byte) []byte {
	out := text[:0]
	for rest := text; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n') + 1
		line, _ := trimEnd(rest[:end])
		rest = rest[end:]
		if space(line[0]) && len(out) > 0 {
			out[len(out)-1] = ' ' // the LF
			line = bytes.TrimLeft(line, " \t")
		}
		line = bytes.TrimRight(line, " \t")
		for i, b := range line {
			if b == '\r' {
				line[i] = ' '
			}
		}
		out = append(append(out, line...), '\n')
	}
	return out
}
