package extract

import "bytes"

// sitemapFormat is how an XML format holds its URLs, by the local names of its
// elements.
type sitemapFormat struct {
	root, entry, child string
	href               bool // the URL stands in the child's href, not in its text
	index              bool
}

var sitemapFormats = [...]sitemapFormat{
	{root: "urlset", entry: "url", child: "loc"},
	{root: "sitemapindex", entry: "sitemap", child: "loc", index: true},
	{root: "rss", entry: "item", child: "link"},
	{root: "rdf", entry: "item", child: "link"}, // RSS 1.0
	{root: "feed", entry: "entry", child: "link", href: true},
}

// sitemapTree follows which elements are open. A URL is what stands in a child of
// an entry of the same prefix: so the loc of an image, in its namespace or in an
// element of its own, is none.
type sitemapTree struct {
	list   *urlList
	format *sitemapFormat // nil before the root
	open   []element
	deeper int // open elements over maxElements
	err    error
}

// element is one that is open.
type element struct {
	prefix, name []byte
	wanted       bool
	text         []byte // of a wanted one, its own and not its children's
}

// maxElements bounds the search for what an end tag closes. A sitemap has five.
const maxElements = 64

// token takes the lexer's token and is false where reading may stop: at the end of the
// root, where the root is of no sitemap, and where there are enough URLs.
func (t *sitemapTree) token(lex *xmlLexer) bool {
	switch lex.kind {
	case xmlStart:
		return t.start(lex)
	case xmlEnd:
		return t.end(lex.prefix, lex.name)
	}
	if n := len(t.open); n > 0 && t.deeper == 0 && t.open[n-1].wanted {
		e := &t.open[n-1]
		text := lex.text
		if lex.kind == xmlText {
			text = unescapeXML(text)
		}
		if len(e.text) == 0 {
			e.text = text[:len(text):len(text)] // most often all of it, and no copy
		} else {
			e.text = append(e.text, text...)
		}
	}
	return true
}

func (t *sitemapTree) start(lex *xmlLexer) bool {
	if t.format == nil {
		t.format = formatOf(lex.name)
		if t.format == nil {
			t.err = ErrNoSitemap
			return false
		}
		t.list.Index = t.format.index
	}
	e := element{prefix: lex.prefix, name: lex.name, wanted: t.wants(lex)}
	if e.wanted && t.format.href {
		e.wanted = false
		if href := alternate(lex.attrs); !t.list.addRef(href) {
			return false
		}
	}
	switch {
	case lex.closed:
		return len(t.open) > 0 // or it was the root
	case len(t.open) == maxElements:
		t.deeper++
	default:
		t.open = append(t.open, e)
	}
	return true
}

func formatOf(root []byte) *sitemapFormat {
	for i := range sitemapFormats {
		if isName(root, sitemapFormats[i].root) {
			return &sitemapFormats[i]
		}
	}
	return nil
}

// wants reports whether the element that begins holds a URL.
func (t *sitemapTree) wants(lex *xmlLexer) bool {
	if len(t.open) == 0 || t.deeper > 0 {
		return false
	}
	parent := &t.open[len(t.open)-1]
	return isName(lex.name, t.format.child) && isName(parent.name, t.format.entry) && bytes.Equal(lex.prefix, parent.prefix)
}

// end closes the innermost element of that name with all that was left open in
// it. An end without a beginning is passed over.
func (t *sitemapTree) end(prefix, name []byte) bool {
	if t.deeper > 0 {
		t.deeper--
		return true
	}
	at := len(t.open) - 1
	for at >= 0 && !(bytes.EqualFold(t.open[at].name, name) && bytes.Equal(t.open[at].prefix, prefix)) {
		at--
	}
	if at < 0 {
		return true
	}
	for i := len(t.open) - 1; i >= at; i-- {
		if e := &t.open[i]; e.wanted && !t.list.addRef(e.text) {
			return false
		}
	}
	t.open = t.open[:at]
	return at > 0
}

// alternate is the href of an Atom link to the page itself: rel is "alternate", or
// missing (RFC 4287 §4.2.7.2).
func alternate(attrs []byte) []byte {
	var href, rel []byte
	lex := attrLexer{b: attrs}
	for lex.next() {
		switch {
		case isName(lex.key, "href"):
			href = lex.value
		case isName(lex.key, "rel"):
			rel = lex.value
		}
	}
	if rel != nil && !isName(bytes.TrimSpace(rel), "alternate") {
		return nil
	}
	return unescapeXML(href)
}

// isName: in any case, as authors write them.
func isName(b []byte, name string) bool {
	return len(b) == len(name) && bytes.EqualFold(b, []byte(name))
}
