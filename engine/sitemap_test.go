package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"crawl/frontier"
)

// urlset and index are sitemaps.
func urlset(locs ...string) page {
	return page{body: "<urlset>" + entries("url", locs) + "</urlset>"}
}

func index(locs ...string) page {
	return page{body: "<sitemapindex>" + entries("sitemap", locs) + "</sitemapindex>"}
}

func entries(name string, locs []string) string {
	var b strings.Builder
	for _, loc := range locs {
		fmt.Fprintf(&b, "<%s><loc>%s</loc></%s>", name, loc, name)
	}
	return b.String()
}

// Sitemaps bring pages: those that robots.txt names and the usual one, through
// index files, once for an origin; what they list is judged as links are, has depth
// 0 and its record once.
func TestSitemapsBringPages(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/robots.txt":    {body: "Sitemap: http://cdn.example/index.xml\nSitemap: /more.xml\nUser-agent: *\nDisallow: /no"},
		"http://cdn.example/index.xml":   index("http://a.example/1.xml", "http://a.example/2.xml", "http://a.example/1.xml"),
		"http://a.example/1.xml":         urlset("http://a.example/p1", "http://b.example/", "http://a.example/no"),
		"http://a.example/2.xml":         urlset("http://a.example/p2", "http://a.example/line2"),
		"http://a.example/more.xml":      to("/moved.xml"),
		"http://a.example/moved.xml":     urlset("http://a.example/p3"),
		"http://a.example/sitemap.xml":   {status: 404},
		"http://a.example/p1":            links("/p2", "/deep", "/moved.xml"),
		"http://a.example/line2":         links(),
		"http://cdn.example/robots.txt":  {body: ""},
		"http://cdn.example/sitemap.xml": urlset("http://cdn.example/never"),
	})
	s.o.Crawl.Sitemaps = true
	s.o.Politeness.Robots = true
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/line", "http://a.example/line2") })
	got := s.recorded()
	slices.Sort(got)
	want := []string{
		"0 http://a.example/line 200", "0 http://a.example/line2 200", "0 http://a.example/p1 200", "0 http://a.example/p2 200",
		"0 http://a.example/p3 200", "1 http://a.example/deep 200", "1 http://a.example/moved.xml 200",
	}
	if !slices.Equal(got, want) {
		t.Errorf("records:\n%s", strings.Join(got, "\n"))
	}
	for _, url := range []string{"http://cdn.example/index.xml", "http://a.example/1.xml", "http://a.example/2.xml", "http://a.example/more.xml", "http://a.example/sitemap.xml"} {
		if n := s.count(url); n != 1 {
			t.Errorf("%s was asked %d times", url, n)
		}
	}
	for _, r := range s.keep.recs {
		if r.URL == "http://a.example/p1" && r.Referrer != "http://a.example/1.xml" {
			t.Errorf("%s was found on %q", r.URL, r.Referrer)
		}
	}
	s.wantCuts(t, map[string]int64{"scope": 1, "robots": 1})
	if s.sum.Sitemaps != 4 || s.sum.LostSitemaps != 1 || s.sum.Unrecorded != 0 {
		t.Errorf("summary: %+v", s.sum)
	}
}

// Without robots.txt there is the usual place; a redirected line is asked where it
// led to; a line that robots.txt forbids has sitemaps all the same.
func TestSitemapsOfALine(t *testing.T) {
	s := newSite(0, map[string]page{
		"http://a.example/":                to("http://www.a.example/"),
		"www.a.example":                    links("/not-followed"),
		"http://www.a.example/sitemap.xml": urlset("/p"),
		"dead.example":                     {err: refused},
		"http://b.example/robots.txt":      {body: "User-agent: *\nDisallow: /line"},
		"http://b.example/sitemap.xml":     urlset("/p"),
	})
	s.o.Crawl.Sitemaps = true
	s.o.Politeness.Robots = true
	synctest.Test(t, func(t *testing.T) {
		s.crawl(t, t.Context(), "http://a.example/", "http://b.example/line", "http://dead.example/")
	})
	if s.count("http://dead.example/sitemap.xml") > 0 {
		t.Error("a dead host is asked for its sitemap")
	}
	got := s.recorded()
	slices.Sort(got)
	want := []string{"0 http://a.example/ 200", "0 http://b.example/line 0 robots", "0 http://b.example/p 200", "0 http://dead.example/ 0 connect", "0 http://www.a.example/p 200"}
	if !slices.Equal(got, want) {
		t.Errorf("records: %q", got)
	}
	for _, r := range s.keep.recs {
		if r.HasDepth {
			t.Errorf("%s has a depth, and none was asked for", r.URL)
		}
	}
}

