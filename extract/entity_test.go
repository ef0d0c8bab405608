package extract

import "testing"

func TestCharacterReferencesInAnAttribute(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                "plain",
		"a&amp;b":              "a&b",
		"a&ampb":               "a&ampb", // a letter follows
		"a&amp":                "a&",
		"a&amp b":              "a& b",
		"?a=1&copy=2":          "?a=1&copy=2",
		"?a=1&copy;=2":         "?a=1©=2",
		"?a=1&lt":              "?a=1<",
		"&notit;":              "&notit;",
		"&not;it":              "¬it",
		"&semi;":               ";",
		"&fjlig;":              "fj",
		"&NotEqualTilde;":      "\u2242\u0338",
		"&nosuch;&nosuch":      "&nosuch;&nosuch",
		"&#65;&#x42;&#X43&#68": "ABCD",
		"&#65=":                "A=",
		"&#0;&#xd800;":         "\ufffd\ufffd",
		"&#128;":               "€",
		"&#;&#x;&#":            "&#;&#x;&#",
		"&;&&":                 "&;&&",
		"a\r\nb\rc":            "a\nb\nc",
		"a\x00b\xff":           "a\ufffdb\ufffd",
	} {
		if got := unescapeValue([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestCharacterReferencesInATitle(t *testing.T) {
	for in, want := range map[string]string{
		"a &amp; b":  "a & b",
		"a &ampb":    "a &b", // in text the beginning of a name counts
		"&copy=2":    "©=2",
		"&notit;":    "¬it;",
		"&hellip;":   "…",
		"&nosuch;":   "&nosuch;",
		"&#x1F600;":  "\U0001F600",
		"\x00\r\n\r": "\ufffd\n\n",
	} {
		if got := unescapeText([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
