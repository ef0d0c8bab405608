package changes

import (
	"fmt"
	"testing"

	"crawl/results"
)

// BenchmarkEntries times what a feed adds to a run, for each line of its list: to
// read the file, to ask for validators, to judge and write, and to keep an entry
// that was not met. Judged and kept ones are read too, and synced.
func BenchmarkEntries(b *testing.B) {
	const n = 200_000
	path, recs := seen(b), make([]*results.Record, n)
	for i := range recs {
		url := fmt.Sprintf("https://www.example-%d.com/articles/2026/11/page-%d.html", i%1000, i)
		recs[i] = withTags(record(url, fmt.Sprint("ok ", i)), fmt.Sprintf(`"%x"`, i), date, "")
	}
	run(b, path, 2, recs...)
	each := func(name string, step func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				step(b)
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
	each("read", func(b *testing.B) { open(b, path, 2).Abort() })
	m := open(b, path, 2)
	each("known", func(b *testing.B) {
		for _, r := range recs {
			if _, ok := m.Known(Request{URL: r.URL}); !ok {
				b.Fatal(r.URL)
			}
		}
	})
	m.Abort()
	each("judged", func(b *testing.B) { run(b, path, 2, recs...) })
	each("kept", func(b *testing.B) { run(b, path, 2) })
}
