package engine

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// healthyLines are a thousand pages of ten servers, each titled with its path.
func healthyLines(t *testing.T, s *servers) []sickLine {
	ready := map[string]string{} // compressed pages
	plain := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, pageOf(r.URL.Path)) }
	in := func(coding string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", coding)
			_, _ = io.WriteString(w, ready[coding+r.URL.Path])
		}
	}
	chunked := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for _, c := range pageOf(r.URL.Path) {
			fmt.Fprintf(w, "%c", c)
			w.(http.Flusher).Flush()
		}
	}
	bases := []string{
		s.handler(in("gzip")), s.handler(in("br")), s.handler(in("zstd")), s.handler(plain), s.handler(chunked),
		s.handlerTLS(true, plain), s.handlerTLS(false, plain),
		strings.Replace(s.handler(plain), "127.0.0.1", "healthy.example", 1),
		s.closesAtReuse(), s.closesAtEnd(),
	}
	var lines []sickLine
	for i := range healthy {
		path := fmt.Sprintf("page/%d", i)
		if coding := [...]string{"gzip", "br", "zstd"}; i%len(bases) < len(coding) {
			ready[coding[i%len(bases)]+"/"+path] = coded(t, coding[i%len(bases)], []byte(pageOf("/"+path)))
		}
		lines = append(lines, sickLine{row: 19, name: well, url: bases[i%len(bases)] + path, title: "/" + path})
	}
	return lines
}

// closesAtReuse is a server that keeps connections alive, and closes them when
// the second request has come, or before it: faults.md row 19.
func (s *servers) closesAtReuse() string {
	return s.raw(func(p *peer) {
		if head := p.request(); head != "" {
			p.send(whole(pageOf(strings.Fields(head)[1]), "Content-Type: text/html"))
		}
		switch p.nr % 3 {
		case 0:
			p.request()
		case 1:
			p.request()
			p.reset()
		}
	})
}

// closesAtEnd speaks HTTP/1.0: the end of the connection is the end of the page.
func (s *servers) closesAtEnd() string {
	return s.raw(func(p *peer) {
		if head := p.request(); head != "" {
			p.send("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + pageOf(strings.Fields(head)[1]))
		}
	})
}
