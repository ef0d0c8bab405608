package extract

import "strings"

// foreign follows whether the scanner is inside <svg> or <math>, where <title>,
// <style> and <script> hold markup, CDATA sections are allowed and HTML's own
// elements end the part (HTML standard §13.2.6.5). Only the elements that
// change the answer are kept, so it is a good likeness of the tree builder, not its equal.
type foreign struct {
	stack []region
}

// region is an open element that switches between HTML and foreign content.
type region struct {
	name string // svg, math, or an element inside them that holds HTML again
	html bool
}

// maxRegions bounds the stack; the tree builder gives up at about that depth.
const maxRegions = 512

func (f *foreign) inside() bool {
	return len(f.stack) > 0 && !f.stack[len(f.stack)-1].html
}

// start is told of each start tag and reports whether the element is foreign.
// closed is true for <x/>, which is empty in foreign content.
func (f *foreign) start(name []byte, a *attributes, closed bool) bool {
	inside := f.inside()
	if inside && breaksOut(name, a) {
		f.leave()
		return false
	}
	root := string(name) == "svg" || string(name) == "math"
	html := inside && f.holdsHTML(name, a)
	if (root || html) && !closed && len(f.stack) < maxRegions {
		f.stack = append(f.stack, region{string(name), html})
	}
	return inside || root
}

// leave closes the foreign regions up to the HTML around them.
func (f *foreign) leave() {
	for f.inside() {
		f.stack = f.stack[:len(f.stack)-1]
	}
}

// end is told of each end tag: it closes the innermost region of that name,
// but none outside a region that holds HTML. The end of an HTML element closes
// a drawing that was left open in it.
func (f *foreign) end(name []byte) {
	if f.inside() && endsAround(name) {
		f.leave()
		return
	}
	for i := len(f.stack) - 1; i >= 0; i-- {
		if f.stack[i].name == string(name) {
			f.stack = f.stack[:i]
			return
		}
		if f.stack[i].html {
			return
		}
	}
}

// holdsHTML reports whether an element of the current part is an integration point.
func (f *foreign) holdsHTML(name []byte, a *attributes) bool {
	root := ""
	for i := len(f.stack) - 1; i >= 0 && !f.stack[i].html; i-- {
		root = f.stack[i].name
		if root == "svg" || root == "math" {
			break
		}
	}
	switch string(name) {
	case "foreignobject", "desc", "title":
		return root == "svg"
	case "mi", "mo", "mn", "ms", "mtext":
		return root == "math"
	case "annotation-xml":
		return root == "math" && (strings.EqualFold(a.encoding, "text/html") ||
			strings.EqualFold(a.encoding, "application/xhtml+xml"))
	}
	return false
}

// endsAround reports whether an end tag in foreign content can only be of an
// HTML element around it. It is taken to be open: most often it is.
func endsAround(name []byte) bool {
	switch string(name) {
	case "article", "aside", "button", "footer", "form", "header", "label",
		"main", "nav", "section", "td", "th", "tr", "tbody":
		return true
	}
	return breaksOut(name, &attributes{})
}

// breaksOut reports whether a start tag in foreign content ends it: these can
// only be HTML, so the author forgot the end tag.
func breaksOut(name []byte, a *attributes) bool {
	switch string(name) {
	case "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div",
		"dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6", "head",
		"hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p",
		"pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup",
		"table", "tt", "u", "ul", "var":
		return true
	case "font":
		return a.fontStyle
	}
	return false
}
