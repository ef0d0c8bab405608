package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// One test per row of faults.md that one exchange can meet; row 10 is in
// tls_test.go, rows 13 and 14 in decode_test.go, rows 5, 6 and 20 in
// next_test.go, row 9 in dns_test.go.

func TestFault01ARefusedConnectionIsConnectAndRetried(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	resp, err := do(t, Options{}, mustURL(t, "http://user:secret@"+addr+"/"))
	e := failsWith(t, err, KindConnect, PhaseConnect)
	if e.Error() != "connection refused" || e.URL != "http://"+addr+"/" || e.Op != "get" {
		t.Errorf("got %q for %s %s", e, e.Op, e.URL)
	}
	if !retried(resp, err) {
		t.Error("not retried")
	}
}

func TestFault02AResetInMidBodyIsReset(t *testing.T) {
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf")
		time.Sleep(20 * time.Millisecond) // lets the bytes arrive before the RST
		p.reset()
	})
	resp, err := do(t, Options{}, u)
	failsWith(t, err, KindReset, PhaseBody)
	if resp.Status != 200 || resp.IP != "127.0.0.1" || resp.Body != nil || !retried(resp, err) {
		t.Errorf("got %+v", resp)
	}
}

func TestFault02AResetBeforeTheAnswerIsReset(t *testing.T) {
	u := raw(t, func(p *peer) { p.request(); p.reset() })
	resp, err := do(t, Options{}, u)
	failsWith(t, err, KindReset, PhaseHeaders)
	if !retried(resp, err) {
		t.Error("not retried")
	}
}

func TestFault02AConnectionClosedWithoutAnAnswerIsReset(t *testing.T) {
	u := raw(t, func(p *peer) { p.request() })
	_, err := do(t, Options{}, u)
	e := failsWith(t, err, KindReset, PhaseHeaders)
	if e.Error() != "connection closed before an answer came" {
		t.Errorf("says %q", e)
	}
}

func TestFault02AHeaderCutShortIsTruncated(t *testing.T) {
	_, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\nContent-Type: te"))
	failsWith(t, err, KindTruncated, PhaseHeaders)
}

func TestFault03SlowHeadersEndAtTheTimeout(t *testing.T) {
	u := raw(t, func(p *peer) {
		p.request()
		for _, c := range "HTTP/1.1 200 OK\r\nX-Slow: " + strings.Repeat("x", 1000) {
			if _, err := p.Write([]byte(string(c))); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	resp, err := do(t, Options{Timeout: 100 * time.Millisecond}, u)
	e := failsWith(t, err, KindTimeout, PhaseHeaders)
	if !e.Timeout() || !retried(resp, err) {
		t.Error("not a time-out that is retried")
	}
	if e.Error() != "timed out after 100ms waiting for the answer" {
		t.Errorf("says %q", e)
	}
}

func TestFault03ASlowBodyEndsAtTheTimeout(t *testing.T) {
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		for range 1000 {
			if _, err := p.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	resp, err := do(t, Options{Timeout: 100 * time.Millisecond}, u)
	failsWith(t, err, KindTimeout, PhaseBody)
	if resp.Status != 200 || resp.WireSize == 0 || resp.Time.Download == 0 {
		t.Errorf("what was learnt is lost: %+v", resp)
	}
}

func TestFault04AnEndlessBodyIsCutAndTheConnectionClosed(t *testing.T) {
	closed := make(chan struct{})
	u := raw(t, func(p *peer) {
		defer close(closed)
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
		page := bytes.Repeat([]byte("a"), 4096)
		for {
			if _, err := p.Write(page); err != nil {
				return
			}
		}
	})
	resp, err := do(t, Options{MaxBody: 10_000}, u)
	if err != nil || !resp.Truncated || resp.Size != 10_000 || len(resp.Body) != 10_000 || resp.WireSize < 10_000 {
		t.Errorf("err %v, truncated %v, size %d, wire %d", err, resp.Truncated, resp.Size, resp.WireSize)
	}
	<-closed
}

func TestFault11AChunkedBodyCutShortIsTruncatedAndRetried(t *testing.T) {
	for name, body := range map[string]string{
		"inside a chunk":     "64\r\nhalf",
		"between two chunks": "4\r\nfour\r\n",
		"before any chunk":   "",
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+body))
			failsWith(t, err, KindTruncated, PhaseBody)
			if !retried(resp, err) {
				t.Error("not retried")
			}
		})
	}
}

