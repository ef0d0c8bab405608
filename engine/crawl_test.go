package engine

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/frontier/memory"
	"crawl/results"
)

// site is a crawl of a web, and what came of it.
type site struct {
	*web
	o    Options
	keep keeper
	sum  results.Summary
}

// newSite is a crawl to a depth, with the host of each line as its scope.
func newSite(depth int, pages map[string]page) *site {
	s := &site{web: newWeb(pages)}
	s.o = opts(s.web)
	s.o.Crawl = &Crawl{Depth: depth, Scope: frontier.NewScope(frontier.ScopeHost, nil, nil), Budget: frontier.NewBudget(0, 0)}
	return s
}

// crawl runs it from these lines; it is called in a bubble.
func (s *site) crawl(t *testing.T, ctx context.Context, lines ...string) *site {
	t.Helper()
	store := memory.New(memory.Options{})
	defer store.Close()
	scope := s.o.Crawl.Scope
	seeds := list.Seed(ctx, []list.Source{{Name: "list", R: strings.NewReader(strings.Join(lines, "\n")), Regular: true}}, store,
		list.SeedOptions{Each: func(it *frontier.Item) { scope.AddSeed(it.URL) }})
	defer seeds.Close()
	var err error
	if s.sum, err = Run(ctx, s.o, seeds, &s.keep); err != nil {
		t.Error(err)
	}
	return s
}

// recorded are the records as "depth url status", with what else is to be known,
// in the order in which they came.
func (s *site) recorded() []string {
	var got []string
	for i := range s.keep.recs {
		r := &s.keep.recs[i]
		line := fmt.Sprintf("%d %s %d", r.Depth, r.URL, r.Status)
		if r.Error.Kind != "" {
			line += " " + r.Error.Kind
		}
		got = append(got, line)
	}
	return got
}

func (s *site) want(t *testing.T, wants ...string) {
	t.Helper()
	if got := s.recorded(); !slices.Equal(got, wants) {
		t.Errorf("records:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(wants, "\n"))
	}
}

func (s *site) wantCuts(t *testing.T, want map[string]int64) {
	t.Helper()
	if !maps.Equal(s.sum.Cuts, want) {
		t.Errorf("cuts %v, want %v", s.sum.Cuts, want)
	}
}

// links is a page with these hrefs.
func links(hrefs ...string) page {
	var b strings.Builder
	for _, h := range hrefs {
		fmt.Fprintf(&b, "<a href=%q>x</a>", h)
	}
	return page{body: b.String()}
}

// Links are followed breadth first, each page once, as deep as is asked, and each
// record tells how far it is and where it was found.
func TestLinksAreFollowedToADepth(t *testing.T) {
	s := newSite(2, map[string]page{
		"http://a.example/":  links("/1", "/2", "/1#part", "/"),
		"http://a.example/1": links("/2", "/11", "/"),
		"http://a.example/2": links("/21", "/11"),
		"a.example":          links("/deeper"),
	})
	s.o.Concurrency = 1
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	s.want(t, "0 http://a.example/ 200", "1 http://a.example/1 200", "1 http://a.example/2 200", "2 http://a.example/11 200", "2 http://a.example/21 200")
	for _, r := range s.keep.recs {
		from := map[string]string{"/": "", "/1": "http://a.example/", "/2": "http://a.example/", "/11": "http://a.example/1", "/21": "http://a.example/2"}
		if want := from[strings.TrimPrefix(r.URL, "http://a.example")]; r.Referrer != want || !r.HasDepth || r.HasIndex != (want == "") {
			t.Errorf("%s: referrer %q, want %q (depth %v, index %v)", r.URL, r.Referrer, want, r.HasDepth, r.HasIndex)
		}
	}
	if s.sum.OK != 5 || s.sum.Unrecorded != 0 || len(s.sum.Cuts) != 0 {
		t.Errorf("summary: %+v", s.sum)
	}
}

// Links out of the scope are counted and not asked for. Lines are never judged, nor
// where they are redirected to: that host joins the scope, before its own links
// are judged.
func TestLinksOutOfScopeAreCounted(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/":     to("http://www.a.example/home"),
		"http://www.a.example/": links(),
		"www.a.example":         links("/x", "http://a.example/y", "http://b.example/", "http://b.example/", "http://www.a.example/no.pdf", "http://c.example/"),
	})
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeHost, nil, []*regexp.Regexp{regexp.MustCompile(`\.pdf$`)})
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/", "http://d.example/only.pdf") })
	if n := s.count("http://b.example/") + s.count("http://c.example/") + s.count("http://www.a.example/no.pdf"); n > 0 {
		t.Errorf("%d requests out of scope", n)
	}
	if s.count("http://www.a.example/x") != 1 || s.count("http://a.example/y") != 1 || s.count("http://d.example/only.pdf") != 1 {
		t.Errorf("asked: %q", s.asked)
	}
	s.wantCuts(t, map[string]int64{"scope": 2, "exclude": 1})
	if s.sum.Lines() != 4 {
		t.Errorf("records: %q", s.recorded())
	}
}

