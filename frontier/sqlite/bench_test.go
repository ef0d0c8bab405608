package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
)

func BenchmarkStore(b *testing.B) {
	frontiertest.Bench(b, func(tb testing.TB) frontier.Seeder { return mustOpen(tb, tb.TempDir(), Options{}) })
}

// BenchmarkOpen opens a store with a million links that wait, as a clean exit
// leaves it and as a kill does: with its log.
func BenchmarkOpen(b *testing.B) {
	const links = 1_000_000
	dir, copied := b.TempDir(), b.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	frontiertest.Fill(b, s, links)
	_, _ = s.Stats(b.Context())
	time.Sleep(2 * groupTime) // the last group
	for _, name := range []string{File, File + "-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, name), data, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%s: %.1f MB, %d bytes a link", name, float64(len(data))/1e6, len(data)/links)
	}
	start := time.Now()
	killed := mustOpen(b, copied, Options{})
	b.Logf("after a kill: opened in %v", time.Since(start))
	if read := killed.Opened().Read; read != links {
		b.Errorf("read %d, want %d", read, links)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("after a clean exit", func(b *testing.B) {
		for range b.N {
			s, err := Open(dir, Options{})
			b.StopTimer()
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/open")
	})
}
