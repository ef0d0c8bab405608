package fetch

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// tape is a Tap that remembers.
type tape struct {
	answers         int
	request, header string
	wire, payload   bytes.Buffer
}

func (t *tape) Answer(request, header []byte) {
	t.answers++
	t.request, t.header = string(request), string(header)
}
func (t *tape) Wire(p []byte)    { t.wire.Write(p) }
func (t *tape) Payload(p []byte) { t.payload.Write(p) }

// recorded makes one exchange on a server that answers with these bytes.
func recorded(t *testing.T, o Options, wire string) (*tape, *Response, error) {
	t.Helper()
	u := raw(t, func(p *peer) { p.request(); p.send(wire) })
	return onTape(t, o, &Request{URL: u})
}

func onTape(t *testing.T, o Options, req *Request) (*tape, *Response, error) {
	t.Helper()
	o.HTTP1 = true
	tape := &tape{}
	req.Tap = tape
	resp, err := newClient(t, o).Do(context.Background(), req)
	t.Cleanup(resp.Release)
	return tape, resp, err
}

func TestATapHasTheExchangeAsItWentOverTheWire(t *testing.T) {
	coded := string(encode(t, "gzip", []byte("hello, hello, hello")))
	for _, tc := range []struct{ header, wire, payload, body string }{
		{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello", "hello", "hello"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nx-lower:  y \r\n\r\n", "2;x\r\nhe\r\n3\r\nllo\r\n0\r\nT: x\r\n\r\n", "hello", "hello"},
		{"HTTP/1.0 200 OK\r\n\r\n", "hello", "hello", "hello"},
		{"HTTP/1.1 204 No Content\r\n\r\n", "", "", ""},
		{"HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "", "", ""},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + strconv.Itoa(len(coded)) + "\r\n\r\n", coded, coded, "hello, hello, hello"},
	} {
		tape, resp, err := recorded(t, Options{}, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\r\n"+tc.header+tc.wire)
		if err != nil || string(resp.Body) != tc.body || !resp.Whole {
			t.Errorf("%q: %q, whole %v, %v", tc.header, resp.Body, resp.Whole, err)
		}
		if tape.answers != 1 || tape.header != tc.header || tape.wire.String() != tc.wire || tape.payload.String() != tc.payload {
			t.Errorf("%q on tape %d times: %q %q %q", tc.header+tc.wire, tape.answers, tape.header, tape.wire.String(), tape.payload.String())
		}
		if !strings.HasPrefix(tape.request, "GET / HTTP/1.1\r\nHost: 127.0.0.1:") || !strings.HasSuffix(tape.request, "\r\n\r\n") {
			t.Errorf("the request on tape is %q", tape.request)
		}
	}
}

func TestATapHasWhatWasReadOfAnAnswerThatWasNotTakenWhole(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		wire, begins string
		kind         Kind
	}{
		{"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + long, long[:101], ""}, // cut at MaxBody
		{"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "hello", KindTruncated},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n", "5\r\nhello\r\nnonsense\r\n", KindProtocol},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 5\r\n\r\nhello", "", KindDecode},
	} {
		tape, resp, err := recorded(t, Options{MaxBody: 100}, tc.wire)
		if resp.Whole || kindOf(err) != tc.kind {
			t.Errorf("%.80q: whole %v, %v", tc.wire, resp.Whole, err)
		}
		if tape.answers != 1 || !strings.HasPrefix(tape.wire.String(), tc.begins) || !strings.Contains(tc.wire, tape.wire.String()) {
			t.Errorf("%.80q on tape: %.80q", tc.wire, tape.wire.String())
		}
	}
}

func TestABodyReadToItsEndIsWholeAlsoWhereItSaysNothing(t *testing.T) {
	tape, resp, err := recorded(t, Options{}, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")
	if kindOf(err) != KindDecode || !resp.Whole || tape.payload.String() != "hello" {
		t.Errorf("%v, whole %v, on tape %q", err, resp.Whole, tape.payload.String())
	}
}

func TestATapHasNothingWhereNoAnswerCame(t *testing.T) {
	for _, wire := range []string{"", "HTTP/1.1 200 OK\r\nHalf", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"} {
		if tape, _, err := recorded(t, Options{}, wire); err == nil || tape.answers+tape.wire.Len()+tape.payload.Len() > 0 {
			t.Errorf("%q: %v, on tape %+v", wire, err, tape)
		}
	}
}

func TestOnlyTheConnectionThatCountsIsOnTape(t *testing.T) {
	u := raw(t, func(p *peer) {
		for i := 0; p.request() != ""; i++ {
			if p.nr == 1 && i == 1 {
				return // closed at its reuse
			}
			p.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nNr: " + strconv.Itoa(p.nr) + "\r\n\r\nhello")
		}
	})
	c := newClient(t, Options{HTTP1: true})
	for nr := 1; nr <= 2; nr++ {
		tape := &tape{}
		resp, err := c.Do(context.Background(), &Request{URL: u, Tap: tape})
		resp.Release()
		if err != nil || tape.answers != 1 || strings.Count(tape.request, "GET") != 1 || !strings.Contains(tape.header, "Nr: "+strconv.Itoa(nr)) || tape.wire.String() != "hello" {
			t.Errorf("exchange %d: %v, %d answers, %q %q %q", nr, err, tape.answers, tape.request, tape.header, tape.wire.String())
		}
	}
}

func TestATapHasAHeadAsItIs(t *testing.T) {
	u := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "77") })
	tape, resp, err := onTape(t, Options{}, &Request{URL: u, Method: "HEAD"})
	if err != nil || !resp.Whole || !strings.HasPrefix(tape.request, "HEAD / ") || !strings.Contains(tape.header, "77") || tape.wire.Len() > 0 {
		t.Errorf("%v: %q %q %q", err, tape.request, tape.header, tape.wire.String())
	}
}

func kindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return ""
}
