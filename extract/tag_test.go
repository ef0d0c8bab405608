package extract

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// lexed is what the lexer sees in text, a line a tag.
func lexed(text []byte) (tags []string) {
	l := lexer{b: text}
	for l.next(false) {
		if len(l.name) == 0 {
			continue // a name longer than any of HTML
		}
		if l.end {
			tags = append(tags, fmt.Sprintf("/%s", l.name))
			continue
		}
		line := string(l.name)
		var seen []string
		var buf [16]byte
		for a := (attrLexer{b: l.attrs}); a.next(); {
			key := string(lower(a.key, &buf))
			if key == "" || slices.Contains(seen, key) {
				continue
			}
			seen = append(seen, key)
			line += fmt.Sprintf(" %q=%q", clean(key), unescapeValue(a.value))
		}
		if raw := rawElement(l.name); raw != "" {
			line += fmt.Sprintf(" %q", l.rawText(raw))
		}
		tags = append(tags, line)
	}
	return tags
}

// tokenized is the same of golang.org/x/net/html.
func tokenized(text []byte) (tags []string) {
	z := html.NewTokenizer(bytes.NewReader(text))
	tt := z.Next()
	for tt != html.ErrorToken {
		kind := tt
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken {
			tt = z.Next()
			continue
		}
		name, more := z.TagName()
		line := string(name)
		for kind != html.EndTagToken && more {
			var key, value []byte
			if key, value, more = z.TagAttr(); len(key) <= 16 {
				line += fmt.Sprintf(" %q=%q", clean(string(key)), clean(string(value)))
			}
		}
		tt = z.Next()
		if kind == html.EndTagToken {
			line = "/" + line
		} else if rawElement([]byte(line[:strings.IndexByte(line+" ", ' ')])) != "" {
			var inner []byte
			if tt == html.TextToken { // empty raw text gives no token
				inner = bytes.Clone(z.Raw())
				tt = z.Next()
			}
			line += fmt.Sprintf(" %q", inner)
		}
		if name, _, _ := strings.Cut(strings.TrimPrefix(line, "/"), " "); len(name) <= 16 {
			tags = append(tags, line)
		}
	}
	return tags
}

func sameTags(t *testing.T, text []byte) {
	t.Helper()
	if bytes.IndexByte(text, 0) >= 0 {
		return // the tokenizer writes U+FFFD into names, which then are none of ours
	}
	got, want := lexed(text), tokenized(text)
	if !slices.Equal(got, want) {
		t.Fatalf("%q:\n got %q\nwant %q", text, got, want)
	}
}

func TestTagsAreReadAsGoDoes(t *testing.T) {
	pieces := append([]string{"<", ">", "</", "/>", "/", "=", " ", "\t", "\r\n", "\f", "'", "\"", "a", "A", "!", "?", "-", "--", "<!--", "-->", "--!>",
		"&amp;", "&copy", "&copy=", "&copyx;", "&semi;", "&fjlig;", "&#x41", "&#128;", "&", ";", "&#", "&#x;", "&notit;", "&lt;&gt", "\xc3", "\u017f", "K",
		"<scr", "ipt", "</script>", "<script>", "<!doctype", "<br", "<br a=b/>", "<br/>", "<averyveryverylongname x>", "</averyveryverylongname>"}, fragments...)
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(12) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		sameTags(t, []byte(b.String()))
	}
}

func FuzzTags(f *testing.F) {
	for _, s := range fragments {
		f.Add([]byte(s))
	}
	f.Add([]byte("<script><!-- a < b <script>x</script>y--></script><a href=1>"))
	f.Add([]byte("<!--->x<!--a--!>b--><!-->c"))
	f.Add([]byte("<a/b = 'c'd=\"e\" =f g=h/>"))
	f.Fuzz(func(t *testing.T, text []byte) { sameTags(t, text) })
}
