package fetch

import (
	"context"
	"io"
	"net/http"
	"testing"
)

// setter is a server that sets the cookies of its query and shows those it got.
func setter(w http.ResponseWriter, r *http.Request) {
	for _, c := range r.URL.Query()["set"] {
		w.Header().Add("Set-Cookie", c)
	}
	_, _ = io.WriteString(w, r.Header.Get("Cookie"))
}

// cookiesOf asks u for path and returns the cookies that the server got.
func cookiesOf(t *testing.T, c *Client, base string, h http.Header) string {
	t.Helper()
	resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, base), Header: h})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Release()
	return string(resp.Body)
}

func TestCookiesAreKeptOnlyWhereAskedFor(t *testing.T) {
	u := serve(t, setter).String()
	without, with := newClient(t, Options{}), newClient(t, Options{Cookies: true})
	for _, c := range []*Client{without, with} {
		cookiesOf(t, c, u+"?set=a=1&set=b=2%3BPath=/deep&set=c=3%3BMax-Age=0", nil)
	}
	if got := cookiesOf(t, without, u, nil); got != "" {
		t.Errorf("sent %q without being asked to", got)
	}
	for path, want := range map[string]string{"": "a=1", "deep/x": "b=2; a=1", "deeper": "a=1"} {
		if got := cookiesOf(t, with, u+path, nil); got != want {
			t.Errorf("/%s got %q, want %q", path, got, want)
		}
	}
	if got := cookiesOf(t, with, u, http.Header{"Cookie": {"own=0"}}); got != "own=0; a=1" {
		t.Errorf("with the caller's own: %q", got)
	}
	cookiesOf(t, with, u+"?set=a=%3BMax-Age=-1", nil)
	if got := cookiesOf(t, with, u, nil); got != "" {
		t.Errorf("a cookie that was taken back is sent: %q", got)
	}
}

// A cookie goes to nobody but the host that set it, and none is taken for a
// public suffix.
func TestCookiesStayWithTheirHost(t *testing.T) {
	j := newJar()
	j.set(mustURL(t, "https://www.example.co.uk/"), http.Header{"Set-Cookie": {
		"host=1", "wide=2; Domain=example.co.uk", "suffix=3; Domain=co.uk", "other=4; Domain=example.com",
	}})
	for u, want := range map[string]string{
		"https://www.example.co.uk/": "host=1; wide=2",
		"https://example.co.uk/":     "wide=2",
		"https://other.co.uk/":       "",
		"https://example.com/":       "",
		"http://www.example.co.uk/":  "host=1; wide=2",
	} {
		if got := j.header(mustURL(t, u), nil); got != want {
			t.Errorf("%s is sent %q, want %q", u, got, want)
		}
	}
	j.set(mustURL(t, "https://safe.example/"), http.Header{"Set-Cookie": {"s=1; Secure; HttpOnly"}})
	if j.header(mustURL(t, "http://safe.example/"), nil) != "" || j.header(mustURL(t, "https://safe.example/"), nil) != "s=1" {
		t.Error("a secure cookie is for TLS alone")
	}
}

// The quotes are part of the value (RFC 6265 section 5.2).
func TestACookieInQuotesIsSentInQuotes(t *testing.T) {
	j, u := newJar(), mustURL(t, "http://example.com/")
	j.set(u, http.Header{"Set-Cookie": {`a="1"`, "b=2 3", "c="}})
	if got := j.header(u, nil); got != `a="1"; b=2 3; c=` {
		t.Errorf("sent %q", got)
	}
}
