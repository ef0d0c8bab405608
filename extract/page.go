package extract

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"crawl/weburl"
)

// MaxLinks is the number of distinct links of a page that are taken when
// [Options.MaxLinks] is 0. A page of 16 MiB can hold over a million.
const MaxLinks = 10_000

// maxText bounds title and description in bytes: an unclosed <title> makes the
// whole rest of a page its text.
const maxText = 64 << 10

// Options says what to take out of a page besides its built-in fields. The zero
// value takes no links and selects nothing.
type Options struct {
	Links    bool       // fill Page.Links
	Follow   bool       // fill Page.Follow
	Content  bool       // fill Page.Content
	Agent    string     // product token of our own, by which a <meta> may name us besides "robots"
	MaxLinks int        // distinct links taken, the first ones; 0 means MaxLinks
	Select   []Selector // fill Page.Fields; the only option that needs the HTML tree
}

// Validate reports all faults of the options at once.
func (o Options) Validate() error {
	var errs []error
	if o.MaxLinks < 0 {
		errs = append(errs, fmt.Errorf("max links is negative: %d", o.MaxLinks))
	}
	for i, s := range o.Select {
		if s.IsZero() {
			errs = append(errs, errors.New("a selector is empty: make it with ParseSelector"))
		} else if slices.ContainsFunc(o.Select[:i], func(t Selector) bool { return t.name == s.name }) {
			errs = append(errs, fmt.Errorf("two selectors are named %q", s.name))
		}
	}
	return errors.Join(errs...)
}

// Page is what was found. It shares no memory with the body it came from. Every string is
// valid UTF-8; what was not found is empty.
type Page struct {
	HTML bool // the body was taken for HTML; without it only the charset is filled

	Title       string // of the first <title>; white space collapsed
	Description string // the first non-empty <meta name=description>; white space collapsed
	Canonical   string // the first <link rel=canonical>, absolute, http or https
	Lang        string // lang (or xml:lang) of <html>, as written
	Refresh     string // where the first <meta http-equiv=refresh> leads, absolute; it is never followed

	// Links are the targets of <a> and <area>, resolved against <base> or the
	// page's URL, without fragment and userinfo; http and https only, in document
	// order, each once. With Options.Links only.
	Links []string
	// Follow are the links a crawler may follow: those of Links that have not
	// rel=nofollow wherever they stand, and none under <meta name=robots
	// content=nofollow>, or none, or the same by the name of Options.Agent. They
	// keep their userinfo. Of headers see [NoFollow]. With Options.Follow only.
	Follow []weburl.URL
	// LinksCut says that the page has more links than MaxLinks.
	LinksCut bool

	// Content is the sha256 of what the page says to its reader, the same as long as
	// that is the same: its title and its visible text, see doc.go. With
	// Options.Content only.
	Content [sha256.Size]byte

	// Fields has the answer of each selector that found something, by its name: a
	// string, or []string for a list.
	Fields map[string]any

	Charset       string // WHATWG name in lower case: utf-8, windows-1252, shift_jis …
	CharsetSource string // bom, header, meta, guess or default
}

// SelectError says that the tree of the page could not be built (golang.org/x/net/html
// gives up past 512 open elements), so that its selectors have no answer.
type SelectError struct{ Err error }

func (e *SelectError) Error() string { return "select: HTML tree could not be built: " + e.Err.Error() }

// Unwrap gives the parser's error.
func (e *SelectError) Unwrap() error { return e.Err }

// Parse takes a page apart: body as it came, after content decoding (gzip and
// the like); contentType is the value of the header, "" where there was none; base is the URL
// the body came from in the end.
//
// HTML and XHTML are parsed, and what has no content type but looks like HTML.
// Of other text only the charset is told, of binary data nothing. Whatever the
// bytes, there is a Page; the error is a [*SelectError] and the Page beside it is filled except for
// Fields. Time and memory are linear in len(body).
//
// Parse is a pure function of its arguments: it may be called from any
// goroutine, does not block, and does not keep or change body.
func Parse(body []byte, contentType string, base weburl.URL, o Options) (*Page, error) {
	p := &Page{}
	k := kindOf(contentType, body)
	if k == opaque {
		return p, nil
	}
	cs := sniffCharset(body, contentType, k)
	if k != hyper && k != xhyper {
		p.Charset, p.CharsetSource = cs.name, cs.source
		return p, nil
	}
	p.HTML = true
	text := cs.decode(body)
	f := scan(text, k == xhyper, o)
	if late, ok := cs.change(f.charset); ok {
		cs = late
		text = cs.decode(body)
		f = scan(text, k == xhyper, o)
	}
	p.Charset, p.CharsetSource = cs.name, cs.source
	f.fill(p, base, o)
	if len(o.Select) == 0 {
		return p, nil
	}
	fields, err := selectFields(text, o.Select)
	if err != nil {
		return p, &SelectError{Err: err}
	}
	p.Fields = fields
	return p, nil
}
