package extract

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// maxFieldText bounds the text of one field in bytes: "all=*" on a nested page
// would multiply the page by its depth.
const maxFieldText = 1 << 20

// Selector is one -select: a name, a CSS selector compiled once, and what to
// take of the elements it matches. It is immutable and may be used from any
// goroutine; make it with [ParseSelector].
type Selector struct {
	name string
	text string // as given
	attr string // "" takes the text
	list bool
	css  goquery.Matcher
}

// ParseSelector reads a selector as it is typed (cli.md §4):
//
//	name=css        the text of the first match, white space collapsed
//	name=css@attr   the attribute of the first match that has it, as written
//	name[]=css      all matches, a list; name[]=css@attr likewise
//
// CSS is that of goquery (github.com/andybalholm/cascadia), :contains() and
// :has() included. An "@" inside brackets, quotes or parentheses belongs to it.
func ParseSelector(s string) (Selector, error) {
	bad := func(format string, args ...any) (Selector, error) {
		return Selector{}, fmt.Errorf("selector %q: %w", s, fmt.Errorf(format, args...))
	}
	name, css, ok := strings.Cut(s, "=")
	if !ok {
		return bad("no \"=\": write name=css, name=css@attr or name[]=css")
	}
	name, list := strings.CutSuffix(strings.TrimSpace(name), "[]")
	if name == "" {
		return bad("no name before \"=\"")
	}
	if i := strings.IndexFunc(name, notInName); i >= 0 {
		return bad("the name has %q: use letters, digits, _ - and .", name[i:i+1])
	}
	css, attr := cutAttr(css)
	css = strings.TrimSpace(css)
	if css == "" {
		return bad("no CSS selector after \"=\"")
	}
	m, err := cascadia.ParseGroup(css)
	if err != nil {
		return bad("CSS %q: %w", css, err)
	}
	return Selector{name: name, text: s, attr: attr, list: list, css: matcher{m}}, nil
}

// Name is the field's name in the record.
func (s Selector) Name() string { return s.name }

// String is the selector as it was given.
func (s Selector) String() string { return s.text }

// IsZero reports whether s is the zero value, which selects nothing.
func (s Selector) IsZero() bool { return s.css == nil }

func notInName(r rune) bool {
	letter := r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0x80
	return !letter && (r < '0' || r > '9') && r != '_' && r != '-' && r != '.'
}

// cutAttr splits css@attr. What follows the last "@" must be an attribute's
// name; anything else is the middle of an attribute value: a[href*="@x"].
func cutAttr(s string) (css, attr string) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, ""
	}
	attr = strings.TrimSpace(s[i+1:])
	if attr == "" || strings.ContainsAny(attr, " \t\n\"'`()[]{}<>=/\\,") {
		return s, ""
	}
	return s[:i], strings.ToLower(attr)
}

// matcher makes a parsed group goquery's Matcher.
type matcher struct{ cascadia.SelectorGroup }

func (m matcher) MatchAll(n *html.Node) []*html.Node { return cascadia.QueryAll(n, m) }
func (m matcher) Filter(ns []*html.Node) []*html.Node {
	return cascadia.Filter(ns, m)
}

// maxTags bounds the tree: a tag takes up to a kilobyte there, since unclosed
// formatting elements are cloned, and a body of 16 MiB may hold millions.
const maxTags = 200_000

// selectFields builds the tree of UTF-8 text and answers the selectors.
func selectFields(text []byte, selectors []Selector) (map[string]any, error) {
	if n := bytes.Count(text, []byte{'<'}); n > maxTags {
		return nil, fmt.Errorf("%d tags are more than the %d that a tree is built for", n, maxTags)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	doc := goquery.NewDocumentFromNode(root)
	fields := make(map[string]any, len(selectors))
	for _, s := range selectors {
		if s.IsZero() {
			return nil, errors.New("empty selector")
		}
		if v := s.answer(doc); v != nil {
			fields[s.name] = v
		}
	}
	return fields, nil
}

// answer is a string, a []string, or nil where nothing matches.
func (s Selector) answer(doc *goquery.Document) any {
	if !s.list && s.attr == "" {
		first := doc.FindMatcher(goquery.SingleMatcher(s.css))
		if first.Length() == 0 {
			return nil
		}
		room := maxFieldText
		return text(first.Nodes[0], &room)
	}
	var all []string
	room := maxFieldText
	for _, n := range doc.FindMatcher(s.css).Nodes {
		if room <= 0 {
			break
		}
		if s.attr == "" {
			all = append(all, text(n, &room))
			continue
		}
		v, ok := attribute(n, s.attr)
		if !ok {
			continue
		}
		if !s.list {
			return v
		}
		room -= len(v) + 1
		all = append(all, v)
	}
	if all == nil {
		return nil
	}
	return all
}

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key || a.Namespace != "" && a.Namespace+":"+a.Key == key {
			return clean(a.Val), true
		}
	}
	return "", false
}

// text is the text below n with white space collapsed, at most room bytes,
// which it takes off room.
func text(n *html.Node, room *int) string {
	var b strings.Builder
	left := *room
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			if left -= len(d.Data); left <= 0 {
				break
			}
		}
	}
	s := collapse(clean(b.String()), max(*room, 1))
	*room -= len(s) + 1
	return s
}
