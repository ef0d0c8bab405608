package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
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

// BenchmarkNetHTTP is the usual way, to compare with BenchmarkDo/identity.
func BenchmarkNetHTTP(b *testing.B) {
	body := prose(100 << 10)
	u := serve(b, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	c := &http.Client{Transport: &http.Transport{}}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		resp, err := c.Get(u.String())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}
