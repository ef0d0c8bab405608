package list

import (
	"fmt"
	"strings"
	"testing"

	"crawl/frontier"
)

// BenchmarkRead is what a line costs from the input to its end: reading,
// parsing, duplicate detection, lease and settle.
func BenchmarkRead(b *testing.B) {
	for name, hosts := range map[string]int{"one-host": 1, "thousand-hosts": 1000} {
		b.Run(name, func(b *testing.B) {
			var text strings.Builder
			for i := range b.N {
				fmt.Fprintf(&text, "https://host-%d.example/some/path/page-%d.html\n", i*hosts/b.N, i)
			}
			b.SetBytes(int64(text.Len() / b.N))
			b.ResetTimer()
			l := New(b.Context(), lines(text.String()), Options{})
			defer l.Close()
			var outs []frontier.Outcome
			for {
				batch, err := l.Claim(b.Context(), 512, 256, 0)
				if err != nil {
					b.Fatal(err)
				}
				if batch.Done {
					return
				}
				outs = outs[:0]
				for _, lease := range batch.Leases {
					for _, it := range lease.Items {
						outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
					}
				}
				if err := l.Settle(b.Context(), outs); err != nil {
					b.Fatal(err)
				}
				for _, lease := range batch.Leases {
					if err := l.Release(b.Context(), lease, 0); err != nil {
						b.Fatal(err)
					}
				}
				if len(outs) == 0 {
					<-batch.More
				}
			}
		})
	}
}
