package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"crawl/fetch/http1"
	"crawl/weburl"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// half is a jitter without chance.
func half() float64 { return 0.5 }

// answered is a Response without a body.
func answered(t testing.TB, from string, status int, header ...string) *Response {
	t.Helper()
	r := &Response{URL: mustURL(t, from), Status: status, Header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func state(t testing.TB, from string) State {
	return State{URL: mustURL(t, from), MaxRetries: 2, MaxRedirects: 10}
}

const page = "http://site.example/dir/page"

func TestAnAcceptedStatusIsDone(t *testing.T) {
	for _, status := range []int{200, 204, 206, 299, 300} {
		if d := Next(answered(t, page, status), nil, state(t, page), noon, half); d.Action != Done || d.Err != nil {
			t.Errorf("%d: %+v", status, d)
		}
	}
	st := state(t, page)
	st.Accept = func(status int) bool { return status == 503 }
	if d := Next(answered(t, page, 503), nil, st, noon, half); d.Action != Done || d.Err != nil {
		t.Errorf("an accepted 503 is tried again: %+v", d)
	}
	d := Next(answered(t, page, 200), nil, st, noon, half)
	if e := failsWith(t, d.Err, KindHTTP, PhaseHeaders); e.Error() != "200 OK" {
		t.Errorf("says %q", e)
	}
}

// TestANotModifiedAnswersAConditionOnly: without one it says nothing of the page,
// whatever is accepted.
func TestANotModifiedAnswersAConditionOnly(t *testing.T) {
	asked := state(t, page)
	asked.Conditional = true
	if d := Next(answered(t, page, 304, "Location", "/x"), nil, asked, noon, half); d.Action != Done || d.Err != nil {
		t.Errorf("to a condition: %+v", d)
	}
	asked.Accept = func(status int) bool { return status == 200 }
	failsWith(t, Next(answered(t, page, 304), nil, asked, noon, half).Err, KindHTTP, PhaseHeaders)

	unasked := state(t, page)
	for _, accept := range []func(int) bool{nil, func(int) bool { return true }, func(int) bool { return false }} {
		unasked.Accept = accept
		d := Next(answered(t, page, 304, "Location", "/x"), nil, unasked, noon, half)
		if e := failsWith(t, d.Err, KindProtocol, PhaseHeaders); d.Action != Done || e.Error() != "304 Not Modified, to a request without a condition" {
			t.Errorf("%+v says %q", d, e)
		}
	}
}

func TestAStatusThatIsNotAcceptedIsHTTP(t *testing.T) {
	for status, says := range map[int]string{404: "404 Not Found", 410: "410 Gone", 599: "599", 999: "999", 501: "501 Not Implemented"} {
		d := Next(answered(t, page, status), nil, state(t, page), noon, half)
		e := failsWith(t, d.Err, KindHTTP, PhaseHeaders)
		if d.Action != Done || e.Error() != says || e.Attempts != 1 || e.URL != page || e.Op != "get" {
			t.Errorf("%d: %+v says %q", status, d, e)
		}
	}
}

func TestTheRetryListIsThatOfTheContract(t *testing.T) {
	for _, status := range []int{408, 429, 500, 502, 503, 504} {
		if d := Next(answered(t, page, status), nil, state(t, page), noon, half); d.Action != Retry || d.After != 250*time.Millisecond {
			t.Errorf("%d: %+v", status, d)
		}
	}
	again := map[Kind]bool{KindDNS: true, KindConnect: true, KindTimeout: true, KindReset: true, KindTruncated: true}
	for _, k := range []Kind{
		KindInvalidURL, KindRobots, KindScope, KindDNS, KindConnect, KindTLS, KindTimeout, KindReset, KindTruncated,
		KindTooLarge, KindRedirectLimit, KindRedirectScheme, KindBlockedAddress, KindProtocol, KindDecode, KindHTTP,
		KindCancelled, KindDeadline, KindInternal,
	} {
		err := &Error{Kind: k}
		d := Next(nil, fmt.Errorf("wrapped: %w", err), state(t, page), noon, half)
		if (d.Action == Retry) != again[k] {
			t.Errorf("%s: %v", k, d.Action)
		}
		if d.Action == Done && (d.Err == nil || d.Err.Kind != k || d.Err.Attempts != 1) {
			t.Errorf("%s: %+v", k, d.Err)
		}
		if err.Attempts != 0 {
			t.Error("the caller's error was changed")
		}
	}
	unknown := &Error{Kind: KindDNS, Err: &net.DNSError{IsNotFound: true}}
	if d := Next(nil, unknown, state(t, page), noon, half); d.Action != Done {
		t.Error("a host that does not exist is asked again")
	}
	if d := Next(nil, errors.New("odd"), state(t, page), noon, half); d.Action != Done || d.Err.Kind != KindInternal {
		t.Errorf("an error of unknown type: %+v", d)
	}
}

func TestOnlyIdempotentMethodsAreRetried(t *testing.T) {
	for method, want := range map[string]Action{"": Retry, "GET": Retry, "HEAD": Retry, "OPTIONS": Retry, "PUT": Retry, "DELETE": Retry, "TRACE": Retry, "POST": Done, "PATCH": Done, "get": Done} {
		st := state(t, page)
		st.Method = method
		if d := Next(nil, &Error{Kind: KindReset}, st, noon, half); d.Action != want {
			t.Errorf("%q: %v", method, d.Action)
		}
		if d := Next(answered(t, page, 503), nil, st, noon, half); d.Action != want {
			t.Errorf("%q, 503: %v", method, d.Action)
		}
	}
}

func TestTheBackoffDoublesUnderFullJitterUntilTheBudgetIsSpent(t *testing.T) {
	st := state(t, page)
	st.MaxRetries = 100
	want := []time.Duration{500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}
	for retries, full := range want {
		st.Retries = retries
		for _, chance := range []float64{0, 0.25, 0.999} {
			d := Next(nil, &Error{Kind: KindReset}, st, noon, func() float64 { return chance })
			if exact := time.Duration(chance * float64(full*time.Millisecond)); d.After != exact {
				t.Errorf("retry %d, chance %v: after %v, want %v", retries, chance, d.After, exact)
			}
		}
	}
	for _, st.Retries = range []int{100, 101, 1 << 40} {
		d := Next(nil, &Error{Kind: KindReset}, st, noon, half)
		if d.Action != Done || d.Err.Attempts != st.Retries+1 {
			t.Errorf("after %d of %d retries: %+v", st.Retries, st.MaxRetries, d)
		}
	}
}

func TestFault20RetryAfterParksTheHost(t *testing.T) {
	for _, tc := range []struct {
		value string
		want  time.Duration // 0: ordinary back-off
	}{
		{"120", 2 * time.Minute},
		{" 5 ", 5 * time.Second},
		{"3600", time.Hour},
		{"3601", time.Hour},
		{"99999999999999999999999999", time.Hour},
		{"Sun, 22 Nov 2026 12:01:00 GMT", time.Minute},
		{"Sunday, 22-Nov-26 12:01:00 GMT", time.Minute},
		{"Sun Nov 22 12:01:00 2026", time.Minute},
		{"Fri, 31 Dec 9999 23:59:59 GMT", time.Hour},
		{"Sun, 22 Nov 2026 11:59:00 GMT", 0},
		{"0", 0}, {"", 0}, {"-5", 0}, {"1.5", 0}, {"soon", 0}, {"5s", 0}, {"0x10", 0}, {"١٢", 0},
		{"Sun, 32 Nov 2026 12:01:00 GMT", 0},
	} {
		for _, status := range []int{429, 503} {
			d := Next(answered(t, page, status, "Retry-After", tc.value), nil, state(t, page), noon, half)
			if d.Action != Retry || d.Park != tc.want || d.After != max(tc.want, 250*time.Millisecond) {
				t.Errorf("%d, %q: %v after %v, park %v; want %v", status, tc.value, d.Action, d.After, d.Park, tc.want)
			}
			spent := state(t, page)
			spent.MaxRetries = 0
			d = Next(answered(t, page, status, "Retry-After", tc.value), nil, spent, noon, half)
			if d.Action != Done || d.Park != tc.want || d.Err.Kind != KindHTTP {
				t.Errorf("%d, %q without a retry left: %+v", status, tc.value, d)
			}
		}
	}
	if d := Next(answered(t, page, 500, "Retry-After", "7"), nil, state(t, page), noon, half); d.Park != 0 || d.After != 7*time.Second {
		t.Errorf("a 500 parks the host: %+v", d)
	}
	broken := answered(t, page, 429, "Retry-After", "7")
	if d := Next(broken, &Error{Kind: KindTruncated}, state(t, page), noon, half); d.Park != 7*time.Second || d.After != 7*time.Second {
		t.Errorf("a 429 whose body broke off: %+v", d)
	}
}

func TestRedirectsKeepOrChangeTheMethod(t *testing.T) {
	for _, tc := range []struct {
		status       int
		method, then string
	}{
		{301, "", "GET"}, {301, "HEAD", "HEAD"}, {301, "POST", "GET"}, {301, "PUT", "PUT"},
		{302, "GET", "GET"}, {302, "POST", "GET"}, {302, "DELETE", "DELETE"},
		{303, "GET", "GET"}, {303, "HEAD", "HEAD"}, {303, "POST", "GET"}, {303, "PUT", "GET"},
		{307, "POST", "POST"}, {307, "GET", "GET"}, {308, "POST", "POST"}, {308, "HEAD", "HEAD"},
	} {
		st := state(t, page)
		st.Method = tc.method
		d := Next(answered(t, page, tc.status, "Location", "/next"), nil, st, noon, half)
		if d.Action != Hop || d.Method != tc.then || d.URL != mustURL(t, "http://site.example/next") || d.CrossOrigin {
			t.Errorf("%d %s: %+v", tc.status, tc.method, d)
		}
	}
}

func TestALocationIsReadAsABrowserReadsIt(t *testing.T) {
	for location, want := range map[string]string{
		"other":                    "http://site.example/dir/other",
		"../up":                    "http://site.example/up",
		"?q=1":                     "http://site.example/dir/page?q=1",
		"//cdn.example/x":          "http://cdn.example/x",
		"https://site.example/":    "https://site.example/",
		"HTTP://SITE.example:80/x": "http://site.example/x",
		"/a b":                     "http://site.example/a%20b",
		"/ü":                       "http://site.example/%C3%BC",
		"/x#fragment":              "http://site.example/x",
	} {
		d := Next(answered(t, page, 302, "Location", location), nil, state(t, page), noon, half)
		if d.Action != Hop || d.URL.String() != want {
			t.Errorf("%q: %v to %q (%v), want %q", location, d.Action, d.URL, d.Err, want)
		}
		if same := strings.HasPrefix(want, "http://site.example/"); d.CrossOrigin == same {
			t.Errorf("%q: cross-origin %v", location, d.CrossOrigin)
		}
	}
}

func TestCredentialsStayWithTheirOrigin(t *testing.T) {
	from := "http://user:secret@site.example/a"
	hop := func(location string) weburl.URL {
		return Next(answered(t, from, 302, "Location", location), nil, state(t, from), noon, half).URL
	}
	if _, _, ok := hop("/b").User(); !ok {
		t.Error("a hop within the origin lost them")
	}
	for _, away := range []string{"http://other.example/", "//other.example/b", "https://site.example/b"} {
		if name, _, ok := hop(away).User(); ok {
			t.Errorf("%s was given those of %s", away, name)
		}
	}
}

func TestAStatusThatIsNoRedirectIsNotFollowed(t *testing.T) {
	for _, r := range []*Response{
		answered(t, page, 301), answered(t, page, 302, "Location", ""), answered(t, page, 300, "Location", "/x"),
		answered(t, page, 200, "Location", "/x"), answered(t, page, 201, "Location", "/x"),
	} {
		if d := Next(r, nil, state(t, page), noon, half); d.Action != Done || d.Err != nil {
			t.Errorf("%d: %+v", r.Status, d)
		}
	}
	st := state(t, page)
	st.MaxRedirects = 0
	if d := Next(answered(t, page, 302, "Location", "file:///etc/passwd"), nil, st, noon, half); d.Action != Done || d.Err != nil {
		t.Errorf("without redirects the 3xx is the answer: %+v", d)
	}
}

func TestFault05EndlessRedirectsEndAtTheLimit(t *testing.T) {
	st := state(t, page)
	hops := 0
	for {
		d := Next(answered(t, st.URL.String(), 302, "Location", fmt.Sprintf("/%d", hops)), nil, st, noon, half)
		if d.Action != Hop {
			if e := failsWith(t, d.Err, KindRedirectLimit, PhaseHeaders); e.Error() != "more than 10 redirects" {
				t.Errorf("says %q", e)
			}
			break
		}
		hops++
		st.Seen = append(st.Seen, st.URL.Identity())
		st.URL, st.Hops = d.URL, hops
	}
	if hops != 10 {
		t.Errorf("%d hops", hops)
	}
}

func TestFault05ARedirectLoopIsFound(t *testing.T) {
	st := state(t, page)
	for _, location := range []string{"", "page", "/dir/page#x", "http://SITE.example/dir/./page"} {
		d := Next(answered(t, page, 302, "Location", location), nil, st, noon, half)
		if location == "" {
			continue
		}
		if e := failsWith(t, d.Err, KindRedirectLimit, PhaseHeaders); e.Error() != "redirect loop" {
			t.Errorf("says %q", e)
		}
	}
	st.Seen = []string{"http://site.example/a", "http://site.example/b"}
	d := Next(answered(t, page, 302, "Location", "/b"), nil, st, noon, half)
	failsWith(t, d.Err, KindRedirectLimit, PhaseHeaders)
	st.Method = "POST" // post, then get the same page: no loop
	if d := Next(answered(t, page, 303, "Location", "/dir/page"), nil, st, noon, half); d.Action != Hop || d.Method != "GET" {
		t.Errorf("post, redirect, get: %+v", d)
	}
}

// What a server puts into Location is shown escaped, cut, and without secrets.
// What a hostile server makes a line keep is bounded: each target, and all.
func TestFault05TargetsAndChainsAreBounded(t *testing.T) {
	long := func(n int) string { return "/" + strings.Repeat("x", n-len("http://site.example/")) }
	for _, tc := range []struct {
		target, chain int
		says          string
	}{
		{maxTarget, 0, ""},
		{maxTarget + 1, 0, "redirect to a URL of 8193 bytes"},
		{maxTarget, maxChain - maxTarget, ""},
		{maxTarget, maxChain - maxTarget + 1, "redirects over more than 32 KiB of URLs"},
	} {
		st := State{URL: mustURL(t, page), MaxRedirects: 99, ChainLen: tc.chain}
		d := Next(answered(t, page, 302, "Location", long(tc.target)), nil, st, noon, half)
		if tc.says == "" {
			if d.Action != Hop {
				t.Errorf("%d after %d: %v", tc.target, tc.chain, d.Err)
			}
		} else if e := failsWith(t, d.Err, KindRedirectLimit, PhaseHeaders); e.Error() != tc.says {
			t.Errorf("says %q, want %q", e, tc.says)
		}
	}
}

// A page that sets a cookie and sends on to itself, or by way of a login page,
// is no loop where cookies are kept: the next request is another one.
func TestARedirectThatSetsACookieIsNoLoop(t *testing.T) {
	st := State{URL: mustURL(t, page), MaxRedirects: 9, Cookies: true, Seen: []string{"http://site.example/login"}}
	for _, location := range []string{page, "/login"} {
		with := answered(t, page, 302, "Location", location, "Set-Cookie", "a=1")
		if d := Next(with, nil, st, noon, half); d.Action != Hop || !d.Cookies {
			t.Errorf("to %s: %v, %v", location, d.Action, d.Err)
		}
		without := answered(t, page, 302, "Location", location)
		failsWith(t, Next(without, nil, st, noon, half).Err, KindRedirectLimit, PhaseHeaders)
		kept := st
		kept.Cookies = false
		failsWith(t, Next(with, nil, kept, noon, half).Err, KindRedirectLimit, PhaseHeaders)
	}
}

func TestARedirectsTargetIsShownSafely(t *testing.T) {
	for location, want := range map[string]string{
		"ftp://me:secret@x.example/":        `redirect to "ftp://***@x.example/", which is not http or https`,
		"data:" + strings.Repeat("x", 5000): `redirect to "data:` + strings.Repeat("x", 95) + `…", which is not http or https`,
		"tel:\x1b[31m1":                     `redirect to "tel:\x1b[31m1", which is not http or https`,
	} {
		d := Next(answered(t, page, 302, "Location", location), nil, state(t, page), noon, half)
		if got := d.Err.Error(); got != want {
			t.Errorf("says %q, want %q", got, want)
		}
	}
}

func TestFault06ARedirectToAnotherSchemeIsNeverOpened(t *testing.T) {
	for _, location := range []string{"file:///etc/passwd", "data:text/html,x", "ftp://site.example/", "javascript:alert(1)", "mailto:a@b.example", "gopher://x.example/", "about:blank"} {
		d := Next(answered(t, page, 302, "Location", location), nil, state(t, page), noon, half)
		e := failsWith(t, d.Err, KindRedirectScheme, PhaseHeaders)
		if d.Action != Done || !strings.Contains(e.Error(), strconv.Quote(location)) {
			t.Errorf("%s: %+v says %q, and should say where it led", location, d, e)
		}
	}
	for _, location := range []string{"http://", "http://[::1", "http://a b/", "https://x.example:99999/"} {
		d := Next(answered(t, page, 302, "Location", location), nil, state(t, page), noon, half)
		failsWith(t, d.Err, KindProtocol, PhaseHeaders)
	}
}

func TestFault16ControlCharactersInALocationNeverReachARequest(t *testing.T) {
	var got []string
	u := serve(t, func(w http.ResponseWriter, r *http.Request) { got = append(got, r.RequestURI) })
	target := "http://" + u.HostPort()
	for _, location := range []string{"/a\r\nEvil: 1", "/b\x00", "/c\tx", target + "/d\x7f?q=\x01", "/e\u2028"} {
		d := Next(answered(t, page, 302, "Location", location), nil, State{URL: u, MaxRedirects: 1}, noon, half)
		if d.Action != Hop {
			continue
		}
		if strings.ContainsFunc(d.URL.Identity(), isControl) {
			t.Errorf("%q became %q", location, d.URL)
		}
		resp, err := newClient(t, Options{}).Do(context.Background(), &Request{URL: d.URL})
		if err != nil {
			t.Errorf("%q: %v", d.URL, err)
		}
		resp.Release()
	}
	if len(got) < 4 || strings.ContainsFunc(strings.Join(got, ""), isControl) {
		t.Errorf("the server saw %q", got)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "0", "120", "99999999999999999999", "-1", "Sun, 22 Nov 2026 12:01:00 GMT", "Sunday, 22-Nov-26 12:01:00 GMT", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		r := &Response{Status: 429, Header: http.Header{"Retry-After": {v}}}
		d := Next(r, nil, State{MaxRetries: 1}, noon, half)
		if d.Action != Retry || d.Park < 0 || d.Park > time.Hour || d.After < d.Park {
			t.Errorf("%q: %+v", v, d)
		}
	})
}

func FuzzLocation(f *testing.F) {
	for _, s := range []string{"/", "//x.example", "http://a.example/ü", "javascript:x", "\r\nx", "?", "..", "http://u:p@h.example/", "\\\\x", "http://[::1]:8/", "http://0x0 00000000", "http://a{b.example/", "http://a.example:0/", "http://a b a a/"} {
		f.Add(s)
	}
	base, err := weburl.Parse("http://user:pw@site.example/dir/page")
	if err != nil {
		f.Fatal(err)
	}
	c, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, location string) {
		r := &Response{Status: 302, Header: http.Header{"Location": {cleanValue(location)}}}
		d := Next(r, nil, State{URL: base, MaxRedirects: 5}, noon, half)
		if d.Err != nil {
			checkWords(t, d.Err)
		}
		if d.Action != Hop {
			return
		}
		if s := d.URL.Scheme(); s != "http" && s != "https" {
			t.Errorf("%q leads to scheme %q", location, s)
		}
		w, err := c.wireRequest(&Request{URL: d.URL})
		if err != nil {
			t.Fatal(err)
		}
		var wire recorder
		_, err = http1.NewConn(&wire, http1.Options{}).Do(w.http1(), http1.Events{})
		if !errors.Is(err, io.EOF) {
			t.Errorf("%q: %v", location, err)
		}
		line, _, _ := strings.Cut(wire.String(), "\r\n")
		if want := "GET " + d.URL.RequestURI() + " HTTP/1.1"; line != want {
			t.Errorf("%q is asked as %q, want %q", location, line, want)
		}
		if strings.Count(wire.String(), "\r\n\r\n") != 1 || strings.Contains(line, "\n") {
			t.Errorf("%q splits the request: %q", location, wire.String())
		}
		if path := w.http2(context.Background()).URL.RequestURI(); strings.ContainsFunc(path, isControl) || strings.Contains(path, " ") {
			t.Errorf("%q over HTTP/2 is asked as %q", location, path)
		}
	})
}

// recorder is a connection that takes what is sent and answers nothing.
type recorder struct {
	net.Conn
	strings.Builder
}

func (r *recorder) Write(p []byte) (int, error) { return r.Builder.Write(p) }
func (r *recorder) Read([]byte) (int, error)    { return 0, io.EOF }

func TestTheRequestLineIsTheURLByteForByte(t *testing.T) {
	var got string
	u := raw(t, func(p *peer) {
		got, _, _ = strings.Cut(p.request(), "\r\n")
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	for _, target := range []string{"/", "/a?b", "/a?", "/%zz", "/a|b^c", "/%2f%2F", "/a%20b?c%20d|e", "/[x]", "/;p=1?a=%", "/x'(y)*!$&+,=:@~", "//double", "/a//b", "/%", "//a|b/%zz", "//h:1/"} {
		v := mustURL(t, "http://"+u.HostPort()+target)
		resp, err := newClient(t, Options{}).Do(context.Background(), &Request{URL: v})
		if err != nil {
			t.Fatal(target, err)
		}
		resp.Release()
		if want := "GET " + v.RequestURI() + " HTTP/1.1"; got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
	}
}
