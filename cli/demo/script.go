package demo

import "fmt"

// script is the site's list: what is asked, and how it is to end.
func script(pages, slow, troubled, busy, nobody string) []line {
	var ls []line
	add := func(l line, host, format string, args ...any) {
		l.text = "http://" + host + fmt.Sprintf(format, args...)
		ls = append(ls, l)
	}
	ok := func(title string) line { return line{status: 200, title: title} }
	for i := range 120 {
		add(ok(fmt.Sprintf("Page %d", i)), pages, "/page/%d", i)
	}
	for i := range 20 {
		add(ok(fmt.Sprintf("Busy page %d", i)), busy, "/page/%d", i)
	}
	for i := range 20 {
		add(ok(fmt.Sprintf("Slow page %d", i)), slow, "/page/%d", i)
	}
	for i := 1; i <= 10; i++ {
		chain := ok("The end of the chain")
		chain.hops = 1 + i%5
		add(chain, troubled, "/chain/%d?n=%d", chain.hops, i)
	}
	for i := range 10 {
		add(line{status: 404, kind: "http", title: "Not here"}, troubled, "/gone/%d", i)
	}
	for i := range 4 {
		add(line{status: 500, kind: "http", title: "Broken"}, troubled, "/broken/%d", i)
	}
	for i := range 6 {
		add(ok("Better now"), troubled, "/flaky/%d", i)
	}
	add(ok("Größe und Maß"), troubled, "/latin1")
	add(ok("日本語のページ"), troubled, "/shift-jis")
	add(ok("Привет, мир"), troubled, "/windows-1251")
	add(ok("Packed page"), troubled, "/gzip")
	add(line{status: 302, kind: "redirect_limit", hops: 1}, troubled, "/loop/a")
	add(line{status: 302, kind: "redirect_scheme"}, troubled, "/elsewhere")
	add(line{kind: "robots"}, troubled, "/private/diary")
	add(line{status: 200, kind: "truncated"}, troubled, "/cut-off")
	add(line{kind: "connect"}, nobody, "/")
	ls = append(ls,
		line{text: "HTTP://" + pages + "/page/./0#top", dup: true},
		line{text: "mailto:someone@example.com", kind: "invalid_url"})
	return ls
}
