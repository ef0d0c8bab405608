package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestABodyOfAnySizeArrivesWhole(t *testing.T) {
	c := newClient(t, Options{})
	for _, n := range []int{0, 1, 4095, 4096, 4097, 16<<10 - 1, 16 << 10, 64<<10 + 1, 1 << 20, 5 << 20, 16 << 20} {
		for _, chunked := range []bool{false, true} {
			page := bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n]
			u := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if chunked {
					w.(http.Flusher).Flush()
				} else {
					w.Header().Set("Content-Length", fmt.Sprint(n))
				}
				_, _ = w.Write(page)
			})
			resp, err := c.Do(context.Background(), &Request{URL: u})
			if err != nil || !bytes.Equal(resp.Body, page) || resp.Size != int64(n) || resp.WireSize != int64(n) || resp.Truncated {
				t.Errorf("%d bytes, chunked %v: %v, got %d, wire %d, truncated %v", n, chunked, err, resp.Size, resp.WireSize, resp.Truncated)
			}
			resp.Release()
		}
	}
}

func TestABodyIsCutExactlyAtItsLimit(t *testing.T) {
	const limit = 5000
	for n, cut := range map[int]bool{limit - 1: false, limit: false, limit + 1: true, 10 * limit: true} {
		page := strings.Repeat("x", n)
		u := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
		resp, err := do(t, Options{MaxBody: limit}, u)
		if err != nil || resp.Truncated != cut || len(resp.Body) != min(n, limit) || resp.Size != int64(min(n, limit)) {
			t.Errorf("%d bytes: %v, truncated %v, got %d", n, err, resp.Truncated, len(resp.Body))
		}
		own, err := newClient(t, Options{}).Do(context.Background(), &Request{URL: u, MaxBody: 10})
		if err != nil || len(own.Body) != 10 || !own.Truncated {
			t.Errorf("the request's own limit: %v, got %d", err, len(own.Body))
		}
		own.Release()
	}
}

func TestHeadNoContentAndNotModifiedHaveNoBody(t *testing.T) {
	for _, status := range []int{200, 204, 304} {
		u := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			if status == 200 {
				w.Header().Set("Content-Length", "1000")
			}
			w.WriteHeader(status)
		})
		resp, err := newClient(t, Options{}).Do(context.Background(), &Request{URL: u, Method: "HEAD"})
		if err != nil || resp.Status != status || resp.Size != 0 || len(resp.Body) != 0 {
			t.Errorf("%d: %v, %+v", status, err, resp)
		}
		resp.Release()
	}
}

func TestAReleasedBufferIsUsedAgainAndOnlyOnce(t *testing.T) {
	var p buffers
	b := p.get(5000)
	if cap(b.b) != 16<<10 {
		t.Errorf("5000 bytes got a buffer of %d", cap(b.b))
	}
	r := &Response{Body: b.b, buf: b, pool: &p}
	r.Release()
	r.Release()
	if r.Body != nil {
		t.Error("Body is still there")
	}
	if one, two := p.get(5000), p.get(5000); one == two {
		t.Error("one buffer was given to two")
	}
	var none *Response
	none.Release()
	(&Response{}).Release()
}

func TestAHugeContentLengthIsNotBelieved(t *testing.T) {
	if got := sizeHint(16<<20, 16<<20); got != firstBuffer {
		t.Errorf("a stranger's word is worth %d bytes", got)
	}
	if got := sizeHint(-1, 16<<20); got != 4*smallestBuffer+1 {
		t.Errorf("unknown length: %d", got)
	}
}

func TestAKeptAliveConnectionIsUsedAgain(t *testing.T) {
	for _, coding := range append([]string{"identity"}, allCodings...) {
		var conns int
		page := encode(t, coding, prose(30_000))
		if strings.HasSuffix(coding, "gzip") || strings.HasSuffix(coding, "deflate") {
			page = append(page, make([]byte, 20_000)...) // what follows is skipped
		}
		u := raw(t, func(p *peer) {
			conns = p.nr
			for p.request() != "" {
				p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: " + strings.TrimPrefix(coding, "raw ") + "\r\n\r\n")
				p.send(fmt.Sprintf("%x\r\n%s\r\n", len(page), page))
				p.send("0\r\n\r\n")
			}
		})
		c := newClient(t, Options{})
		for i := range 3 {
			resp, err := c.Do(context.Background(), &Request{URL: u})
			if err != nil || resp.Size != 30_000 {
				t.Fatalf("%s: %v, %d bytes", coding, err, resp.Size)
			}
			if reused := resp.Time.Connect == 0; reused != (i > 0) {
				t.Errorf("%s: exchange %d reused a connection: %v", coding, i, reused)
			}
			resp.Release()
		}
		if conns != 1 {
			t.Errorf("%s: %d connections", coding, conns)
		}
	}
}
