package extract

import (
	"strings"
	"testing"
)

// rendering fills in a page what differs each time it is served.
func rendering(page string, token, at string) string {
	return strings.NewReplacer("{TOKEN}", token, "{AT}", at).Replace(page)
}

// TestPagesThatAreServedTwiceAreTheSame: what frameworks and caches put into each
// answer anew is no content.
func TestPagesThatAreServedTwiceAreTheSame(t *testing.T) {
	for name, page := range map[string]string{
		"a form of Django": `<!doctype html><title>Sign up</title><body><h1>Sign up</h1><form method=post>
			<input type="hidden" name="csrfmiddlewaretoken" value="{TOKEN}"><label>Name <input name=n></label><button>Send</button></form>`,
		"Rails with Turbo": `<html><head><title>Orders</title><meta name="csrf-param" content="authenticity_token"><meta name="csrf-token" content="{TOKEN}">
			<meta name="csp-nonce" content="{TOKEN}"><link rel=stylesheet href="/assets/app-{TOKEN}.css" data-turbo-track=reload>
			<script nonce="{TOKEN}" src="/app.js?{AT}"></script></head><body><p>No orders`,
		"WordPress with a cache": `<html><head><title>Blog</title><link rel='shortlink' href='/?p=1&amp;ver={AT}'/><script id="x-js-extra">var x = {"nonce":"{TOKEN}"};</script>
			<style id="s-{TOKEN}">.a{color:red}</style></head><body class="post-{TOKEN}"><article><h2>News</h2>Text</article>
			<p style="display:none"><label>&#916;<textarea name="ak_hp">{TOKEN}</textarea></label><input type=hidden name=ak_js value="{AT}"></p>
			</body></html><!-- Page cached by Cache at {AT} --><!-- {TOKEN} queries -->`,
		"ASP.NET": `<title>Prices</title><form action="./p"><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{TOKEN}" />
			<input type="hidden" name="__EVENTVALIDATION" value="{AT}" /><table><tr><td>Tea<td>3.50</table></form>`,
		"an application in one page": `<title>App</title><div id="__next"><main><h1>Hello</h1></main></div><script id="__NEXT_DATA__" type="application/json">{"buildId":"{TOKEN}","t":"{AT}"}</script>
			<script type="application/ld+json">{"dateModified":"{AT}"}</script><script>self.__next_f.push([1,"{TOKEN}"])</script><noscript><img src="/t?{TOKEN}"></noscript>`,
		"MediaWiki": `<title>Tea</title><div id="content">Tea is a drink.<!--
			NewPP limit report Parsed by {TOKEN} Cached time: {AT} --></div><script>RLCONF={"wgRequestId":"{TOKEN}"};</script>`,
		"an e-mail address behind Cloudflare": `<title>Contact</title>Write to <a class="__cf_email__" data-cfemail="{TOKEN}">[email&#160;protected]</a>
			<script data-cf-beacon='{"rayId":"{TOKEN}"}' src="/beacon.js"></script><iframe src="/challenge?{TOKEN}">{TOKEN}</iframe>`,
		"an advertisement beside <main>": `<title>Paper</title><aside class=ad>Buy {TOKEN} now</aside><main><h1>Election</h1>It is over.</main><footer>Rendered in {AT} ms</footer>`,
		"an SVG with a style of its own": `<title>Chart</title><svg id="c{TOKEN}"><style>#c{TOKEN}{fill:red}</style><text>2026</text></svg>`,
		"times that go by":               `<title>Forum</title><main><p>Ann wrote <time class=ago datetime="2026-11-25T10:00:00Z"><span>{AT}</span> minutes ago</time>: hello</main>`,
		"white space and case of tags":   "<title>T</title>" + "{WS}<P>One</P>{WS}<p>Two</p>",
	} {
		one := strings.ReplaceAll(rendering(page, "f00dcafe", "41"), "{WS}", "\n\t")
		two := strings.ReplaceAll(rendering(page, "0badc0de0badc0de", "2026-11-25 10:15:00"), "{WS}", "\r\n  &nbsp;")
		if one == two {
			t.Fatalf("%s: nothing differs", name)
		}
		if contentOf(t, "text/html", one) != contentOf(t, "text/html", two) {
			t.Errorf("%s: served twice it has another content", name)
		}
		// And a change that a reader sees is one.
		if end := strings.LastIndex(two, "</main>"); end >= 0 {
			two = two[:end] + " Sold out" + two[end:]
		} else {
			two = strings.Replace(two, "</title>", "</title>Sold out ", 1)
		}
		if contentOf(t, "text/html", one) == contentOf(t, "text/html", two) {
			t.Errorf("%s: what is new in it is not seen", name)
		}
	}
}

// TestTheDatetimeOfATimeStandsForItsText, which goes by; where there is none, and
// where it has no end, the text counts.
func TestTheDatetimeOfATimeStandsForItsText(t *testing.T) {
	long := strings.Repeat("x", maxSpoken)
	for _, c := range []struct {
		one, two string
		same     bool
	}{
		{`a<time datetime="2026-11-25 10:00">1 hour ago</time>b`, `a<time datetime="2026-11-25 10:00">2 hours <b>ago</b></time>b`, true},
		{`a<time datetime="2026-11-25">yesterday</time>b`, `a<time datetime="2026-11-26">yesterday</time>b`, false},
		{`a<time datetime="2026-11-25">yesterday</time>b`, `a<time datetime="2026-11-25">yesterday</time>c`, false},
		{`a<time>1 hour ago</time>b`, `a<time>2 hours ago</time>b`, false},
		{`a<time datetime="">1 hour ago</time>b`, `a<time datetime>2 hours ago</time>b`, false},
		{`a<time datetime="now">b<p>c`, `a<time datetime="now">b<p>d`, false}, // no end
		{`a<time datetime="now">b<p>c`, `a<time datetime="then">bc`, true},
		{`<time datetime=x>` + long + `y</time>`, `<time datetime=x>` + long + `z</time>`, false},
		{`<time datetime=x>` + long + `</time>`, `<time datetime=x>y</time>`, true},
		{`<time datetime=` + long + `x>y</time>`, `<time datetime=` + long + `x>z</time>`, false},
		{`<time datetime=x>y<time datetime=x>y</time>`, `<time datetime=x>z<time datetime=x>z</time>`, false},
		{`<main>a<time datetime=x>b</main>c`, `<main>a<time datetime=x>b</main>d`, true}, // the text of <main> alone
		{`<main>a<time datetime=x>b</main>c`, `<main>a<time datetime=x>c</main>c`, false},
		{`<time datetime=x>a<main>b</time></main>`, `<time datetime=y>c<main>b</main>`, true},
		{`a<template><time datetime=x>y</time></template>b`, `a<template><time datetime=z>y</time></template>b`, true},
		{`<svg><time datetime=x>y</time></svg>`, `<svg><time datetime=x>z</time></svg>`, false},
		{`a</time>b`, `ab`, true},
	} {
		if got := contentOf(t, "text/html", c.one) == contentOf(t, "text/html", c.two); got != c.same {
			t.Errorf("%s and %s: the same is %v", c.one, c.two, got)
		}
	}
}
