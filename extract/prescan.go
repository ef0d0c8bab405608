package extract

import (
	"bytes"
	"strings"
)

// prescanLen is how much of a page is searched for its charset: 1,024 bytes, as
// the HTML standard has it.
const prescanLen = 1024

// prescan finds the charset that a page declares of itself: the standard's
// "prescan a byte stream to determine its encoding" (§13.2.3.2) on bytes, not on tags, because
// that is what authors' pages were made to fit. The answer is "" or a name of the Encoding Standard.
func prescan(body []byte) string {
	b := body[:min(len(body), prescanLen)]
	switch {
	case bytes.HasPrefix(b, []byte("<\x00?\x00x\x00")):
		return "utf-16le"
	case bytes.HasPrefix(b, []byte("\x00<\x00?\x00x")):
		return "utf-16be"
	}
	if name := prescanTags(&prescanner{b: b}); name != "" {
		return name
	}
	return xmlLabel(b)
}

func prescanTags(p *prescanner) string {
	for p.i < len(p.b) {
		rest := p.b[p.i:]
		switch {
		case rest[0] != '<':
			p.i++
		case bytes.HasPrefix(rest, []byte("<!--")):
			end := bytes.Index(rest[2:], []byte("-->")) // the hyphens may be the same
			if end < 0 {
				return ""
			}
			p.i += 2 + end + 3
		case len(rest) > 5 && strings.EqualFold(string(rest[:5]), "<meta") && isSpaceOrSlash(rest[5]):
			p.i += 5
			if name := p.meta(); name != "" {
				return name
			}
		case len(rest) > 1 && isLetter(rest[1]), len(rest) > 2 && rest[1] == '/' && isLetter(rest[2]):
			for p.i < len(p.b) && !isSpace(p.b[p.i]) && p.b[p.i] != '>' {
				p.i++
			}
			for p.attr() {
			}
		case len(rest) > 1 && (rest[1] == '!' || rest[1] == '/' || rest[1] == '?'):
			end := bytes.IndexByte(rest, '>')
			if end < 0 {
				return ""
			}
			p.i += end + 1
		default:
			p.i++
		}
	}
	return ""
}

// prescanner walks over the attributes of tags.
type prescanner struct {
	b           []byte
	i           int
	name, value string // the attribute that attr found, in lower case
}

// meta reads the attributes of a <meta> and decides whether it names a charset.
func (p *prescanner) meta() string {
	seen := make(map[string]bool)
	gotPragma, needPragma, decided := false, false, false
	name := ""
	for p.attr() {
		if seen[p.name] {
			continue
		}
		seen[p.name] = true
		switch p.name {
		case "http-equiv":
			gotPragma = gotPragma || p.value == "content-type"
		case "content":
			if !decided {
				if n := metaLabel(p.value); n != "" {
					name, needPragma, decided = n, true, true
				}
			}
		case "charset":
			_, name = lookupLabel(p.value)
			needPragma, decided = false, true
		}
	}
	if !decided || needPragma && !gotPragma || p.i >= len(p.b) {
		return "" // a tag that is cut at the limit does not count
	}
	return declared(name)
}

// declared mends a label that the page, being read, has just disproved.
func declared(name string) string {
	switch name {
	case "utf-16be", "utf-16le":
		return utf8Name
	case "x-user-defined":
		return defaultName
	}
	return name
}

// attr is the standard's "get an attribute". It is false at the end of the tag and of the bytes.
func (p *prescanner) attr() bool {
	p.skip(isSpaceOrSlash)
	if p.i >= len(p.b) || p.b[p.i] == '>' {
		return false
	}
	start := p.i
	p.i++ // a "=" in the first place belongs to the name
	p.skip(func(c byte) bool { return c != '=' && c != '>' && !isSpaceOrSlash(c) })
	p.name, p.value = asciiLower(string(p.b[start:p.i])), ""
	p.skip(isSpace)
	if p.i >= len(p.b) || p.b[p.i] != '=' {
		return p.i < len(p.b)
	}
	p.i++
	p.skip(isSpace)
	if p.i >= len(p.b) {
		return false
	}
	start = p.i
	if q := p.b[p.i]; q == '"' || q == '\'' {
		p.i++
		start++
		p.skip(func(c byte) bool { return c != q })
		p.value = asciiLower(string(p.b[start:p.i]))
		p.i++
	} else {
		p.skip(func(c byte) bool { return c != '>' && !isSpace(c) })
		p.value = asciiLower(string(p.b[start:p.i]))
	}
	return p.i < len(p.b)
}

func (p *prescanner) skip(in func(byte) bool) {
	for p.i < len(p.b) && in(p.b[p.i]) {
		p.i++
	}
}

// metaLabel is the standard's "extract a character encoding from a meta
// element": the name of the encoding in "text/html; charset=…", or "".
func metaLabel(content string) string {
	for {
		i := strings.Index(content, "charset")
		if i < 0 {
			return ""
		}
		content = strings.TrimLeft(content[i+len("charset"):], " \t\n\f\r")
		if strings.HasPrefix(content, "=") {
			break
		}
	}
	label := strings.TrimLeft(content[1:], " \t\n\f\r")
	if label == "" {
		return ""
	}
	if q := label[:1]; q == `"` || q == "'" {
		quoted, _, closed := strings.Cut(label[1:], q)
		if !closed {
			return ""
		}
		label = quoted
	} else if i := strings.IndexAny(label, "; \t\n\f\r"); i >= 0 {
		label = label[:i]
	}
	_, name := lookupLabel(label)
	return name
}

// xmlLabel is the standard's "get an XML encoding": from <?xml … encoding="…"?>.
func xmlLabel(b []byte) string {
	if !bytes.HasPrefix(b, []byte("<?xml")) {
		return ""
	}
	decl, _, closed := bytes.Cut(b, []byte(">"))
	_, rest, found := bytes.Cut(decl, []byte("encoding"))
	if !closed || !found {
		return ""
	}
	const blanks = "\x00\x01\x02\x03\x04\x05\x06\a\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "
	rest = bytes.TrimLeft(rest, blanks)
	if !bytes.HasPrefix(rest, []byte("=")) {
		return ""
	}
	rest = bytes.TrimLeft(rest[1:], blanks)
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, closed := bytes.Cut(rest[1:], rest[:1])
	if !closed || bytes.ContainsAny(label, blanks) {
		return ""
	}
	_, name := lookupLabel(string(label))
	return declared(name)
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
}

func isSpaceOrSlash(c byte) bool { return c == '/' || isSpace(c) }
