package journal

import (
	"fmt"
	"testing"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

// open is a state in dir, loaded for an output that has all records.
func open(t *testing.T, dir string) (*Journal, Found) {
	t.Helper()
	return load(t, dir, Output{Held: func(Entry) bool { return true }})
}

func load(t *testing.T, dir string, out Output) (*Journal, Found) {
	t.Helper()
	j := must(Open(dir, Options{Settings: settings("jsonl"), Now: func() time.Time { return time.Unix(1e9, 0) }}))(t)
	found, err := j.Load(out)
	if err != nil {
		j.Close()
		t.Fatal(err)
	}
	return j, found
}

func settings(format string) []Setting {
	return []Setting{{"-format", format}, {"-order", "completed"}}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// line is a line of a list; one that begins with a blank is no URL.
func line(j *Journal, index int64, text string) frontier.Item {
	it := frontier.Item{Index: index, Input: text}
	it.URL, it.Invalid = weburl.ParseInput(text)
	it.Key = j.Key(&it)
	return it
}

// finish notes that lines have their records, of ten bytes each.
func finish(t *testing.T, j *Journal, verdict frontier.Verdict, its ...frontier.Item) {
	t.Helper()
	for _, it := range its {
		end := j.size - headSize // as long as no other makes entries
		check(t, j.Append(Entry{Key: it.Key, Index: it.Index, Verdict: verdict, Invalid: it.Invalid != nil,
			At: end / entrySize * 10, End: end/entrySize*10 + 10}))
	}
}

func urls(j *Journal, from, to int) (its []frontier.Item) {
	for i := from; i < to; i++ {
		its = append(its, line(j, int64(i), fmt.Sprintf("http://a.example/%d", i)))
	}
	return its
}

// fates meets lines, and says what became of them: n, r or d each.
func fates(j *Journal, its ...frontier.Item) string {
	s := ""
	j.Approach(its) // which says nothing
	for _, it := range its {
		s += string("nrd"[j.Meet(&it)])
	}
	return s
}

// lengthOf is that of an output of n bytes; below zero: of a pipe.
func lengthOf(n int64) func() int64 {
	if n < 0 {
		return nil
	}
	return func() int64 { return n }
}
