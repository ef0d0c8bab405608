package warc

import (
	"net/url"
	"regexp"
	"testing"
)

// rfc3986 is a URI of http, from Appendix A of that RFC, with any host.
var rfc3986 = regexp.MustCompile(`^https?://([\w.:~-]+|\[[0-9a-fA-F:.]+\](:\d+)?)(/([\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$`)

func TestATargetURIIsOneOfRFC3986(t *testing.T) {
	for in, want := range map[string]string{
		"http://a.example/":                       "http://a.example/",
		"http://a.example/a%20b?c=%C3%A9&d=!$'()": "http://a.example/a%20b?c=%C3%A9&d=!$'()",
		"http://a.example/?" + "|^{}\\\"<>`":      "http://a.example/?%7C%5E%7B%7D%5C%22%3C%3E%60",
		"http://a.example/{a}|b^c`":               "http://a.example/%7Ba%7D%7Cb%5Ec%60",
		"http://a.example/ä b\x00\x7f\r\n":        "http://a.example/%C3%A4%20b%00%7F%0D%0A",
		"http://a.example/100%":                   "http://a.example/100%25",
		"http://a.example/%zz?%4":                 "http://a.example/%25zz?%254",
		"http://[2001:db8::1]:8080/a[1]?b[]=2":    "http://[2001:db8::1]:8080/a%5B1%5D?b%5B%5D=2",
		"http://[::1]":                            "http://[::1]",
		"http://[::1]?a[]":                        "http://[::1]?a%5B%5D",
	} {
		if got := uri(in); got != want || !rfc3986.MatchString(got) || uri(got) != got {
			t.Errorf("%q became %q, want %q; again: %q", in, got, want, uri(got))
		}
	}
}

func FuzzATargetURI(f *testing.F) {
	for _, s := range []string{"", "/a?b=c", "/{x}|%zz?%", "/\x00ä[]?\\", "?a[]=1", "/%41%4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		for i := range rest {
			if rest[i] == '#' {
				t.Skip("a fragment is the caller's to cut")
			}
		}
		const origin = "http://[::1]:8080/"
		got := uri(origin + rest)
		if !rfc3986.MatchString(got) || uri(got) != got {
			t.Errorf("%q became %q, then %q", rest, got, uri(got))
		}
		if before, err := url.PathUnescape(rest); err == nil { // nothing of it is lost
			if after, err := url.PathUnescape(got[len(origin):]); err != nil || after != before {
				t.Errorf("%q became %q, %v", rest, got, err)
			}
		}
	})
}
