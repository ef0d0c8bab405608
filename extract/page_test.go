package extract

import (
	"reflect"
	"strings"
	"testing"

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

// parse is Parse of an HTML page at https://example.com/dir/page.
func parse(t testing.TB, body string, o Options) *Page {
	t.Helper()
	p, err := Parse([]byte(body), "text/html; charset=utf-8", mustURL(t, "https://example.com/dir/page"), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltInFields(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want Page
	}{
		"the usual head": {
			`<!doctype html><html lang="de-AT"><head><title>
				A &amp; B  </title><meta name=Description content=" so
				and so "><link rel="nofollow Canonical" href="/c?a=1&copy=2">`,
			Page{Title: "A & B", Description: "so and so", Lang: "de-AT", Canonical: "https://example.com/c?a=1&copy=2"},
		},
		"the first of each counts":          {`<title>a</title><title>b</title><meta name=description content=a><meta name=description content=b>`, Page{Title: "a", Description: "a"}},
		"an empty description is passed":    {`<meta name=description content=" "><meta name=description content=b>`, Page{Description: "b"}},
		"an empty title is the title":       {`<title> </title><title>b</title>`, Page{}},
		"a title is text":                   {`<title><b>x</b><!-- y --></title>`, Page{Title: "<b>x</b><!-- y -->"}},
		"a drawing's title is not":          {`<svg><title>x</title></svg><title>y</title>`, Page{Title: "y"}},
		"a slash in a value closes nothing": {`<svg x=y/><title>x</title></svg><title>y</title>`, Page{Title: "y"}},
		"HTML inside a drawing":             {`<svg><desc><title>x</title></desc></svg><title>y</title>`, Page{Title: "x"}},
		"a comment holds nothing":           {`<!-- <title>x</title> --><title>y</title>`, Page{Title: "y"}},
		"a script holds nothing":            {`<script>"<title>x</title>"</script><title>y</title>`, Page{Title: "y"}},
		"an unclosed title":                 {`<title>x<p>`, Page{Title: "x<p>"}},
		"NUL and invalid bytes":             {"<title>a\x00b\xffc\xe2\x82d</title>", Page{Title: "a\ufffdb\ufffdc\ufffdd"}},
		"xml:lang":                          {`<html xml:lang=fr>`, Page{Lang: "fr"}},
		"a canonical that is no web page":   {`<link rel=canonical href="mailto:a@b">`, Page{}},
		"base counts for canonical":         {`<link rel=canonical href=x><base href=//other.example/y/>`, Page{Canonical: "https://other.example/y/x"}},
		"canonical without password":        {`<link rel=canonical href=https://joe:secret@example.com/>`, Page{Canonical: "https://example.com/"}},
		"refresh is told":                   {`<meta http-equiv=Refresh content="5; URL='next'">`, Page{Refresh: "https://example.com/dir/next"}},
		"a reload is no refresh":            {`<meta http-equiv=refresh content=5>`, Page{}},
		"nothing":                           {``, Page{}},
	} {
		got := parse(t, c.body, Options{})
		c.want.HTML, c.want.Charset, c.want.CharsetSource = true, "utf-8", "header"
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, *got, c.want)
		}
	}
}

func TestLinksInDocumentOrderEachOnce(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"relative, absolute, fragment": {
			`<a href=b>1</a><a href="/c#x">2<a href="HTTP://Other.example:80/">3</a><a href="b#y">4</a><a href="#z">5</a><a>6</a><a href>7</a>`,
			[]string{"https://example.com/dir/b", "https://example.com/c", "http://other.example/", "https://example.com/dir/page"},
		},
		"a base counts for the links before it": {`<a href=b><base target=x><base href="/base/"><base href=/no/><a href=c>`,
			[]string{"https://example.com/base/b", "https://example.com/base/c"}},
		"a base that is none":     {`<base href="javascript:x"><a href=b>`, []string{"https://example.com/dir/b"}},
		"other schemes":           {`<a href=mailto:a@b><a href=javascript:x><a href=ftp://x/><a href="data:,x"><a href=tel:1><a href="http://[">`, nil},
		"image maps and drawings": {`<map><area href=m></map><svg><a xlink:href=s><text>x</text></a></svg>`, []string{"https://example.com/dir/m", "https://example.com/dir/s"}},
		"what is not markup": {`<!--<a href=1>--><script><a href=2></script><style><a href=3></style><noscript><a href=4></noscript>` +
			`<textarea><a href=5></textarea><title><a href=6></title><iframe><a href=7></iframe><a href=ok>`, []string{"https://example.com/dir/ok"}},
		"style in a drawing is markup":                        {`<svg><style><a href=x></a></style></svg>`, []string{"https://example.com/dir/x"}},
		"a drawing left open ends with the element around it": {`<div><svg><path></div><script>"<a href=no>"</script><a href=y>`, []string{"https://example.com/dir/y"}},
		"CDATA in a drawing is text":                          {`<svg><![CDATA[<a href=x>]]></svg><a href=y>`, []string{"https://example.com/dir/y"}},
		"entities":                                            {`<a href="?a=1&amp;b=2&copy=3&lt;">`, []string{"https://example.com/dir/page?a=1&b=2&copy=3%3C"}},
		"userinfo is not printed":                             {`<a href=https://a:b@x.example/><a href=https://c:d@x.example/><a href=https://x.example/>`, []string{"https://x.example/"}},
		"spaces and newlines":                                 {"<a href='\n b\nc '>", []string{"https://example.com/dir/bc"}},
		"unclosed at the end":                                 {`<a href=b><a href=c`, []string{"https://example.com/dir/b"}},
	} {
		if got := parse(t, c.body, Options{Links: true}).Links; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
	if got := parse(t, `<a href=b>`, Options{}); got.Links != nil || got.Follow != nil {
		t.Errorf("links that nobody asked for: %+v", got)
	}
}

