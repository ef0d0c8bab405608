package extract

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"crawl/weburl"
)

func ExampleParseSitemap() {
	base, _ := weburl.Parse("https://example.com/sitemap.xml")
	body := `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>https://example.com/news.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap>
  <sitemap><loc>https://example.com/shop.xml.gz?a=1&amp;b=2</loc></sitemap>`
	s, err := ParseSitemap([]byte(body), "application/xml", base, SitemapOptions{})
	fmt.Println(s.Index, s.URLs)
	fmt.Println(err)
	// Output:
	// true [https://example.com/news.xml.gz https://example.com/shop.xml.gz?a=1&b=2]
	// sitemap: unexpected EOF
}

// listed is what a sitemap at https://example.com/dir/map lists, in one line.
func listed(t testing.TB, body, contentType string, o SitemapOptions) (string, Sitemap, error) {
	t.Helper()
	s, err := ParseSitemap([]byte(body), contentType, mustURL(t, "https://example.com/dir/map"), o)
	var words []string
	for _, u := range s.URLs {
		words = append(words, strings.TrimPrefix(u.Identity(), "https://example.com"))
	}
	var e *SitemapError
	if err != nil && !errors.As(err, &e) {
		t.Errorf("%.40q: error of type %T", body, err)
	}
	return strings.Join(words, " "), s, err
}

const site = "https://example.com"

// of the protocol's own page, with its namespace
const protocolSitemap = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
   <url>
      <loc>https://example.com/</loc>
      <lastmod>2005-01-01</lastmod>
      <changefreq>monthly</changefreq>
      <priority>0.8</priority>
   </url>
   <url>
      <loc>https://example.com/catalog?item=12&amp;desc=vacation_hawaii</loc>
      <changefreq>weekly</changefreq>
   </url>
   <url>
      <loc>https://example.com/catalog?item=83&amp;desc=vacation_usa</loc>
   </url>
</urlset>
`

func TestTheFormatsOfTheProtocol(t *testing.T) {
	for name, c := range map[string]struct {
		body, want string
		index      bool
	}{
		"urlset": {protocolSitemap, "/ /catalog?item=12&desc=vacation_hawaii /catalog?item=83&desc=vacation_usa", false},
		"index": {`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` +
			`<sitemap><loc>https://example.com/sitemap1.xml.gz</loc><lastmod>2004-10-01T18:23:17+00:00</lastmod></sitemap>` +
			`<sitemap><loc>https://example.com/sitemap2.xml.gz</loc></sitemap></sitemapindex>`, "/sitemap1.xml.gz /sitemap2.xml.gz", true},
		"text": {"https://example.com/file1.html\r\nhttps://example.com/file2.html\n\n  https://example.com/3#x \nnot a URL\n/relative\rhttps://example.com/4",
			"/file1.html /file2.html /3 /4", false},
		"RSS": {`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title><link>https://example.com/home</link>` +
			`<atom:link href="https://example.com/feed" rel="self"/><image><link>https://example.com/logo</link></image>` +
			`<item><title>a</title><link>https://example.com/a</link><guid>https://example.com/guid</guid><atom:link href="https://example.com/no"/></item>` +
			`<item><link><![CDATA[https://example.com/b?c&d]]></link></item></channel></rss>`, "/a /b?c&d", false},
		"RSS 1.0": {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><link>https://example.com/home</link></channel>` +
			`<item rdf:about="y"><link>https://example.com/a</link></item></rdf:RDF>`, "/a", false},
		"Atom": {`<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.com/"/><link rel="self" href="https://example.com/feed"/>` +
			`<entry><link rel="alternate" type="text/html" href="https://example.com/a?b=1&amp;c=2"/><link rel='enclosure' href='https://example.com/mp3'/><id>https://example.com/id</id></entry>` +
			`<entry><link href='/b'/><link rel="edit" href="/edit"></link></entry><entry><link/><link rel=""  href="/none"/></entry></feed>`, "/a?b=1&c=2 /b", false},
		"a prefix":     {`<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"><sm:url><sm:loc>https://example.com/a</sm:loc></sm:url></sm:urlset>`, "/a", false},
		"no namespace": {`<urlset><url><loc>https://example.com/a</loc></url></urlset>`, "/a", false},
		"images, alternates and videos are no pages": {`<urlset xmlns:image="i" xmlns:xhtml="x" xmlns:video="v"><url><loc>https://example.com/a</loc><image:image><image:loc>https://example.com/a.jpg</image:loc></image:image>` +
			`<image:loc>https://example.com/b.jpg</image:loc><image xmlns="i"><loc>https://example.com/c.jpg</loc></image>` +
			`<xhtml:link rel="alternate" hreflang="de" href="https://example.com/de"/><video:video><video:content_loc>https://example.com/v</video:content_loc></video:video></url></urlset>`, "/a", false},
		"no entries": {`<urlset></urlset>`, "", false},
		"closed":     {`<urlset/>`, "", false},
	} {
		got, s, err := listed(t, c.body, "", SitemapOptions{})
		if got != c.want || s.Index != c.index || s.Cut || err != nil {
			t.Errorf("%s:\n got %q, index %v, cut %v, %v\nwant %q, index %v", name, got, s.Index, s.Cut, err, c.want, c.index)
		}
	}
}

