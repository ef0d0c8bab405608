package robots

import (
	"strings"
	"testing"

	"github.com/jimsmart/grobotstxt"
)

// googleCases are those that Google publishes (robots_test.cc, Apache 2.0), under
// their names there; see rulesCase. Left out is what we have no place for: an
// empty URL, a matcher for several agents at once (ID_Multiple_Useragents is
// asked for each alone), and the counting of lines.
var googleCases = []rulesCase{
	{"GoogleOnly_SystemTest", "user-agent: FooBot\ndisallow: /\n", []string{"-/", "@+/"}},
	{"GoogleOnly_SystemTest, empty", "", []string{"+/", "@+/"}},

	{"ID_LineSyntax_Line, correct", "user-agent: FooBot\ndisallow: /\n", []string{"-/x/y"}},
	{"ID_LineSyntax_Line, incorrect", "foo: FooBot\nbar: /\n", []string{"+/x/y"}},
	{"ID_LineSyntax_Line, incorrect but accepted", "user-agent FooBot\ndisallow /\n", []string{"-/x/y"}},

	{"ID_LineSyntax_Groups", "allow: /foo/bar/\n\n" +
		"user-agent: FooBot\ndisallow: /\nallow: /x/\n" +
		"user-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\n" +
		"user-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n",
		[]string{"+/x/b", "+/z/d", "-/y/c", "BarBot@+/y/c", "BarBot@+/w/a", "BarBot@-/z/d", "BazBot@+/z/d",
			"-/foo/bar/", "BarBot@-/foo/bar/", "BazBot@-/foo/bar/"}},
	{"ID_LineSyntax_Groups_OtherRules, sitemap", "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n",
		[]string{"-/", "BarBot@-/"}},
	{"ID_LineSyntax_Groups_OtherRules, unknown", "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n",
		[]string{"-/", "BarBot@-/"}},
	{"ID_Multiple_Useragents", "user-agent: googlebot-news\nDisallow: /bar/\n\nuser-agent: *\nDisallow: /baz/\n\n\nuser-agent: googlebot\nDisallow: /foo/\n",
		[]string{"googlebot-news@-/bar/", "googlebot-news@+/foo/", "googlebot-news@+/baz/", "googlebot-news@+/qux/",
			"googlebot@-/foo/", "googlebot@+/bar/", "googlebot@+/baz/", "googlebot@+/qux/", "-/baz/"}},

	{"ID_REPLineNamesCaseInsensitive, upper", "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", []string{"+/x/y", "-/a/b"}},
	{"ID_REPLineNamesCaseInsensitive, lower", "user-agent: FooBot\nallow: /x/\ndisallow: /\n", []string{"+/x/y", "-/a/b"}},
	{"ID_REPLineNamesCaseInsensitive, camel", "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n", []string{"+/x/y", "-/a/b"}},
	{"ID_UserAgentValueCaseInsensitive, upper", "User-Agent: FOO BAR\nAllow: /x/\nDisallow: /\n", []string{"Foo@+/x/y", "Foo@-/a/b", "foo@+/x/y", "foo@-/a/b"}},
	{"ID_UserAgentValueCaseInsensitive, lower", "User-Agent: foo bar\nAllow: /x/\nDisallow: /\n", []string{"Foo@+/x/y", "Foo@-/a/b", "foo@+/x/y", "foo@-/a/b"}},
	{"ID_UserAgentValueCaseInsensitive, camel", "User-Agent: FoO bAr\nAllow: /x/\nDisallow: /\n", []string{"Foo@+/x/y", "Foo@-/a/b", "foo@+/x/y", "foo@-/a/b"}},
	{"GoogleOnly_AcceptUserAgentUpToFirstSpace", "User-Agent: *\nDisallow: /\nUser-Agent: Foo Bar\nAllow: /x/\nDisallow: /\n", []string{"Foo@+/x/y", "Foo Bar@-/x/y"}},
	{"ID_GlobalGroups_Secondary, empty", "", []string{"+/x/y"}},
	{"ID_GlobalGroups_Secondary, global", "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", []string{"-/x/y", "BarBot@+/x/y"}},
	{"ID_GlobalGroups_Secondary, specific", "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n", []string{"QuxBot@+/x/y"}},

	{"ID_AllowDisallow_Value_CaseSensitive, lower", "user-agent: FooBot\ndisallow: /x/\n", []string{"-/x/y"}},
	{"ID_AllowDisallow_Value_CaseSensitive, upper", "user-agent: FooBot\ndisallow: /X/\n", []string{"+/x/y"}},
	{"ID_LongestMatch, disallow", "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n", []string{"-/x/page.html"}},
	{"ID_LongestMatch, allow", "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n", []string{"+/x/page.html", "-/x/"}},
	{"ID_LongestMatch, empty", "user-agent: FooBot\ndisallow: \nallow: \n", []string{"+/x/page.html"}},
	{"ID_LongestMatch, tie", "user-agent: FooBot\ndisallow: /\nallow: /\n", []string{"+/x/page.html"}},
	{"ID_LongestMatch, directory", "user-agent: FooBot\ndisallow: /x\nallow: /x/\n", []string{"-/x", "+/x/"}},
	{"ID_LongestMatch, the same", "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/page.html\n", []string{"+/x/page.html"}},
	{"ID_LongestMatch, star", "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n", []string{"-/page.html", "+/page"}},
	{"ID_LongestMatch, longer than the star", "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n", []string{"+/x/page.html", "-/x/y.html"}},
	{"ID_LongestMatch, group", "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n", []string{"+/x/page", "-/y/page"}},

	{"ID_Encoding", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n", []string{"+/foo/bar?qux=taz&baz=http://foo.bar?tar&par"}},
	{"ID_Encoding, three bytes", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n", []string{"+/foo/bar/%E3%83%84", "+/foo/bar/ツ"}},
	{"ID_Encoding, three bytes escaped", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%E3%83%84\n", []string{"+/foo/bar/%E3%83%84", "+/foo/bar/ツ"}},
	{"ID_Encoding, letters", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n", []string{"-/foo/bar/baz", "+/foo/bar/%62%61%7A"}},
	{"ID_SpecialCharacters, star", "User-agent: FooBot\nDisallow: /foo/bar/quz\nAllow: /foo/*/qux\n", []string{"-/foo/bar/quz", "+/foo/quz", "+/foo//quz", "+/foo/bax/quz"}},
	{"ID_SpecialCharacters, end", "User-agent: FooBot\nDisallow: /foo/bar$\nAllow: /foo/bar/qux\n", []string{"-/foo/bar", "+/foo/bar/qux", "+/foo/bar/", "+/foo/bar/baz"}},
	{"ID_SpecialCharacters, comment", "User-agent: FooBot\n# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /\n", []string{"+/foo/bar", "-/foo/quz"}},
	{"GoogleOnly_IndexHTMLisDirectory", "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n",
		[]string{"foobot@+/allowed-slash/", "foobot@-/allowed-slash/index.htm", "foobot@+/allowed-slash/index.html", "foobot@-/anyother-url"}},

	{"GoogleOnly_DocumentationChecks, /fish", "user-agent: FooBot\ndisallow: /\nallow: /fish\n",
		[]string{"-/bar", "+/fish", "+/fish.html", "+/fish/salmon.html", "+/fishheads", "+/fishheads/yummy.html", "+/fish.html?id=anything", "-/Fish.asp", "-/catfish", "-/?id=fish"}},
	{"GoogleOnly_DocumentationChecks, /fish*", "user-agent: FooBot\ndisallow: /\nallow: /fish*\n",
		[]string{"-/bar", "+/fish", "+/fish.html", "+/fish/salmon.html", "+/fishheads", "+/fishheads/yummy.html", "+/fish.html?id=anything", "-/Fish.bar", "-/catfish", "-/?id=fish"}},
	{"GoogleOnly_DocumentationChecks, /fish/", "user-agent: FooBot\ndisallow: /\nallow: /fish/\n",
		[]string{"-/bar", "+/fish/", "+/fish/salmon", "+/fish/?salmon", "+/fish/salmon.html", "+/fish/?id=anything", "-/fish", "-/fish.html", "-/Fish/Salmon.html"}},
	{"GoogleOnly_DocumentationChecks, /*.php", "user-agent: FooBot\ndisallow: /\nallow: /*.php\n",
		[]string{"-/bar", "+/filename.php", "+/folder/filename.php", "+/folder/filename.php?parameters", "+//folder/any.php.file.html", "+/filename.php/", "+/index?f=filename.php/", "-/php/", "-/index?php", "-/windows.PHP"}},
	{"GoogleOnly_DocumentationChecks, /*.php$", "user-agent: FooBot\ndisallow: /\nallow: /*.php$\n",
		[]string{"-/bar", "+/filename.php", "+/folder/filename.php", "-/filename.php?parameters", "-/filename.php/", "-/filename.php5", "-/php/", "-/filename?php", "-/aaaphpaaa", "-//windows.PHP"}},
	{"GoogleOnly_DocumentationChecks, /fish*.php", "user-agent: FooBot\ndisallow: /\nallow: /fish*.php\n", []string{"-/bar", "+/fish.php", "+/fishheads/catfish.php?parameters", "-/Fish.PHP"}},
	{"GoogleOnly_DocumentationChecks, /p", "user-agent: FooBot\nallow: /p\ndisallow: /\n", []string{"+/page"}},
	{"GoogleOnly_DocumentationChecks, /folder", "user-agent: FooBot\nallow: /folder\ndisallow: /folder\n", []string{"+/folder/page"}},
	{"GoogleOnly_DocumentationChecks, /page", "user-agent: FooBot\nallow: /page\ndisallow: /*.htm\n", []string{"-/page.htm"}},
	{"GoogleOnly_DocumentationChecks, /$", "user-agent: FooBot\nallow: /$\ndisallow: /\n", []string{"+/", "-/page.html"}},

	{"ID_UTF8ByteOrderMarkIsSkipped", "\xEF\xBB\xBFUser-Agent: foo\nDisallow: /AnyValue\n", []string{"foo@-/AnyValue"}},
	{"ID_UTF8ByteOrderMarkIsSkipped, two bytes", "\xEF\xBBUser-Agent: foo\nDisallow: /AnyValue\n", []string{"foo@-/AnyValue"}},
	{"ID_UTF8ByteOrderMarkIsSkipped, one byte", "\xEFUser-Agent: foo\nDisallow: /AnyValue\n", []string{"foo@-/AnyValue"}},
	{"ID_UTF8ByteOrderMarkIsSkipped, broken", "\xEF\x11\xBFUser-Agent: foo\nDisallow: /AnyValue\n", []string{"foo@+/AnyValue"}},
	{"ID_UTF8ByteOrderMarkIsSkipped, in the middle", "User-Agent: foo\n\xEF\xBB\xBFDisallow: /AnyValue\n", []string{"foo@+/AnyValue"}},
}

func TestGooglesCases(t *testing.T) {
	checkRules(t, googleCases)
}

// What Google asks of its own port is what it answers: no case was copied wrong.
func TestGooglesCasesAreGoogles(t *testing.T) {
	for _, tc := range googleCases {
		for _, ask := range tc.asks {
			agent, path, allowed := tc.ask(ask)
			if got := grobotstxt.AgentAllowed(tc.file, agent, "http://foo.bar"+path); got != allowed {
				t.Errorf("%s: the port says %v of %s", tc.name, got, ask)
			}
		}
	}
}

// ID_VerifyValidUserAgentsToObey: what is a product token is ours as it stands.
func TestGooglesTokens(t *testing.T) {
	for _, s := range []string{"Foobot", "Foobot-Bar", "Foo_Bar", "Foo12bot", "Foobot~Bar"} {
		if got := Token(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for _, s := range []string{"", "ツ", " Foobot ", "Foobot/2.1", "Foobot Bar"} {
		if got := Token(s); got == s && s != "" {
			t.Errorf("%q was taken", s)
		}
	}
}

// ID_LinesNumbersAreCountedCorrectly: every kind of line end, mixed too.
func TestGooglesLineEnds(t *testing.T) {
	for _, file := range []string{
		"User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /\n",
		"User-Agent: foo\r\nAllow: /some/path\r\nUser-Agent: bar\r\n\r\n\r\nDisallow: /\r\n",
		"User-Agent: foo\rAllow: /some/path\rUser-Agent: bar\r\r\rDisallow: /\r",
		"User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /",
		"User-Agent: foo\nAllow: /some/path\r\nUser-Agent: bar\n\r\n\nDisallow: /",
	} {
		checkRules(t, []rulesCase{{"", file, []string{"foo@+/x", "bar@-/x"}}})
	}
}

// GoogleOnly_LineTooLong: a line is cut at eight times 2,083 bytes, and what is
// left of it counts.
func TestGooglesLongLines(t *testing.T) {
	const maxLine = 2083 * 8
	long := func(key, fill string) string {
		return "/x/" + strings.Repeat(fill, maxLine-len("/x/")-len(key)+1-len("/x/"))
	}
	line := long("disallow: ", "a")
	checkRules(t, []rulesCase{{"", "user-agent: FooBot\ndisallow: " + line + "/qux\n", []string{"+/fux", "-" + line + "/fux"}}})
	a, b := long("allow: ", "a"), long("allow: ", "b")
	checkRules(t, []rulesCase{{"", "user-agent: FooBot\ndisallow: /\nallow: " + a + "/qux\nallow: " + b + "/qux\n",
		[]string{"-/", "+" + a + "/qux", "+" + b + "/fux"}}})
}

// ID_NonStandardLineExample_Sitemap: a sitemap may stand anywhere.
func TestGooglesSitemaps(t *testing.T) {
	const group, line = "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\n", "Sitemap: http://foo.bar/sitemap.xml\n"
	for _, file := range []string{group + line, line + group} {
		if got := Parse("foo", 200, []byte(file)).Sitemaps(); len(got) != 1 || got[0] != "http://foo.bar/sitemap.xml" {
			t.Errorf("%q", got)
		}
	}
}

// TestGetPathParamsQuery and TestMaybeEscapePattern: what of a URL is compared,
// and with what.
func TestGooglesPathsAndPatterns(t *testing.T) {
	for url, want := range map[string]string{
		"http://www.example.com":                      "/",
		"http://www.example.com/":                     "/",
		"http://www.example.com/a":                    "/a",
		"http://www.example.com/a/":                   "/a/",
		"http://www.example.com/a/b?c=http://d.e/":    "/a/b?c=http://d.e/",
		"http://www.example.com/a/b?c=d&e=f#fragment": "/a/b?c=d&e=f",
		"https://www.example.com?a":                   "/?a",
		"https://www.example.com/a;b#c":               "/a;b",
		"http://www.example.com/\u00e1?%aa":           "/%C3%A1?%AA",
	} {
		checkRules(t, []rulesCase{{url, "user-agent: *\ndisallow: " + want + "$\n", []string{"-" + strings.TrimPrefix(strings.TrimPrefix(url, "http://www.example.com"), "https://www.example.com")}}})
	}
}
