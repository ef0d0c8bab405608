package cli

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// Headers are read as curl reads them.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		typed []string
		want  http.Header
	}{
		{[]string{"X-A: b"}, http.Header{"X-A": {"b"}}},
		{[]string{"x-a:b:c "}, http.Header{"X-A": {"b:c"}}},
		{[]string{"X-A: 1", "x-a: 2"}, http.Header{"X-A": {"1", "2"}}},
		{[]string{"X-A;"}, http.Header{"X-A": {""}}},
		{[]string{"X-A: b;"}, http.Header{"X-A": {"b;"}}},
		{[]string{"Accept:"}, http.Header{"Accept": nil}},
		{[]string{"Host: staging.example"}, http.Header{"Host": {"staging.example"}}},
		{[]string{"Cookie: a=b; c=d", "Authorization: Bearer x"}, http.Header{"Cookie": {"a=b; c=d"}, "Authorization": {"Bearer x"}}},
	} {
		got := http.Header{"X-A": {"of ours"}, "Accept": {"of ours"}}
		want := got.Clone()
		for name, values := range c.want {
			want[name] = values
		}
		if err := addHeaders(got, c.typed); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, %v, want %v", c.typed, got, err, want)
		}
	}
}

// What cannot be sent is told without what may be a secret.
func TestBadHeadersAreToldWithoutTheirValues(t *testing.T) {
	for typed, want := range map[string]string{
		"hush":                      "want 'Name: value', or 'Name;' for an empty one",
		"Bearer hush: x":            "want 'Name: value', or 'Name;' for an empty one",
		": hush":                    "want 'Name: value', or 'Name;' for an empty one",
		";":                         "want 'Name: value', or 'Name;' for an empty one",
		"X-A: hush\r\nX-B: c":       `header "X-A" cannot be sent: its value holds a control character`,
		"content-length: 7":         `header "content-length" cannot be sent: it belongs to the connection`,
		"Transfer-Encoding:":        `header "Transfer-Encoding" cannot be sent: it belongs to the connection`,
		"Connection: close":         `header "Connection" cannot be sent: it belongs to the connection`,
		"Proxy-Authorization: hush": `header "Proxy-Authorization" cannot be sent: it belongs to the connection`,
		"Host: hush /":              `header "Host" cannot be sent: its value is no host`,
	} {
		_, _, err := parse([]string{"-H", typed, "http://a.example/"})
		if err == nil || err.Error() != "-header: "+want {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
}

// The name that requests go by, and what they say of who sends them.
func TestUserAgentAndContact(t *testing.T) {
	for _, c := range []struct {
		typed, agent, from string
	}{
		{"", userAgent(), ""},
		{"-user-agent|mine/2", "mine/2", ""},
		{"-contact|bot@example.com", userAgent() + " (+bot@example.com)", "bot@example.com"},
		{"-contact|mailto:bot@example.com", userAgent() + " (+bot@example.com)", "bot@example.com"},
		{"-contact|https://example.com/a_(bot)?x", userAgent() + " (+https://example.com/a_%28bot%29?x)", ""},
		{"-contact|bot@example.com|-user-agent|mine/2", "mine/2 (+bot@example.com)", "bot@example.com"},
		{"-contact|bot@example.com|-H|From: me@example.com", userAgent() + " (+bot@example.com)", "me@example.com"},
		{"-H|user-agent: theirs|-contact|bot@example.com|-user-agent|mine/2", "theirs", "bot@example.com"},
	} {
		args := append(strings.FieldsFunc(c.typed, func(r rune) bool { return r == '|' }), "http://a.example/")
		o, _, err := parse(args)
		if err != nil {
			t.Errorf("%s: %v", c.typed, err)
			continue
		}
		f := o.engine.Fetch
		if f.UserAgent != c.agent || f.Header.Get("From") != c.from || f.Header["User-Agent"] != nil {
			t.Errorf("%s: %q from %q (%v), want %q from %q", c.typed, f.UserAgent, f.Header.Get("From"), f.Header, c.agent, c.from)
		}
	}
	for _, typed := range []string{"me", "me @example.com", "bot@example.com\x1b[31m", "größe@example.com", "ftp://a.example/", "https://", "Bot <bot@example.com>", "a(b)@example.com", "https://me:hush@a.example/", "@", "https://a.example/\n", "https://a.example/b c"} {
		_, _, err := parse([]string{"-contact", typed, "http://a.example/"})
		if err == nil || !strings.HasPrefix(err.Error(), "-contact: want an e-mail address or a URL") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func TestTheMethodOfLines(t *testing.T) {
	o, _, err := parse([]string{"-XPURGE", "http://a.example/"})
	if err != nil || o.method != "PURGE" {
		t.Errorf("%q, %v", o.method, err)
	}
	for _, typed := range []string{"CONNECT", "GET /", "größe", ""} {
		if _, _, err := parse([]string{"-X", typed, "http://a.example/"}); err == nil || !strings.HasPrefix(err.Error(), "-method") {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// Flags that contradict each other are told, by name.
func TestFlagsThatContradict(t *testing.T) {
	for typed, want := range map[string]string{
		"-4 -6 http://a/":          "-ipv4 and -ipv6 leave no address to use: give one of them",
		"-key k.pem http://a/":     "-key is for a run with -cert FILE",
		"-demo -deny-private":      "-demo serves its site on loopback: neither -proxy nor -deny-private leads there",
		"-demo -x http://p:3128":   "-demo serves its site on loopback: neither -proxy nor -deny-private leads there",
		"-max-body 0 http://a/":    `-max-body "0": want a size above zero, such as 500k, 16MiB or 2MB; a bare number is bytes`,
		"-max-redirects -1 http:":  `-max-redirects "-1": want a whole number from 0 to 1000`,
		"-deadline 0 http://a/":    `-deadline "0": want a time above zero, such as 30s or 1m30s; a bare number is seconds`,
		"-accept fine http://a/":   `-accept "fine": want statuses such as 200, 2xx or 200-299, with commas between them`,
		"-cookies=maybe http://a/": `-cookies "maybe": want true or false`,
	} {
		if _, _, err := parse(strings.Fields(typed)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
}