// Sitemaps that list themselves, or each other without end, come to an end.
func TestSitemapsWithoutEnd(t *testing.T) {
	s := newSite(0, map[string]page{
		"http://a.example/sitemap.xml": index("http://a.example/sitemap.xml", "http://a.example/1"),
		"http://a.example/1":           index("http://a.example/2"),
	})
	s.o.Crawl.Sitemaps = true
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if s.count("http://a.example/1") != 1 || s.count("http://a.example/2") != 0 || s.sum.LostSitemaps != 1 {
		t.Errorf("asked: %q, summary %+v", s.asked, s.sum)
	}
}

// Sitemaps are no pages: the limits are not for them, nor are they listed as cut.
func TestSitemapsTakeNoPage(t *testing.T) {
	s := newSite(0, map[string]page{"http://a.example/sitemap.xml": urlset("/1", "/2", "/3")})
	s.o.Crawl.Sitemaps = true
	s.o.Crawl.Budget = frontier.NewBudget(3, 0)
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if s.sum.OK != 3 || s.sum.Cuts["max_pages"] != 1 {
		t.Errorf("summary: %+v", s.sum)
	}
}

// What was given for a line's origin is not sent to the sitemaps of a host that it is
// redirected to, nor to what they list.
func TestSitemapsOfAnotherOriginAreForeign(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/":            to("http://b.example/"),
		"http://b.example/robots.txt":  {body: "Sitemap: /more.xml"},
		"http://b.example/sitemap.xml": urlset("/p", "http://a.example/back"),
		"http://b.example/more.xml":    index("/child.xml"),
		"http://b.example/child.xml":   urlset("/q"),
	})
	s.o.Crawl.Sitemaps = true
	s.o.Politeness.Robots = true
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if s.count("http://b.example/p")+s.count("http://b.example/q")+s.count("http://a.example/back") != 3 {
		t.Errorf("asked: %q", s.asked)
	}
	for _, r := range s.requests {
		if u := r.URL.String(); !r.Foreign && u != "http://a.example/" && u != "http://a.example/robots.txt" {
			t.Errorf("%s was asked with what is for the line's origin", u)
		}
	}
}

// An index lists sitemaps of its own host, or of the scope; and once the run has all
// its pages, no further sitemap is asked for.
func TestSitemapsAreBounded(t *testing.T) {
	s := newSite(0, map[string]page{
		"http://a.example/sitemap.xml": index("/1.xml", "http://far.example/2.xml"),
		"http://a.example/1.xml":       urlset("/p"),
	})
	s.o.Crawl.Sitemaps = true
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if s.count("http://far.example/2.xml") > 0 || s.count("http://a.example/p") != 1 {
		t.Errorf("asked: %q", s.asked)
	}
	s.wantCuts(t, map[string]int64{"scope": 1})

	s = newSite(0, map[string]page{"http://a.example/sitemap.xml": index("/1.xml")})
	s.o.Crawl.Sitemaps = true
	s.o.Crawl.Budget = frontier.NewBudget(1, 0)
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if len(s.asked) != 1 || s.sum.OK != 1 || s.sum.Unrecorded != 0 {
		t.Errorf("asked: %q, summary %+v", s.asked, s.sum)
	}
}
