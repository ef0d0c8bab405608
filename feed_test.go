package main

import (
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// feedPages are pages that change as a script says, and remember what they were
// asked with.
type feedPages struct {
	mu    sync.Mutex
	pages map[string]feedPage
	known map[string]string // by path, If-None-Match of the last request
}

type feedPage struct {
	status     int
	etag, body string
}

func (f *feedPages) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	p := f.pages[r.URL.Path]
	if f.known == nil {
		f.known = map[string]string{}
	}
	f.known[r.URL.Path] = r.Header.Get("If-None-Match")
	f.mu.Unlock()
	switch {
	case p.status == 0:
		panic(http.ErrAbortHandler)
	case p.status/100 == 3:
		w.Header().Set("Location", p.body)
	}
	w.Header().Set("Content-Type", "text/html")
	if p.etag != "" {
		w.Header().Set("ETag", p.etag)
		if r.Header.Get("If-None-Match") == p.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(p.status)
	io.WriteString(w, p.body)
}

// becomes NAME STATUS [BODY [ETAG]]: what /feed/NAME is from now on. Status 0 breaks
// the connection; of a redirect the body is the target.
func cmdBecomes(ts *testscript.TestScript, neg bool, args []string) {
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	p := feedPage{status: status}
	if len(args) > 2 {
		p.body = args[2]
	}
	if len(args) > 3 {
		p.etag = args[3]
	}
	f := &ts.Value("site").(*site).feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pages == nil {
		f.pages = map[string]feedPage{}
	}
	f.pages["/feed/"+args[0]] = p
}

// known NAME ETAG: the last request for /feed/NAME had this If-None-Match.
func cmdKnown(ts *testscript.TestScript, neg bool, args []string) {
	f := &ts.Value("site").(*site).feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if got := f.known["/feed/"+args[0]]; (got == args[1]) == neg {
		ts.Fatalf("/feed/%s: known is %q, want %q (negated: %v)", args[0], got, args[1], neg)
	}
}
