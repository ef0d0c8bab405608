package http1

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// page is an answer of the usual kind, as a server behind a CDN sends it, with a
// body of n bytes.
func page(n int, chunked bool) string {
	h := "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n" +
		"Connection: keep-alive\r\nServer: nginx\r\nVary: Accept-Encoding\r\nCache-Control: max-age=600\r\n" +
		"Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\nETag: \"67406d2a-400\"\r\nX-Frame-Options: DENY\r\n" +
		"strict-transport-security: max-age=31536000\r\nset-cookie: a=1; Path=/\r\nset-cookie: b=2; Path=/\r\n"
	if !chunked {
		return h + fmt.Sprintf("Content-Length: %d\r\n\r\n", n) + strings.Repeat("x", n)
	}
	b := strings.Builder{}
	b.WriteString(h + "Transfer-Encoding: chunked\r\n\r\n")
	for n > 0 {
		c := min(n, 8<<10)
		fmt.Fprintf(&b, "%x\r\n%s\r\n", c, strings.Repeat("x", c))
		n -= c
	}
	return b.String() + "0\r\n\r\n"
}

// pages are the bodies that are measured.
var pages = []struct {
	name string
	wire string
}{
	{"1KiB", page(1<<10, false)},
	{"100KiB", page(100<<10, false)},
	{"chunked100KiB", page(100<<10, true)},
}

// again sends the same answer for ever, one for each request.
type again struct {
	peer
	wire string
	r    strings.Reader
}

func (a *again) Read(p []byte) (int, error)  { return a.r.Read(p) }
func (a *again) Write(p []byte) (int, error) { a.r.Reset(a.wire); return len(p), nil }

// BenchmarkExchange is one exchange with its body on a connection that costs
// nothing.
func BenchmarkExchange(b *testing.B) {
	for _, p := range pages {
		b.Run(p.name, func(b *testing.B) {
			c := NewConn(&again{wire: p.wire}, Options{})
			r := get()
			r.Header = header("User-Agent", "crawl/1.0", "Accept", "text/html", "Accept-Encoding", "zstd, gzip, br, deflate")
			buf := make([]byte, 128<<10)
			b.ReportAllocs()
			b.SetBytes(int64(len(p.wire)))
			for b.Loop() {
				a, err := c.Do(r, Events{})
				if err != nil {
					b.Fatal(err)
				}
				if err := drain(a.Body, buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNetHTTP is the reading half of it by net/http's parser, to compare.
func BenchmarkNetHTTP(b *testing.B) {
	for _, p := range pages {
		b.Run(p.name, func(b *testing.B) {
			r := strings.NewReader("")
			br := bufio.NewReader(r)
			buf := make([]byte, 128<<10)
			b.ReportAllocs()
			b.SetBytes(int64(len(p.wire)))
			for b.Loop() {
				r.Reset(p.wire)
				br.Reset(r)
				a, err := http.ReadResponse(br, nil)
				if err != nil {
					b.Fatal(err)
				}
				if err := drain(a.Body, buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// drain reads to the end, as a caller with a large buffer does.
func drain(r io.Reader, buf []byte) error {
	for n := 0; ; {
		m, err := r.Read(buf[n:])
		n += m
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
