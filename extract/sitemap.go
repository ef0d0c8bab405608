package extract

import (
	"bytes"
	"errors"
	"io"

	"crawl/weburl"
)

// Limits of the sitemap protocol for one file (sitemaps.org), and ours where
// [SitemapOptions] says nothing.
const (
	MaxSitemapURLs = 50_000
	MaxSitemapSize = 50 << 20
)

// SitemapOptions bounds what is taken out of a sitemap. The zero value is the
// protocol's limits.
type SitemapOptions struct {
	MaxURLs int // distinct URLs taken, the first ones; 0 means MaxSitemapURLs
	MaxSize int // bytes that a gzip file may have decoded; 0 means MaxSitemapSize
}

// Sitemap is what a sitemap file lists.
type Sitemap struct {
	// URLs in the order of the file, each once, without fragment. They keep their
	// userinfo. Entries that are no http(s) URL are left out.
	URLs  []weburl.URL
	Index bool // they are of further sitemaps, not of pages
	Cut   bool // there are more than MaxURLs
}

// Reasons of a [SitemapError] that are not those of a reader: compare with
// errors.Is.
var (
	ErrNoSitemap   = errors.New("not a sitemap")
	ErrSitemapSize = errors.New("decodes to more than is allowed")
)

// SitemapError says why a sitemap could not be read, or not to its end. It wraps
// [ErrNoSitemap], [ErrSitemapSize], [io.ErrUnexpectedEOF] for a file that ends in
// the middle, or the decoder's error for gzip that is damaged.
type SitemapError struct{ Err error }

func (e *SitemapError) Error() string { return "sitemap: " + e.Err.Error() }

// Unwrap gives the reason.
func (e *SitemapError) Unwrap() error { return e.Err }

// ParseSitemap reads a sitemap by the protocol of sitemaps.org: XML with
// <urlset> or <sitemapindex>, in a namespace or none; RSS, RDF and Atom feeds,
// whose items' links count; or text with a URL a line. Any of them may be gzip
// (a .xml.gz file), once content coding is undone. The bytes tell which, and
// contentType, the value of the header, gives the charset alone. base is the URL
// that the body came from: addresses relative to it are tolerated, but in text.
//
// Broken XML is read as far as it goes: a bare "&" is itself, an element left
// open ends with the one around it. lastmod, priority, images and alternates are passed
// over; entities that a DTD declares are not replaced.
//
// The error is a [*SitemapError], and what was found before it comes along.
// gzip is decoded up to MaxSize, and up to 100 times its size after the first MiB.
//
// It is a pure function of its arguments: it may be called from any goroutine,
// does not block, and does not keep or change body. Time and memory are linear in
// the body, decoded.
func ParseSitemap(body []byte, contentType string, base weburl.URL, o SitemapOptions) (Sitemap, error) {
	var broken error
	if isGzip(body) {
		body, broken = gunzip(body, positive(o.MaxSize, MaxSitemapSize))
	}
	text := sitemapCharset(body, contentType).decode(body)
	text = bytes.TrimLeft(text, "\ufeff \t\r\n")
	list := urlList{base: base, limit: positive(o.MaxURLs, MaxSitemapURLs), seen: make(map[weburl.URL]struct{})}
	var err error
	if bytes.HasPrefix(text, []byte("<")) {
		err = list.readXML(text)
	} else {
		err = list.readText(text)
	}
	if broken != nil { // that the text ends too early follows from it
		err = broken
	}
	if err != nil && !list.Cut {
		return list.Sitemap, &SitemapError{Err: err}
	}
	return list.Sitemap, nil
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// sitemapCharset is that of XML, which text files have too: UTF-8, if nothing
// says otherwise. UTF-16 needs no byte order mark where "<" comes first.
func sitemapCharset(body []byte, contentType string) charset {
	switch {
	case bytes.HasPrefix(body, []byte("<\x00")):
		return charset{lookup("utf-16le"), "utf-16le", "guess", 0}
	case bytes.HasPrefix(body, []byte("\x00<")):
		return charset{lookup("utf-16be"), "utf-16be", "guess", 0}
	}
	return sniffCharset(body, contentType, data)
}

// urlList collects the URLs of a sitemap.
type urlList struct {
	Sitemap
	base  weburl.URL
	limit int
	seen  map[weburl.URL]struct{}
}

// add takes a URL and is false once there are too many.
func (l *urlList) add(u weburl.URL) bool {
	if _, ok := l.seen[u]; ok {
		return true
	}
	if len(l.URLs) == l.limit {
		l.Cut = true
		return false
	}
	l.seen[u] = struct{}{}
	l.URLs = append(l.URLs, u)
	return true
}

// addRef takes what stands in an element or attribute.
func (l *urlList) addRef(ref []byte) bool {
	ref = bytes.TrimSpace(ref)
	if len(ref) == 0 || len(ref) > weburl.MaxLen {
		return true
	}
	u, err := l.base.Resolve(clean(string(ref)))
	return err != nil || l.add(u)
}

// readText reads a URL a line. Lines that are none say nothing, but a file of
// such lines alone is no sitemap.
func (l *urlList) readText(text []byte) error {
	for len(text) > 0 {
		line := text
		if i := bytes.IndexAny(text, "\r\n"); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 || len(line) > weburl.MaxLen {
			continue
		}
		if u, err := weburl.Parse(clean(string(line))); err == nil && !l.add(u) {
			return nil
		}
	}
	if len(l.URLs) == 0 {
		return ErrNoSitemap
	}
	return nil
}

// readXML reads any of the XML formats.
func (l *urlList) readXML(text []byte) error {
	t := sitemapTree{list: l}
	lex := xmlLexer{b: text}
	for lex.next() {
		if !t.token(&lex) {
			return t.err
		}
	}
	if t.format == nil {
		return ErrNoSitemap
	}
	return io.ErrUnexpectedEOF
}
