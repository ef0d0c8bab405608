package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"crawl/results"
)

// Site is a running demo site.
type Site struct {
	servers []*http.Server
	lines   []line
	wrong   []string
	checked int
}

// line is one line of the site's list, and how it is to end.
type line struct {
	text   string
	status int
	kind   string // of the error; "": ok
	title  string
	hops   int
	dup    bool
}

// Serve starts the site: four hosts, which are four ports of 127.0.0.1, and a
// fifth on which nobody answers. Close ends it.
func Serve() (*Site, error) {
	s := &Site{}
	var hosts []string
	for _, h := range []http.Handler{pages(), slow(), troubled(), busy()} {
		host, err := s.serve(h)
		if err != nil {
			s.Close()
			return nil, err
		}
		hosts = append(hosts, host)
	}
	s.lines = script(hosts[0], hosts[1], hosts[2], hosts[3], nobody)
	return s, nil
}

func (s *Site) serve(h http.Handler) (host string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	srv := &http.Server{Handler: h}
	s.servers = append(s.servers, srv)
	go func() { _ = srv.Serve(l) }() // ends with Close
	return l.Addr().String(), nil
}

// nobody is an address on which nobody listens: tcpmux's, which is served nowhere
// any more. A port that was free a moment ago may be another program's by now.
const nobody = "127.0.0.1:1"

// Close ends the servers and drops their connections.
func (s *Site) Close() error {
	var errs []error
	for _, srv := range s.servers {
		errs = append(errs, srv.Close())
	}
	return errors.Join(errs...)
}

// List is the list to crawl, one line each, with the comments and blank lines
// that lists have.
func (s *Site) List() io.Reader {
	var b strings.Builder
	b.WriteString("# the demo site\n\n")
	for _, l := range s.lines {
		b.WriteString(l.text + "\n")
	}
	return strings.NewReader(b.String())
}

// Len is the number of lines that get a record.
func (s *Site) Len() int { return len(s.lines) }

// Check holds a record against what the site intends for its line.
func (s *Site) Check(r *results.Record) {
	if !r.HasIndex || r.Index >= int64(len(s.lines)) {
		s.wrong = append(s.wrong, fmt.Sprintf("a record of no line: %s", r.URL))
		return
	}
	s.checked++
	want := s.lines[r.Index]
	got := line{text: want.text, status: r.Status, kind: r.Error.Kind, title: r.Title, hops: len(r.Redirects), dup: r.Duplicate}
	if got != want {
		s.wrong = append(s.wrong, fmt.Sprintf("%s ended as %s, intended was %s", want.text, got, want))
	}
}

// Wrong tells what did not end as intended. It is empty after a good run.
func (s *Site) Wrong() []string {
	if s.checked != len(s.lines) {
		return append(s.wrong, fmt.Sprintf("%d of %d lines have a record", s.checked, len(s.lines)))
	}
	return s.wrong
}

func (l line) String() string {
	kind := l.kind
	switch {
	case l.dup:
		kind = "duplicate"
	case kind == "":
		kind = "ok"
	}
	return fmt.Sprintf("%s (status %d, %d redirects, title %q)", kind, l.status, l.hops, l.title)
}
