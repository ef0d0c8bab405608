package warc

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crawl/results/warc/warctest"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 123456789, time.UTC)

func inTemp(t testing.TB, o Options) (*Archive, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "site.warc.gz")
	return mustCreate(t, path, o), path
}

func mustCreate(t testing.TB, path string, o Options) *Archive {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	a, err := Create(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// said is an exchange to be put into an archive.
type said struct {
	uri, request, header, wire, payload string
	truncated                           Reason
}

func page(uri, body string) said {
	return said{uri: uri, header: "HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n", wire: body, payload: body}
}

func put(t testing.TB, a *Archive, s said) error {
	t.Helper()
	c := a.Capture()
	defer c.Discard()
	if s.request == "" {
		s.request = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
	}
	if s.header != "" {
		c.Answer([]byte(s.request), []byte(s.header))
	}
	feed(c.Wire, s.wire)
	feed(c.Payload, s.payload)
	return a.Write(c, Exchange{URI: s.uri, Date: noon, IP: "192.0.2.1", Truncated: s.truncated})
}

// feed gives s in pieces.
func feed(to func([]byte), s string) {
	for len(s) > 0 {
		n := min(len(s), 3000)
		to([]byte(s[:n]))
		s = s[n:]
	}
}

func mustPut(t testing.TB, a *Archive, all ...said) {
	t.Helper()
	for _, s := range all {
		if err := put(t, a, s); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t testing.TB, path string, earlier ...warctest.Record) []warctest.Record {
	t.Helper()
	records, err := warctest.ReadFile(path, earlier...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return records
}

func closed(t testing.TB, a *Archive) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// kinds are the types of records, one letter each.
func kinds(records []warctest.Record) string {
	var b strings.Builder
	for _, r := range records {
		b.WriteString(map[string]string{"warcinfo": "i", "response": "A", "request": "q", "revisit": "v"}[r.Type])
	}
	return b.String()
}

func names(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// noise is n bytes that do not compress.
func noise(n int, seed uint64) string {
	var b bytes.Buffer
	for r := rand.New(rand.NewPCG(seed, 1)); b.Len() < n; {
		b.WriteByte(byte(r.Uint32()))
	}
	return b.String()
}
