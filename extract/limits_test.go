package extract

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestATitleWithoutEndIsCutAtACharacter(t *testing.T) {
	p := parse(t, "<title>x"+strings.Repeat("ü", maxText), Options{})
	if len(p.Title) != maxText-1 || !utf8.ValidString(p.Title) {
		t.Errorf("title of %d bytes, valid %v", len(p.Title), utf8.ValidString(p.Title))
	}
	p = parse(t, "<meta name=description content='"+strings.Repeat("word ", maxText)+"'>", Options{})
	if len(p.Description) > maxText || !strings.HasSuffix(p.Description, " word") && !strings.HasSuffix(p.Description, " w") {
		t.Errorf("description of %d bytes", len(p.Description))
	}
}

func TestWhiteSpaceCollapses(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"  a \t\r\n b\u00a0c ", 100, "a b c"},
		{"", 100, ""},
		{" \n", 100, ""},
		{"abc def", 3, "abc"},
		{"abc def", 4, "abc"},
		{"abc def", 5, "abc d"},
		{"aü", 2, "a"},
	} {
		if got := collapse(c.in, c.max); got != c.want {
			t.Errorf("%q cut at %d: got %q, want %q", c.in, c.max, got, c.want)
		}
	}
}

func manyLinks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<a href=/" + strconv.Itoa(i) + ">")
	}
	return b.String()
}

func TestTheNumberOfLinksIsBoundedByDefault(t *testing.T) {
	p := parse(t, manyLinks(MaxLinks+1), Options{Links: true, Follow: true})
	if len(p.Links) != MaxLinks || len(p.Follow) != MaxLinks || !p.LinksCut {
		t.Errorf("%d links, %d to follow, cut %v", len(p.Links), len(p.Follow), p.LinksCut)
	}
	if p.Links[MaxLinks-1] != "https://example.com/"+strconv.Itoa(MaxLinks-1) {
		t.Errorf("not the first ones: the last is %s", p.Links[MaxLinks-1])
	}
	p = parse(t, manyLinks(MaxLinks), Options{Links: true})
	if len(p.Links) != MaxLinks || p.LinksCut {
		t.Errorf("%d links, cut %v", len(p.Links), p.LinksCut)
	}
}

func TestWhatIsNoLinkDoesNotCrowdOutLinks(t *testing.T) {
	body := "<a href=mailto:a@b><a href=tel:1><a href=javascript:x>" + manyLinks(3)
	p := parse(t, body, Options{Links: true, MaxLinks: 3})
	if len(p.Links) != 3 || p.LinksCut {
		t.Errorf("links %q, cut %v", p.Links, p.LinksCut)
	}
	// But their number is bounded too, and said.
	p = parse(t, strings.ReplaceAll(manyLinks(100), "href=/", "href=tel:")+"<a href=/x>", Options{Links: true, MaxLinks: 3})
	if len(p.Links) != 0 || !p.LinksCut {
		t.Errorf("links %q, cut %v", p.Links, p.LinksCut)
	}
}

func TestAHrefLongerThanAURLMayBeIsNoLink(t *testing.T) {
	p := parse(t, "<a href='/"+strings.Repeat("x", 65<<10)+"'><a href=/ok>", Options{Links: true})
	if len(p.Links) != 1 || p.Links[0] != "https://example.com/ok" {
		t.Errorf("%d links", len(p.Links))
	}
}
