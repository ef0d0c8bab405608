package robots

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jimsmart/grobotstxt"
)

func TestTheLongestPatternIsFound(t *testing.T) {
	for _, tc := range []struct {
		patterns, path string
		want           int
	}{
		{"/", "/x", 1},
		{"/a /ab /abc /abd /b", "/abcd", 4},
		{"/a /ab /abc /abd /b", "/abe", 3},
		{"/a /abb /abbb", "/abab", 2},         // the last before it is none, nor what comes before that
		{"/a /ab$ /abc", "/ab", 4},            // the end counts
		{"/a /ab$ /abc", "/abd", 2},           //
		{"/ab$ /ab", "/ab", 4},                //
		{"/ab$c /ab", "/ab$cd", 5},            // a dollar inside is a dollar
		{"/b /c", "/a", 0},                    // all lie behind it
		{"", "/a", 0},                         // there are none
		{"/*c /a /*.php$ /x*", "/abc.php", 7}, // stars count as they stand
		{"/a /*$", "/abc", 3},
		{"/abcd /*", "/abcde", 5},
		{"* /", "/", 1},
		{"/a /a /a", "/a", 2},
	} {
		p := compile(strings.Fields(tc.patterns))
		if got := p.longest(tc.path + end); got != tc.want {
			t.Errorf("%q of %q: %d, want %d", tc.path, tc.patterns, got, tc.want)
		}
	}
}

// FuzzLongest holds what is found among patterns, one per line, to what the port
// of Google's matcher says of each.
func FuzzLongest(f *testing.F) {
	for _, s := range []string{"/", "/*", "/*.php$", "$", "*", "**a*$", "/a$b", "/a*b*c", "/a\n/a/\n/a/b\n/a/c\n/a/b.php$\n/a/bb"} {
		f.Add("/a/b.php?abc", s)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		if strings.Contains(path, end) || len(path)*len(text) > 1<<16 {
			return
		}
		want := 0
		for p := range strings.SplitSeq(text, "\n") {
			if grobotstxt.Matches(path, p) {
				want = max(want, len(p))
			}
		}
		patterns := compile(strings.Split(text, "\n"))
		if got := patterns.longest(path + end); got != want {
			t.Errorf("the longest of %q for %q: %d, Google says %d", text, path, got, want)
		}
	})
}

// A pattern of stars costs one pass, not pattern times path.
func TestAHostilePatternCostsOnePass(t *testing.T) {
	file := "user-agent: *\n" + strings.Repeat("disallow: /"+strings.Repeat("*a", 8000)+"b\n", 30)
	u := mustURL(t, "http://foo.bar/"+strings.Repeat("a", 15_000))
	if err := Parse("x", 200, []byte(file)).Check(u); err != nil {
		t.Error(err)
	}
}

