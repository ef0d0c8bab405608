package extract

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crawl/weburl"
)

// html5libMisses names each case on which the charset differs from html5lib's,
// by the file and its number there from 0, and why.
var html5libMisses = map[string]string{
	"scripted/tests1.dat 00": "the <meta> is written by a script, and no script runs here",
}

// The encoding cases of html5lib-tests lie beside the repository, not in it.
func TestCharsetAsInHTML5lib(t *testing.T) {
	const dir = "../../shared/data/html5lib/encoding"
	var files []string
	for _, pattern := range []string{"*.dat", "scripted/*.dat"} {
		some, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	if len(files) == 0 {
		t.Skip("no html5lib data")
	}
	total, missed := 0, 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range bytes.Split(b, []byte("#data\n"))[1:] {
			body, want, ok := bytes.Cut(c, []byte("\n#encoding\n"))
			if !ok {
				t.Fatalf("%s %d: no #encoding", file, i)
			}
			label, _, _ := strings.Cut(string(want), "\n")
			_, name := lookupLabel(label)
			rel, err := filepath.Rel(dir, file)
			if err != nil {
				t.Fatal(err)
			}
			key := fmt.Sprintf("%s %02d", filepath.ToSlash(rel), i)
			p, err := Parse(body, "text/html", weburl.URL{}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := p.Charset
			total++
			why, listed := html5libMisses[key]
			if got == name && listed {
				t.Errorf("%s passes now: take it off the list (%s)", key, why)
			}
			if got != name {
				missed++
				if !listed {
					t.Errorf("%s: got %q, want %q:\n%.200s", key, got, label, body)
				}
			}
		}
	}
	// chardet/test_big5.txt asks for a guess at the language. The standard leaves
	// that to browsers; ours ends at valid UTF-8.
	if b, err := os.ReadFile(filepath.Join(dir, "chardet/test_big5.txt")); err == nil {
		if p, err := Parse(b, "text/html", weburl.URL{}, Options{}); err != nil || p.CharsetSource != "default" {
			t.Errorf("Big5 without a label: %q (%s), %v", p.Charset, p.CharsetSource, err)
		}
	}
	t.Logf("%d of %d cases pass", total-missed, total)
}
