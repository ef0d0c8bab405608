package extract

import "strings"

// scan reads the built-in fields out of UTF-8 text in one pass over its tags,
// without building a tree: that is cheaper, and works at any depth. It
// finds what goquery finds on the tree; doc.go names the exceptions.
func scan(text []byte, xhtml bool, o Options) *found {
	f := &found{limit: limitFound(o), agent: o.Agent}
	l := lexer{b: text}
	var ns foreign
	if o.Content {
		f.content = newContent()
		l.onText = f.content.text
	}
	for l.next(ns.inside()) {
		if l.end {
			ns.end(l.name)
			if o.Content {
				f.content.end(l.name)
			}
			continue
		}
		var a attributes
		if f.wants(l.name, ns.inside()) {
			a.read(l.attrs)
		}
		isForeign := ns.start(l.name, &a, l.closed)
		firstTitle := !f.titled
		f.tag(l.name, &a, isForeign)
		if o.Content && !(l.closed && (isForeign || xhtml)) {
			f.content.start(l.name, &a, isForeign)
		}
		// An <svg:title> or <svg:style> holds markup, not raw text, and an XHTML
		// <script/> holds nothing.
		raw := rawElement(l.name)
		if raw == "" || isForeign || xhtml && l.closed {
			continue
		}
		inner := l.rawText(raw)
		if raw == "title" && firstTitle {
			f.title = collapse(unescapeText(inner), maxText)
		}
		if o.Content && (raw == "xmp" || raw == "plaintext") {
			f.content.add(clean(string(inner)))
		}
	}
	return f
}

// rawElement is the name if it is of an element whose content is text, not markup.
func rawElement(name []byte) string {
	switch string(name) {
	case "title":
		return "title"
	case "script":
		return "script"
	case "style":
		return "style"
	case "textarea":
		return "textarea"
	case "noscript":
		return "noscript" // as in a browser that runs scripts
	case "iframe":
		return "iframe"
	case "noembed":
		return "noembed"
	case "noframes":
		return "noframes"
	case "xmp":
		return "xmp"
	case "plaintext":
		return "plaintext"
	}
	return ""
}

// wants reports whether the attributes of an element are of use.
func (f *found) wants(name []byte, foreign bool) bool {
	switch string(name) {
	case "a", "area":
		return f.limit > 0
	case "base", "link", "meta", "html":
		return true
	case "font", "annotation-xml":
		return foreign
	case "time":
		return f.content != nil
	}
	return false
}

// attributes are those of one tag that some field is made of.
type attributes struct {
	href, rel, name, content, httpEquiv, charset, lang, xmlLang, encoding, datetime string

	hasHref   bool
	hasLang   bool
	fontStyle bool // color, face or size: such a <font> ends foreign content
}

// read takes them from the text of a tag. Of two of the same name the first counts.
func (a *attributes) read(tag []byte) {
	var buf [16]byte
	var seen [11]bool
	lex := attrLexer{b: tag}
	set := func(i int, field *string) {
		if !seen[i] {
			seen[i] = true
			*field = unescapeValue(lex.value)
		}
	}
	var xlink string
	for lex.next() {
		switch string(lower(lex.key, &buf)) {
		case "href":
			set(0, &a.href)
			a.hasHref = true
		case "xlink:href":
			set(1, &xlink)
		case "rel":
			set(2, &a.rel)
		case "name":
			set(3, &a.name)
		case "content":
			set(4, &a.content)
		case "http-equiv":
			set(5, &a.httpEquiv)
		case "charset":
			set(6, &a.charset)
		case "lang":
			set(7, &a.lang)
			a.hasLang = true
		case "xml:lang":
			set(8, &a.xmlLang)
		case "encoding":
			set(9, &a.encoding)
		case "datetime":
			set(10, &a.datetime)
		case "color", "face", "size":
			a.fontStyle = true
		}
	}
	if !a.hasHref {
		a.href = xlink
	}
}

// collapse makes each run of white space one space, drops those at the ends,
// and cuts the outcome to max bytes at a character's border.
func collapse(s string, max int) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(s) {
		room := max - b.Len()
		if b.Len() > 0 {
			room--
		}
		if room <= 0 {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if len(word) > room {
			b.WriteString(strings.ToValidUTF8(word[:room], ""))
			break
		}
		b.WriteString(word)
	}
	return b.String()
}
