package dial_test

import (
	"strings"
	"testing"

	"crawl/fetch/dial"
)

func TestAProxyIsReadAsUsersWriteIt(t *testing.T) {
	for in, want := range map[string]struct{ url, name, password string }{
		"proxy.example":                     {"http://proxy.example:1080", "", ""},
		"proxy.example:3128":                {"http://proxy.example:3128", "", ""},
		" http://Proxy.Example:3128/ ":      {"http://proxy.example:3128", "", ""},
		"HTTP://proxy.example":              {"http://proxy.example:1080", "", ""},
		"http://proxy.example:":             {"http://proxy.example:1080", "", ""},
		"https://proxy.example":             {"https://proxy.example:443", "", ""},
		"https://proxy.example:8443":        {"https://proxy.example:8443", "", ""},
		"socks5://127.0.0.1":                {"socks5://127.0.0.1:1080", "", ""},
		"socks5h://[::1]:9050":              {"socks5h://[::1]:9050", "", ""},
		"[::1]":                             {"http://[::1]:1080", "", ""},
		"http://[fe80::1%25eth0]:3128":      {"http://[fe80::1%25eth0]:3128", "", ""},
		"name:pass@proxy.example:3128":      {"http://name:pass@proxy.example:3128", "name", "pass"},
		"http://name@proxy.example":         {"http://name@proxy.example:1080", "name", ""},
		"http://n%40me:p%3A%2Fss@p.example": {"http://n%40me:p%3A%2Fss@p.example:1080", "n@me", "p:/ss"},
		"http://:pass@proxy.example":        {"http://:pass@proxy.example:1080", "", "pass"},
		"socks5://name:@proxy.example":      {"socks5://name:@proxy.example:1080", "name", ""},
	} {
		u, err := dial.ParseProxy(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		password, _ := u.User.Password()
		if u.String() != want.url || u.User.Username() != want.name || password != want.password {
			t.Errorf("%q became %q, name %q, password %q", in, u, u.User.Username(), password)
		}
	}
}

func TestAnInvalidProxyIsToldWithoutItsPassword(t *testing.T) {
	for in, says := range map[string]string{
		"":                                                             "no host",
		"http://":                                                      "no host",
		"http://name:secret@":                                          "no host",
		"ftp://name:secret@proxy.example":                              "scheme",
		"socks4://name:secret@proxy.example":                           "scheme",
		"socks://name:secret@proxy.example":                            "scheme",
		"htp:/secret":                                                  "scheme must be http, https, socks5 or socks5h",
		"secret:/":                                                     "scheme must be",
		"http:/secret":                                                 "no host",
		"://name:secret@proxy.example":                                 "URL",
		"http://name:secret@proxy.example:port":                        "URL",
		"http://name:secret@proxy.example:0":                           "port",
		"http://name:secret@proxy.example:70000":                       "port",
		"http://name:sec/ret@proxy.example":                            "percent-encoding",
		"http://name:12/secret@proxy.example":                          "percent-encoding",
		"http://name:12?secret@proxy.example":                          "percent-encoding",
		"http://name:12#secret@proxy.example":                          "percent-encoding",
		"http://name:secret@proxy.example/path":                        "percent-encoding",
		"http://name:secret@proxy.example?":                            "percent-encoding",
		"http://name:sec%ret@proxy.example":                            "percent-encoding",
		"http://name:secret@proxy example":                             "URL",
		"http://name:secret@bücher.example":                            "ASCII",
		"http://name:secret@a/b@proxy.example":                         "percent-encoding",
		"socks5://:secret@proxy.example":                               "SOCKS",
		"socks5://name:" + strings.Repeat("secret", 50) + "@p.example": "SOCKS",
	} {
		u, err := dial.ParseProxy(in)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") || strings.HasPrefix(err.Error(), "proxy") || strings.Contains(err.Error(), "sec/") {
			t.Errorf("%q: %v, error %v", in, u, err)
		}
	}
}

// FuzzParseProxy: what is taken is a proxy that a Dialer takes too, in a form
// that is read as itself; what is not taken is not shown.
func FuzzParseProxy(f *testing.F) {
	for _, seed := range []string{"proxy.example", "http://u:p@[::1]:3128/", "socks5h://u%40:p%2F@1.2.3.4", "https://a.b:443", "ftp://x", "http://u:p/w@h", "::1", "http://%zz", "http://a\x00b", "HTTP://X:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := dial.ParseProxy(s)
		if err != nil {
			if u != nil {
				t.Fatalf("%q: both a URL and an error", s)
			}
			for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(":/@?#", r) }) {
				if len(part) > 10 && strings.Contains(err.Error(), part) && !strings.Contains("percent-encoding characters", part) {
					t.Fatalf("%q: the error %q shows it", s, err)
				}
			}
			return
		}
		again, err := dial.ParseProxy(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q became %q, and that %v, error %v", s, u, again, err)
		}
		r := routeVia(t, s, "http://a.example:80")
		if r.Key() == "" || strings.ContainsAny(r.ProxyAuthorization(), "\r\n") {
			t.Fatalf("%q: key %q, authorization %q", s, r.Key(), r.ProxyAuthorization())
		}
	})
}