// numbered is a file with n Disallow lines made from their numbers, as far as
// MaxSize allows.
func numbered(n int, format string) []byte {
	var b strings.Builder
	b.WriteString("user-agent: *\n")
	for i := range n {
		line := fmt.Sprintf("disallow: "+format+"\n", i)
		if b.Len()+len(line) > MaxSize {
			break
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

// The cost of a file and a path has a bound: beyond it the path is refused, with
// the reason, and all that can be real is far from it.
func TestWhatCostsTooMuchIsRefused(t *testing.T) {
	path := func(n int, tail string) string { return "/" + strings.Repeat("a", n-1-len(tail)) + tail }
	for _, tc := range []struct {
		name  string
		file  []byte
		path  string
		wants string // the reason; empty: allowed
	}{
		{"ten thousand patterns, which match not", numbered(10_000, "/*/private%05d/*.html"), path(100, ".html"), ""},
		{"and of which one matches", numbered(10_000, "/*/private%05d/*.html"), path(100, "/private09999/b.html"), "disallowed by robots.txt"},
		{"as long as the file has room for", numbered(10_000, "/*/of-some-length/private%05d*"), path(100, ""), ""},
		{"of text that is kept as escapes", numbered(10_000, "*ツツツツツツツ%05d*"), path(100, ""), ""},
		{"a thousand, and a long path", numbered(1000, "/*/private%05d/*.html"), path(4000, ""), ""},
		{"one, and the longest path", numbered(1, "/*%05d"), path(60_000, ""), ""},
		{"as many as there is room for", numbered(51_000, "*a%05db"), path(60_000, ""), "robots.txt has too many patterns to judge a path of 60000 bytes"},
		{"the same, and a short path", numbered(51_000, "*a%05db"), path(80, ""), ""},
		{"or one that is too long for that", numbered(51_000, "*a%05db"), path(200, ""), "robots.txt has too many patterns to judge a path of 200 bytes"},
		{"Allow lines count as well", []byte("disallow: /b\n" + strings.ReplaceAll(string(numbered(51_000, "*a%05db")), "disallow", "allow")), path(200, ""), "robots.txt has too many patterns to judge a path of 200 bytes"},
		{"a few long ones", numbered(51_000, "*"+strings.Repeat("a", 16_000)+"%05db"), path(60_000, ""), "robots.txt has too many patterns to judge a path of 60000 bytes"},
		{"patterns that are tried twice", numbered(10_000, "*%%2A%05db*"), path(350, "*"), "robots.txt has too many patterns to judge a path of 350 bytes"},
		{"patterns that need not be", numbered(10_000, "*%%2A%05db*"), path(350, ""), ""},
		{"no stars, as many as there is room for", numbered(51_000, "/a%05d"), path(60_000, ""), ""},
		{"an end, as many", numbered(51_000, "/a%05d$"), path(60_000, ""), ""},
	} {
		got := ""
		if err := Parse("x", 200, tc.file).Check(mustURL(t, "http://foo.bar"+tc.path)); err != nil {
			got = err.Error()
		}
		if got != tc.wants {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.wants)
		}
	}
}

// BenchmarkAllowed is a usual file, beside what the port of Google's parser takes,
// and the worst files that are still judged. stairs are patterns each of which is
// what the one before it shares with the path, and more.
func BenchmarkAllowed(b *testing.B) {
	var stairs strings.Builder
	stairs.WriteString("user-agent: *\n")
	for i := range 990 {
		stairs.WriteString("disallow: /" + strings.Repeat("b", i) + "a\n")
	}
	usual := numbered(200, "/dir%d/*/private")
	long := "/" + strings.Repeat("b", 60_000)
	for _, bm := range []struct {
		name string
		file []byte
		path string
	}{
		{"usual", usual, "/some/page/of/usual/length.html?q=1"},
		{"none", nil, "/some/page/of/usual/length.html?q=1"},
		{"plain", numbered(51_000, "/%05d"), "/25000.html"},
		{"plain,long", numbered(51_000, "/%05d"), long},
		{"stairs", []byte(stairs.String()), long},
		{"starred", numbered(51_000, "*a%05db"), "/" + strings.Repeat("a", 100)},
		{"starred,long", numbered(65, "*a%05db"), "/" + strings.Repeat("a", 60_000)},
		{"stars", numbered(500, "/"+strings.Repeat("*b", 500)+"%03d"), "/" + strings.Repeat("b", 490)},
		{"refused", numbered(51_000, "*a%05db"), long},
	} {
		b.Run(bm.name, func(b *testing.B) {
			rules, u := Parse("x", 200, bm.file), mustURL(b, "http://foo.bar"+bm.path)
			b.ReportAllocs()
			for b.Loop() {
				rules.Allowed(u)
			}
			b.ReportMetric(float64(rules.set.steps(bm.path, bm.path)), "steps")
		})
	}
	b.Run("port", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			grobotstxt.AgentAllowed(string(usual), "x", "http://foo.bar/some/page/of/usual/length.html?q=1")
		}
	})
}
