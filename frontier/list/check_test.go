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
// error says why, and never shows the value.
func TestCheckHeader(t *testing.T) {
	const name, control, connection, host = "its name is invalid", "its value holds a control character", "it belongs to the connection", "its value is no host"
	for _, c := range []struct {
		name, value string
		why         string // "": it may be set
	}{
		{"Accept", "text/plain", ""},
		{"x-empty", "", ""},
		{"X-Latin", "gr\xfc\xdfe", ""},
		{"Authorization", "Bearer hush", ""},
		{"Host", "staging.example:8080", ""},
		{"Host", "hush /", host},
		{"Host", "hush\n", control},
		{"", "hush", name},
		{"a b", "hush", name},
		{"a:", "hush", name},
		{"X-A", "hush\r\nX-B: c", control},
		{"X-A", "hush\x00", control},
		{"content-length", "7", connection},
		{"Transfer-Encoding", "chunked", connection},
		{"connection", "hush", connection},
		{"Keep-Alive", "hush", connection},
		{"Proxy-Authorization", "Basic hush", connection},
		{"TE", "trailers", connection},
		{"Upgrade", "h2c", connection},
		{"Expect", "100-continue", connection},
	} {
		err := CheckHeader(c.name, c.value)
		if (err == nil) != (c.why == "") || err != nil && !strings.HasSuffix(err.Error(), " cannot be sent: "+c.why) {
			t.Errorf("%q: %q gives %v, want %s", c.name, c.value, err, c.why)
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
