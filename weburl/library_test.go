package weburl

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	whatwgerr "github.com/nlnwa/whatwg-url/errors"
	whatwg "github.com/nlnwa/whatwg-url/url"
)

// library is the answer of github.com/nlnwa/whatwg-url to s on the page base.
// Browsers escape "^" in a path since 2024, the library's default does not yet.
func library(base, s string) string {
	caret := whatwg.WithPathPercentEncodeSet(whatwg.PathPercentEncodeSet.Set('^'))
	w, err := whatwg.NewParser(caret).ParseRef(base, s)
	if whatwgerr.Type(err) == whatwgerr.DomainToASCII {
		return "unsure" // see asciiHost
	}
	if err != nil || w.Scheme() != "http" && w.Scheme() != "https" {
		return "failure"
	}
	return w.Href(true)
}

// sameAsLibrary compares, and also checks that the offsets are those of the text.
func sameAsLibrary(t *testing.T, base, s string) {
	t.Helper()
	got := "failure"
	b := must(t, base)
	u, err := b.Resolve(s)
	if err == nil {
		got = u.Identity()
	}
	if want := library(base, s); got != want && want != "unsure" && !knownToDiffer(s) {
		t.Fatalf("Resolve(%q, %q) = %q, the library gives %q", base, s, got, want)
	}
	if err != nil {
		return
	}
	again, err := Parse(u.Identity())
	if err != nil || again != u {
		t.Fatalf("%q: parsed again %#v, %v; first %#v", u.Identity(), again, err, u)
	}
	if whole := u.Scheme() + "://" + userinfo(u) + u.Host() + u.Path() + u.Query(); whole != u.Identity() {
		t.Fatalf("%q: parts make %q", u.Identity(), whole)
	}
}

func userinfo(u URL) string {
	return u.s[u.authority():u.host]
}

// knownToDiffer names the inputs on which the library is wrong.
func knownToDiffer(s string) bool {
	// It removes line breaks before it reads UTF-8, and so makes characters of
	// halves; a browser has text to begin with.
	if !utf8.ValidString(s) && strings.ContainsAny(s, "\t\r\n") {
		return true
	}
	// It trims brackets off both ends of an IPv6 host, however many there are.
	return strings.Count(s, "[") > 1 || strings.Count(s, "]") > 1
}

var seeds = []string{
	"", "/", "a/b/../c", "../../..", "./.", "a/%2E%2e/b", ".%2", "..a", "%2e%2e%2e", "//x.example", `\\x\y`, "/\\x", "https:a", "http:a", "http:/a", "http://a", "https:///a",
	"http://u:p@h:80/", "http://u@:1/", "http://@/", "http://:@h", "http://a@b@c:1", "http://a:b:c@h/", "?q'<>", "?", "#", "?#", "/?a#b", "x^y`z{|}", "é\xff", "http://É.example/",
	"http://1.2.3", "http://0x7f.1/", "http://a.1x/", "http://a.0x/", "http://a..b./", "http://-a-/", "http://a_b/", "http://xn--a/", "http://[::1]:080/", "http://[::1", "http://a]b/",
	"http://0.0.0.0", "http://255.255.255.255:8080/x", "http://256.1.1.1/", "http://1.2.3.04/", "http://1.2.3.4.", "http://1.2.3.4.5/", "http://.1.2.3/", "http://1.2.3.4%20/", "http://1.2.3.0x4/", "http://+1.2.3.4/", "http://u@1.2.3.4/",
	"http://h:65536", "http://h:00000000080/", "http://h:8a/", "http://%41.example/", "http://a%2fb/", " \t/x \n", "ht\ntp://h", "mailto:x", "1:2", ":x", "a:b/c", "http://a b", "javascript:",
}

var bases = []string{
	"http://example.com/", "https://u:p@example.com:8443/a/b/c?q=1", "http://[::1]/x//y/", "https://h/a?b/c",
}

func TestTheShortWayGivesTheLibrarysAnswer(t *testing.T) {
	for _, base := range bases {
		for _, s := range seeds {
			sameAsLibrary(t, base, s)
		}
	}
	// Random strings of the pieces that matter.
	pieces := append([]string{"/", ".", "..", "%2e", "\\", ":", "@", "?", "#", "[", "]", "//", "http:", "https://",
		"A", "b", "1", "0x", "1.2.3.4", "255.", "0.0.", "256", "08", "xn--", "ü", " ", "\t", "%", "%zz", "^", "'", "\"", "|", ";", "=", "~", "\x00", "\x7f", "\xc3"}, seeds...)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 60_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(8) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		sameAsLibrary(t, bases[rnd.IntN(len(bases))], b.String())
	}
}

func FuzzResolve(f *testing.F) {
	for i, s := range seeds {
		f.Add(uint8(i), s)
	}
	f.Fuzz(func(t *testing.T, base uint8, s string) {
		if len(s) > 2000 {
			return
		}
		sameAsLibrary(t, bases[int(base)%len(bases)], s)
	})
}
