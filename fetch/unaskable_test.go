package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
	"crawl/weburl"
)

// What browsers take for a URL and HTTP does not carry is no fault of ours, whatever
// the way to it would be: nothing is dialled.
func TestAURLThatHTTPCannotCarryIsInvalidOnEveryWay(t *testing.T) {
	everywhere := []dial.Pin{{Host: "*", Port: "80", Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}}
	proxy := dial.Fixed(&url.URL{Scheme: "http", Host: "127.0.0.1:9"}, "")
	for _, o := range []Options{{Resolve: everywhere}, {Proxies: proxy}, {HTTP1: true}, {DenyPrivate: true}} {
		o.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
			t.Errorf("%s was looked up", host)
			return nil, errors.New("not here")
		}
		c := newClient(t, o)
		c.open = func(context.Context, dial.Call) (*dial.Conn, error) {
			t.Error("dialled")
			return nil, errors.New("not here")
		}
		for s, says := range map[string]string{
			`http://a"b.example/`: "host has a character that HTTP does not allow", "https://{a}.example/": "host has a character that HTTP does not allow",
			"https://a`.example/": "host has a character that HTTP does not allow", "http://a.example:0/": "port 0 cannot be asked", "https://a.example:00/x": "port 0 cannot be asked",
		} {
			_, err := c.Do(t.Context(), &Request{URL: mustURL(t, s)})
			var e *Error
			if !errors.As(err, &e) || e.Kind != KindInvalidURL || e.Error() != says || retried(&Response{}, err) {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
}

// Whatever host browsers allow can be asked, or is said to be unaskable.
func TestEveryHostThatBrowsersAllowIsAskedOrRefused(t *testing.T) {
	c, asked := newClient(t, Options{}), 0
	for b := range 256 {
		u, err := weburl.Parse("http://a" + string([]byte{byte(b)}) + "b.example/")
		if err != nil {
			continue
		}
		w, err := c.wireRequest(&Request{URL: u})
		if err != nil {
			if where := (where{}); classify(err, where) != KindInvalidURL {
				t.Errorf("%s: %v", u, err)
			}
			continue
		}
		asked++
		if _, err = http1.NewConn(&recorder{}, http1.Options{}).Do(w.http1(), http1.Events{}); !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", u, err)
		}
		if _, err := (&http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}).RoundTrip(w.http2(t.Context())); !errors.Is(err, io.EOF) {
			t.Errorf("%s by net/http: %v", u, err)
		}
	}
	if asked < 40 {
		t.Errorf("only %d of the hosts can be asked", asked)
	}
}

func TestARedirectToWhatHTTPCannotCarryIsProtocol(t *testing.T) {
	for location, says := range map[string]string{
		"http://a{b.example/":      `redirect to "http://a{b.example/": host has a character that HTTP does not allow`,
		"//me:secret@a`b.example/": "redirect to \"//***@a`b.example/\": host has a character that HTTP does not allow",
		"https://a.example:0/?x":   `redirect to "https://a.example:0/?x": port 0 cannot be asked`,
	} {
		r := &Response{Status: 302, Header: http.Header{"Location": {location}}}
		d := Next(r, nil, State{URL: mustURL(t, "http://site.example/"), MaxRetries: 2, MaxRedirects: 5}, noon, half)
		if d.Action != Done || d.Err == nil || d.Err.Kind != KindProtocol || d.Err.Phase != PhaseHeaders || d.Err.Error() != says {
			t.Errorf("%s: %+v", location, d)
		} else {
			checkMessage(t, d.Err)
		}
	}
}

func TestAHostHeaderThatCannotBeSentIsRefusedOnEveryWay(t *testing.T) {
	c := newClient(t, Options{})
	_, err := c.wireRequest(&Request{URL: mustURL(t, "https://a.example/"), Header: http.Header{"Host": {"a b"}}})
	if err == nil || classify(err, where{}) != KindInternal {
		t.Errorf("got %v", err)
	}
}
