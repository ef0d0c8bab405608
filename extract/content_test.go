package extract

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"crawl/weburl"
)

func contentOf(t *testing.T, contentType, body string) [32]byte {
	t.Helper()
	base, err := weburl.Parse("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse([]byte(body), contentType, base, Options{Content: true})
	if err != nil {
		t.Fatal(err)
	}
	return p.Content
}

// TestWhatNoReaderSeesIsNoContent: pages that read the same have one digest.
func TestWhatNoReaderSeesIsNoContent(t *testing.T) {
	const page = `<title>Tea</title><body><p>Green &amp; black</p></body>`
	want := contentOf(t, "text/html", page)
	for _, same := range []string{
		"<title> Tea\n</title>\n<body>\n  <p>Green\t&#38;\u00a0black</p>\n</body>\n",
		`<!-- build 4711 --><title>Tea</title><body data-build="4711"><p class=x>Green &amp; black</p></body>`,
		`<title>Tea</title><script nonce="r4nd">var t = 1764070000</script><style>p{}</style><p>Green &amp; black`,
		`<title>Tea</title><noscript>Please</noscript><template>{{x}}<template>y</template>z</template><p>Green &amp; black`,
		`<title>Tea</title><form><input type=hidden value=t0ken><textarea>x</textarea></form><iframe>y</iframe><b>Green</b> &amp; bl<i>ac</i>k`,
		`<title>Tea</title>Green &amp;<svg><style>p{}</style><script/><path d="M0"/></svg> black`,
		`<title>Tea</title>Green <!x> <?y?> </3> &amp; black`,
		"\xef\xbb\xbf" + page,
	} {
		if contentOf(t, "text/html; charset=utf-8", same) != want {
			t.Errorf("another digest: %q", same)
		}
	}
	for _, other := range []string{
		`<title>Coffee</title><p>Green &amp; black</p>`,
		`<title>Tea</title><p>Green &amp; white</p>`,
		`<title>Tea</title><p>Green &amp;amp; black</p>`,
		`<title>Tea</title><p>Green & black < white</p>`,
		`<title>Tea</title><p>Green &amp; black</p><xmp><b></xmp>`,
		`<title>Tea</title><p>Green &amp; black<plaintext></p>`,
		`<title>TeaGreen</title><p>&amp; black</p>`,
		`<title>Tea</title><svg><text>new</text></svg><p>Green &amp; black</p>`,
		`<title>Tea</title><svg><![CDATA[new]]></svg><p>Green &amp; black</p>`,
		``,
	} {
		if contentOf(t, "text/html", other) == want {
			t.Errorf("the same digest: %q", other)
		}
	}
}

// TestOneMainIsTheContent: what stands around it may change.
func TestOneMainIsTheContent(t *testing.T) {
	const main = `<title>T</title><nav>Menu</nav><main><p>Text</p></main><footer>10:15</footer>`
	for _, c := range []struct {
		name, page string
		same       bool
	}{
		{"around", `<title>T</title><nav>Other</nav><main>Text</main><footer>10:16</footer>`, true},
		{"none", `<title>T</title>Text`, true}, // what is said counts, not where it stands
		{"in it", `<title>T</title><nav>Menu</nav><main><p>Texts</p></main><footer>10:15</footer>`, false},
		{"title", `<title>U</title><nav>Menu</nav><main><p>Text</p></main><footer>10:15</footer>`, false},
		{"two", `<title>T</title><main>Text</main><main></main><footer>10:15</footer>`, false},
		{"an SVG's", `<title>T</title><svg><main>Text</main></svg><footer>10:15</footer>`, false},
		{"open", `<title>T</title><nav>x</nav><main>Text`, true},
	} {
		if got := contentOf(t, "text/html", main) == contentOf(t, "text/html", c.page); got != c.same {
			t.Errorf("%s: the same is %v", c.name, got)
		}
	}
	// An empty one is filled by scripts: then the whole page counts.
	a := contentOf(t, "text/html", `<nav>a</nav><main> <img></main>`)
	b := contentOf(t, "text/html", `<nav>b</nav><main> <img></main>`)
	if a == b {
		t.Error("a page whose <main> says nothing has no content at all")
	}
}

// TestTheCharsetIsNoContent: the same text in two encodings is the same, and an
// XHTML element that is closed at once holds nothing.
func TestTheCharsetIsNoContent(t *testing.T) {
	utf := contentOf(t, "text/html; charset=utf-8", "<title>Café</title>Crème")
	for name, got := range map[string][32]byte{
		"latin":     contentOf(t, "text/html; charset=iso-8859-1", "<title>Caf\xe9</title>Cr\xe8me"),
		"late meta": contentOf(t, "text/html", strings.Repeat(" ", 2000)+"<title>Caf\xe9</title><meta charset=latin1>Cr\xe8me"),
		"xhtml":     contentOf(t, "application/xhtml+xml", "<title>Café</title><template/><main/>Crème"),
	} {
		if got != utf {
			t.Errorf("%s: another digest", name)
		}
	}
}

func TestContentComesOnlyWhenAsked(t *testing.T) {
	base, _ := weburl.Parse("https://example.com/")
	if p, _ := Parse([]byte("<title>x</title>y"), "text/html", base, Options{}); p.Content != [32]byte{} {
		t.Error("a digest nobody asked for")
	}
	if contentOf(t, "text/plain", "x") != [32]byte{} {
		t.Error("what is no page has a digest of its content")
	}
}

// visibleText is what golang.org/x/net/html's tokenizer says is text: an oracle for
// pages without <main>, SVG and the like.
func visibleText(body []byte) string {
	var b strings.Builder
	z := html.NewTokenizer(bytes.NewReader(body))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, b.String())
		case html.StartTagToken:
			name, _ := z.TagName()
			if n := string(name); rawElement(name) != "" && n != "xmp" && n != "plaintext" {
				skip = n
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == skip {
				skip = ""
			}
		case html.TextToken:
			if skip == "" {
				b.WriteString(clean(string(z.Text())))
			}
		}
	}
}

// TestTheTextIsTheTokenizers: pieces of pages, put together at random.
func TestTheTextIsTheTokenizers(t *testing.T) {
	pieces := []string{"<p>", "</p>", "a", " ", "<b x=1>", "&amp;", "&lt", "<!-- c -->", "<script>if(a<b)</script>", "<style>s</style>",
		"<", "< ", "<3", "</", "</ x>", "<!doctype html>", "<?p?>", "é", "<textarea><b></textarea>", "<br/>", "&#x20;", "\u00a0", "&nbsp;", "x>y", "<title>t</title>"}
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 5000 {
		var b strings.Builder
		for range 1 + rnd.IntN(12) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		page := b.String() + "<p>"
		var got strings.Builder
		l := lexer{b: []byte(page), onText: func(p []byte) { got.WriteString(unescapeText(p)) }}
		for l.next(false) {
			if raw := rawElement(l.name); !l.end && raw != "" {
				l.rawText(raw)
			}
		}
		text := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, got.String())
		if want := visibleText([]byte(page)); text != want {
			t.Fatalf("%q: %q, want %q", page, text, want)
		}
	}
}