// The redirect of a link that leaves the scope is not followed: it is the answer,
// and its record says where it leads. A session id in a redirect is no trap.
func TestRedirectsOfLinksAreJudged(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/":      links("/out", "/in", "/login"),
		"http://a.example/out":   to("http://b.example/"),
		"http://a.example/in":    to("/there"),
		"http://a.example/login": to("/home;jsessionid=0123456789abcdef0123456789abcdef"),
		"http://a.example/line":  to("http://c.example/"),
	})
	s.o.Concurrency = 1
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/", "http://a.example/line") })
	if s.count("http://b.example/") != 0 || s.count("http://c.example/") != 1 {
		t.Errorf("asked: %q", s.asked)
	}
	s.wantCuts(t, map[string]int64{"scope": 1})
	slices.SortFunc(s.keep.recs, func(a, b results.Record) int { return strings.Compare(a.URL, b.URL) })
	s.want(t, "0 http://a.example/ 200", "1 http://a.example/in 200", "0 http://a.example/line 200", "1 http://a.example/login 200", "1 http://a.example/out 302")
	if out := s.keep.recs[4]; !out.OK || out.Location != "http://b.example/" || len(out.Redirects) != 0 {
		t.Errorf("%+v", out)
	}
}

// Whoever asks not to be followed is not: by header, by meta element and by rel;
// by our own name too. Error pages are not followed either.
func TestNoFollowIsRespected(t *testing.T) {
	s := newSite(3, map[string]page{
		"http://a.example/":       links("/header", "/meta", "/name", "/error", "/other"),
		"http://a.example/header": {body: `<a href=/never>`, header: http.Header{"X-Robots-Tag": {"nofollow"}}},
		"http://a.example/meta":   {body: `<meta name=robots content=nofollow><a href=/never>`},
		"http://a.example/name":   {body: `<meta name=spider content=none><a href=/never>`},
		"http://a.example/error":  {body: `<a href=/never>`, status: 404},
		"http://a.example/other":  {body: `<a rel=nofollow href=/never><base href=/base/><a href=page>`},
	})
	s.o.Fetch.UserAgent = "spider/1.0"
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	if s.count("http://a.example/never") > 0 || s.count("http://a.example/base/page") != 1 {
		t.Errorf("asked: %q", s.asked)
	}
}

// A link that robots.txt forbids is counted, a line has its record; and so has a
// link whose robots.txt cannot be had.
func TestLinksThatRobotsForbidAreCounted(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/robots.txt": {body: "User-agent: *\nDisallow: /no"},
		"http://a.example/":           links("/no/1", "/no/2", "/yes", "http://b.example/"),
		"http://b.example/robots.txt": {err: refused},
	})
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeAny, nil, nil)
	s.o.Politeness.Robots = true
	s.o.Concurrency = 1
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/", "http://a.example/no/line") })
	s.wantCuts(t, map[string]int64{"robots": 2})
	s.want(t, "0 http://a.example/ 200", "0 http://a.example/no/line 0 robots", "1 http://b.example/ 0 connect", "1 http://a.example/yes 200")
}

// -max-pages ends a crawl of a site without end; what was begun is ended, and
// lines beyond it have their record.
func TestARunHasNoMorePagesThanItMay(t *testing.T) {
	s := newSite(1000, nil)
	s.serve = func(req *fetch.Request) (page, bool) {
		if strings.HasSuffix(req.URL.Path(), "/hop") {
			return to(req.URL.Path() + "ped"), true
		}
		p := links(req.URL.Path()+"/1", req.URL.Path()+"/hop")
		p.takes = time.Second
		return p, true
	}
	s.o.Crawl.Budget = frontier.NewBudget(20, 0)
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeHost, nil, nil)
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/x", "http://b.example/x") })
	if s.sum.OK != 20 || s.sum.Failed != 0 || s.sum.Cuts["max_pages"] == 0 || s.sum.Unrecorded != 0 {
		t.Errorf("summary: %+v", s.sum)
	}

	s = newSite(0, nil)
	s.o.Crawl.Budget = frontier.NewBudget(3, 0)
	s.o.Concurrency = 1
	synctest.Test(t, func(t *testing.T) {
		s.crawl(t, t.Context(), strings.Split(strings.TrimSpace(many(5, "http://a.example/%d")), "\n")...)
	})
	s.want(t, "0 http://a.example/0 200", "0 http://a.example/1 200", "0 http://a.example/2 200", "0 http://a.example/3 0 scope", "0 http://a.example/4 0 scope")
}

