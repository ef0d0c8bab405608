package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"crawl/weburl"
)

// stdElement is an element as encoding/xml has it.
type stdElement struct {
	prefix, name, text, href string
	rel                      *string
	children                 []*stdElement
}

// stdTree reads a well-formed document up to the end of its root; ok is false for
// any other.
func stdTree(text []byte) (root *stdElement, ok bool) {
	strict := xml.NewDecoder(bytes.NewReader(text)) // Token checks, RawToken knows prefixes
	raw := xml.NewDecoder(bytes.NewReader(text))
	var open []*stdElement
	for {
		if _, err := strict.Token(); err != nil {
			return nil, false
		}
		tok, err := raw.RawToken()
		if err != nil {
			return nil, false
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &stdElement{prefix: tok.Name.Space, name: tok.Name.Local}
			for _, a := range tok.Attr {
				switch {
				case a.Name.Space == "" && strings.EqualFold(a.Name.Local, "href"):
					e.href = a.Value
				case a.Name.Space == "" && strings.EqualFold(a.Name.Local, "rel"):
					e.rel = &a.Value
				}
			}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			}
			open = append(open, e)
		case xml.EndElement:
			if root, open = open[0], open[:len(open)-1]; len(open) == 0 {
				return root, true
			}
		case xml.Directive:
			if len(tok) == 0 || !isLetter(tok[0]) {
				return nil, false // it does not see a quote in the first place
			}
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(tok)
			}
		}
	}
}

// urls is what a tree lists, in the order in which its elements end.
func (e *stdElement) urls(f *sitemapFormat, depth int, take func(string)) {
	for _, c := range e.children {
		wanted := strings.EqualFold(e.name, f.entry) && strings.EqualFold(c.name, f.child) && e.prefix == c.prefix && depth <= maxElements
		if wanted && f.href && (c.rel == nil || strings.EqualFold(strings.TrimSpace(*c.rel), "alternate")) {
			take(c.href)
		}
		c.urls(f, depth+1, take)
		if wanted && !f.href && depth < maxElements {
			take(c.text)
		}
	}
}

// sameAsEncodingXML holds ParseSitemap to encoding/xml, where that has an answer.
func sameAsEncodingXML(t *testing.T, text []byte) (compared bool) {
	t.Helper()
	root, ok := stdTree(text)
	if !ok || !bytes.HasPrefix(text, []byte("<")) {
		return false
	}
	base := mustURL(t, "https://example.com/dir/map")
	var want []weburl.URL
	f := formatOf([]byte(root.name))
	if f != nil {
		seen := make(map[weburl.URL]bool)
		root.urls(f, 1, func(s string) {
			if s = strings.TrimSpace(s); s == "" || len(s) > weburl.MaxLen {
				return
			}
			if u, err := base.Resolve(s); err == nil && !seen[u] {
				seen[u] = true
				want = append(want, u)
			}
		})
	}
	got, err := ParseSitemap(text, "", base, SitemapOptions{MaxURLs: 1 << 20})
	if !reflect.DeepEqual(got.URLs, want) || (err != nil) != (f == nil) || f == nil && !errors.Is(err, ErrNoSitemap) {
		t.Fatalf("%q:\n         got %v, %v\nencoding/xml %v", text, got.URLs, err, want)
	}
	return true
}

var sitemapFragments = []string{
	`<url>`, `</url>`, `<loc>`, `</loc>`, `<url><loc>/1</loc></url>`, `<url><loc> /2?a=1&amp;b=&#x33; </loc></url>`, `<url><loc><![CDATA[/3?a&b]]></loc></url>`,
	`<sitemap><loc>/4</loc></sitemap>`, `<item><link>/5</link></item>`, `<entry><link href="/6?a&lt;b"/></entry>`, `<entry><link rel=' alternate ' href='/7'></link></entry>`,
	`<entry><link rel="self" href="/8"/></entry>`, `<image:loc>/9</image:loc>`, `<s:url><s:loc>/10</s:loc></s:url>`, `<s:url><loc>/11</loc></s:url>`, `<url/>`, `<loc/>`,
	`<!-- <loc> -->`, `<?pi <loc>/12</loc> ?>`, `<!DOCTYPE x [ <!ENTITY a "<b>"> <!-- ' --> ]>`, `<![CDATA[<loc>]]>`, `/13`, ` `, "\n", `&amp;`, `&#233;`, `&quot;&apos;&gt;`, "\u00fc", `>`,
	`<x a="<" b='>' c = "&amp;">`, `<x a="/"/>`, `<x a=">"/>`, `<x >`, `</x >`, `<URL><Loc>/14</Loc></URL>`, `<x:link href="/15"/>`, `<link a:href="/16" href="/17"/>`, `<_a/>`, `<url a="b" ><loc >/18</loc ></url >`,
	`<link>/19</link>`, `<item>`, `</item>`, `<entry>`, `</entry>`, `<channel>`, `</channel>`, "\r\n", "]]", "<loc>/2<b>0</b>1</loc>",
}

