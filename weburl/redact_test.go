package weburl

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestRedactHidesUserinfoAndNothingElse(t *testing.T) {
	for in, want := range map[string]string{
		"https://joe:secret@example.com/x@y?z@w": "https://***@example.com/x@y?z@w",
		"https://joe@example.com":                "https://***@example.com",
		"joe:secret@example.com/x":               "***@example.com/x",
		"https://a@b@example.com/":               "https://***@example.com/",
		"https:joe:secret@example.com/":          "https:***@example.com/",
		"https:\\\\joe:secret@example.com\\x":    "https:\\\\***@example.com\\x",
		"ht\ttps:/\t/joe:secret@example.com/":    "ht\ttps:/\t/***@example.com/",
		" https://joe:secret@example.com/":       " https://***@example.com/",
		"https://joe:sec/ret@example.com/":       "https://***@example.com/",
		"https://joe:se/cr@et@example.com/a@b":   "https://***@example.com/a@b",
		"ftp://joe:secret@example.com/":          "ftp://***@example.com/",
		"//joe:secret@example.com/":              "//***@example.com/",
		"\x01 //joe:secret@example.com/":         "\x01 //***@example.com/",
		"https://example.com/@joe":               "https://example.com/@joe",
		"https://example.com:8080/@joe":          "https://example.com:8080/@joe",
		"https://[::1]/@joe":                     "https://[::1]/@joe",
		"https://[::1]:80/@joe":                  "https://[::1]:80/@joe",
		"example.com?mail=joe@example.com":       "example.com?mail=joe@example.com",
		"":                                       "",
		"no url at all":                          "no url at all",
		"mailto:joe@example.com":                 "mailto:joe@example.com",
		"mailto:joe:secret@example.com":          "mailto:***@example.com",
		"MailTo:joe%3Asecret%40example.com":      "MailTo:***@example.com",
		"mailto:joe:se@cret@example.com":         "mailto:***@example.com",
		"mailto:a:b":                             "mailto:a:b",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// Where the "@" is escaped or a wide one, the text is no URL, but it may well hold
// a password.
func TestRedactTakesWhateverAHostTakesForAnAt(t *testing.T) {
	for in, want := range map[string]string{
		"http://u:SECRET%40h:b":              "http://***@h:b",
		"http://u:SECRET\uff20h:b":           "http://***@h:b",
		"http://u:SECRET\ufe6bh/a%40b":       "http://***@h/a%40b",
		"http://u:SECRET%ef%BC%a0h":          "http://***@h",
		"http://u:SECRET%EF%b9%aBh":          "http://***@h",
		"http://u:SECRET%4\t0h":              "http://***@h",
		"http://u:p%4\uff20h":                "http://***@h",
		"http://u:SECRET\r%\r4\n0\nh":        "http://***@h",
		"http://u:SECRET%40":                 "http://***@",
		"http://u:SEC@RET%40h":               "http://***@h",
		"http://u:SEC%40RET@h/":              "http://***@h/",
		"http://u:SEC/RET%40h":               "http://***@h",
		"u:SECRET%40h:b":                     "***@h:b",
		"http:u:SECRET%40h":                  "http:***@h",
		"http://example.com/%40joe":          "http://example.com/%40joe",
		"http://example.com:80/%40joe?%40#@": "http://example.com:80/%40joe?%40#@",
		"http://example.com?\uff20":          "http://example.com?\uff20",
		"http://100%/":                       "http://100%/",
		"http://a%4/":                        "http://a%4/",
		"http://a%20b\xff%":                  "http://a%20b\xff%",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// IDNA maps as NFKC does.
func TestNothingElseBecomesAnAt(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if got := strings.Contains(norm.NFKC.String(string(r)), "@"); got != strings.ContainsRune(anyAt, r) {
			t.Errorf("%U becomes an @: %v", r, got)
		}
	}
}

// Whatever the text, once is enough, and a URL stays the URL that it is.
func FuzzRedact(f *testing.F) {
	for _, s := range append(slices.Clone(seeds), "https://joe:secret@example.com/x@y", "http://u:SECRET%40h:b", "http://u:p\uff20h", "joe:sec/ret@h",
		"a:b/c%40d", "mailto:a@b", "mailto:a:b@c", "ht\ttp:\\\\a%4\n0@b", "//a@b", "http:8@h", "example.com/%40", "http://%EF%BC%A0@\xef", "https://[::1]:8/@", "%%4040@") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shown := Redact(s)
		if again := Redact(shown); again != shown {
			t.Errorf("%q, redacted, is %q, and again %q", s, shown, again)
		}
		for _, parse := range []func(string) (URL, error){ParseInput, Parse} {
			u, err := parse(s)
			if err != nil {
				continue
			}
			if _, _, ok := u.User(); ok && !strings.Contains(shown, "***@") {
				t.Errorf("Redact(%q) = %q shows the userinfo of %q", s, shown, u.Identity())
			}
			if !strings.Contains(s, "@") && shown != s {
				t.Errorf("%q has no userinfo, and is shown as %q", s, shown)
			}
			if v, err := parse(shown); err == nil && v.String() != u.String() {
				t.Errorf("Redact(%q) = %q is another URL than %q", s, shown, u)
			}
		}
	})
}
