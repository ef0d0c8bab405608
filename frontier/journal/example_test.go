package journal_test

import (
	"fmt"
	"os"

	"crawl/frontier"
	"crawl/frontier/journal"
	"crawl/weburl"
)

// A list is run twice. The first run is ended after its first line.
func Example() {
	dir, err := os.MkdirTemp("", "journal-example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for run := range 2 {
		j, err := journal.Open(dir, journal.Options{Settings: []journal.Setting{{Name: "-format", Value: "jsonl"}}})
		if err != nil {
			fmt.Println(err)
			return
		}
		found, err := j.Load(journal.Output{}) // of a pipe
		fmt.Println("run", run, "finds", found.Done(), "done", err)
		for i, line := range []string{"http://a.example/", "http://b.example/"} {
			it := frontier.Item{Index: int64(i), Input: line}
			it.URL, it.Invalid = weburl.ParseInput(line)
			it.Key = j.Key(&it)
			if j.Meet(&it) == journal.Done {
				continue
			}
			fmt.Println("asking", it.URL)
			if err := j.Append(journal.Entry{Key: it.Key, Index: it.Index}); err != nil {
				fmt.Println(err)
			}
			if run == 0 {
				break
			}
		}
		if err := j.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// run 0 finds 0 done <nil>
	// asking http://a.example/
	// run 1 finds 1 done <nil>
	// asking http://b.example/
}
