package changes

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crawl/results"
)

// sum is a content by a word for it.
func sum(word string) string {
	h := sha256.Sum256([]byte(word))
	return hex.EncodeToString(h[:])
}

// A line's outcome in a run, in short: "ok a" is a page of content a, and other
// words are those of outcomes.
func record(url, outcome string) *results.Record {
	r := &results.Record{URL: url}
	status := map[string]int{"404": 404, "410": 410, "500": 500, "503": 503, "304": 304, "301": 301, "204": 204}[outcome]
	content, ok := strings.CutPrefix(outcome, "ok ")
	switch {
	case ok:
		r.Status, r.OK, r.Basis.Content = 200, true, sum(content)
	case status >= 400:
		r.Status, r.Error.Kind, r.Basis.Content = status, "http", sum("an error page")
	case status == 304:
		r.Status, r.OK = status, true
	case status != 0:
		r.Status, r.OK, r.Basis.Content = status, true, sum("")
	case outcome == "dup":
		r.Duplicate = true
	case outcome == "404 cut":
		r.Status, r.Error.Kind = 404, "truncated"
	default:
		r.Error.Kind = outcome
	}
	return r
}

// told is a sink that keeps what it is told: "word url".
type told struct {
	words   []string
	skipped []int64
	fault   error
}

func (s *told) Write(r *results.Record) error {
	s.words = append(s.words, strings.TrimSpace(r.Change+" "+r.URL))
	return s.fault
}
func (s *told) Skip(index int64) error { s.skipped = append(s.skipped, index); return s.fault }
func (s *told) Flush() error           { return nil }
func (s *told) Close() error           { return nil }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open is Open that must not fail.
func open(t testing.TB, path string, failAfter int) *Memory {
	t.Helper()
	m, err := Open(path, Options{FailAfter: failAfter})
	must(t, err)
	t.Cleanup(m.Abort)
	return m
}

// run is one run with these records; what it tells is kept.
func run(t testing.TB, path string, failAfter int, recs ...*results.Record) []string {
	t.Helper()
	m, sink := open(t, path, failAfter), &told{}
	feed := m.Feed(sink)
	for _, r := range recs {
		must(t, feed.Write(r))
	}
	must(t, errors.Join(feed.Flush(), feed.Close(), m.Commit()))
	return sink.words
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func seen(t testing.TB) string { return filepath.Join(t.TempDir(), "seen.jsonl") }

// header is that of version 1, which has no last line.
const header = `{"format":"crawl changes","version":1,"salt":"00112233445566778899aabbccddeeff"}` + "\n"

// header2 is that of what is written today.
var header2 = strings.Replace(header, `"version":1`, `"version":2`, 1)
