package demo

import (
	"bufio"
	"fmt"
	"strings"
	"testing"

	"crawl/results"
)

// A record that is not as intended is told, and so is one that is missing.
func TestCheckTellsWhatIsWrong(t *testing.T) {
	s, err := Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if wrong := s.Wrong(); len(wrong) != 1 || !strings.Contains(wrong[0], "0 of 201 lines") {
		t.Errorf("before the run: %q", wrong)
	}
	for i, l := range s.lines {
		r := &results.Record{Index: int64(i), HasIndex: true, Status: l.status, Title: l.title, Duplicate: l.dup, Error: results.Failure{Kind: l.kind}}
		for range l.hops {
			r.Redirects = append(r.Redirects, results.Redirect{})
		}
		if i == 7 {
			r.Title = "Another"
		}
		s.Check(r)
	}
	if wrong := s.Wrong(); len(wrong) != 1 || !strings.Contains(wrong[0], `title "Another"`) {
		t.Errorf("after the run: %q", wrong)
	}
	s.Check(&results.Record{Index: 5000, HasIndex: true})
	if len(s.Wrong()) < 2 {
		t.Error("a record of no line was taken")
	}
}

func TestListHasALineForEach(t *testing.T) {
	s, err := Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for sc := bufio.NewScanner(s.List()); sc.Scan(); {
		if text := sc.Text(); text != "" && !strings.HasPrefix(text, "#") {
			n++
		}
	}
	if n != s.Len() {
		t.Errorf("%d lines, %d records are expected", n, s.Len())
	}
}

func Example() {
	site, err := Serve()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer site.Close()
	fmt.Println(site.Len(), "URLs")
	// Output: 201 URLs
}