func TestFault11AChunkSizeThatIsNoNumberIsProtocol(t *testing.T) {
	for _, size := range []string{"zz", "-5", "fffffffffffffffff", "1x0", ""} {
		resp, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+size+"\r\nabc\r\n0\r\n\r\n"))
		failsWith(t, err, KindProtocol, PhaseBody)
		if retried(resp, err) {
			t.Errorf("%q: retried", size)
		}
	}
}

func TestFault12AContentLengthThatIsTooLongIsTruncated(t *testing.T) {
	resp, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"))
	failsWith(t, err, KindTruncated, PhaseBody)
	if resp.WireSize != 5 || !retried(resp, err) {
		t.Errorf("wire size %d", resp.WireSize)
	}
}

func TestFault12WhatFollowsTheContentLengthIsIgnoredAndTheConnectionClosed(t *testing.T) {
	closed := make(chan struct{})
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and a surplus HTTP/1.1 200 OK\r\n\r\n")
		p.wait()
		close(closed)
	})
	resp, err := do(t, Options{}, u)
	if err != nil || string(resp.Body) != "four" {
		t.Errorf("body %q, error %v", resp.Body, err)
	}
	<-closed
}

func TestFault12ContentLengthsThatDifferAreProtocol(t *testing.T) {
	for _, lengths := range []string{"Content-Length: 4\r\nContent-Length: 5\r\n", "Content-Length: x\r\n", "Content-Length: -1\r\n"} {
		_, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\n"+lengths+"\r\nfour5"))
		failsWith(t, err, KindProtocol, PhaseHeaders)
	}
}

func TestFault12AnAnswerThatIsNoHTTPIsProtocol(t *testing.T) {
	for _, garbage := range []string{
		"SSH-2.0-OpenSSH_9.9\r\n",
		"\x00\x01\x02\x1b[31m\r\n\r\n",
		"HTTP/1.1 abc OK\r\n\r\n",
		"HTTP/9.9.9 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
		"HTTP/1.1 000 Nothing\r\n\r\n",
	} {
		resp, err := do(t, Options{}, answers(t, garbage))
		failsWith(t, err, KindProtocol, PhaseHeaders)
		if retried(resp, err) {
			t.Errorf("%q: retried", garbage)
		}
	}
}

func TestFault15HeadersEndAt256KiB(t *testing.T) {
	t.Run("one endless header", func(t *testing.T) {
		var sent atomic.Int64
		u := raw(t, func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nX-Big: ")
			sent.Store(endless(p, strings.Repeat("a", 4096)))
		})
		_, err := do(t, Options{}, u)
		failsWith(t, err, KindProtocol, PhaseHeaders)
	})
	t.Run("a hundred thousand headers", func(t *testing.T) {
		u := raw(t, func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\n")
			endless(p, strings.Repeat("X-Many: some value\r\n", 100))
		})
		_, err := do(t, Options{}, u)
		failsWith(t, err, KindProtocol, PhaseHeaders)
	})
	t.Run("200 KiB are taken", func(t *testing.T) {
		u := answers(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Big: "+strings.Repeat("a", 200<<10)+"\r\n\r\n")
		resp, err := do(t, Options{}, u)
		if err != nil || len(resp.Header.Get("X-Big")) != 200<<10 {
			t.Error(err)
		}
	})
}

// endless sends s until the client is gone, at most a gigabyte.
func endless(w io.Writer, s string) (sent int64) {
	for sent < 1<<30 {
		n, err := io.WriteString(w, s)
		sent += int64(n)
		if err != nil {
			break
		}
	}
	return sent
}

