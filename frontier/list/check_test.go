package list

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheMethodOfAllLines: it is that of the lines that name none, and part of
// what duplicates are judged by.
func TestTheMethodOfAllLines(t *testing.T) {
	text := `http://a.example/
{"url":"http://a.example/"}
{"url":"http://a.example/","method":"GET"}
{"url":"http://a.example/","method":"HEAD"}
mailto:x
`
	l := New(t.Context(), lines(text), Options{Method: http.MethodHead})
	defer l.Close()
	all, err := drain(t, l)
	if err != nil || len(all) != 5 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	for i, want := range []string{"HEAD", "HEAD", "GET", "HEAD"} {
		if got := all[i].Method; got != want {
			t.Errorf("line %d: method %q, want %q", i, got, want)
		}
	}
	for i, dup := range []bool{false, true, false, true} {
		if noted := all[i].Token == 0; noted != dup {
			t.Errorf("line %d is a duplicate: %v, want %v", i, noted, dup)
		}
	}
}

// TestCheckHeader: what a caller may set, and what belongs to the connection; the
// value is never in the error.
func TestCheckHeader(t *testing.T) {
	for _, c := range []struct {
		name, value string
		ok          bool
	}{
		{"Accept", "text/plain", true},
		{"x-empty", "", true},
		{"X-Latin", "gr\xfc\xdfe", true},
		{"Authorization", "Bearer hush", true},
		{"Host", "staging.example:8080", true},
		{"Host", "hush /", false},
		{"", "hush", false},
		{"a b", "hush", false},
		{"a:", "hush", false},
		{"X-A", "hush\r\nX-B: c", false},
		{"X-A", "hush\x00", false},
		{"content-length", "7", false},
		{"Transfer-Encoding", "chunked", false},
		{"connection", "hush", false},
		{"Keep-Alive", "hush", false},
		{"Proxy-Authorization", "Basic hush", false},
		{"TE", "trailers", false},
		{"Upgrade", "h2c", false},
		{"Expect", "100-continue", false},
	} {
		err := CheckHeader(c.name, c.value)
		if (err == nil) != c.ok {
			t.Errorf("%q: %q gives %v, want ok %v", c.name, c.value, err, c.ok)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: the error shows the value: %v", c.name, err)
		}
	}
}

// TestCheckMethod: any token is a method, but for CONNECT.
func TestCheckMethod(t *testing.T) {
	for method, ok := range map[string]bool{
		"": true, "GET": true, "POST": true, "purge": true, "M-SEARCH": true,
		"CONNECT": false, "GET /": false, "GET\r\n": false, "größe": false,
	} {
		if err := CheckMethod(method); (err == nil) != ok {
			t.Errorf("%q gives %v, want ok %v", method, err, ok)
		}
	}
}
