package robots

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
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

// rulesCase is a file and what may be asked by it: a "+" before a path says that
// agent FooBot may ask it, a "-" that it may not; "BarBot@+/x" asks for another
// agent.
type rulesCase struct {
	name, file string
	asks       []string
}

func (rulesCase) ask(s string) (agent, path string, allowed bool) {
	agent, path, ok := strings.Cut(s, "@")
	if !ok {
		agent, path = "FooBot", s
	}
	return agent, path[1:], path[0] == '+'
}

func checkRules(t *testing.T, cases []rulesCase) {
	t.Helper()
	for _, tc := range cases {
		for _, ask := range tc.asks {
			agent, path, allowed := tc.ask(ask)
			rules := Parse(agent, 200, []byte(tc.file))
			u := mustURL(t, "http://foo.bar"+path)
			if got := rules.Allowed(u); got != allowed {
				t.Errorf("%s: %q may ask %s: %v", tc.name, agent, u, got)
			}
			if err := rules.Check(u); (err == nil) != allowed {
				t.Errorf("%s: Check(%q, %s): %v", tc.name, agent, u, err)
			}
		}
	}
}

// cases are those that neither Google nor the RFC has.
var cases = []rulesCase{
	{"typos are understood", "useragent: FooBot\ndissallow: /\n", []string{"-/x"}},
	{"another agent is another agent", "User-Agent: Foo\nDisallow: /\nUser-Agent: FooBot2\nDisallow: /", []string{"+/x"}},
	{"the global group is for those without one of their own", "user-agent: *\ndisallow: /\nuser-agent: FooBot\nallow: /\n", []string{"+/x/y"}},
	{"an own group without rules allows all", "User-agent: *\nDisallow: /\nUser-agent: FooBot\n", []string{"+/x"}},
	{"a star followed by more is global", "User-agent: * baz\nDisallow: /x\n", []string{"-/x", "+/y"}},
	{"escapes are compared without case", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%e3%83%84\n", []string{"+/foo/bar/%E3%83%84", "+/foo/bar/%e3%83%84"}},
	{"escapes beside bytes over 0x80", "User-agent: FooBot\nDisallow: /\nAllow: /%E3%83%84/ツ%20a\n", []string{"+/%E3%83%84/%E3%83%84%20a", "-/%E3%83%84/x"}},
	{"line ends of all kinds", "user-agent: FooBot\rdisallow: /a\r\nallow: /a/b\n\rdisallow: /c", []string{"-/a", "+/a/b", "-/c"}},
	{"half an escape of a star is none", "user-agent: FooBot\ndisallow: /a%2\n", []string{"+/a*", "-/a%2A"}},
	{"a star that means itself beside one that does not", "user-agent: FooBot\ndisallow: /*%2a$\n", []string{"-/ab*", "+/a*b", "+/ab"}},
	{"HTML in place of a file", "<!DOCTYPE html><title>Not found: disallow</title>\n<a href=/>home</a>", []string{"+/"}},
	{"binary", "\x00\xff\x00user-agent: FooBot\x00\ndisallow: /\x00", []string{"+/"}},
	{"the file itself may be asked", "user-agent: *\ndisallow: /", []string{"+/robots.txt", "+/robots.txt?x", "-/robots.txt2"}},
}

func TestRulesAreReadAsGoogleReadsThem(t *testing.T) {
	checkRules(t, cases)
}

// FuzzAllowed holds the answers to those of the port of Google's matcher.
func FuzzAllowed(f *testing.F) {
	for _, tc := range slices.Concat(cases, googleCases, rfcCases) {
		for _, ask := range tc.asks {
			agent, path, _ := tc.ask(ask)
			if _, ok := comparable(tc.file, agent, path); ok {
				f.Add(tc.file, agent, path)
			}
		}
	}
	f.Fuzz(func(t *testing.T, file, agent, path string) {
		u, ok := comparable(file, agent, path)
		if !ok {
			return
		}
		asked := "http://foo.bar" + upperEscapes(u.RequestURI())
		got := Parse(agent, 200, []byte(file)).Allowed(u)
		if want := grobotstxt.AgentAllowed(file, agent, asked); got != want {
			t.Errorf("%q may ask %q: %v, Google says %v\n%q", agent, asked, got, want, file)
		}
	})
}

// comparable: the port can be asked the same question, about the URL returned. It
// does not know the escapes of stars and dollars.
func comparable(file, agent, path string) (weburl.URL, bool) {
	u, err := weburl.Parse("http://foo.bar" + path)
	return u, err == nil && agent != "" && leadingToken(agent) == agent && len(file) <= 4096 &&
		u.Path() != "/robots.txt" && escapeSpecial(u.RequestURI()) == u.RequestURI() && stable("http://foo.bar"+upperEscapes(u.RequestURI()))
}

// stable: the port normalises a URL by net/url first, which must change nothing
// for the two to be asked the same.
func stable(s string) bool {
	return !strings.ContainsAny(s, "#;\"<>^`{|}\\[]!'()*%") && !strings.Contains(s, "//.") && strings.Count(s, "//") == 1
}

func TestTheStatusDecidesWhatNoFileMeans(t *testing.T) {
	deny := []byte("user-agent: *\ndisallow: /\ncrawl-delay: 5\nsitemap: /s.xml")
	u := mustURL(t, "http://foo.bar/x")
	for status, want := range map[int]Verdict{
		200: Found, 204: Found, 299: Found, 301: AllowAll, 304: AllowAll, 400: AllowAll, 401: AllowAll, 403: AllowAll, 404: AllowAll,
		410: AllowAll, 429: AllowAll, 499: AllowAll, 500: DisallowAll, 503: DisallowAll, 599: DisallowAll, 600: DisallowAll, 0: DisallowAll,
	} {
		r := Parse("x", status, deny)
		if r.Verdict() != want || r.Status() != status || r.Err() != nil || r.Allowed(u) != (want == AllowAll) {
			t.Errorf("%d: %v, allowed %v", status, r.Verdict(), r.Allowed(u))
		}
		if _, told := r.CrawlDelay(); told != (want == Found) || (len(r.Sitemaps()) > 0) != (want == Found) {
			t.Errorf("%d: a file was read", status)
		}
	}
	if !(Rules{}).Allowed(u) || (Rules{}).Check(u) != nil {
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
		{Parse("x", 200, []byte("user-agent: *\ndisallow: /")), fetch.KindRobots, "disallowed by robots.txt"},
		{Parse("x", 503, nil), fetch.KindRobots, "robots.txt answered 503"},
		{Failed(fmt.Errorf("wrapped: %w", &fetch.Error{Kind: fetch.KindConnect, Phase: fetch.PhaseConnect, Err: errors.New("connection refused")})), fetch.KindConnect, "connection refused"},
		{Failed(errors.New("odd")), fetch.KindInternal, "odd"},
	} {
		e := tc.rules.Check(u)
		if e == nil || e.Kind != tc.kind || e.Phase != fetch.PhaseRobots || e.Error() != tc.says || e.URL != "http://foo.bar/x" {
			t.Errorf("got %+v saying %q, want %s %q", e, e, tc.kind, tc.says)
		}
	}
	for _, r := range []Rules{Parse("x", 503, nil), Failed(errors.New("odd"))} {
		if e := r.Refusal(); e == nil || *e != (fetch.Error{Op: "get", Kind: e.Kind, Phase: fetch.PhaseRobots, Err: e.Err}) || e.Kind != r.Check(u).Kind {
			t.Errorf("refused for %+v", e)
		}
	}
	for _, r := range []Rules{{}, Parse("x", 404, nil), Parse("x", 200, []byte("user-agent: *\ndisallow: /"))} {
		if e := r.Refusal(); e != nil {
			t.Errorf("there are rules, and all is refused for %v", e)
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
	for agent, want := range map[string]time.Duration{"FooBot": 2500 * time.Millisecond, "OTHER": 2500 * time.Millisecond, "nobody": 10 * time.Second} {
		if d, told := Parse(agent, 200, []byte(file)).CrawlDelay(); !told || d != want {
			t.Errorf("%s: %v, %v", agent, d, told)
		}
	}
	if s := Parse("x", 200, []byte(file)).Sitemaps(); len(s) != 2 || s[0] != "https://a.example/one.xml" || s[1] != "two.xml" {
		t.Errorf("sitemaps %q", s)
	}
	for value, want := range map[string]time.Duration{"1e9": maxDelay, "1.348": 1348 * time.Millisecond, "0": 0, "-1": -1, "NaN": -1, "soon": -1, "": -1, "+Inf": maxDelay} {
		d, told := Parse("x", 200, []byte("user-agent: *\ncrawl-delay: "+value)).CrawlDelay()
		if told != (want >= 0) || told && d != want {
			t.Errorf("%q: %v, %v", value, d, told)
		}
	}
	for _, file := range []string{"crawl-delay: 3", "crawl-delay: 3\nuser-agent: *\ndisallow: /x\n"} {
		if _, told := Parse("x", 200, []byte(file)).CrawlDelay(); told {
			t.Error("a delay outside of any group binds somebody")
		}
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
	r := Parse("x", 200, []byte(file))
	if r.Allowed(mustURL(t, "http://foo.bar/first")) {
		t.Error("what fits was not read")
	}
	if !r.Allowed(mustURL(t, "http://foo.bar/primary")) || !r.Allowed(mustURL(t, "http://foo.bar/private")) {
		t.Error("a line that was cut in two, or is past the limit, was read")
	}
	if r := Parse("x", 200, bytes.Repeat([]byte("x"), 2*MaxSize)); !r.Allowed(mustURL(t, "http://foo.bar/")) {
		t.Error("one endless line forbids something")
	}
}
