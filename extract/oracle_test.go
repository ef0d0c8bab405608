package extract

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"crawl/weburl"
)

// oracle is the page as goquery has it: the same questions asked of the tree.
// ok is false where there is no tree.
func oracle(text []byte, base weburl.URL) (p *Page, ok bool) {
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, false
	}
	doc := goquery.NewDocumentFromNode(root)
	var f found
	f.limit = 1 << 20
	inHTML := func(_ int, s *goquery.Selection) bool { return s.Nodes[0].Namespace == "" }
	title := doc.Find("title").FilterFunction(inHTML).First()
	f.titled, f.title = title.Length() > 0, collapse(clean(title.Text()), maxText)
	doc.Find("html, base, link, meta, a, area").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		var a attributes
		for _, at := range n.Attr {
			switch key := strings.TrimPrefix(at.Namespace+":"+at.Key, ":"); key {
			case "href":
				a.href, a.hasHref = clean(at.Val), true
			case "xlink:href":
				if !a.hasHref {
					a.href = clean(at.Val)
				}
			case "rel":
				a.rel = at.Val
			case "name":
				a.name = at.Val
			case "content":
				a.content = clean(at.Val)
			case "http-equiv":
				a.httpEquiv = at.Val
			case "charset":
				a.charset = at.Val
			case "lang":
				a.lang, a.hasLang = clean(at.Val), true
			case "xml:lang":
				a.xmlLang = clean(at.Val)
			}
		}
		f.tag([]byte(n.Data), &a, n.Namespace != "")
	})
	p = &Page{}
	f.fill(p, base, Options{Links: true, Follow: true, MaxLinks: 1 << 20})
	return p, true
}

// scanned is the page as the scanner has it.
func scanned(text []byte, base weburl.URL) *Page {
	o := Options{Links: true, Follow: true, MaxLinks: 1 << 18}
	p := &Page{}
	scan(text, false, o).fill(p, base, o)
	return p
}

func sameAsGoquery(t *testing.T, text []byte) {
	t.Helper()
	base := mustURL(t, "https://example.com/dir/page")
	want, ok := oracle(text, base)
	if !ok {
		return
	}
	if got := scanned(text, base); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q:\n    got %+v\ngoquery %+v", text, got, want)
	}
}

// fragments are pieces of pages on which the scanner and the tree agree in any
// order: markup that is left open included, and everything that hides markup.
var fragments = []string{
	`<a href=1>`, `<a href="2?a=1&amp;b&copy=2&notit;">x</a>`, `</a>`, `<A HREF='3#x'>`, `<a href>`, `<a name=x>`, `<area href=4>`, "<a\nhref\n=\n5\n>", `<a href=6 href=7>`, `<a href=8/>`,
	`<a title=">" href=9>`, `<a title='<a href=no>' href=10>`, `<a href="unclosed>`, `"`, `'`, `>`, `<`, `< a href=no>`, `</ a href=no>`, `<?a href=no?>`, `<!a href=no>`, `<a/href=11>`, `<a =x href=12>`,
	`<!-- <a href=no> -->`, `<!-->`, `<!--->`, `<!-- -- --!>`, `<!--`, `-->`, `<![CDATA[<a href=13>]]>`, `<!doctype html>`, `<script>`, `</script>`, `<script><!-- <script> </script> <a href=no> --></script>`,
	`<style>`, `</style>`, `<noscript>`, `</noscript>`, `<textarea>`, `</textarea>`, `<title>`, `</title>`, `<title>x &amp; <b>y</b></title>`, `<iframe>`, `</iframe >`, `<xmp>`, `</xmp>`, `</Script x=y>`, `<noembed>`, `</noembed>`,
	`<base href=/b/>`, `<base target=x>`, `<link rel="x Canonical" href=c>`, `<meta name=Description content=" d  e ">`, `<meta name=robots content=nofollow>`, `<html lang=de>`, `<html lang="">`, `<html xml:lang=fr>`,
	`<a rel="nofollow ugc" href=14>`, `<body>`, `<p>`, `</p>`, `<div>`, `</div>`, `<b>`, `<i>`, `</b>`, `<ul><li>`, `text`, "\x00", "\xff", `&#0;`, `&lt;a href=no>`, `<h1>`, `<form>`, `<button>`, `<svg/>`, `<br/>`,
	`<svg><title>no</title><style><a href=15></style></svg>`, `<svg><g><a xlink:href=16 href=17></a></g></svg>`, `<math><mi>x</mi></math>`, `<svg><desc><a href=18></desc></svg>`, `<svg><p><a href=19>`, `<svg><![CDATA[<a href=no>]]></svg>`,
	`<math><annotation-xml encoding="text/html"><a href=20></a></annotation-xml></math>`, `<meta http-equiv=refresh content="1;url=r">`, `<plaintext>`,
	`<svg><foreignObject><style><a href=no></style></foreignObject></svg>`, `<svg><desc><title>d</title></desc></svg>`, `<svg x=y/><style><a href=21></style></svg>`, `<math><mi><style><a href=no></style></mi></math>`,
}

func TestTheScannerFindsWhatGoqueryFinds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(10) {
			b.WriteString(fragments[rnd.IntN(len(fragments))])
		}
		sameAsGoquery(t, []byte(b.String()))
	}
}

// FuzzScanner makes pages of fragments and free text: free bytes alone would
// find the corners that doc.go names, again and again.
func FuzzScanner(f *testing.F) {
	f.Add([]byte{1, 2, 3}, "x=y")
	f.Add([]byte{24, 0, 25}, "<")
	f.Fuzz(func(t *testing.T, picks []byte, attrs string) {
		var b bytes.Buffer
		for _, p := range picks[:min(len(picks), 40)] {
			b.WriteString(fragments[int(p)%len(fragments)])
			if p > 200 {
				b.WriteString("<a x='" + strings.ReplaceAll(attrs, "'", "") + "' href=q>")
			}
		}
		sameAsGoquery(t, b.Bytes())
	})
}