func TestACrawlerFollowsWhatItMay(t *testing.T) {
	follow := func(body string) string {
		var s []string
		for _, u := range parse(t, body, Options{Follow: true}).Follow {
			s = append(s, u.Identity())
		}
		return strings.Join(s, " ")
	}
	for body, want := range map[string]string{
		`<a href=/a><a href=/b rel="noopener NoFollow"><a href=/c>`:                    "https://example.com/a https://example.com/c",
		`<a href=/a rel=nofollow><a href=/a>`:                                          "https://example.com/a",
		`<a href=/a rel=nofollow><a href=/x/../a>`:                                     "https://example.com/a",
		`<a href=/a><meta name=ROBOTS content="noindex,NoFollow">`:                     "",
		`<meta name=robots content=nofollow><meta name=robots content=all><a href=/a>`: "",
		`<meta name=robots content=none><a href=/a>`:                                   "",
		`<meta name=robots content=noindex><a href=/a>`:                                "https://example.com/a",
		`<meta name=otherbot content=nofollow><a href=/a>`:                             "https://example.com/a",
		`<a href=https://a:b@x.example/><a href=https://x.example/#top>`:               "https://a:b@x.example/ https://x.example/",
	} {
		if got := follow(body); got != want {
			t.Errorf("%s: follow %q, want %q", body, got, want)
		}
	}
}

func TestMoreLinksThanTheLimitAreCutAndSaidSo(t *testing.T) {
	body := `<a href=1><a href=2><a href=2#x><a href=3>`
	p := parse(t, body, Options{Links: true, MaxLinks: 2})
	if len(p.Links) != 2 || !p.LinksCut {
		t.Errorf("%d links, cut %v", len(p.Links), p.LinksCut)
	}
	if p := parse(t, body, Options{Links: true, MaxLinks: 3}); len(p.Links) != 3 || p.LinksCut {
		t.Errorf("%d links, cut %v", len(p.Links), p.LinksCut)
	}
}

func TestWhatIsTakenForHTML(t *testing.T) {
	const page = "<!doctype html><title>x</title>"
	const xhtml = `<?xml version="1.0"?><!-- x --><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><script src="a"/><title>x</title></html>`
	for _, c := range []struct {
		contentType, body string
		html              bool
		charset           string
	}{
		{"text/html", page, true, "windows-1252"},
		{"TEXT/HTML ; charset=utf-8", page, true, "utf-8"},
		{"application/xhtml+xml", xhtml, true, "utf-8"},
		{"application/xml", xhtml, true, "utf-8"},
		{"", xhtml, true, "utf-8"},
		{"", page, true, "windows-1252"},
		{"", "\ufeff" + page, true, "utf-8"},
		{"", "\xff\xfe<\x00t\x00i\x00t\x00l\x00e\x00>\x00x\x00", true, "utf-16le"},
		{"text/html, text/html", page, true, "windows-1252"},
		{"text/html; charset=utf-8, text/html; charset=utf-8", page, true, "utf-8"},
		{"*/*", page, true, "windows-1252"},
		{"garbage", page, true, "windows-1252"},
		{"", "plain text", false, "windows-1252"},
		{"text/plain", page, false, "windows-1252"},
		{"text/plain", "gr\u00fcn", false, "utf-8"},
		{"application/json; charset=latin1", "{}", false, "windows-1252"},
		{"application/json", "{}", false, "utf-8"},
		{"application/rss+xml", `<?xml version="1.0" encoding="iso-8859-2"?><rss>`, false, "iso-8859-2"},
		{"text/xml", `<?xml version="1.0"?><rss><html>`, false, "utf-8"},
		{"image/png", page, false, ""},
		{"application/pdf", "%PDF", false, ""},
		{"application/octet-stream", page, false, ""},
		{"", "\x89PNG\r\n\x1a\n", false, ""},
		{"", "", false, ""},
	} {
		p, err := Parse([]byte(c.body), c.contentType, mustURL(t, "https://example.com/"), Options{})
		if err != nil || p.HTML != c.html || p.Charset != c.charset {
			t.Errorf("%q %.30q: HTML %v, charset %q, %v; want %v, %q", c.contentType, c.body, p.HTML, p.Charset, err, c.html, c.charset)
		}
		if c.html && p.Title != "x" {
			t.Errorf("%q %.30q: title %q", c.contentType, c.body, p.Title)
		}
	}
}

func TestWhereARefreshLeads(t *testing.T) {
	for content, want := range map[string]string{
		"0;url=/x":            "/x",
		" 5 ; URL = \"/x\" y": "/x",
		"5,/x":                "/x",
		"5 /x":                "/x",
		"5.5;url='/x":         "/x",
		".5; /x":              "/x",
		"5; urlx":             "urlx",
		"5":                   "",
		"5;":                  "",
		"5x; url=/x":          "",
		"url=/x":              "",
		"":                    "",
	} {
		if got := refreshTarget(content); got != want {
			t.Errorf("%q leads to %q, want %q", content, got, want)
		}
	}
}

func TestOptionsReportAllFaultsAtOnce(t *testing.T) {
	a, _ := ParseSelector("a=b")
	err := Options{MaxLinks: -1, Select: []Selector{a, a, {}}}.Validate()
	for _, part := range []string{"-1", `"a"`, "empty"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v: says nothing of %s", err, part)
		}
	}
	if err := (Options{Select: []Selector{a}}).Validate(); err != nil {
		t.Error(err)
	}
}
