package extract

import (
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// newsPage is a page as they are: old ways and new, in the named charset.
func newsPage(t *testing.T, charset string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/news.html")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(b), "{{charset}}", charset)
	if charset != "utf-8" {
		text = strings.NewReplacer("«", `"`, "»", `"`).Replace(text) // some charsets have none
	}
	return encode(t, charset, text)
}

func TestARealPageInWhateverCharsetItIsWritten(t *testing.T) {
	heads, err := ParseSelector("heads[]=article h2")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := ParseSelector("ids[]=article@id")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Links: true, Follow: true, Select: []Selector{heads, ids}}
	base := mustURL(t, "https://www.news.example/index.html")
	for _, c := range []struct{ charset, source, header string }{
		{"windows-1251", "meta", "text/html"},
		{"koi8-r", "meta", "text/html"},
		{"iso-8859-5", "header", "text/html; charset=iso-8859-5"},
		{"gb18030", "meta", ""},
		{"shift_jis", "meta", "text/html"},
		{"euc-kr", "meta", "text/html"},
		{"utf-16le", "header", "text/html; charset=utf-16"},
		{"utf-16be", "header", "text/html; charset=utf-16be"},
	} {
		text := newsPage(t, c.charset)
		p, err := Parse(text, c.header, base, o)
		if err != nil {
			t.Fatalf("%s: %v", c.charset, err)
		}
		want := &Page{
			HTML:        true,
			Title:       `Новости дня — "Вестник"`,
			Description: "Главные события: политика, экономика & спорт",
			Canonical:   "https://news.example/today",
			Lang:        "ru",
			Links: []string{
				"https://www.news.example/",
				"https://www.news.example/politics/?page=1&sort=new",
				"https://www.news.example/sport/",
				"https://www.news.example/logo",
				"https://www.news.example/2026/11/%D0%BF%D0%B5%D1%80%D0%B2%D0%B0%D1%8F-%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F.html",
				"https://partner.example/ad?x=1&copy=2",
				"https://www.news.example/2026/11/second.html",
				"https://www.news.example/sport/map",
			},
			Fields: map[string]any{
				"heads": []string{"Первая статья", "Вторая", "Вторая, ещё раз"},
				"ids":   []string{"a1", "a2", "a3"},
			},
			Charset:       c.charset,
			CharsetSource: c.source,
		}
		if len(p.Follow) != len(p.Links)-1 {
			t.Errorf("%s: %d links to follow of %d", c.charset, len(p.Follow), len(p.Links))
		}
		p.Follow = nil
		if !reflect.DeepEqual(p, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.charset, p, want)
		}
	}
}

func TestARealPageIsReadAsGoqueryReadsIt(t *testing.T) {
	sameAsGoquery(t, newsPage(t, "utf-8"))
	sameAsGoquery(t, benchPage(10<<10))
	// Cut anywhere, as a body over the limit is.
	page := newsPage(t, "utf-8")
	for n := 0; n < len(page); n += 7 {
		sameAsGoquery(t, page[:n])
	}
}

func TestParseMayBeCalledFromAnyGoroutine(t *testing.T) {
	s, err := ParseSelector("heads[]=article h2")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Links: true, Select: []Selector{s}}
	base := mustURL(t, "https://www.news.example/")
	body := newsPage(t, "windows-1251")
	want, err := Parse(body, "text/html", base, o)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got, err := Parse(body, "text/html", base, o); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("another answer: %+v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAPageKeepsNothingOfTheBody(t *testing.T) {
	body := newsPage(t, "utf-8")
	base := mustURL(t, "https://www.news.example/")
	p, err := Parse(body, "text/html", base, Options{Links: true})
	if err != nil {
		t.Fatal(err)
	}
	title, link := strings.Clone(p.Title), strings.Clone(p.Links[1])
	for i := range body {
		body[i] = 'x' // the buffer goes back to its pool and is used again
	}
	if p.Title != title || p.Links[1] != link {
		t.Errorf("the page changed with the body: %q, %q", p.Title, p.Links[1])
	}
}