// in puts text into the <loc> of an else good sitemap.
func in(loc string) string {
	return `<urlset><url><loc>` + loc + `</loc></url></urlset>`
}

func TestWhatStandsInALoc(t *testing.T) {
	for body, want := range map[string]string{
		in("\n\t https://example.com/a \r\n"):                             "/a",
		in("https://example.com/a?b=1&amp;c=2&#38;d=3&#x26;e=4"):          "/a?b=1&c=2&d=3&e=4",
		in("https://example.com/&lt;&gt;&quot;&apos;&#252;&#x1F600;"):     "/%3C%3E%22'%C3%BC%F0%9F%98%80",
		in("https://example.com/a?b=1&c=2&copy=3&copy;&nbsp;&"):           "/a?b=1&c=2&copy=3&copy;&nbsp;&", // broken, but clear
		in("https://example.com/?&#;&#x;&#0;&#xd800;&#99999999999;&#-1;"): "/?&",                            // "#" begins a fragment
		in("<![CDATA[https://example.com/a?b&amp;c]]>"):                   "/a?b&amp;c",
		in("https://example<![CDATA[.com]]>/a<!-- no -->/b<?no no?>/c"):   "/a/b/c",
		in("https://example.com/a<b>no</b>/c"):                            "/a/c",
		in("https://example.com/ü"):                                       "/%C3%BC",
		in("https://example.com/\xff"):                                    "/%EF%BF%BD",
		in("b"):                                                           "/dir/b", // relative, tolerated
		in("//example.com:443/b#c"):                                       "/b",
		in("https://joe:secret@example.com/"):                             "https://joe:secret@example.com/",
		in("mailto:a@b") + in("x"):                                        "",
		in("") + in("x"):                                                  "", // not the page itself, and nothing after the root
		in("https://example.com/" + strings.Repeat("x", weburl.MaxLen)):   "",
		`<urlset><url><loc>/a</loc></url><url><loc>/a#b</loc></url><url><loc>/c/../a</loc></url></urlset>`:                 "/a",
		`<urlset><url><lastmod>x</lastmod><loc a="<>" b='>'>/a</loc ></url></urlset>`:                                      "/a",
		`<urlset><loc>/a</loc><url/></urlset>`:                                                                             "",
		`<URLSET><Url><LOC>/a</loc></URL></urlSet>`:                                                                        "/a",
		`<!DOCTYPE urlset [<!ENTITY a "<x>]>"><!-- don't --><!ENTITY b '">'>]><urlset><url><loc>/&a;</loc></url></urlset>`: "/&a;",
		`<!DOCTYPE urlset [<!ENTITY a "it's>x><html>">]>` + in("/a"):                                                       "/a",
		`<!DOCTYPE urlset [<!-- x -->"<html>"]>` + in("/a"):                                                                "/a",
		"\r\n\ufeff" + in("/a"): "/a", // of a template before
		"\ufeff\n <!-- <urlset> --><?xml-stylesheet href='x>'?>" + in("/a"): "/a",
	} {
		got, _, err := listed(t, body, "text/xml", SitemapOptions{})
		if got != want || err != nil {
			t.Errorf("%.200q:\n got %q, %v\nwant %q", body, got, err, want)
		}
	}
}

