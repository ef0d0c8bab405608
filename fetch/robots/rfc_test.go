package robots

import "testing"

// rfcCases are the examples of RFC 9309; see rulesCase.
var rfcCases = []rulesCase{
	// Section 2.2.1: the token of a User-Agent, and groups of one agent.
	{"2.2.1, groups of one agent are one",
		"user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n",
		[]string{"ExampleBot@-/foo", "ExampleBot@-/bar", "ExampleBot@-/baz", "ExampleBot@+/qux"}},
	{"2.2.1, the star is for those without a group",
		"user-agent: *\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n",
		[]string{"ExampleBot@+/foo", "ExampleBot@-/baz", "OtherBot@-/foo", "OtherBot@+/baz"}},

	// Section 2.2.2: the table of paths. Its last row, where %62%61%7A is to match
	// baz, is one in which Google's cases win (see doc.go).
	{"2.2.2, a query", "user-agent: *\ndisallow: /foo/bar?baz=quz\n", []string{"-/foo/bar?baz=quz", "+/foo/bar?baz=qux"}},
	{"2.2.2, a URL in a query", "user-agent: *\ndisallow: /foo/bar?baz=https://foo.bar\n", []string{"-/foo/bar?baz=https://foo.bar"}},
	{"2.2.2, a URL in a query, escaped", "user-agent: *\ndisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar\n", []string{"-/foo/bar?baz=https%3A%2F%2Ffoo.bar", "-/foo/bar?baz=https%3a%2f%2ffoo.bar"}},
	{"2.2.2, three bytes", "user-agent: *\ndisallow: /foo/bar/ツ\n", []string{"-/foo/bar/ツ", "-/foo/bar/%E3%83%84"}},
	{"2.2.2, three bytes, escaped", "user-agent: *\ndisallow: /foo/bar/%E3%83%84\n", []string{"-/foo/bar/ツ", "-/foo/bar/%E3%83%84"}},
	{"2.2.2, letters, escaped", "user-agent: *\ndisallow: /foo/bar/%62%61%7A\n", []string{"+/foo/bar/baz", "-/foo/bar/%62%61%7A"}},
	{"2.2.2, the longest match", "user-agent: *\nallow: /foo\ndisallow: /foo/bar\n", []string{"+/foo", "-/foo/bar/x"}},
	{"2.2.2, allow wins a tie", "user-agent: *\ndisallow: /foo\nallow: /foo\n", []string{"+/foo"}},
	{"2.2.2, no rules", "user-agent: *\n", []string{"+/foo"}},

	// Section 2.2.3: special characters, and how to escape them.
	{"2.2.3, comments", "user-agent: *\ndisallow: / # comment in line\n# comment on its own line\nallow: /x # more\n", []string{"-/y", "+/x"}},
	{"2.2.3, the end", "user-agent: *\ndisallow: /this/path/exactly$\n", []string{"-/this/path/exactly", "+/this/path/exactly/x"}},
	{"2.2.3, any characters", "user-agent: *\ndisallow: /this/*/exactly\n", []string{"-/this/path/exactly", "-/this/and/that/exactly", "+/this/exactl"}},
	{"2.2.3, a star as it is", "user-agent: *\ndisallow: /path/file-with-a-%2A.html\n", []string{"-/path/file-with-a-*.html", "-/path/file-with-a-%2A.html", "-/path/file-with-a-%2a.html", "+/path/file-with-a-b.html"}},
	{"2.2.3, a dollar as it is", "user-agent: *\ndisallow: /path/foo-%24\n", []string{"-/path/foo-$", "-/path/foo-%24", "+/path/foo-"}},

	// Section 2.2.4: other records do not break a group.
	{"2.2.4, other records", "user-agent: *\nsitemap: https://www.example.com/sitemap.xml\ndisallow: /foo\n", []string{"-/foo"}},

	{"5.1", "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n" +
		"User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n" +
		"User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n" +
		"User-Agent: quxbot\n",
		[]string{"other@-/x.gif", "other@+/x.gif?y", "other@-/example/", "other@+/publications/", "other@+/publications/x.gif", "other@+/x",
			"foobot@+/example/page.html", "foobot@+/example/allowed.gif", "foobot@-/example/", "foobot@-/publications/", "foobot@-/",
			"barbot@-/example/page.html", "barbot@+/example/x.gif", "bazbot@-/example/page.html", "bazbot@+/",
			"quxbot@+/example/page.html", "quxbot@+/x.gif"}},
	{"5.2", "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
		[]string{"foobot@-/example/page/disallowed.gif", "foobot@+/example/page/", "foobot@+/example/page/x.gif"}},
}

func TestTheExamplesOfTheRFC(t *testing.T) {
	checkRules(t, rfcCases)
	for _, ua := range []string{"ExampleBot/0.1", "Mozilla/5.0 (compatible; ExampleBot/0.1; https://www.example.com/bot.html)"} { // section 2.2.1
		if got := Token(ua); got != "ExampleBot" {
			t.Errorf("%s: %q", ua, got)
		}
	}
}
