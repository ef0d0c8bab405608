package metrics

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crawl/engine"
)

func look(context.Context) (engine.Counts, error) { return counts, nil }

// ask sends a request with a method and a Host of one's own, and returns the answer
// without its body.
func ask(t *testing.T, s *Server, method, host, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.l.Addr().String()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp
}

// A page of the web whose name was made to lead to loopback (DNS rebinding) reads
// nothing: its browser says that name as the Host.
func TestOnLoopbackOnlyItsNamesAreAnswered(t *testing.T) {
	s := serve(t, look)
	for host, want := range map[string]int{
		"127.0.0.1":             200,
		"127.0.0.1:1234":        200, // through a tunnel, whose port is another
		"127.9.9.9:80":          200,
		"localhost:9090":        200,
		"LocalHost.":            200,
		"[::1]:9090":            200,
		"[::1]":                 200,
		"[::ffff:127.0.0.1]:80": 200,
		"evil.example:9090":     403,
		"evil.example":          403,
		"localhost.evil:9090":   403,
		"127.0.0.1.evil:9090":   403,
		"10.1.2.3:9090":         403,
		"0.0.0.0:9090":          403,
		"[::]:9090":             403,
	} {
		for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap"} {
			if got := ask(t, s, http.MethodGet, host, path).StatusCode; got != want {
				t.Errorf("%s%s: status %d, want %d", host, path, got, want)
			}
		}
	}
}

// A name that was given for a loopback address is answered too, with none it is not.
func TestTheNameThatWasGivenIsAnswered(t *testing.T) {
	for given, want := range map[string]int{"My-Box.lan": 200, "127.0.0.1": 403} {
		h := guarded(http.NotFoundHandler(), given)
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://my-box.lan:9090/", nil)
		h.ServeHTTP(w, r)
		if got := map[int]int{404: 200}[w.Code]; got != want && w.Code != want {
			t.Errorf("%s: status %d, want %d", given, w.Code, want)
		}
	}
}

// Nothing is changed from outside, so that there is nothing to post.
func TestOnlyGETAndHEADAreAnswered(t *testing.T) {
	s := serve(t, look)
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/symbol", "/debug/pprof/profile?seconds=1", "/"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"} {
			resp := ask(t, s, method, "localhost", path)
			if resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: status %d, Allow %q", method, path, resp.StatusCode, resp.Header.Get("Allow"))
			}
		}
	}
	if resp := ask(t, s, "HEAD", "localhost", "/metrics"); resp.StatusCode != 200 || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("HEAD: status %d, %v", resp.StatusCode, resp.Header)
	}
}

// Profiles hold URLs and memory of the run: beyond loopback there are none, and
// metrics are for whoever reaches the address, by any name.
func TestBeyondLoopbackThereAreOnlyMetrics(t *testing.T) {
	s, err := Serve("0.0.0.0:0", look)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	if s.Profiles() {
		t.Error("it says that it has profiles")
	}
	base := strings.Replace(s.Addr(), "0.0.0.0", "127.0.0.1", 1)
	if base == s.Addr() {
		t.Errorf("it answers at %s, and 0.0.0.0 was given", s.Addr())
	}
	for path, want := range map[string]int{"/metrics": 200, "/debug/pprof/": 404, "/debug/pprof/heap": 404, "/debug/pprof/symbol": 404} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "crawler.lan:9090"
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, resp.StatusCode, want)
		}
	}
}

// The address is told as it was given, with the port that it has.
func TestTheAddressIsToldAsItWasGiven(t *testing.T) {
	for given, want := range map[string]string{"localhost:0": "localhost:%s", ":0": "127.0.0.1:%s", "0.0.0.0:0": "0.0.0.0:%s", "[::]:0": "[::]:%s"} {
		s, err := Serve(given, look)
		if err != nil {
			if strings.HasPrefix(given, "[") {
				continue // no IPv6 here
			}
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(s.l.Addr().String())
		if want := fmt.Sprintf(want, port); s.Addr() != want || port == "0" {
			t.Errorf("%s: %s, want %s", given, s.Addr(), want)
		}
		s.Close(t.Context())
	}
}

// 0.0.0.0 is all of IPv4, and not IPv6 too.
func TestAnAddressOfIPv4IsNoneOfIPv6(t *testing.T) {
	s, err := Serve("0.0.0.0:0", look)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(t.Context())
	_, port, _ := net.SplitHostPort(s.Addr())
	if c, err := net.DialTimeout("tcp", "[::1]:"+port, time.Second); err == nil {
		c.Close()
		t.Error("it answers at ::1")
	}
}

// A head without end, or of many bytes, costs the run nothing.
func TestALongHeadIsRefused(t *testing.T) {
	s := serve(t, look)
	c, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() {
		_, _ = fmt.Fprintf(c, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n", strings.Repeat("x", 64<<10))
	}()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 431 {
		t.Errorf("status %d", resp.StatusCode)
	}
	if h := s.http; h.ReadHeaderTimeout == 0 || h.ReadTimeout == 0 || h.WriteTimeout == 0 || h.IdleTimeout == 0 {
		t.Errorf("a connection may wait without end: %+v", h)
	}
}

// Connections beyond the limit wait: the descriptors are the run's.
func TestConnectionsAreBounded(t *testing.T) {
	s := serve(t, look)
	var held []net.Conn
	for range maxConns {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		_, _ = io.WriteString(c, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := bufio.NewReader(c).ReadString('\n'); err != nil { // it is taken
			t.Fatal(err)
		}
	}
	asked := make(chan int)
	go func() { asked <- ask(t, s, "GET", "localhost", "/metrics").StatusCode }()
	select {
	case <-asked:
		t.Error("one more is answered")
	case <-time.After(100 * time.Millisecond):
		held[0].Close()
		if got := <-asked; got != 200 {
			t.Errorf("status %d", got)
		}
	}
	for _, c := range held {
		c.Close()
	}
}