func TestABrokenFileIsReadAsFarAsItGoes(t *testing.T) {
	const a, b = `<url><loc>/a</loc></url>`, `<url><loc>/b</loc></url>`
	for body, want := range map[string]string{
		`<urlset>` + a + `<url><loc>/b</loc><lastmod>x</url><url><loc>/c</loc></url></urlset>`:        "/a /b /c",
		`<urlset><url><loc>/a</url>` + b + `</urlset>`:                                                "/a /b",
		`<urlset><url><loc>/a</loc><url><loc>/b</loc></url></urlset>`:                                 "/a /b",
		`<urlset>` + a + `</url></x>` + b + `</urlset>`:                                               "/a /b",
		`<urlset><a <b>` + a + `1 < 2 <3 & 4` + b + `</urlset>`:                                       "/a /b",
		`<urlset x=y z>` + a + `</urlset>` + b:                                                        "/a",
		"<urlset>\x00" + a + "\x01]]>" + b + `</urlset>`:                                              "/a /b",
		`<urlset>` + strings.Repeat("<x>", 1000) + a + strings.Repeat("</x>", 1000) + b + `</urlset>`: "/b",
	} {
		if got, _, err := listed(t, body, "", SitemapOptions{}); got != want || err != nil {
			t.Errorf("%.200q: got %q, %v; want %q", body, got, err, want)
		}
	}
	// A URL that is cut is none.
	whole := `<urlset>` + a + `<url><loc>/bcd<!-- x --><![CDATA[e]]></loc></url></urlset>`
	for n := len(`<urlset>` + a); n < len(whole); n++ {
		got, _, err := listed(t, whole[:n], "", SitemapOptions{})
		want := "/a"
		if n >= strings.Index(whole, "e]]></loc>")+len("e]]></loc>") {
			want = "/a /bcde"
		}
		if got != want || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: got %q, %v; want %q", whole[:n], got, err, want)
		}
	}
}

func TestWhatIsNoSitemapIsSaid(t *testing.T) {
	for _, body := range []string{
		"", " \n", "\ufeff", "<", "<!-- x", "<?xml version='1.0'?>", "Not Found", "User-agent: *\nDisallow: /\n", "{\"a\": 1}",
		"<!doctype html><html><body><urlset><url><loc>/a</loc></url></urlset>", "<html/>", "<svg xmlns='x'></svg>", "<url><loc>/a</loc></url>",
		"\x89PNG\r\n\x1a\n", "https//example.com\nftp://example.com/\n",
	} {
		got, s, err := listed(t, body, "", SitemapOptions{})
		if got != "" || s.Index || !errors.Is(err, ErrNoSitemap) {
			t.Errorf("%q: got %q, %v; want %v", body, got, err, ErrNoSitemap)
		}
	}
}

