package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// serveMirror answers any path, and any query, with what was asked for as a page;
// below /gone/ it says that the page is gone.
func serveMirror(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case strings.HasPrefix(r.URL.Path, "/gone/"):
		w.WriteHeader(http.StatusGone)
	case r.URL.Path == "/robots.txt", r.URL.Path == "/empty":
		return
	}
	io.WriteString(w, r.Method+" "+r.RequestURI)
}

// saved DIR FILE N: the records of FILE name N files, each once; these are all
// the files in DIR and in what DIR lies in, and each has the digest of its record.
func cmdSaved(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	named := map[string]bool{}
	for _, r := range readRecords(ts, args[1]) {
		file, ok := r["file"].(string)
		if !ok {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(file))
		if named[path] || !filepath.IsLocal(filepath.FromSlash(file)) {
			ts.Fatalf("%q is the file of two records, or lies elsewhere", file)
		}
		named[path] = true
		body, err := os.ReadFile(path)
		ts.Check(err)
		if got := fmt.Sprintf("%x", sha256.Sum256(body)); got != r["digest"] || float64(len(body)) != r["size"] {
			ts.Fatalf("%s has %d bytes with digest %s, the record says %v and %v", path, len(body), got, r["size"], r["digest"])
		}
	}
	ts.Check(filepath.WalkDir(filepath.Dir(dir), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !named[path] {
			ts.Fatalf("%s belongs to no record", path)
		}
		return err
	}))
	if len(named) != n {
		ts.Fatalf("%d files, want %d", len(named), n)
	}
}
