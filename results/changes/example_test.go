package changes_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"crawl/results"
	"crawl/results/changes"
)

// Three runs over two pages: what the second sees is what the first saw, and the
// third finds one changed and the other gone.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	page := func(url string, status int, content string) *results.Record {
		r := &results.Record{URL: url, Status: status, OK: status == 200}
		if r.Basis.Content = content; !r.OK {
			r.Error.Kind = "http"
		}
		return r
	}
	const a, b = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
	for n, records := range [][]*results.Record{
		{page("https://a.example/", 200, a), page("https://b.example/", 200, a)},
		{page("https://a.example/", 200, a), page("https://b.example/", 200, a)},
		{page("https://a.example/", 200, b), page("https://b.example/", 404, b)},
	} {
		m, err := changes.Open(filepath.Join(dir, "seen.jsonl"), changes.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		defer m.Abort()
		feed := m.Feed(printer{n + 1})
		for _, r := range records {
			err = errors.Join(err, feed.Write(r))
		}
		if err := errors.Join(err, feed.Close(), m.Commit()); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// run 1: new https://a.example/
	// run 1: new https://b.example/
	// run 3: changed https://a.example/
	// run 3: gone https://b.example/
}

// printer is a sink for people.
type printer struct{ run int }

func (p printer) Write(r *results.Record) error {
	fmt.Printf("run %d: %s %s\n", p.run, r.Change, r.URL)
	return nil
}
func (printer) Flush() error { return nil }
func (printer) Close() error { return nil }