// What is cut takes no slot from what was begun.
func TestACutLeavesItsSlot(t *testing.T) {
	s := newSite(0, map[string]page{"http://a.example/x": {status: 503, again: &page{}}})
	s.o.Crawl.Budget = frontier.NewBudget(1, 0)
	s.o.Politeness.PerHost = 1
	s.o.Retries = 1
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/x", "http://a.example/y") })
	s.want(t, "0 http://a.example/y 0 scope", "0 http://a.example/x 200")
}

// -host-pages bounds each host by itself, whatever its ports, and robots.txt of the
// others is all that is asked besides.
func TestAHostHasNoMorePagesThanItMay(t *testing.T) {
	s := newSite(100, nil)
	s.serve = func(req *fetch.Request) (page, bool) {
		return links(req.URL.Path()+"/1", req.URL.Path()+"/2", "http://"+req.URL.Hostname()+":81"+req.URL.Path()), true
	}
	s.o.Crawl.Budget = frontier.NewBudget(0, 5)
	s.o.Politeness.HostDelay = time.Second // those that are cut do not wait for it
	var took time.Duration
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s.crawl(t, t.Context(), "http://a.example/x", "http://b.example/x")
		took = time.Since(began)
	})
	by := map[string]int{}
	for _, r := range s.requests {
		by[r.URL.Hostname()]++
	}
	if by["a.example"] != 5 || by["b.example"] != 5 || s.sum.OK != 10 || s.sum.Cuts["host_pages"] == 0 {
		t.Errorf("asked %v, summary %+v", by, s.sum)
	}
	if took > 6*time.Second {
		t.Errorf("it took %v", took)
	}
}

// After an interrupt lines have their records, links that were never asked are
// counted, and all adds up.
func TestACrawlIsInterrupted(t *testing.T) {
	s := newSite(5, nil)
	s.serve = func(req *fetch.Request) (page, bool) {
		if req.URL.Path() == "/sitemap.xml" {
			return page{status: 404}, true
		}
		p := links(req.URL.Path()+"/1", req.URL.Path()+"/2", req.URL.Path()+"/3")
		p.takes = time.Second
		return p, true
	}
	s.o.Concurrency = 4
	s.o.Crawl.Sitemaps = true // they are no pages, and count nowhere
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		s.crawl(t, ctx, "http://a.example/x", "http://a.example/y", "http://b.example/x", "mailto:x")
	})
	recs := map[string]int{}
	for _, r := range s.keep.recs {
		recs[r.URL]++
		if r.Error.Kind == "deadline" && r.Attempts == 0 && !r.HasIndex {
			t.Errorf("%s was never asked and has a record", r.URL)
		}
	}
	for url, n := range recs {
		if n > 1 {
			t.Errorf("%s has %d records", url, n)
		}
	}
	if want := 4 + 3*s.sum.OK - s.sum.Lines(); s.sum.Unrecorded != want {
		t.Errorf("%d unrecorded, want %d", s.sum.Unrecorded, want)
	}
	if s.sum.LostSitemaps != 2 || s.sum.Lines() != int64(len(recs)) || recs["mailto:x"] != 1 {
		t.Errorf("%d records, summary %+v", len(recs), s.sum)
	}
}

// What was given for a line's origin is not sent to others that it links to.
func TestLinksToOtherOriginsAreForeign(t *testing.T) {
	s := newSite(2, map[string]page{
		"http://a.example/":    links("/own", "http://b.example/", "https://a.example/tls"),
		"http://b.example/":    links("/further", "http://a.example/back"),
		"http://a.example/own": links("/own2"),
	})
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeAny, nil, nil)
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://a.example/") })
	foreign := map[string]bool{}
	for _, r := range s.requests {
		foreign[r.URL.String()] = r.Foreign
	}
	want := map[string]bool{
		"http://a.example/": false, "http://a.example/own": false, "http://a.example/own2": false,
		"http://b.example/": true, "https://a.example/tls": true, "http://b.example/further": true, "http://a.example/back": true,
	}
	if !maps.Equal(foreign, want) {
		t.Errorf("foreign: %v", foreign)
	}
}

// A link is asked with the password of its page's URL on the same origin, and with
// none on another: not with what a page says, so that one page is one request.
func TestPagesDoNotChoosePasswords(t *testing.T) {
	s := newSite(1, map[string]page{
		"http://a.example/": links("/x", "http://a.example/x", "http://u1:p@a.example/x", "http://u2@a.example/x", "http://u:p@b.example/"),
	})
	s.o.Crawl.Scope = frontier.NewScope(frontier.ScopeAny, nil, nil)
	synctest.Test(t, func(t *testing.T) { s.crawl(t, t.Context(), "http://me:secret@a.example/") })
	var asked []string
	for _, r := range s.requests {
		asked = append(asked, r.URL.Identity())
	}
	slices.Sort(asked)
	if want := []string{"http://b.example/", "http://me:secret@a.example/", "http://me:secret@a.example/x"}; !slices.Equal(asked, want) {
		t.Errorf("asked: %q", asked)
	}
}
