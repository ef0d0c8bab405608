package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// BenchmarkDo is one exchange on a kept-alive connection, the test's own server
// included.
func BenchmarkDo(b *testing.B) {
	for _, n := range []int{1 << 10, 100 << 10} {
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			b.Run(fmt.Sprintf("%s/%dKiB", coding, n>>10), func(b *testing.B) {
				body := encode(b, coding, prose(n))
				u := serve(b, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", coding)
					w.Header().Set("Content-Length", fmt.Sprint(len(body)))
					_, _ = w.Write(body)
				})
				c := newClient(b, Options{})
				b.ReportAllocs()
				b.SetBytes(int64(n))
				for b.Loop() {
					resp, err := c.Do(context.Background(), &Request{URL: u})
					if err != nil {
						b.Fatal(err)
					}
					resp.Release()
				}
			})
		}
	}
}

// BenchmarkNetHTTP is the same with net/http's transport as tuned as it can be,
// to compare with BenchmarkDo/identity.
func BenchmarkNetHTTP(b *testing.B) {
	for _, n := range []int{1 << 10, 100 << 10} {
		b.Run(fmt.Sprintf("identity/%dKiB", n>>10), func(b *testing.B) {
			body := prose(n)
			u := serve(b, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(body)))
				_, _ = w.Write(body)
			})
			rt := &http.Transport{DisableCompression: true}
			buf := make([]byte, n+1)
			b.ReportAllocs()
			b.SetBytes(int64(n))
			for b.Loop() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				req, err := http.NewRequestWithContext(ctx, "GET", u.String(), nil)
				if err != nil {
					b.Fatal(err)
				}
				resp, err := rt.RoundTrip(req)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(resp.Body, buf); err != io.ErrUnexpectedEOF {
					b.Fatal(err)
				}
				_ = resp.Body.Close()
				cancel()
			}
		})
	}
}
