package extract

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// xmlLexer cuts UTF-8 text into the tokens of XML without copying it. Where XML
// is well-formed it reads as encoding/xml does, and tests hold it to that; where
// it is not, it goes on. Every search goes forward from where the last one ended,
// so the work is linear in the text.
type xmlLexer struct {
	b []byte
	i int // the next byte to read

	kind         xmlKind
	text         []byte // of xmlText, with references as written, and of xmlCDATA
	prefix, name []byte // of a tag; without ":" the prefix is empty
	attrs        []byte // of a start tag, as written, with the ">"
	closed       bool   // the start tag is <name/>
}

type xmlKind uint8

const (
	xmlText xmlKind = iota
	xmlCDATA
	xmlStart
	xmlEnd
)

// next goes to the next token. It is false at the end of the text, also where
// that is in the middle of a token.
func (l *xmlLexer) next() bool {
	for l.i < len(l.b) {
		rest := l.b[l.i:]
		if rest[0] != '<' {
			return l.plain()
		}
		switch {
		case len(rest) == 1:
			return false
		case rest[1] == '/':
			return l.endTag()
		case rest[1] == '?':
			l.skipPast("?>", len("<?"))
		case bytes.HasPrefix(rest, []byte("<!--")):
			l.skipPast("-->", len("<!--"))
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			return l.cdata()
		case rest[1] == '!':
			l.directive()
		case isLetter(rest[1]), rest[1] == '_', rest[1] >= utf8.RuneSelf:
			return l.startTag()
		default: // a bare "<" is text
			return l.plain()
		}
	}
	return false
}

// plain makes what comes before the next "<" a text, but for its first byte.
func (l *xmlLexer) plain() bool {
	start := l.i
	l.i++
	if n := bytes.IndexByte(l.b[l.i:], '<'); n >= 0 {
		l.i += n
	} else {
		l.i = len(l.b)
	}
	l.kind, l.text = xmlText, l.b[start:l.i]
	return true
}

func (l *xmlLexer) skipPast(mark string, from int) {
	if n := bytes.Index(l.b[l.i+from:], []byte(mark)); n >= 0 {
		l.i += from + n + len(mark)
	} else {
		l.i = len(l.b)
	}
}

func (l *xmlLexer) cdata() bool {
	start := l.i + len("<![CDATA[")
	n := bytes.Index(l.b[start:], []byte("]]>"))
	if n < 0 {
		l.i = len(l.b)
		return false
	}
	l.kind, l.text = xmlCDATA, l.b[start:start+n]
	l.i = start + n + len("]]>")
	return true
}

// directive skips <!DOCTYPE …> with the declarations inside.
func (l *xmlLexer) directive() {
	depth, quote := 0, byte(0)
	for ; l.i < len(l.b); l.i++ {
		switch c := l.b[l.i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && bytes.HasPrefix(l.b[l.i:], []byte("<!--")):
			l.skipPast("-->", len("<!--"))
			l.i-- // which the loop adds
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				l.i++
				return
			}
		}
	}
}

func (l *xmlLexer) endTag() bool {
	start := l.i + len("</")
	n := bytes.IndexByte(l.b[start:], '>')
	if n < 0 {
		l.i = len(l.b)
		return false
	}
	l.kind = xmlEnd
	l.split(bytes.TrimRight(l.b[start:start+n], " \t\r\n"))
	l.i = start + n + 1
	return true
}

func (l *xmlLexer) startTag() bool {
	start := l.i + 1
	i := start
	for i < len(l.b) && !isSpaceOrSlash(l.b[i]) && l.b[i] != '>' {
		i++
	}
	a := attrLexer{b: l.b, i: i}
	for a.next() {
	}
	l.i = a.i
	if a.i >= len(l.b) {
		return false
	}
	l.kind, l.attrs = xmlStart, l.b[i:a.i+1]
	l.closed = l.b[a.i-1] == '/' && a.valueEnd != a.i
	l.split(l.b[start:i])
	l.i++ // the ">"
	return true
}

func (l *xmlLexer) split(qname []byte) {
	prefix, name, found := bytes.Cut(qname, []byte(":"))
	if !found {
		prefix, name = nil, qname
	}
	l.prefix, l.name = prefix, name
}

// unescapeXML decodes the references that XML has without a DTD. Any other "&"
// is itself, so that "?a=1&copy=2" stays what its author meant.
func unescapeXML(b []byte) []byte {
	amp := bytes.IndexByte(b, '&')
	if amp < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for ; amp >= 0; amp = bytes.IndexByte(b, '&') {
		out = append(out, b[:amp]...)
		b = b[amp:]
		r, n := xmlReference(b)
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return append(out, b...)
}

// xmlReference decodes the reference at the beginning of b, which is a "&", and
// tells its length: 1 if it is none.
func xmlReference(b []byte) (r rune, n int) {
	const longest = len("&#x0010FFFF;")
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 0 {
		return '&', 1
	}
	name, base := string(b[1:end]), 10
	switch name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if len(name) < 2 || name[0] != '#' {
		return '&', 1
	}
	if name = name[1:]; name[0] == 'x' {
		name, base = name[1:], 16
	}
	code, err := strconv.ParseUint(name, base, 32)
	if err != nil || code == 0 || !utf8.ValidRune(rune(code)) {
		return '&', 1
	}
	return rune(code), end + 1
}
