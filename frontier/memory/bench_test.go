package memory

import (
	"testing"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
)

func BenchmarkStore(b *testing.B) {
	frontiertest.Bench(b, func(tb testing.TB) frontier.Seeder {
		s := New(Options{})
		tb.Cleanup(s.Close)
		return s
	})
}