var sitemapRoots = []string{"urlset", "sitemapindex", "rss", "feed", "rdf:RDF", "s:urlset", "URLSET", "html"}

// sitemapOf makes a document of fragments; one that is left open is closed, so that most are
// well-formed.
func sitemapOf(root int, picks []byte) []byte {
	var b strings.Builder
	name := sitemapRoots[root%len(sitemapRoots)]
	b.WriteString("<" + name + ">")
	for _, p := range picks[:min(len(picks), 100)] {
		b.WriteString(sitemapFragments[int(p)%len(sitemapFragments)])
	}
	b.WriteString("</" + name + ">")
	return []byte(b.String())
}

func TestASitemapIsReadAsEncodingXMLReadsIt(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	compared := 0
	for range 30_000 {
		picks := make([]byte, 1+rnd.IntN(8))
		for i := range picks {
			picks[i] = byte(rnd.IntN(len(sitemapFragments)))
		}
		if sameAsEncodingXML(t, sitemapOf(rnd.IntN(len(sitemapRoots)), picks)) {
			compared++
		}
	}
	if compared < 3_000 {
		t.Errorf("only %d documents were well-formed", compared)
	}
	if !sameAsEncodingXML(t, []byte(protocolSitemap)) {
		t.Error("the protocol's own sitemap is not well-formed")
	}
	for _, n := range []int{maxElements - 3, maxElements - 2, maxElements - 1, maxElements, 3 * maxElements} {
		deep := "<urlset>" + strings.Repeat("<x>", n) + "<url><loc>/a</loc></url>" + strings.Repeat("</x>", n) + "<url><loc>/b</loc></url></urlset>"
		if !sameAsEncodingXML(t, []byte(deep)) {
			t.Errorf("%d elements are not well-formed", n)
		}
	}
}

func FuzzSitemapIsReadAsEncodingXMLReadsIt(f *testing.F) {
	f.Add(0, []byte{4, 5, 6}, []byte(protocolSitemap))
	f.Add(3, []byte{9, 10, 11}, []byte(`<?xml version="1.0"?><rss><item><link>a</link></item></rss>`))
	f.Fuzz(func(t *testing.T, root int, picks, free []byte) {
		sameAsEncodingXML(t, sitemapOf(max(0, root), picks))
		sameAsEncodingXML(t, free)
	})
}

// FuzzParseSitemap holds what is true of any bytes.
func FuzzParseSitemap(f *testing.F) {
	f.Add([]byte(protocolSitemap), "text/xml")
	f.Add([]byte("https://example.com/a\n"), "text/plain; charset=utf-16")
	f.Add([]byte(zipped(f, protocolSitemap)), "")
	f.Add([]byte("<\x00u\x00r\x00l\x00s\x00e\x00t\x00"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		base := mustURL(t, "https://example.com/dir/map")
		o := SitemapOptions{MaxURLs: 3, MaxSize: 1 << 20}
		keep := bytes.Clone(body)
		got, err := ParseSitemap(body, contentType, base, o)
		if !bytes.Equal(body, keep) {
			t.Fatal("the body was changed")
		}
		var e *SitemapError
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error of type %T", err)
		}
		if got.Cut && (err != nil || len(got.URLs) != 3) || len(got.URLs) > 3 {
			t.Fatalf("%d URLs, cut %v, %v", len(got.URLs), got.Cut, err)
		}
		seen := make(map[weburl.URL]bool)
		for _, u := range got.URLs {
			if seen[u] || u.IsZero() {
				t.Fatalf("%v twice, or none", u)
			}
			seen[u] = true
		}
		if isGzip(body) || len(body) > 1<<20 {
			return
		}
		again, err2 := ParseSitemap([]byte(zipped(t, string(body))), contentType, base, o)
		if !reflect.DeepEqual(got, again) || fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("%v, %v; as gzip %v, %v", got, err, again, err2)
		}
	})
}

// bigSitemap is of the size and looks of a shop's.
func bigSitemap(n int) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for i := range n {
		fmt.Fprintf(&b, "  <url>\n    <loc>https://www.example.com/catalog/section-%d/article-%d.html?ref=map&amp;pos=%d</loc>\n    <lastmod>2026-11-%02dT12:00:00+00:00</lastmod>\n    <changefreq>weekly</changefreq>\n    <priority>0.5</priority>\n  </url>\n", i%50, i, i, 1+i%28)
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}

func BenchmarkSitemap(b *testing.B) {
	body := bigSitemap(20_000)
	packed := []byte(zipped(b, string(body)))
	base := mustURL(b, "https://www.example.com/sitemap.xml")
	for name, text := range map[string][]byte{"xml": body, "gzip": packed} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if s, err := ParseSitemap(text, "text/xml", base, SitemapOptions{}); err != nil || len(s.URLs) != 20_000 {
					b.Fatal(len(s.URLs), err)
				}
			}
		})
	}
	// The road not taken: its tokens alone, without a URL.
	b.Run("encoding/xml", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(body))
			for {
				if _, err := d.RawToken(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
