package robots

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jimsmart/grobotstxt"

	"crawl/fetch"
	"crawl/weburl"
)

func mustURL(t testing.TB, s string) weburl.URL {
	t.Helper()
	u, err := weburl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// cases are Google's published ones (robots_test.cc, Apache 2.0), shortened, and
// the examples of RFC 9309 section 5. A "+" before a URL's path says that agent
// FooBot may ask it, a "-" that it may not.
var cases = []struct {
	name, file string
	asks       []string
}{
	{"an empty file", "", []string{"+/", "+/x"}},
	{"the keys are read in any case", "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", []string{"+/x/y", "-/a/b"}},
	{"a missing colon is understood", "user-agent FooBot\ndisallow /\n", []string{"-/x/y"}},
	{"other keys are no rules", "foo: FooBot\nbar: /\n", []string{"+/x/y"}},
	{"typos are understood", "useragent: FooBot\ndissallow: /\n", []string{"-/x"}},
	{"groups of one agent are joined, rules before any group ignored",
		"allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n",
		[]string{"+/x/b", "+/z/d", "-/y/c", "-/foo/bar/"}},
	{"other lines do not end a group", "User-agent: FooBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n", []string{"-/"}},
	{"unknown lines do not end a group", "User-agent: FooBot\nCrawl-delay: 3\nUser-agent: *\nDisallow: /\n", []string{"-/"}},
	{"agents are compared without case", "User-Agent: FOOBOT BAR\nAllow: /x/\nDisallow: /\n", []string{"+/x/y", "-/a/b"}},
	{"another agent is another agent", "User-Agent: Foo\nDisallow: /\nUser-Agent: FooBot2\nDisallow: /", []string{"+/x"}},
	{"the global group is for those without one of their own", "user-agent: *\ndisallow: /\nuser-agent: FooBot\nallow: /\n", []string{"+/x/y"}},
	{"an own group without rules allows all", "User-agent: *\nDisallow: /\nUser-agent: FooBot\n", []string{"+/x"}},
	{"a star followed by more is global", "User-agent: * baz\nDisallow: /x\n", []string{"-/x", "+/y"}},
	{"paths are compared with case", "user-agent: FooBot\ndisallow: /X/\n", []string{"+/x/y", "-/X/y"}},
	{"the longest match wins", "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n", []string{"-/x/page.html", "+/x/"}},
	{"the longest match wins the other way", "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n", []string{"+/x/page.html", "-/x/"}},
	{"empty patterns say nothing", "user-agent: FooBot\ndisallow: \nallow: \n", []string{"+/x/page.html"}},
	{"allow wins a tie", "user-agent: FooBot\ndisallow: /\nallow: /\n", []string{"+/x"}},
	{"a star counts its length", "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n", []string{"-/page.html", "+/page"}},
	{"a longer allow beats the star", "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n", []string{"+/x/page.html", "-/x/y.html"}},
	{"queries are part of the path", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n", []string{"+/foo/bar?qux=taz&baz=http://foo.bar?tar&par", "-/foo/bar"}},
	{"bytes over 0x80 are escaped", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n", []string{"+/foo/bar/%E3%83%84", "+/foo/bar/ツ", "+/foo/bar/%e3%83%84"}},
	{"escapes are compared without case", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%e3%83%84\n", []string{"+/foo/bar/%E3%83%84", "+/foo/bar/%e3%83%84"}},
	{"escapes beside bytes over 0x80", "User-agent: FooBot\nDisallow: /\nAllow: /%E3%83%84/ツ%20a\n", []string{"+/%E3%83%84/%E3%83%84%20a", "-/%E3%83%84/x"}},
	{"escapes of plain letters are not undone", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n", []string{"-/foo/bar/baz", "+/foo/bar/%62%61%7A"}},
	{"a star matches nothing too", "User-agent: FooBot\nDisallow: /foo/bar/quz\nAllow: /foo/*/qux\n", []string{"-/foo/bar/quz", "+/foo/quz", "+/foo//quz", "+/foo/bax/quz"}},
	{"a dollar ends a pattern", "User-agent: FooBot\nDisallow: /foo/bar$\nAllow: /foo/bar/qux\n", []string{"-/foo/bar", "+/foo/bar/qux", "+/foo/bar/", "+/foo/bar/baz"}},
	{"a hash begins a comment", "User-agent: FooBot\n# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /\n", []string{"+/foo/bar", "-/foo/quz"}},
	{"index.html is the directory", "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n", []string{"+/allowed-slash/", "-/allowed-slash/index.htm", "+/allowed-slash/index.html", "-/anyother-url"}},
	{"fish", "user-agent: FooBot\ndisallow: /\nallow: /fish\n", []string{"-/bar", "+/fish", "+/fish.html", "+/fish/salmon.html", "+/fishheads", "+/fish.html?id=anything", "-/Fish.asp", "-/catfish", "-/?id=fish"}},
	{"fish/", "user-agent: FooBot\ndisallow: /\nallow: /fish/\n", []string{"-/bar", "+/fish/", "+/fish/salmon", "+/fish/?salmon", "-/fish", "-/fish.html", "-/Fish/Salmon.html"}},
	{"php", "user-agent: FooBot\ndisallow: /\nallow: /*.php\n", []string{"+/filename.php", "+/folder/filename.php?parameters", "+//folder/any.php.file.html", "+/index?f=filename.php/", "-/php/", "-/index?php", "-/windows.PHP"}},
	{"php$", "user-agent: FooBot\ndisallow: /\nallow: /*.php$\n", []string{"+/folder/filename.php", "-/filename.php?parameters", "-/filename.php/", "-/filename.php5", "-/aaaphpaaa"}},
	{"fish*.php", "user-agent: FooBot\ndisallow: /\nallow: /fish*.php\n", []string{"+/fish.php", "+/fishheads/catfish.php?parameters", "-/Fish.PHP"}},
	{"only the root", "user-agent: FooBot\nallow: /$\ndisallow: /\n", []string{"+/", "-/page.html"}},
	{"line ends of all kinds", "user-agent: FooBot\rdisallow: /a\r\nallow: /a/b\n\rdisallow: /c", []string{"-/a", "+/a/b", "-/c"}},
	{"a byte order mark is skipped", "\xEF\xBB\xBFuser-agent: FooBot\ndisallow: /", []string{"-/a"}},
	{"RFC 9309 5.1", "User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-agent: barbot\nUser-agent: bazbot\nDisallow: /example/page.html\n\nUser-agent: quxbot\n", []string{"+/example/page.html", "+/example/allowed.gif", "-/publications/"}},
	{"RFC 9309 5.2", "User-agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n", []string{"-/example/page/disallowed.gif", "+/example/page/x"}},
	{"HTML in place of a file", "<!DOCTYPE html><title>Not found: disallow</title>\n<a href=/>home</a>", []string{"+/"}},
	{"binary", "\x00\xff\x00user-agent: FooBot\x00\ndisallow: /\x00", []string{"+/"}},
	{"the file itself may be asked", "user-agent: *\ndisallow: /", []string{"+/robots.txt", "+/robots.txt?x", "-/robots.txt2"}},
}

func TestRulesAreReadAsGoogleReadsThem(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			rules := Parse(200, []byte(tc.file))
			for _, ask := range tc.asks {
				u := mustURL(t, "http://foo.bar"+ask[1:])
				if got := rules.Allowed("FooBot", u); got != (ask[0] == '+') {
					t.Errorf("%s allowed: %v", u, got)
				}
				if err := rules.Check("FooBot", u); (err == nil) != (ask[0] == '+') {
					t.Errorf("Check(%s): %v", u, err)
				}
			}
		})
	}
}

// FuzzAllowed holds the answers to those of the port of Google's matcher.
func FuzzAllowed(f *testing.F) {
	for _, tc := range cases {
		for _, ask := range tc.asks {
			if _, ok := comparable(tc.file, "FooBot", ask[1:]); ok {
				f.Add(tc.file, "FooBot", ask[1:])
			}
		}
	}
	f.Fuzz(func(t *testing.T, file, agent, path string) {
		u, ok := comparable(file, agent, path)
		if !ok {
			return
		}
		asked := "http://foo.bar" + upperEscapes(u.RequestURI())
		got := Parse(200, []byte(file)).Allowed(agent, u)
		if want := grobotstxt.AgentAllowed(file, agent, asked); got != want {
			t.Errorf("%q may ask %q: %v, Google says %v\n%q", agent, asked, got, want, file)
		}
	})
}

// comparable: the port can be asked the same question, about the URL returned.
func comparable(file, agent, path string) (weburl.URL, bool) {
	u, err := weburl.Parse("http://foo.bar" + path)
	return u, err == nil && agent != "" && leadingToken(agent) == agent && len(file) <= 4096 &&
		u.Path() != "/robots.txt" && stable("http://foo.bar"+upperEscapes(u.RequestURI()))
}

// stable: the port normalises a URL by net/url first, which must change nothing
// for the two to be asked the same.
func stable(s string) bool {
	return !strings.ContainsAny(s, "#;\"<>^`{|}\\[]!'()*%") && !strings.Contains(s, "//.") && strings.Count(s, "//") == 1
}

func FuzzMatches(f *testing.F) {
	for _, s := range []string{"/", "/*", "/*.php$", "$", "*", "**a*$", "/a$b", "/a*b*c"} {
		f.Add("/a/b.php?abc", s)
	}
	f.Fuzz(func(t *testing.T, path, pattern string) {
		if len(path)*len(pattern) > 1<<16 {
			return
		}
		if got, want := matches(path, pattern), grobotstxt.Matches(path, pattern); got != want {
			t.Errorf("%q matches %q: %v, Google says %v", pattern, path, got, want)
		}
	})
}

func TestAHostilePatternCostsOnePass(t *testing.T) {
	pattern := "/" + strings.Repeat("*a", 8000)
	file := "user-agent: *\n" + strings.Repeat("disallow: "+pattern+"b\n", 30)
	rules := Parse(200, []byte(file))
	path := "http://foo.bar/" + strings.Repeat("a", 60_000)
	if !rules.Allowed("x", mustURL(t, path)) {
		t.Error("it matched")
	}
}

func TestTheStatusDecidesWhatNoFileMeans(t *testing.T) {
	deny := []byte("user-agent: *\ndisallow: /\ncrawl-delay: 5\nsitemap: /s.xml")
	u := mustURL(t, "http://foo.bar/x")
	for status, want := range map[int]Verdict{
		200: Found, 204: Found, 299: Found, 301: AllowAll, 304: AllowAll, 400: AllowAll, 401: AllowAll, 403: AllowAll, 404: AllowAll,
		410: AllowAll, 429: AllowAll, 499: AllowAll, 500: DisallowAll, 503: DisallowAll, 599: DisallowAll, 600: DisallowAll, 0: DisallowAll,
	} {
		r := Parse(status, deny)
		if r.Verdict() != want || r.Status() != status || r.Err() != nil || r.Allowed("x", u) != (want == AllowAll) {
			t.Errorf("%d: %v, allowed %v", status, r.Verdict(), r.Allowed("x", u))
		}
		if _, told := r.CrawlDelay("x"); told != (want == Found) || (len(r.Sitemaps()) > 0) != (want == Found) {
			t.Errorf("%d: a file was read", status)
		}
	}
	if !(Rules{}).Allowed("x", u) || (Rules{}).Check("x", u) != nil {
		t.Error("no rules forbid something")
	}
}

func TestARecordSaysWhyItWasDenied(t *testing.T) {
	u := mustURL(t, "http://user:secret@foo.bar/x")
	for _, tc := range []struct {
		rules Rules
		kind  fetch.Kind
		says  string
	}{
		{Parse(200, []byte("user-agent: *\ndisallow: /")), fetch.KindRobots, "disallowed by robots.txt"},
		{Parse(503, nil), fetch.KindRobots, "robots.txt answered 503"},
		{Failed(fmt.Errorf("wrapped: %w", &fetch.Error{Kind: fetch.KindConnect, Phase: fetch.PhaseConnect, Err: errors.New("connection refused")})), fetch.KindConnect, "connection refused"},
		{Failed(errors.New("odd")), fetch.KindInternal, "odd"},
	} {
		e := tc.rules.Check("x", u)
		if e == nil || e.Kind != tc.kind || e.Phase != fetch.PhaseRobots || e.Error() != tc.says || e.URL != "http://foo.bar/x" {
			t.Errorf("got %+v saying %q, want %s %q", e, e, tc.kind, tc.says)
		}
	}
	failed := Failed(&fetch.Error{Kind: fetch.KindTimeout})
	if failed.Verdict() != Unreachable || failed.Err() == nil || failed.Err().Phase != fetch.PhaseRobots {
		t.Errorf("got %v, %v", failed.Verdict(), failed.Err())
	}
}

func TestCrawlDelayAndSitemapsAreTold(t *testing.T) {
	file := "sitemap: https://a.example/one.xml\nuser-agent: FooBot\ncrawl-delay: 2.5\nuser-agent: other\ndisallow: /x\nSite-Map: two.xml\n" +
		"user-agent: *\nCrawl-Delay: 10\nallow: /\nuser-agent: foobot\ncrawl-delay: 1\n"
	r := Parse(200, []byte(file))
	for agent, want := range map[string]time.Duration{"FooBot": 2500 * time.Millisecond, "OTHER": 2500 * time.Millisecond, "nobody": 10 * time.Second} {
		if d, told := r.CrawlDelay(agent); !told || d != want {
			t.Errorf("%s: %v, %v", agent, d, told)
		}
	}
	if s := r.Sitemaps(); len(s) != 2 || s[0] != "https://a.example/one.xml" || s[1] != "two.xml" {
		t.Errorf("sitemaps %q", s)
	}
	for value, want := range map[string]time.Duration{"1e9": maxDelay, "0": 0, "-1": -1, "NaN": -1, "soon": -1, "": -1, "+Inf": maxDelay} {
		d, told := Parse(200, []byte("user-agent: *\ncrawl-delay: "+value)).CrawlDelay("x")
		if told != (want >= 0) || told && d != want {
			t.Errorf("%q: %v, %v", value, d, told)
		}
	}
	if _, told := Parse(200, []byte("crawl-delay: 3")).CrawlDelay("x"); told {
		t.Error("a delay outside of any group binds somebody")
	}
}

func TestTheTokenIsTheFirstWordOfTheUserAgent(t *testing.T) {
	for ua, want := range map[string]string{
		"mybot/1.0 (+https://x.example)": "mybot",
		"mybot":                          "mybot",
		" my-bot_2 more":                 "my-bot_2",
		"Mozilla/5.0 (compatible; examplebot/2.1; +http://x)":   "examplebot",
		"Mozilla/5.0 (X11; Linux x86_64)":                       "Mozilla",
		"Mozilla/5.0 (Linux) (compatible;OtherBot; x) Chrome/1": "OtherBot",
		"": "", "/1.0": "", "(x)": "",
	} {
		if got := Token(ua); got != want {
			t.Errorf("%q: %q, want %q", ua, got, want)
		}
	}
}

func TestALongFileIsReadUpToItsLastWholeLine(t *testing.T) {
	head := "user-agent: *\ndisallow: /first\n"
	line := "disallow: /private\n"
	fill := strings.Repeat("#", MaxSize-len(head)-len("disallow: /pri")-1) + "\n"
	file := head + fill + line
	r := Parse(200, []byte(file))
	if r.Allowed("x", mustURL(t, "http://foo.bar/first")) {
		t.Error("what fits was not read")
	}
	if !r.Allowed("x", mustURL(t, "http://foo.bar/primary")) || !r.Allowed("x", mustURL(t, "http://foo.bar/private")) {
		t.Error("a line that was cut in two, or is past the limit, was read")
	}
	if r := Parse(200, bytes.Repeat([]byte("x"), 2*MaxSize)); !r.Allowed("x", mustURL(t, "http://foo.bar/")) {
		t.Error("one endless line forbids something")
	}
}

func BenchmarkAllowed(b *testing.B) {
	var file strings.Builder
	file.WriteString("user-agent: *\n")
	for i := range 200 {
		fmt.Fprintf(&file, "disallow: /dir%d/*/private\n", i)
	}
	u := mustURL(b, "http://foo.bar/some/page/of/usual/length.html?q=1")
	rules := Parse(200, []byte(file.String()))
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rules.Allowed("x", u)
		}
	})
	b.Run("port", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			grobotstxt.AgentAllowed(file.String(), "x", u.String())
		}
	})
}
