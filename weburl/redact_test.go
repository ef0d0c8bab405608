package weburl

import (
	"strings"
	"testing"
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
		"ftp://joe:secret@example.com/":          "ftp://***@example.com/",
		"//joe:secret@example.com/":              "//***@example.com/",
		"https://example.com/@joe":               "https://example.com/@joe",
		"https://example.com:8080/@joe":          "https://example.com:8080/@joe",
		"https://[::1]/@joe":                     "https://[::1]/@joe",
		"https://[::1]:80/@joe":                  "https://[::1]:80/@joe",
		"example.com?mail=joe@example.com":       "example.com?mail=joe@example.com",
		"":                                       "",
		"no url at all":                          "no url at all",
		"mailto:joe@example.com":                 "mailto:joe@example.com",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}
