package weburl

import (
	"strings"
	"testing"
)

// Promise: no href of the length of a line is dear. The library took seconds
// for some of these; allocations stand for the time, which a test cannot judge.
func TestLongURLsCostLinearWork(t *testing.T) {
	base := must(t, "https://example.com/a/b")
	for name, s := range map[string]string{
		"userinfo": "http://" + strings.Repeat("a", 64_000) + "@h/",
		"at signs": "http://" + strings.Repeat("@", 16_000) + "h/",
		"segments": "http://h/" + strings.Repeat("a/", 32_000),
		"dots":     "http://h/" + strings.Repeat("a/../", 12_800),
		"up":       strings.Repeat("../", 21_000),
		"escapes":  "?" + strings.Repeat("é", 10_000),
	} {
		if n := testing.AllocsPerRun(1, func() { _, _ = base.Resolve(s) }); n > 20 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// Promise: an address costs no more than a name: lists of addresses are long.
func TestAnIPv4AddressCostsWhatANameCosts(t *testing.T) {
	name := testing.AllocsPerRun(10, func() { _, _ = ParseInput("http://www.example.com/x") })
	if n := testing.AllocsPerRun(10, func() { _, _ = ParseInput("http://198.51.100.7/x") }); n > name {
		t.Errorf("%v allocations for an address, %v for a name", n, name)
	}
}

func BenchmarkResolve(b *testing.B) {
	base := must(b, "https://www.example.com/blog/2026/11/post.html")
	for name, ref := range map[string]string{
		"absolute": "https://www.example.com/blog/2026/10/another-post.html?page=2",
		"relative": "../10/another-post.html",
		"rooted":   "/static/about-us/index.html",
		"escaped":  "/wiki/Käse?x=a b",
		"address":  "https://198.51.100.7/wiki",
		"idna":     "https://bücher.example/",
		"mailto":   "mailto:joe@example.com",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = base.Resolve(ref)
			}
		})
	}
}

func BenchmarkLibrary(b *testing.B) {
	for b.Loop() {
		library("https://www.example.com/blog/2026/11/post.html", "../10/another-post.html")
	}
}
