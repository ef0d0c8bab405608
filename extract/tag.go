package extract

import "bytes"

// lexer walks over the markup of UTF-8 text without copying it: the tokenizer
// of the HTML standard (§13.2.5), less the tokens that nobody here wants. It
// reads as golang.org/x/net/html does; tests hold it to that.
//
// Every search goes forward from where the last one ended, so the work is
// linear in the text, whatever is left open in it.
type lexer struct {
	b []byte
	i int // the next byte to read

	onText func([]byte) // told the text between tags, as written, in pieces; may be nil

	name    []byte // of the last tag, in lower case; "" if longer than any we know
	end     bool   // it was </name>
	closed  bool   // it was <name/>
	attrs   []byte // its attributes, as written
	nameBuf [16]byte
}

// next goes to the next tag. It is false at the end of the text; a tag that is
// cut off there does not count. In foreign content CDATA sections are text.
func (l *lexer) next(foreign bool) bool {
	for {
		lt := bytes.IndexByte(l.b[l.i:], '<')
		if lt < 0 || l.i+lt+1 >= len(l.b) {
			l.text(l.b[l.i:])
			l.i = len(l.b)
			return false
		}
		l.text(l.b[l.i : l.i+lt])
		l.i += lt + 1
		switch c := l.b[l.i]; {
		case isLetter(c):
			return l.tag(false)
		case c == '/' && l.i+1 < len(l.b) && isLetter(l.b[l.i+1]):
			l.i++
			return l.tag(true)
		case c == '!':
			l.declaration(foreign)
		case c == '/', c == '?':
			l.skipPast(">")
		default:
			l.text(l.b[l.i-1 : l.i]) // a "<" that stands for itself
		}
	}
}

func (l *lexer) text(b []byte) {
	if l.onText != nil && len(b) > 0 {
		l.onText(b)
	}
}

// tag reads a tag from its name on.
func (l *lexer) tag(end bool) bool {
	start := l.i
	for l.i < len(l.b) && !isSpaceOrSlash(l.b[l.i]) && l.b[l.i] != '>' {
		l.i++
	}
	l.name, l.end, l.closed = lower(l.b[start:l.i], &l.nameBuf), end, false
	start = l.i
	a := attrLexer{b: l.b, i: l.i}
	for a.next() {
	}
	l.i = a.i
	if l.i >= len(l.b) {
		return false
	}
	l.attrs = l.b[start : l.i+1]
	l.closed = l.b[l.i-1] == '/' && a.valueEnd != l.i
	l.i++ // the ">"
	return true
}

// declaration skips what begins with "<!"; l.i is at the "!".
func (l *lexer) declaration(foreign bool) {
	rest := l.b[l.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("!--")):
		l.comment()
	case foreign && bytes.HasPrefix(rest, []byte("![CDATA[")):
		l.i += len("![CDATA[")
		start := l.i
		l.skipPast("]]>")
		l.text(bytes.TrimSuffix(l.b[start:l.i], []byte("]]>")))
	default:
		l.skipPast(">")
	}
}

// comment ends at "-->" or "--!>"; "<!-->" and "<!--->" are whole ones.
func (l *lexer) comment() {
	l.i += len("!--")
	start := l.i
	for {
		gt := bytes.IndexByte(l.b[l.i:], '>')
		if gt < 0 {
			l.i = len(l.b)
			return
		}
		text := l.b[start : l.i+gt]
		l.i += gt + 1
		if len(text) == 0 || string(text) == "-" ||
			bytes.HasSuffix(text, []byte("--")) || bytes.HasSuffix(text, []byte("--!")) {
			return
		}
	}
}

// rawText reads the text of an element whose content is no markup, up to its
// end tag or the end of the page.
func (l *lexer) rawText(name string) []byte {
	start := l.i
	switch name {
	case "plaintext":
		l.i = len(l.b)
	case "script":
		l.i = scriptEnd(l.b, l.i)
	default:
		for {
			n := bytes.Index(l.b[l.i:], []byte("</"))
			if n < 0 {
				l.i = len(l.b)
				break
			}
			l.i += n
			if isEndTag(l.b[l.i:], name) {
				break
			}
			l.i += len("</")
		}
	}
	return l.b[start:l.i]
}

func (l *lexer) skipPast(mark string) {
	if n := bytes.Index(l.b[l.i:], []byte(mark)); n >= 0 {
		l.i += n + len(mark)
	} else {
		l.i = len(l.b)
	}
}

// attrLexer walks over the attributes of one tag, from the end of its name to
// its ">".
type attrLexer struct {
	b          []byte
	i          int
	key, value []byte // as written; the value without its quotes
	valueEnd   int    // where the last value without quotes ended, to tell <x a=/> from <x a/>
}

// next is false at the ">" and at the end of the text. A key may be empty.
func (a *attrLexer) next() bool {
	for a.i < len(a.b) && isSpaceOrSlash(a.b[a.i]) {
		a.i++
	}
	if a.i >= len(a.b) || a.b[a.i] == '>' {
		return false
	}
	start := a.i
	a.i++ // a "=" in the first place belongs to the name
	for a.i < len(a.b) && a.b[a.i] != '=' && a.b[a.i] != '>' && !isSpaceOrSlash(a.b[a.i]) {
		a.i++
	}
	a.key, a.value = a.b[start:a.i], nil
	a.skipSpace()
	if a.i >= len(a.b) || a.b[a.i] != '=' {
		return true
	}
	a.i++
	a.skipSpace()
	if a.i >= len(a.b) || a.b[a.i] == '>' {
		return true
	}
	if q := a.b[a.i]; q == '"' || q == '\'' {
		a.i++
		n := bytes.IndexByte(a.b[a.i:], q)
		if n < 0 {
			a.i = len(a.b)
			return false
		}
		a.value = a.b[a.i : a.i+n]
		a.i += n + 1
		return true
	}
	start = a.i
	for a.i < len(a.b) && a.b[a.i] != '>' && !isSpace(a.b[a.i]) {
		a.i++
	}
	a.value, a.valueEnd = a.b[start:a.i], a.i
	return true
}

func (a *attrLexer) skipSpace() {
	for a.i < len(a.b) && isSpace(a.b[a.i]) {
		a.i++
	}
}

// lower puts an ASCII name in lower case into buf; "" if it does not fit.
func lower(name []byte, buf *[16]byte) []byte {
	if len(name) > len(buf) {
		return nil
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return buf[:len(name)]
}