func TestFault16ControlCharactersInHeaderValuesBecomeSpaces(t *testing.T) {
	resp, err := do(t, Options{}, answers(t,
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Evil: a\x00b\rc\x1bd\te\r\nContent-Type: text/html\x00\r\n\r\n"))
	if err != nil { // refusing the answer would do as well
		failsWith(t, err, KindProtocol, PhaseHeaders)
		return
	}
	if got := resp.Header.Get("X-Evil"); got != "a b c d\te" {
		t.Errorf("header value %q", got)
	}
	if strings.ContainsRune(resp.ContentType, 0) {
		t.Errorf("content type %q", resp.ContentType)
	}
}

func TestFault16NoHeaderCanSmuggleInAnother(t *testing.T) {
	u := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, h := range []http.Header{
		{"X": {"a\r\nEvil: 1"}}, {"X": {"a\nb"}}, {"X": {"a\x00"}}, {"X\r\nEvil": {"1"}}, {"": {"x"}}, {"A b": {"x"}},
	} {
		if _, err := New(Options{Header: h}); err == nil {
			t.Errorf("New takes %q", h)
		}
		_, err := newClient(t, Options{}).Do(t.Context(), &Request{URL: u, Header: h})
		failsWith(t, err, KindInternal, "")
	}
	_, err := newClient(t, Options{}).Do(t.Context(), &Request{URL: u, Method: "GET / HTTP/1.1\r\nEvil: 1\r\n"})
	failsWith(t, err, KindInternal, "")
	if _, err := New(Options{UserAgent: "a\r\nb"}); err == nil {
		t.Error("New takes a user agent of two lines")
	}
}

func TestFault17AStormOfInformationalResponsesIsProtocol(t *testing.T) {
	storm := func(n int) string {
		return strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", n) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	}
	resp, err := do(t, Options{}, answers(t, storm(20)))
	if err != nil || string(resp.Body) != "ok" {
		t.Errorf("20 of them: %v", err)
	}
	_, err = do(t, Options{}, answers(t, storm(21)))
	e := failsWith(t, err, KindProtocol, PhaseHeaders)
	if e.Error() != "more than 20 informational responses" {
		t.Errorf("says %q", e)
	}
	endlessly := raw(t, func(p *peer) { p.request(); endless(p, "HTTP/1.1 100 Continue\r\n\r\n") })
	_, err = do(t, Options{}, endlessly)
	failsWith(t, err, KindProtocol, PhaseHeaders)
}

func TestFault19AKeepAliveConnectionClosedAtReuseIsRetriedSilently(t *testing.T) {
	var requests atomic.Int32
	u := raw(t, func(p *peer) {
		p.request()
		requests.Add(1)
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + fmt.Sprint(p.nr))
		if p.nr == 1 {
			p.request() // the connection is reused, and closed without an answer
			p.reset()
			return
		}
		p.wait()
	})
	c := newClient(t, Options{})
	for _, want := range []string{"1", "2"} {
		resp, err := c.Do(context.Background(), &Request{URL: u})
		if err != nil || string(resp.Body) != want {
			t.Fatalf("body %q, error %v; want %s", resp.Body, err, want)
		}
		resp.Release()
	}
	if requests.Load() != 2 {
		t.Errorf("%d requests were answered", requests.Load())
	}
}

func TestFault19AnUnsafeMethodIsNotRepeatedAtReuse(t *testing.T) {
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + fmt.Sprint(p.nr))
		if p.nr == 1 {
			p.request()
			p.reset()
		}
	})
	c := newClient(t, Options{})
	resp, err := c.Do(context.Background(), &Request{URL: u})
	if err != nil {
		t.Fatal(err)
	}
	resp.Release()
	resp, err = c.Do(context.Background(), &Request{URL: u, Method: "POST"})
	defer resp.Release()
	failsWith(t, err, KindReset, PhaseHeaders)
}
