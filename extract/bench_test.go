package extract

import (
	"bytes"
	"fmt"
	"testing"
)

// benchPage makes a page like a news site's: a head, scripts, and teasers with
// two links each.
func benchPage(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>News &amp; views</title>` +
		`<meta name="description" content="All the news"><link rel="canonical" href="/news/">` +
		`<script>window.data = {"a": 1 < 2, "b": "<a href=no>"};</script><style>a { color: red }</style></head><body>`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<article class="teaser teaser--big" id="t%d"><h2><a href="/2026/11/article-%d.html?ref=home&amp;pos=%d" class="link" rel="noopener">`+
			`Headline number %d, grün</a></h2><p>Some words that say what the article is about, at some length, `+
			`as teasers do: <em>it is worth it</em>.</p><a href="https://www.example.org/tag/%d" title="Tag &quot;x&quot;">tag</a>`+
			`<img src="/img/%d.jpg" alt="" width=320 height=200></article>`+"\n", i, i, i, i, i%20, i)
	}
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	sel, err := ParseSelector("heads[]=h2 a")
	if err != nil {
		b.Fatal(err)
	}
	base := mustURL(b, "https://www.example.com/news/")
	for _, size := range []int{1 << 10, 100 << 10, 2 << 20} {
		body := benchPage(size)
		for name, o := range map[string]Options{
			"meta":   {},
			"links":  {Links: true},
			"select": {Links: true, Select: []Selector{sel}},
		} {
			b.Run(fmt.Sprintf("%s/%dKB", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Parse(body, "text/html; charset=utf-8", base, o); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkCharset(b *testing.B) {
	page := benchPage(100 << 10)
	latin := bytes.ReplaceAll(page, []byte("ü"), []byte("\xfc"))
	latin = bytes.ReplaceAll(latin, []byte(`"utf-8"`), []byte(`latin1`))
	for name, body := range map[string][]byte{"utf-8": page, "windows-1252": latin} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				sniffCharset(body, "text/html", hyper).decode(body)
			}
		})
	}
}

// The road not taken: the same fields by goquery.
func BenchmarkGoquery(b *testing.B) {
	page := benchPage(100 << 10)
	base := mustURL(b, "https://www.example.com/news/")
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		oracle(page, base)
	}
}
