package fetch

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// sent gives the header lines that a request puts on the wire, sorted.
func sent(t *testing.T, o Options, r *Request) []string {
	t.Helper()
	var head string
	u := raw(t, func(p *peer) {
		head = p.request()
		p.send("HTTP/1.1 204 No Content\r\n\r\n")
	})
	userinfo := ""
	if name, password, ok := r.URL.User(); ok {
		userinfo = name + ":" + password + "@"
	}
	own := *r
	own.URL = mustURL(t, "http://"+userinfo+u.HostPort()+"/")
	resp, err := newClient(t, o).Do(context.Background(), &own)
	if err != nil {
		t.Fatal(err)
	}
	resp.Release()
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(head, u.HostPort(), "HOST")), "\r\n")
	slices.Sort(lines)
	return lines
}

func TestEveryRequestSaysWhoAsksAndWhatItTakes(t *testing.T) {
	got := sent(t, Options{UserAgent: "mybot/1.0 (+https://example.com/bot)"}, &Request{})
	want := []string{
		"Accept-Encoding: zstd, gzip, br, deflate",
		"Accept: " + defaultAccept,
		"GET / HTTP/1.1",
		"Host: HOST",
		"User-Agent: mybot/1.0 (+https://example.com/bot)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	if got := sent(t, Options{}, &Request{}); !slices.Contains(got, "User-Agent: crawl") {
		t.Errorf("sent %q", got)
	}
}

func TestHeadersOfTheRequestGoOverThoseOfTheClient(t *testing.T) {
	o := Options{Header: http.Header{"x-one": {"client"}, "X-Two": {"a", "b"}, "Accept": {"text/plain"}}}
	got := sent(t, o, &Request{Method: "HEAD", Header: http.Header{"X-ONE": {"request"}, "host": {"other.example"}, "Accept-Encoding": {"identity"}}})
	for _, line := range []string{"X-One: request", "X-Two: a", "X-Two: b", "Accept: text/plain", "Host: other.example", "Accept-Encoding: identity", "HEAD / HTTP/1.1"} {
		if !slices.Contains(got, line) {
			t.Errorf("%q is not in %q", line, got)
		}
	}
	if len(got) != 8 {
		t.Errorf("sent %q", got)
	}
}

func TestAnOptionsHeaderIsCopied(t *testing.T) {
	h := http.Header{"X-One": {"a"}}
	c := newClient(t, Options{Header: h})
	h["X-One"][0] = "b\r\nEvil: 1"
	if c.header.Get("X-One") != "a" {
		t.Error("what the caller does to its header later is sent")
	}
}

func TestUserinfoIsSentAsBasicAuthorizationUnlessThereIsAnother(t *testing.T) {
	r := &Request{URL: mustURL(t, "http://us%40er:p%3Ass@x.example/")}
	if got := sent(t, Options{}, r); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "Authorization: Basic ") }) {
		t.Errorf("sent %q", got)
	}
	r.Header = http.Header{"Authorization": {"Bearer token"}}
	got := sent(t, Options{}, r)
	if !slices.Contains(got, "Authorization: Bearer token") {
		t.Errorf("sent %q", got)
	}
}

func TestUserinfoArrivesDecoded(t *testing.T) {
	var name, password string
	u := serve(t, func(_ http.ResponseWriter, r *http.Request) { name, password, _ = r.BasicAuth() })
	resp, err := do(t, Options{}, mustURL(t, "http://us%40er:p%3Ass@"+u.HostPort()+"/"))
	if err != nil || name != "us@er" || password != "p:ss" || strings.Contains(resp.URL.String(), "ss@") {
		t.Errorf("%v: %q %q", err, name, password)
	}
}

func TestOptionsThatCannotBeAreRefusedTogether(t *testing.T) {
	_, err := New(Options{UserAgent: "a\nb", Timeout: -1, ConnectTimeout: -time.Second, MaxBody: -1, PerHost: -1, Header: http.Header{"a b": {"x"}}})
	if err == nil {
		t.Fatal("taken")
	}
	for _, part := range []string{"user agent", "timeout", "connect timeout", "body limit", "connections per host", `"a b"`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %q", part, err)
		}
	}
	if err := (Options{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

func TestARequestWithoutAURLIsInvalid(t *testing.T) {
	_, err := newClient(t, Options{}).Do(context.Background(), &Request{})
	failsWith(t, err, KindInvalidURL, "")
}

func TestAHeaderThatWouldFrameABodyIsNotSent(t *testing.T) {
	u := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request came") })
	for _, name := range []string{"Content-Length", "transfer-encoding"} {
		resp, err := newClient(t, Options{}).Do(context.Background(), &Request{URL: u, Header: http.Header{name: {"3"}}})
		e := failsWith(t, err, KindInternal, PhaseRequest)
		if retried(resp, err) || !strings.Contains(e.Error(), http.CanonicalHeaderKey(name)) {
			t.Errorf("says %q", e)
		}
	}
}
