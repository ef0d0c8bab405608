package extract

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// scan reads the built-in fields out of UTF-8 text in one pass over its tags,
// without building a tree: that costs a tenth, and works at any depth. It
// finds what goquery finds on the tree; doc.go names the exceptions.
//
// limit is the number of distinct hrefs to collect.
func scan(text []byte, xhtml bool, limit int) *found {
	f := &found{limit: limit}
	z := html.NewTokenizer(bytes.NewReader(text))
	var ns foreign
	inTitle := false
	for {
		z.AllowCDATA(ns.inside())
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			return f
		case html.TextToken:
			if inTitle {
				f.title = collapse(clean(string(z.Text())), maxText)
				inTitle = false
			}
		case html.EndTagToken:
			inTitle = false
			name, _ := z.TagName()
			ns.end(name)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			var a attributes
			if more && wanted(name, ns.inside()) {
				a.read(z)
			}
			closed := tt == html.SelfClosingTagToken
			isForeign := ns.start(name, &a, closed)
			switch {
			case isForeign, xhtml && closed:
				// An <svg:title> or <svg:style> holds markup, not raw text, and
				// an XHTML <script/> holds nothing.
				z.NextIsNotRawText()
			case string(name) == "title" && !f.titled:
				inTitle = true
			}
			f.tag(name, &a, isForeign)
		}
	}
}

// wanted reports whether the attributes of an element are of use.
func wanted(name []byte, foreign bool) bool {
	switch string(name) {
	case "a", "area", "base", "link", "meta", "html":
		return true
	case "font", "annotation-xml":
		return foreign
	}
	return false
}

// attributes are those of one tag that some field is made of.
type attributes struct {
	href, rel, name, content, httpEquiv, charset, lang, xmlLang, encoding string

	hasHref   bool
	hasLang   bool
	fontStyle bool // color, face or size: such a <font> ends foreign content
}

func (a *attributes) read(z *html.Tokenizer) {
	for more := true; more; {
		var key, val []byte
		key, val, more = z.TagAttr()
		switch string(key) {
		case "href":
			a.href, a.hasHref = clean(string(val)), true
		case "xlink:href":
			if !a.hasHref {
				a.href = clean(string(val))
			}
		case "rel":
			a.rel = string(val)
		case "name":
			a.name = string(val)
		case "content":
			a.content = clean(string(val))
		case "http-equiv":
			a.httpEquiv = string(val)
		case "charset":
			a.charset = string(val)
		case "lang":
			a.lang, a.hasLang = clean(string(val)), true
		case "xml:lang":
			a.xmlLang = clean(string(val))
		case "encoding":
			a.encoding = string(val)
		case "color", "face", "size":
			a.fontStyle = true
		}
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
