package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
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

// What no decoder takes is on tape all the same, to its end: for what it was worth, it
// came.
func TestATapHasAllOfABodyThatCannotBeDecoded(t *testing.T) {
	nonsense, zeros := strings.Repeat("nonsense ", 20_000), string(make([]byte, 200_000))
	page := string(encode(t, "gzip", []byte("page")))
	for _, tc := range []struct {
		coding, body string
		kind         Kind
	}{
		{"utf-8", nonsense, KindDecode},
		{"binary", nonsense, KindDecode},
		{"aws-chunked", nonsense, KindDecode},
		{"gzip", nonsense, KindDecode},
		{"deflate", nonsense, KindDecode},
		{"br", nonsense, KindDecode},
		{"zstd", nonsense, KindDecode},
		{"gzip, br", nonsense, KindDecode},
		{"gzip", "hello", KindDecode},
		{"gzip", page + zeros, ""},
		{"gzip", page[:len(page)-5], KindDecode},
	} {
		head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n", tc.coding, len(tc.body))
		tape, resp, err := recorded(t, Options{}, head+tc.body)
		if kindOf(err) != tc.kind || !resp.Whole || resp.Cut != "" || resp.WireSize != int64(len(tc.body)) || (err == nil) != (string(resp.Body) == "page") {
			t.Errorf("%s of %d bytes: %v, whole %v, cut by %q, %d bytes, %q", tc.coding, len(tc.body), err, resp.Whole, resp.Cut, resp.WireSize, resp.Body)
		}
		if tape.wire.String() != tc.body || tape.payload.String() != tc.body {
			t.Errorf("%s: %d bytes are on tape, of %d", tc.coding, tape.wire.Len(), len(tc.body))
		}
	}
}

// The rest of such a body is read under the same limits, and what ends it is told beside
// the error, which stays.
func TestWhatEndsABodyThatCannotBeDecodedIsTold(t *testing.T) {
	nonsense := strings.Repeat("nonsense ", 20_000)
	nothing := "\x50\x2a\x4d\x18\x00\x00\x20\x00" + string(make([]byte, 2<<20)) // a frame to be skipped
	for _, tc := range []struct {
		coding, wire string
		cut          Kind
		most         int
	}{
		{"rot13", "Content-Length: 180000\r\n\r\n" + nonsense, KindTooLarge, 100_001},
		{"rot13", "Content-Length: 50000\r\n\r\nhello", KindTruncated, 5},
		{"rot13", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n", KindProtocol, 100},
		{"zstd", "Content-Length: 50000000\r\n\r\n" + nothing, KindTooLarge, 200_000 + bombFloor + 5000},
	} {
		tape, resp, err := recorded(t, Options{MaxBody: 100_000}, "HTTP/1.1 200 OK\r\nContent-Encoding: "+tc.coding+"\r\n"+tc.wire)
		if kindOf(err) != KindDecode || resp.Whole || resp.Cut != tc.cut || tape.wire.Len() > tc.most || !strings.Contains(tc.wire, tape.wire.String()) || tape.payload.Len() < 5 {
			t.Errorf("%.80q: %v, whole %v, cut by %q, %d bytes on tape", tc.wire, err, resp.Whole, resp.Cut, tape.wire.Len())
		}
	}
}

func TestTheRestOfABodyIsReadNoLongerThanTheExchangeMayTake(t *testing.T) {
	stalls := func(t *testing.T, coding, body string) *Request {
		u := raw(t, func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: 500000\r\n\r\n" + body)
			p.wait()
		})
		return &Request{URL: u, Timeout: 300 * time.Millisecond}
	}
	_, resp, err := onTape(t, Options{}, stalls(t, "rot13", "hello"))
	if kindOf(err) != KindDecode || resp.Whole || resp.Cut != KindTimeout {
		t.Errorf("%v, whole %v, cut by %q", err, resp.Whole, resp.Cut)
	}

	// The end of the caller's ctx is the end of the exchange, as ever.
	for cause, kind := range map[error]Kind{context.Canceled: KindCancelled, context.DeadlineExceeded: KindDeadline} {
		for coding, body := range map[string]string{"rot13": "hello", "gzip": string(encode(t, "gzip", []byte("page"))) + string(make([]byte, 70_000))} {
			req := stalls(t, coding, body)
			req.Timeout = 0
			ctx, cancel := context.WithCancelCause(context.Background())
			req.Tap = &endAfter{left: len(body), end: func() { cancel(cause) }}
			resp, err := newClient(t, Options{HTTP1: true}).Do(ctx, req)
			if kindOf(err) != kind || resp.Body != nil {
				t.Errorf("%s: %v, body %q; want %s", coding, err, resp.Body, kind)
			}
			resp.Release()
		}
	}
}

// endAfter ends the exchange once so much of its body came.
type endAfter struct {
	left int
	end  func()
}

func (e *endAfter) Answer(_, _ []byte) {}
func (e *endAfter) Wire(_ []byte)      {}
func (e *endAfter) Payload(p []byte) {
	if e.left -= len(p); e.left == 0 {
		e.end()
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

// Bytes that came before the run's end was noticed are an answer.
func TestABodyThatReachesItsLimitAsTheRunEndsIsNoEmptyPage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body := append(encode(t, "gzip", []byte("page")), make([]byte, 100_000)...)
	a := &answer{status: http.StatusOK, length: -1, header: http.Header{"Content-Encoding": {"gzip"}}, body: bytes.NewReader(body), tap: &tape{}}
	var resp Response
	err := newClient(t, Options{}).readBody(ctx, &resp, a, http.MethodGet, 1000)
	defer resp.Release()
	if err != nil || string(resp.Body) != "page" || resp.Cut != KindTooLarge {
		t.Errorf("%q, cut by %q, %v", resp.Body, resp.Cut, err)
	}
}
