package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKilledAnywhereARunGoesOn: the same command, twenty times killed at any
// instant and then left alone, has done what one run does: no line is lost, none
// has two records, no record is torn, and a kill repeats no more than twice -c
// requests.
func TestKilledAnywhereARunGoesOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags string
		check func(t *testing.T, k *killed, out string)
	}{
		{"to a file", "-o out", eachOnce},
		{"in input order", "-o out -order input", inOrder},
		{"as text", "-o out -format text", linesOnce},
		{"as text, in input order", "-o out -format text -order input", linesOnce},
		{"to standard output", "", eachAtLeastOnce},
		{"to standard output, in input order", "-order input", eachAtLeastOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKilled(t)
			args := command("-state state", c.flags)
			k.killOften(t, args)
			if code := k.run(t, args, nil); code != 1 {
				t.Fatalf("in the end the code is %d, want 1", code)
			}
			c.check(t, k, filepath.Join(k.dir, "out"))
			k.checkRequests(t)
			if code := k.run(t, args, nil); code != 1 {
				t.Errorf("with nothing left the code is %d, want 1", code)
			}
			c.check(t, k, filepath.Join(k.dir, "out"))
		})
	}
}

func newKilled(t *testing.T) *killed {
	k := &killed{}
	root := k.start(t, k.serve)
	for i := range 700 {
		line := fmt.Sprintf("%s/page/%d", root, i)
		switch {
		case i%10 == 3 && i > 20: // one of before, again
			line = fmt.Sprintf("%s/page/%d", root, i-i%10-9)
		case i%25 == 4:
			line = "mailto:nobody@example.com"
		case i%25 == 9:
			line = fmt.Sprintf("mailto:number%d@example.com", i)
		case i%10 == 5:
			line = fmt.Sprintf("%s/gone/%d", root, i)
		case i%50 == 7:
			line = fmt.Sprintf("%s/broken/%d", root, i)
		}
		k.lines = append(k.lines, line)
		if strings.HasPrefix(line, "http") {
			k.urls[strings.TrimPrefix(line, root)] = true
		}
	}
	k.list(t)
	return k
}

// indexes are those of the records, in their order; each is of its line.
func indexes(t *testing.T, k *killed, out string) []int {
	t.Helper()
	var all []int
	for text := range strings.Lines(read(t, out)) {
		var r struct {
			Index      int
			URL        string
			Input      string
			DuplicateO *int `json:"duplicate_of"`
		}
		if err := json.Unmarshal([]byte(text), &r); err != nil || !strings.HasSuffix(text, "\n") {
			t.Fatalf("a torn record: %q", text)
		}
		if r.Index >= len(k.lines) || r.URL != k.lines[r.Index] {
			t.Fatalf("%d is %s", r.Index, r.URL)
		}
		if first := slices.Index(k.lines, r.URL); strings.HasPrefix(r.URL, "http") && first != r.Index && (r.DuplicateO == nil || *r.DuplicateO != first) {
			t.Errorf("%d repeats %d, and its record does not say so", r.Index, first)
		}
		all = append(all, r.Index)
	}
	return all
}

func eachOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	all := indexes(t, k, out)
	slices.Sort(all)
	for i, index := range all {
		if i != index {
			t.Fatalf("%d comes where %d should: a line is lost, or doubled", index, i)
		}
	}
	if len(all) != len(k.lines) {
		t.Errorf("%d records of %d lines", len(all), len(k.lines))
	}
}

func inOrder(t *testing.T, k *killed, out string) {
	t.Helper()
	if all := indexes(t, k, out); !slices.IsSorted(all) {
		t.Error("the records are not in the order of the lines")
	}
	eachOnce(t, k, out)
}

// linesOnce: of text, as often as each URL is in the list.
func linesOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	got, want := map[string]int{}, map[string]int{}
	for text := range strings.Lines(read(t, out)) {
		for _, word := range strings.Fields(text) {
			if strings.HasPrefix(word, "http:") || strings.HasPrefix(word, "mailto:") {
				got[word]++
				break
			}
		}
		if !strings.HasSuffix(text, "\n") {
			t.Errorf("a torn line: %q", text)
		}
	}
	for _, url := range k.lines {
		want[url]++
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d URLs are in the output, %d in the list, or not as often", len(got), len(want))
	}
}

func eachAtLeastOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	all := indexes(t, k, out)
	slices.Sort(all)
	doubled := len(all)
	all = slices.Compact(all)
	if len(all) != len(k.lines) {
		t.Errorf("%d lines of %d have a record", len(all), len(k.lines))
	}
	if doubled -= len(all); doubled > kills*4*inFlight {
		t.Errorf("%d records came twice", doubled)
	} else {
		t.Logf("%d records came twice", doubled)
	}
}