func TestASitemapsCharsetIsThatOfItsXML(t *testing.T) {
	xml := func(decl string) string { return decl + `<urlset><url><loc>/ü</loc></url></urlset>` }
	latin, err := charmap.ISO8859_1.NewEncoder().String(xml(`<?xml version="1.0" encoding="ISO-8859-1"?>`))
	if err != nil {
		t.Fatal(err)
	}
	latinBare, _ := charmap.ISO8859_1.NewEncoder().String(xml(""))
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(e, b).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, c := range map[string]struct{ body, contentType string }{
		"utf-8":                     {xml(""), "text/xml"},
		"declared":                  {latin, "application/xml"},
		"in the header":             {latinBare, "text/xml; charset=iso-8859-1"},
		"utf-16 with a mark":        {utf16(unicode.LittleEndian, unicode.UseBOM, xml(`<?xml version="1.0" encoding="UTF-16"?>`)), ""},
		"utf-16 big with a mark":    {utf16(unicode.BigEndian, unicode.UseBOM, xml("")), "text/xml; charset=utf-8"},
		"utf-16 without":            {utf16(unicode.LittleEndian, unicode.IgnoreBOM, xml("")), ""},
		"utf-16 big without":        {utf16(unicode.BigEndian, unicode.IgnoreBOM, xml("")), "text/xml; charset=utf-8"},
		"utf-16 in name only":       {xml(`<?xml version="1.0" encoding="UTF-16"?>`), ""},
		"text in utf-16":            {utf16(unicode.LittleEndian, unicode.UseBOM, site+"/ü\n"), "text/plain"},
		"text in utf-8":             {site + "/ü\n", "text/plain"},
		"text in utf-8 with a mark": {"\ufeff" + site + "/ü\n", ""},
	} {
		if got, _, err := listed(t, c.body, c.contentType, SitemapOptions{}); got != "/%C3%BC" || err != nil {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestMoreURLsThanTheLimitAreCutAndSaidSo(t *testing.T) {
	xml := `<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url><url><loc>/2</loc></url><url><loc>/3</loc></url></urlset>`
	text := site + "/1\n" + site + "/2\n" + site + "/2\n" + site + "/3\n"
	atom := `<feed><entry><link href="/1"/></entry><entry><link href="/2"/><link href="/2"/></entry><entry><link href="/3"/></entry></feed>`
	for _, body := range []string{xml, text, atom} {
		for limit, want := range map[int]string{1: "/1", 2: "/1 /2", 3: "/1 /2 /3", 0: "/1 /2 /3"} {
			got, s, err := listed(t, body, "", SitemapOptions{MaxURLs: limit})
			if cut := limit == 1 || limit == 2; got != want || s.Cut != cut || err != nil {
				t.Errorf("%.10q up to %d: got %q, cut %v, %v", body, limit, got, s.Cut, err)
			}
		}
	}
	var b strings.Builder
	for i := range MaxSitemapURLs + 1 {
		fmt.Fprintf(&b, "%s/%d\n", site, i)
	}
	if _, s, err := listed(t, b.String(), "", SitemapOptions{}); len(s.URLs) != MaxSitemapURLs || !s.Cut || err != nil {
		t.Errorf("%d URLs, cut %v, %v", len(s.URLs), s.Cut, err)
	}
}

// All take a few seconds together; a quadratic one takes from half a minute to hours.
func TestFault22HostileSitemapsTakeLinearTime(t *testing.T) {
	for _, part := range []string{
		"<", "<x>", "<x ", "<x a='", "</x>", "</", "<!", "<!--", "<!-- '-->", "<![CDATA[", "<?", "&", "&#", "&#1;", "<url><loc>", "<url><loc>/a", "</loc>",
		"x<b/>", "<loc/>", "<url><loc>/a</url>", `<!"`, "<![", "\r", "\ufeff",
	} {
		for _, head := range []string{"", "<urlset>", "<urlset><url><loc>", "<!DOCTYPE ["} {
			body := head + strings.Repeat(part, 1<<20/len(part))
			if _, s, _ := listed(t, body, "", SitemapOptions{}); len(s.URLs) > 1 {
				t.Errorf("%q and many %q: %d URLs", head, part, len(s.URLs))
			}
		}
	}
}
