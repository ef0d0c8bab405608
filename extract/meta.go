package extract

import (
	"strings"

	"crawl/weburl"
)

// found is what the scanner saw, before the page's base is known.
type found struct {
	title, description, canonical, lang, xmlLang, base, refresh string

	charset  string // what the first <meta> that declares one says
	hasLang  bool   // <html> has lang, be it empty
	titled   bool   // a <title> was seen, be it empty
	noFollow bool   // <meta name=robots content=nofollow>

	content *content // nil unless its digest is asked for
	links   linkList
	limit   int    // distinct hrefs to collect
	agent   string // a name for us in a <meta>, or ""
}

// tag takes what it needs from one start tag. foreign is true inside <svg> and <math>,
// where only <a> means the same.
func (f *found) tag(name []byte, a *attributes, foreign bool) {
	switch string(name) {
	case "a", "area":
		if a.href != "" || a.hasHref {
			f.links.add(a.href, hasToken(a.rel, "nofollow"), f.limit)
		}
		return
	}
	if foreign {
		return
	}
	switch string(name) {
	case "title":
		f.titled = true
	case "base":
		if f.base == "" && a.hasHref {
			f.base = a.href
		}
	case "link":
		if f.canonical == "" && a.hasHref && hasToken(a.rel, "canonical") {
			f.canonical = a.href
		}
	case "html":
		// A second <html> adds the attributes that the first has not.
		if a.hasLang && !f.hasLang {
			f.lang, f.hasLang = strings.TrimSpace(a.lang), true
		}
		if f.xmlLang == "" {
			f.xmlLang = strings.TrimSpace(a.xmlLang)
		}
	case "meta":
		f.meta(a)
	}
}

func (f *found) meta(a *attributes) {
	if f.charset == "" {
		f.charset = a.declaredCharset()
	}
	name := strings.TrimSpace(a.name)
	switch {
	case strings.EqualFold(name, "description"):
		if f.description == "" {
			f.description = collapse(a.content, maxText)
		}
	case strings.EqualFold(name, "robots"), name != "" && strings.EqualFold(name, f.agent):
		f.noFollow = f.noFollow || forbidsFollow(a.content)
	case strings.EqualFold(a.httpEquiv, "refresh"):
		if f.refresh == "" {
			f.refresh = refreshTarget(a.content)
		}
	}
}

// declaredCharset is the charset that a <meta> declares, by either way to write it.
func (a *attributes) declaredCharset() string {
	if a.charset != "" {
		_, name := lookupLabel(a.charset)
		return declared(name)
	}
	if strings.EqualFold(a.httpEquiv, "content-type") {
		return declared(metaLabel(asciiLower(a.content)))
	}
	return ""
}

// fill resolves what was found and puts it on the page.
func (f *found) fill(p *Page, base weburl.URL, o Options) {
	p.Title, p.Description, p.Lang = f.title, f.description, f.lang
	if p.Lang == "" {
		p.Lang = f.xmlLang
	}
	if f.base != "" {
		// A <base> that is no http(s) URL is as good as none.
		if u, err := base.Resolve(f.base); err == nil {
			base = u
		}
	}
	if f.content != nil {
		p.Content = f.content.sum(p.Title)
	}
	p.Canonical = absolute(base, f.canonical)
	p.Refresh = absolute(base, f.refresh)
	f.links.fill(p, base, o, f.noFollow)
}

// absolute is ref as an http(s) URL for people, "" where it is none.
func absolute(base weburl.URL, ref string) string {
	if ref == "" {
		return ""
	}
	u, err := base.Resolve(ref)
	if err != nil {
		return ""
	}
	return u.String()
}

// hasToken reports whether a list of words, separated by spaces or commas, has
// the word, in any case.
func hasToken(list, word string) bool {
	for t := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r <= ' ' }) {
		if strings.EqualFold(t, word) {
			return true
		}
	}
	return false
}

// refreshTarget is the URL in the content of a <meta http-equiv=refresh>: "5;
// url=/next" (HTML standard §4.2.5.3, "shared declarative refresh steps"). It is
// "" where the page only reloads itself.
func refreshTarget(content string) string {
	s := strings.TrimLeft(content, " \t\n\f\r")
	rest := strings.TrimLeft(s, "0123456789")
	if rest == s && !strings.HasPrefix(s, ".") {
		return ""
	}
	rest = strings.TrimLeft(rest, "0123456789.")
	sep := strings.TrimLeft(rest, " \t\n\f\r")
	if sep == rest && sep != "" && sep[0] != ';' && sep[0] != ',' {
		return ""
	}
	if sep != "" && (sep[0] == ';' || sep[0] == ',') {
		sep = sep[1:]
	}
	s = strings.TrimLeft(sep, " \t\n\f\r")
	if len(s) >= 3 && strings.EqualFold(s[:3], "url") {
		if t := strings.TrimLeft(s[3:], " \t\n\f\r"); strings.HasPrefix(t, "=") {
			s = strings.TrimLeft(t[1:], " \t\n\f\r")
		}
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		s, _, _ = strings.Cut(s[1:], s[:1])
	}
	return s
}
