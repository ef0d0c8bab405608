package weburl

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func isErr(err, target error) bool { return errors.Is(err, target) }

func must(t testing.TB, s string) URL {
	t.Helper()
	u, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestPartsOfAURL(t *testing.T) {
	type parts struct{ scheme, hostname, port, hostport, host, origin, path, query, uri string }
	for in, want := range map[string]parts{
		"http://example.com": {"http", "example.com", "80", "example.com:80", "example.com",
			"http://example.com", "/", "", "/"},
		"https://example.com:443/a?b=c": {"https", "example.com", "443", "example.com:443", "example.com",
			"https://example.com", "/a", "?b=c", "/a?b=c"},
		"https://joe:secret@example.com:8443/a@b?c@d": {"https", "example.com", "8443", "example.com:8443", "example.com:8443",
			"https://example.com:8443", "/a@b", "?c@d", "/a@b?c@d"},
		"http://[2001:DB8::1]/": {"http", "2001:db8::1", "80", "[2001:db8::1]:80", "[2001:db8::1]",
			"http://[2001:db8::1]", "/", "", "/"},
		"http://[::1]:8080/x:y?": {"http", "::1", "8080", "[::1]:8080", "[::1]:8080",
			"http://[::1]:8080", "/x:y", "?", "/x:y?"},
		"HTTP://BÜCHER.example/ä#f": {"http", "xn--bcher-kva.example", "80", "xn--bcher-kva.example:80", "xn--bcher-kva.example",
			"http://xn--bcher-kva.example", "/%C3%A4", "", "/%C3%A4"},
	} {
		u := must(t, in)
		got := parts{u.Scheme(), u.Hostname(), u.Port(), u.HostPort(), u.Host(), u.Origin(), u.Path(), u.Query(), u.RequestURI()}
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestTheZeroValueIsNoURL(t *testing.T) {
	var u URL
	for _, s := range []string{u.String(), u.Identity(), u.Scheme(), u.Hostname(), u.Port(), u.HostPort(), u.Host(),
		u.Origin(), u.Path(), u.Query(), u.RequestURI()} {
		if s != "" {
			t.Errorf("zero value gives %q", s)
		}
	}
	if _, _, ok := u.User(); ok || !u.IsZero() {
		t.Error("zero value has a user or is not zero")
	}
	if must(t, "http://example.com").IsZero() {
		t.Error("a URL is zero")
	}
}

func TestEqualURLsAreEqualValues(t *testing.T) {
	a, b := must(t, "HTTP://Example.com:80/a/../b#x"), must(t, "http://example.com/b")
	if a != b {
		t.Errorf("%v != %v", a, b)
	}
	if a == must(t, "http://joe@example.com/b") {
		t.Error("userinfo does not count for ==")
	}
}

func TestCredentialsAreUsedAndNeverPrinted(t *testing.T) {
	u := must(t, "https://j%6Fe:s%40c%zz@example.com/x")
	name, password, ok := u.User()
	if name != "joe" || password != "s@c%zz" || !ok {
		t.Errorf("User() = %q, %q, %v", name, password, ok)
	}
	if got := u.String(); got != "https://example.com/x" {
		t.Errorf("String() = %q", got)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, u); contains(got, "40c") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	if got := u.Identity(); got != "https://j%6Fe:s%40c%zz@example.com/x" {
		t.Errorf("Identity() = %q", got)
	}
	if _, _, ok := must(t, "https://:@example.com/").User(); ok {
		t.Error("an empty userinfo counts as one")
	}
}

func TestALineAsTyped(t *testing.T) {
	for in, want := range map[string]string{
		"example.com":                "https://example.com/",
		"  example.com/a b\t":        "https://example.com/a%20b",
		"localhost:8080/x":           "https://localhost:8080/x",
		"joe:123@example.com":        "https://joe:123@example.com/",
		"[::1]:81":                   "https://[::1]:81/",
		"[::1]":                      "https://[::1]/",
		"//example.com/x":            "https://example.com/x",
		"example.com?u=http://x":     "https://example.com/?u=http://x",
		"example.com/a:b":            "https://example.com/a:b",
		"example.com#mailto:x":       "https://example.com/",
		"HTTP://example.com":         "http://example.com/",
		"192.168.1":                  "https://192.168.0.1/",
		"https://example.com/\xff":   "https://example.com/%EF%BF%BD",
		"ht\ttp://example.com/":      "http://example.com/",
		"http://example.com/a\\b":    "http://example.com/a/b",
		"http:///example.com":        "http://example.com/",
		"bücher.example":             "https://xn--bcher-kva.example/",
		"http://example.com/?q=ä&b'": "http://example.com/?q=%C3%A4&b%27",
	} {
		if u, err := ParseInput(in); err != nil || u.Identity() != want {
			t.Errorf("ParseInput(%q) = %q, %v; want %q", in, u.Identity(), err, want)
		}
	}
}

func TestALineThatIsNoURLSaysWhy(t *testing.T) {
	long := make([]byte, MaxLen)
	for i := range long {
		long[i] = 'a'
	}
	for in, want := range map[string]error{
		"":                                   ErrInvalid,
		"   ":                                ErrInvalid,
		"mailto:joe@example.com":             ErrInvalid,
		"javascript:alert(1)":                ErrInvalid,
		"http:example.com":                   ErrInvalid,
		"http:/example.com":                  ErrInvalid,
		"example.com:":                       ErrInvalid,
		"example.com:http":                   ErrInvalid,
		"user:pass@example.com":              ErrInvalid,
		"example.com:99999":                  ErrInvalid,
		"https://":                           ErrInvalid,
		"http://a b/":                        ErrInvalid,
		"http://a:b:80/":                     ErrInvalid,
		"http://1.2.3.4.5/":                  ErrInvalid,
		"http://[[::1]]/":                    ErrInvalid,
		"http://[::1]]/":                     ErrInvalid,
		"http://[::1/":                       ErrInvalid,
		"http://example.com/\x00":            ErrInvalid,
		"?q":                                 ErrInvalid,
		"https://xn--ä/":                     ErrInvalid,
		"ftp://example.com/":                 ErrScheme,
		"file:///etc/passwd":                 ErrScheme,
		"FTP://example.com/":                 ErrScheme,
		"http://example.com/" + string(long): ErrInvalid,
		"http://example.com/" + strings.Repeat("é", MaxLen/3): ErrInvalid, // too long once escaped
	} {
		u, err := ParseInput(in)
		var e *Error
		if !errors.Is(err, want) || !errors.As(err, &e) || e.Reason == "" || !u.IsZero() {
			t.Errorf("ParseInput(%.60q) = %q, %v; want %v", in, u.Identity(), err, want)
		}
		if err != nil && len(err.Error()) > 400 {
			t.Errorf("ParseInput(%.60q): message of %d bytes", in, len(err.Error()))
		}
	}
}

func TestErrorsDoNotShowCredentials(t *testing.T) {
	for _, in := range []string{
		"https://joe:secret@example.com:99999/", "https://joe:secret@/", "ftp://joe:secret@example.com/",
		"https://joe:sec/secret@example.com/", "joe:secret@example.com", "https://joe:secret@exa mple.com/",
	} {
		_, err := ParseInput(in)
		if err == nil {
			t.Fatalf("%q is accepted", in)
		}
		if msg := err.Error(); contains(msg, "secret") || contains(msg, "joe") {
			t.Errorf("%q: error shows the userinfo: %s", in, msg)
		}
	}
}

func TestLinksResolveAsInABrowser(t *testing.T) {
	base := must(t, "http://joe:pw@example.com:8080/a/b/c?x=1#top")
	for ref, want := range map[string]string{
		"":                   "http://joe:pw@example.com:8080/a/b/c?x=1",
		"#frag":              "http://joe:pw@example.com:8080/a/b/c?x=1",
		"d":                  "http://joe:pw@example.com:8080/a/b/d",
		"../d/./e/..":        "http://joe:pw@example.com:8080/a/d/",
		"/d":                 "http://joe:pw@example.com:8080/d",
		"?y=2":               "http://joe:pw@example.com:8080/a/b/c?y=2",
		"?":                  "http://joe:pw@example.com:8080/a/b/c?",
		"//other.example/z":  "http://other.example/z",
		"https://o.example":  "https://o.example/",
		"HTTP:d":             "http://joe:pw@example.com:8080/a/b/d",
		"https:d":            "https://d/",
		" \n d e \t":         "http://joe:pw@example.com:8080/a/b/d%20e",
		"a:b":                "",
		"mailto:joe@example": "",
		"javascript:void(0)": "",
		"java\nscript:x":     "",
		"http://[x]/":        "",
	} {
		u, err := base.Resolve(ref)
		if want == "" && err == nil || want != "" && u.Identity() != want {
			t.Errorf("Resolve(%q) = %q, %v; want %q", ref, u.Identity(), err, want)
		}
	}
	if _, err := base.Resolve("mailto:joe@example"); !errors.Is(err, ErrScheme) {
		t.Errorf("mailto: %v, want ErrScheme", err)
	}
}

// Userinfo can be put in the place of another, and all parts stay where they are.
func TestWithUserOf(t *testing.T) {
	for _, c := range [][3]string{
		{"http://a.example/x?q", "https://me:pw@b.example/", "http://me:pw@a.example/x?q"},
		{"https://u:longer@a.example:8443/x?q", "http://me@b.example/", "https://me@a.example:8443/x?q"},
		{"https://u@[::1]/", "", "https://[::1]/"},
		{"http://a.example/", "", "http://a.example/"},
	} {
		u, err := Parse(c[0])
		if err != nil {
			t.Fatal(err)
		}
		var other URL
		if c[1] != "" {
			if other, err = Parse(c[1]); err != nil {
				t.Fatal(err)
			}
		}
		want, err := Parse(c[2])
		if err != nil {
			t.Fatal(err)
		}
		if got := u.WithUserOf(other); got != want || got.Hostname() != u.Hostname() || got.Port() != u.Port() || got.RequestURI() != u.RequestURI() {
			t.Errorf("%s with the user of %q: %q", c[0], c[1], got.Identity())
		}
	}
}
