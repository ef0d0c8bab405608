package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// golden holds got to testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123_456_789, time.FixedZone("CET", 3600))

// samples are records of every shape: the golden files show them.
func samples() []*Record {
	return []*Record{
		full(),
		{HasIndex: true, Line: 1, URL: "https://example.com/", Status: 200, OK: true, Title: "Example Domain",
			ContentType: "text/html", Charset: "utf-8", CharsetSource: "header", Size: 1256, WireSize: 648,
			Protocol: "HTTP/1.1", IP: "192.0.2.1", Attempts: 1, StartedAt: noon,
			Time: Timing{TTFB: 12 * time.Millisecond, Total: 15 * time.Millisecond}},
		{HasIndex: true, Index: 1, Line: 2, URL: "https://example.com/empty", Status: 204, OK: true, Attempts: 1},
		{HasIndex: true, Index: 2, Line: 3, URL: "https://example.com/gone", Status: 404, Size: 9, WireSize: 9,
			Error: Failure{Kind: "http", Message: "404 Not Found"}, Attempts: 1, Time: Timing{Total: 1234 * time.Millisecond}},
		{HasIndex: true, Index: 3, Line: 4, URL: "mailto:someone@example.com", Error: Failure{Kind: "invalid_url", Message: "scheme mailto is not http or https"}},
		{HasIndex: true, Index: 4, Line: 5, URL: "https://example.com/", Input: "EXAMPLE.com", Duplicate: true},
		{HasIndex: true, Index: 5, Line: 6, URL: "https://slow.example/", Error: Failure{Kind: "cancelled", Message: "cancelled by SIGINT", Phase: "queue"},
			Time: Timing{Queue: 61 * time.Second, Total: 75 * time.Second}},
		{HasIndex: true, Index: 6, Line: 7, URL: "https://slow.example/b", Error: Failure{Kind: "timeout", Message: "no answer within 30s", Phase: "headers"}, IP: "192.0.2.7", Attempts: 3},
		{HasDepth: true, Depth: 2, URL: "https://example.com/found", Referrer: "https://example.com/", Status: 200, OK: true, Size: 20 << 20, Truncated: true, Links: []string{}},
		{URL: "https://example.com/\x1b[31mred", FinalURL: "https://example.com/\u202eend", Status: 200, OK: true, Size: 1,
			Title: "\x1b]0;owned\a two\nlines \u0085 \xff \u2028 <b>&amp;</b> \"q\" \\ \u009b1m 日本語 🎉"},
	}
}

// full has a value in every field.
func full() *Record {
	return &Record{
		Index: 7, HasIndex: true, Line: 8, Input: "Example.com/a", URL: "https://example.com/a", FinalURL: "https://example.com/c",
		Status: 500, Error: Failure{Kind: "http", Message: "500 Internal Server Error", Phase: "body"},
		Title: "A title", Description: "What it is about", Canonical: "https://example.com/a", Refresh: "https://example.com/new", Lang: "de-AT",
		Links:       []string{"https://example.com/x", "https://example.com/y?a=1&b=2"},
		Fields:      []Field{{Name: "zeta", Value: "last letter, first flag"}, {Name: "alpha", Values: []string{"one", "two"}}, {Name: "none", Values: []string{}}},
		Location:    "https://example.com/d",
		ContentType: "text/html; charset=ISO-8859-1", Charset: "windows-1252", CharsetSource: "header",
		Size: 1 << 20, WireSize: 300_000, Truncated: true,
		Digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		File:   "example.com/a~.html", Protocol: "HTTP/2.0", IP: "2001:db8::1", Attempts: 3,
		Redirects: []Redirect{{"https://example.com/a", 301}, {"https://example.com/b", 302}},
		Depth:     0, HasDepth: true, Referrer: "https://example.com/", FromCache: true, Change: "failing",
		Meta: json.RawMessage(`{"id": 12345678901234567890, "n":1.10}`), StartedAt: noon,
		Time: Timing{Queue: 1500 * time.Microsecond, DNS: 2 * time.Millisecond, Connect: 3100 * time.Microsecond, TLS: 4 * time.Millisecond,
			TTFB: 50_020 * time.Microsecond, Download: 7 * time.Microsecond, Parse: 499 * time.Nanosecond, Total: 61_001 * time.Millisecond},
	}
}

// wants fails the test unless err wraps target.
func wants(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("error %v, want one that wraps %v", err, target)
	}
}
