package fetch

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// withName is what basic authorization sends for name:password pairs.
var basic = map[string]string{
	"url:1":   "Basic dXJsOjE=",
	"user:2":  "Basic dXNlcjoy",
	"netrc:3": "Basic bmV0cmM6Mw==",
}

func TestTheNearestCredentialsAreSent(t *testing.T) {
	netrc := func(host string) (string, string, bool) { return "netrc", "3", host == "127.0.0.1" }
	user := url.UserPassword("user", "2")
	bearer := http.Header{"Authorization": {"Bearer client"}}
	withURL, plain := mustURL(t, "http://url:1@x.example/"), mustURL(t, "http://x.example/")
	for name, tc := range map[string]struct {
		o    Options
		r    Request
		want string
	}{
		"none":                                {Options{}, Request{URL: plain}, ""},
		"the netrc":                           {Options{Netrc: netrc}, Request{URL: plain}, basic["netrc:3"]},
		"the user before the netrc":           {Options{Netrc: netrc, User: user}, Request{URL: plain}, basic["user:2"]},
		"the URL before the user":             {Options{Netrc: netrc, User: user}, Request{URL: withURL}, basic["url:1"]},
		"the client's header before the URL":  {Options{Header: bearer, User: user}, Request{URL: withURL}, "Bearer client"},
		"the request's header before all":     {Options{Header: bearer}, Request{URL: withURL, Header: http.Header{"Authorization": {"Bearer own"}}}, "Bearer own"},
		"abroad not the user":                 {Options{User: user}, Request{URL: plain, Foreign: true}, ""},
		"abroad not the client's header":      {Options{Header: bearer}, Request{URL: plain, Foreign: true}, ""},
		"abroad the netrc, which knows hosts": {Options{Netrc: netrc, User: user}, Request{URL: plain, Foreign: true}, basic["netrc:3"]},
		"not the netrc out of TLS":            {Options{Netrc: netrc}, Request{URL: plain, Foreign: true, LeftTLS: true}, ""},
		"out of TLS the URL's own":            {Options{Netrc: netrc}, Request{URL: withURL, Foreign: true, LeftTLS: true}, basic["url:1"]},
		"abroad the URL's own":                {Options{User: user}, Request{URL: withURL, Foreign: true}, basic["url:1"]},
	} {
		got := ""
		for _, line := range sent(t, tc.o, &tc.r) {
			if v, ok := strings.CutPrefix(line, "Authorization: "); ok {
				got = v
			}
		}
		if got != tc.want {
			t.Errorf("%s: sent %q, want %q", name, got, tc.want)
		}
	}
}

func TestTheNetrcIsSentOverTLSWhateverLedThere(t *testing.T) {
	c := newClient(t, Options{Netrc: func(string) (string, string, bool) { return "netrc", "3", true }})
	w, err := c.wireRequest(&Request{URL: mustURL(t, "https://x.example/"), Foreign: true, LeftTLS: true})
	if err != nil || w.header.Get("Authorization") != basic["netrc:3"] {
		t.Errorf("sent %q, %v", w.header.Get("Authorization"), err)
	}
}

func TestWhatIsMeantForOneOriginStaysThere(t *testing.T) {
	o := Options{Header: http.Header{"Authorization": {"Bearer secret"}, "cookie": {"session=secret"}, "Host": {"secret.example"}, "X-Kept": {"1"}}}
	home := sent(t, o, &Request{})
	if !slices.Contains(home, "Authorization: Bearer secret") || !slices.Contains(home, "Cookie: session=secret") || !slices.Contains(home, "Host: secret.example") {
		t.Errorf("at home: %q", home)
	}
	abroad := sent(t, o, &Request{Foreign: true})
	if s := strings.Join(abroad, "\n"); strings.Contains(s, "secret") || !slices.Contains(abroad, "X-Kept: 1") {
		t.Errorf("abroad: %q", abroad)
	}
}

func TestACallersHeaderIsNotChangedByARequest(t *testing.T) {
	own := http.Header{"X-Own": {"1"}, "Host": {"other.example"}}
	c := newClient(t, Options{User: url.UserPassword("a", "b")})
	before := len(c.header)
	if _, err := c.wireRequest(&Request{URL: mustURL(t, "http://x.example/"), Header: own}); err != nil {
		t.Fatal(err)
	}
	if len(own) != 2 || len(c.header) != before || c.header.Get("Authorization") != "" {
		t.Errorf("the caller's %v, the client's %v", own, c.header)
	}
}
