package extract

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"crawl/weburl"
)

const shop = `<div class=item id=a><h2> Green
	tea </h2><a href="/tea?a=1&amp;b" title="x">buy</a><span class=price>4</span></div>
	<div class=item id=b><h2>Coffee &amp; milk</h2><a name=y>none</a><span class=price></span></div>
	<a href="mailto:joe@example.com">mail</a><svg><use xlink:href="#i"/></svg>`

func TestWhatASelectorTakes(t *testing.T) {
	for in, want := range map[string]any{
		"x=h2":                         "Green tea",
		"x[]=h2":                       []string{"Green tea", "Coffee & milk"},
		"x=.item a@href":               "/tea?a=1&b",
		"x=.item a@TITLE":              "x",
		"x[]=.item@id":                 []string{"a", "b"},
		"x[]=a@href":                   []string{"/tea?a=1&b", "mailto:joe@example.com"},
		"x=#b a@href":                  nil,
		"x=a[name]@name":               "y",
		"x=a@name":                     "y",
		"x[]=.price":                   []string{"4", ""},
		"x=#b .price":                  "",
		"x=.none":                      nil,
		"x[]=.none":                    nil,
		`x=a[href*="@example"]`:        "mail",
		`x=a[href*="@example"]@href`:   "mailto:joe@example.com",
		"x = .item:has(a[name]) > h2 ": "Coffee & milk",
		"x=h3, h2":                     "Green tea",
		`x=h2:contains("Coffee")`:      "Coffee & milk",
		"x=use@xlink:href":             "#i",
		"ü.1-_=h2":                     "Green tea",
	} {
		s, err := ParseSelector(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		p := parse(t, shop, Options{Select: []Selector{s}})
		if got := p.Fields[s.Name()]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, want %#v", in, got, want)
		}
		if s.String() != in {
			t.Errorf("String() = %q, want %q", s.String(), in)
		}
	}
}

func TestABadSelectorSaysWhatIsWrong(t *testing.T) {
	for in, part := range map[string]string{
		"":            `no "="`,
		"title":       `no "="`,
		"=h1":         "no name",
		"[]=h1":       "no name",
		"x=":          "no CSS",
		"x=@href":     "no CSS",
		"a b=h1":      `" "`,
		"a[0]=h1":     `"["`,
		"x=div[":      "div[",
		"x=h1:nosuch": "nosuch",
		"x=a@b@c]":    "CSS",
	} {
		_, err := ParseSelector(in)
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v, want something on %s", in, err, part)
		}
	}
}

func TestManySelectorsAnswerEachByName(t *testing.T) {
	var o Options
	for _, in := range []string{"name=h2", "ids[]=.item@id", "none=h6"} {
		s, err := ParseSelector(in)
		if err != nil {
			t.Fatal(err)
		}
		o.Select = append(o.Select, s)
	}
	want := map[string]any{"name": "Green tea", "ids": []string{"a", "b"}}
	if got := parse(t, shop, o).Fields; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAFieldIsBounded(t *testing.T) {
	body := strings.Repeat("<div>", 300) + strings.Repeat("word ", 20_000)
	s, err := ParseSelector("all[]=*")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, v := range parse(t, body, Options{Select: []Selector{s}}).Fields["all"].([]string) {
		total += len(v)
	}
	if total == 0 || total > maxFieldText {
		t.Errorf("%d bytes, want at most %d", total, maxFieldText)
	}
}

// A page with millions of tags costs its selectors an answer, not the machine
// its memory; title and links still come (faults.md rows 22 and 36).
func TestSelectorsOfAPageOfMillionsOfTags(t *testing.T) {
	body := []byte("<title>Deep</title>" + strings.Repeat("<p><b>", maxTags))
	sel, err := ParseSelector("h=h1")
	if err != nil {
		t.Fatal(err)
	}
	base, _ := weburl.Parse("http://a.example/")
	page, err := Parse(body, "text/html", base, Options{Select: []Selector{sel}})
	var se *SelectError
	if !errors.As(err, &se) || page.Title != "Deep" {
		t.Errorf("%v, title %q", err, page.Title)
	}
	if len(page.Fields) != 0 {
		t.Errorf("fields %v", page.Fields)
	}
}
