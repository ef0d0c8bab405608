package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The rooms of the house and what each may import of the others. No arrow runs
// up: main, cli, engine, the leaves, weburl.
var mayImport = map[string][]string{
	"":         {"cli"},
	"cli":      {"cli", "engine", "extract", "fetch", "frontier", "results"},
	"engine":   {"extract", "fetch", "frontier", "loop", "pool", "results", "weburl"},
	"loop":     {},
	"pool":     {},
	"fetch":    {"fetch", "weburl"},
	"extract":  {"extract", "weburl"},
	"frontier": {"frontier", "weburl"},
	"results":  {"results"},
	"weburl":   {},
}

// Rooms that stand on the standard library alone, and modules that only one
// room may know.
var (
	standardOnly = []string{"loop", "pool", "results"}
	// sinkLibrary is the one library that a sink of results may stand on beside.
	sinkLibrary = map[string]string{"crawl/results/warc": "github.com/klauspost/compress/gzip"}
	onlyIn      = map[string]string{
		"github.com/spf13/pflag":          "cli",
		"github.com/pelletier/go-toml/v2": "cli",
		"golang.org/x/term":               "cli",
		"github.com/PuerkitoBio/goquery":  "extract",
		"github.com/jimsmart/grobotstxt":  "fetch",
		"github.com/nlnwa/whatwg-url/url": "weburl",
		"golang.org/x/time/rate":          "frontier cli",
		"modernc.org/sqlite":              "frontier",
	}
)

// ground lists the sub-rooms that a room stands on; they import nothing of the
// house. All others stand on their parent.
var ground = map[string][]string{
	"crawl/fetch": {"crawl/fetch/dial", "crawl/fetch/http1"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

// room is the top-level folder of a package of ours.
func room(path string) (name string, ours bool) {
	if path == "crawl" {
		return "", true
	}
	rest, ours := strings.CutPrefix(path, "crawl/")
	name, _, _ = strings.Cut(rest, "/")
	return name, ours
}

func TestNoArrowRunsUp(t *testing.T) {
	for _, p := range packages(t) {
		from, _ := room(p.ImportPath)
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s is in a room that the house does not know", p.ImportPath)
		}
		for _, imp := range p.Imports {
			to, ours := room(imp)
			switch {
			case ours && !slices.Contains(allowed, to):
				t.Errorf("%s imports %s: an arrow that must not be", p.ImportPath, imp)
			case !ours && strings.Contains(strings.Split(imp, "/")[0], ".") && slices.Contains(standardOnly, from) && imp != sinkLibrary[p.ImportPath]:
				t.Errorf("%s imports %s, and stands on the standard library alone", p.ImportPath, imp)
			case onlyIn[imp] != "" && !slices.Contains(strings.Fields(onlyIn[imp]), from):
				t.Errorf("%s imports %s, which only %s may know", p.ImportPath, imp, onlyIn[imp])
			}
		}
		if parent := "crawl/" + from; slices.Contains(ground[parent], p.ImportPath) {
			for _, imp := range p.Imports {
				if _, ours := room(imp); ours {
					t.Errorf("%s imports %s, and is the ground of %s", p.ImportPath, imp, parent)
				}
			}
		}
		if rest, sub := strings.CutPrefix(p.ImportPath, "crawl/"+from+"/"); sub && rest != "" {
			continue
		}
		for _, imp := range p.Imports { // a parent imports of its sub-rooms only its ground; cli wires its own
			if strings.HasPrefix(imp, p.ImportPath+"/") && from != "" && from != "cli" && !slices.Contains(ground[p.ImportPath], imp) {
				t.Errorf("%s imports its sub-room %s", p.ImportPath, imp)
			}
		}
	}
}

func TestRoomsAreKept(t *testing.T) {
	for _, p := range packages(t) {
		dir := filepath.FromSlash(strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "crawl"), "/"))
		if dir != "" && !strings.HasSuffix(dir, "test") {
			if _, err := os.Stat(filepath.Join(dir, "doc.go")); err != nil {
				t.Errorf("%s has no doc.go", p.ImportPath)
			}
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if text, err := os.ReadFile(f); err == nil && !strings.HasSuffix(f, "_test.go") && bytes.Count(text, []byte("\n")) > 400 {
				t.Errorf("%s has over 400 lines", f)
			}
		}
	}
	if text, err := os.ReadFile("main.go"); err != nil || bytes.Count(text, []byte("\n")) > 60 {
		t.Errorf("main.go is to have under 60 lines (%v)", err)
	}
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var ps []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}
