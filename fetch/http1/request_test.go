package http1

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// sent is what Do writes of a request, and what it says of one that it refuses.
func sent(t *testing.T, r *Request) (wire string, refused error) {
	t.Helper()
	p := &peer{send: strings.NewReader(ok + "Content-Length: 0\r\n\r\n")}
	c := NewConn(p, Options{})
	_, err := c.Do(r, Events{})
	if err == nil {
		if p.writes != 1 {
			t.Errorf("%d calls of Write", p.writes)
		}
		return p.got.String(), nil
	}
	var refusal *RequestError
	if !errors.As(err, &refusal) || refusal.Error() == "" || p.writes != 0 {
		t.Errorf("got %v after %d writes", err, p.writes)
	}
	if !c.Reusable() || c.Answered() {
		t.Error("a refused request cost the connection")
	}
	return "", err
}

func TestARequestIsWrittenAtOnceInAnOrderThatServersKnow(t *testing.T) {
	for range 20 { // a map has another order each time
		wire, err := sent(t, &Request{Method: "GET", Target: "/a|b?c=%zz&\xff", Host: "example.com:8080", Header: header(
			"Cookie", "a=1", "Accept-Encoding", "gzip", "X-Empty", "", "Referer", "http://example.com/caf\xe9", "User-Agent", "crawl/1",
			"Accept", "*/*", "X-Two", "1", "X-Two", "2", "Authorization", "Basic eDp5")})
		want := "GET /a|b?c=%zz&\xff HTTP/1.1\r\nHost: example.com:8080\r\nUser-Agent: crawl/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n" +
			"Authorization: Basic eDp5\r\nCookie: a=1\r\nReferer: http://example.com/caf\xe9\r\nX-Empty: \r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
		if err != nil || wire != want {
			t.Fatalf("%v\ngot  %q\nwant %q", err, wire, want)
		}
	}
}

func TestAMethodThatUsuallyHasABodySaysThatItHasNone(t *testing.T) {
	for method, says := range map[string]bool{"GET": false, "HEAD": false, "DELETE": false, "OPTIONS": false, "post": false,
		"POST": true, "PUT": true, "PATCH": true} {
		wire, err := sent(t, &Request{Method: method, Target: "/", Host: "h"})
		if err != nil || strings.Contains(wire, "\r\nContent-Length: 0\r\n") != says || !strings.HasSuffix(wire, "\r\n\r\n") {
			t.Errorf("%s: %v, %q", method, err, wire)
		}
	}
}

func TestAnAbsoluteTargetGoesToAProxyAsItIs(t *testing.T) {
	wire, err := sent(t, &Request{Method: "GET", Target: "http://example.com/a?b", Host: "example.com", Header: header("Proxy-Authorization", "x")})
	if want := "GET http://example.com/a?b HTTP/1.1\r\nHost: example.com\r\nProxy-Authorization: x\r\n\r\n"; err != nil || wire != want {
		t.Errorf("%v, %q", err, wire)
	}
}

func TestWhatIsNotTheCallersToSayIsRefused(t *testing.T) {
	for _, name := range []string{"Host", "host", "HOST", "Content-Length", "content-length", "Transfer-Encoding", "tRANSFER-eNCODING"} {
		r := get()
		r.Header = header(name, "0")
		if _, err := sent(t, r); err == nil {
			t.Errorf("%s was sent", name)
		}
	}
	for _, r := range []Request{
		{}, {Method: "GET", Host: "h"}, {Method: "GET", Target: "/"}, {Target: "/", Host: "h"},
		{Method: "CONNECT", Target: "h:443", Host: "h"},
	} {
		if _, err := sent(t, &r); err == nil {
			t.Errorf("%+v was sent", r)
		}
	}
}

// Every byte, in every place of a request.
func TestFault16NothingIsSmuggledIntoARequest(t *testing.T) {
	for b := range 256 {
		text := "a" + string([]byte{byte(b)}) + "b"
		for place, r := range map[string]*Request{
			"method": {Method: text, Target: "/", Host: "h"},
			"target": {Method: "GET", Target: "/" + text, Host: "h"},
			"host":   {Method: "GET", Target: "/", Host: text},
			"name":   {Method: "GET", Target: "/", Host: "h", Header: header(text, "v")},
			"value":  {Method: "GET", Target: "/", Host: "h", Header: header("N", text)},
		} {
			checkSent(t, r)
			_, err := sent(t, r)
			if control := b < ' ' && b != '\t' || b == 0x7f; control && err == nil {
				t.Errorf("byte %#x in the %s was sent", b, place)
			}
			if (b == ' ' || b == '\t') && place != "value" && err == nil {
				t.Errorf("byte %#x in the %s was sent", b, place)
			}
			if b > 0x7f && (place == "target" || place == "value") && err != nil {
				t.Errorf("byte %#x in the %s: %v", b, place, err)
			}
		}
	}
	r := get()
	r.Header = header("Referer", "x\r\nX-Injected: y")
	if wire, err := sent(t, r); err == nil {
		t.Errorf("sent %q", wire)
	} else if strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("the message has it raw: %q", err)
	}
}

// checkSent: what is sent are the lines of the request, and no other.
func checkSent(t *testing.T, r *Request) {
	t.Helper()
	wire, err := sent(t, r)
	if err != nil {
		return
	}
	want := []string{r.Method + " " + r.Target + " HTTP/1.1", "Host: " + r.Host}
	for name, values := range r.Header {
		for _, v := range values {
			want = append(want, name+": "+v)
		}
	}
	got := strings.Split(strings.Replace(wire, "Content-Length: 0\r\n", "", 1), "\r\n")
	if strings.Join(got, "\n") != strings.Join(append(want, "", ""), "\n") || strings.Count(wire, "\n") != strings.Count(wire, "\r\n") ||
		strings.Count(wire, "\r") != strings.Count(wire, "\n") || strings.Count(got[0], " ") != 2 {
		t.Errorf("%+v was sent as %q", r, wire)
	}
}

func TestALargeRequestDoesNotStayInMemory(t *testing.T) {
	c := NewConn(&again{wire: ok + "Content-Length: 0\r\n\r\n"}, Options{})
	r := get()
	r.Header = header("X", strings.Repeat("x", 1<<20))
	mustDo(t, c, r)
	mustDo(t, c, get())
	if cap(c.out) > keptOut {
		t.Errorf("%d bytes are kept", cap(c.out))
	}
	for _, name := range c.names[:cap(c.names)] {
		if name != "" {
			t.Errorf("the name %q is kept", name)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("GET", "/a?b", "example.com", "Referer", "http://example.com/")
	f.Add("POST", "http://h/", "[::1]:80", "X", "a\r\nb: c")
	f.Add("G T", "/ HTTP/1.1\r\n", "h\n", "Content-Length", "5")
	f.Fuzz(func(t *testing.T, method, target, host, name, value string) {
		checkSent(t, &Request{Method: method, Target: target, Host: host, Header: http.Header{name: {value}}})
		for _, framing := range []string{"host", "content-length", "transfer-encoding"} {
			if wire, err := sent(t, &Request{Method: "GET", Target: "/", Host: "h", Header: http.Header{name: {value}}}); err == nil &&
				bytes.Contains(bytes.ToLower([]byte(strings.TrimPrefix(wire, "GET / HTTP/1.1\r\nHost: h"))), []byte("\r\n"+framing+":")) {
				t.Errorf("sent %q", wire)
			}
		}
	})
}
