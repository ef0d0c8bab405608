package extract

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// The rows of faults.md that a page can be.

// FuzzEveryStringIsValidUTF8 holds the rest of row 21.
func TestFault21InvalidBytesBecomeU_FFFDWhateverTheCharset(t *testing.T) {
	for name, c := range map[string]struct{ header, body, title, description string }{
		"UTF-8":                    {"text/html; charset=utf-8", "<title>a\xffb\xe2\x82c</title><meta name=description content='\xc3'>", "a\ufffdb\ufffdc", "\ufffd"},
		"a surrogate in UTF-8":     {"text/html; charset=utf-8", "<title>a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb", ""},
		"Shift_JIS":                {"text/html; charset=shift_jis", "<title>a\x81</title><meta name=description content='\xff'>", "a\ufffd", "\ufffd"},
		"GBK":                      {"text/html; charset=gbk", "<title>a\xff\x81", "a\ufffd\ufffd", ""},
		"a hole of windows-1253":   {"text/html; charset=windows-1253", "<title>a\xaab", "a\ufffdb", ""},
		"ISO-2022-JP":              {"text/html; charset=iso-2022-jp", "<title>a\x1b$B\xff\xff\x1b(Bb", "a\ufffd\ufffdb", ""},
		"UTF-16LE by its mark":     {"text/html", "\xff\xfe<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc\x00\x00\xd8x\x00", "ü\ufffdx", ""},
		"UTF-16BE by its mark":     {"text/html", "\xfe\xff\x00<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc\xdc\x00\x00x", "ü\ufffdx", ""},
		"UTF-16LE by the header":   {"text/html; charset=utf-16", "<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc\x00", "ü", ""},
		"UTF-16BE by the header":   {"text/html; charset=utf-16be", "\x00<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc", "ü", ""},
		"UTF-16 and half a unit":   {"text/html; charset=utf-16le", "<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc\x00x", "ü\ufffd", ""},
		"UTF-16 that nobody names": {"text/html", "<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc\x00", "", ""},
		"NUL":                      {"text/html; charset=utf-8", "<title>a\x00b</title><meta name=description content='\x00'>", "a\ufffdb", "\ufffd"},
		"NUL in windows-1252":      {"text/html", "<title>\x00\xfc", "\ufffdü", ""},
	} {
		p, err := Parse([]byte(c.body), c.header, mustURL(t, "https://example.com/"), Options{})
		if err != nil || p.Title != c.title || p.Description != c.description {
			t.Errorf("%s: title %q, description %q, %v; want %q, %q", name, p.Title, p.Description, err, c.title, c.description)
		}
	}
}

// allocated is what f allocates, in bytes.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestFault22AMillionNestedTagsGiveTitleAndLinks(t *testing.T) {
	body := []byte("<title>deep</title>" + strings.Repeat("<div>", 1_000_000) + "<a href=/x>")
	base := mustURL(t, "https://example.com/")
	memory := allocated(func() {
		p, err := Parse(body, "text/html", base, Options{Links: true})
		if err != nil || p.Title != "deep" || len(p.Links) != 1 {
			t.Errorf("page %+v, %v", p, err)
		}
	})
	if memory > 1<<20 {
		t.Errorf("%d bytes allocated", memory)
	}
	s, err := ParseSelector("x=a")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(body, "text/html", base, Options{Links: true, Select: []Selector{s}})
	var se *SelectError
	if !errors.As(err, &se) || se.Unwrap() == nil {
		t.Errorf("error %v, want a SelectError", err)
	}
	if p == nil || p.Title != "deep" || len(p.Links) != 1 || p.Fields != nil {
		t.Errorf("page %+v", p)
	}
}

// Whatever is left open, the work is linear. A timed test would lie on a busy
// machine; these inputs took minutes with a quadratic search, and take
// milliseconds each.
func TestFault22HostilePagesAreReadInOneGo(t *testing.T) {
	const n = 1 << 18
	for name, body := range map[string]string{
		"unclosed comments":   strings.Repeat("<!--", n),
		"unclosed titles":     strings.Repeat("<title></titl", n),
		"unclosed scripts":    "<script>" + strings.Repeat("<!--<script></scrip", n),
		"unclosed CDATA":      "<svg>" + strings.Repeat("<![CDATA[", n),
		"unclosed quotes":     strings.Repeat("<a href='", n),
		"bare brackets":       strings.Repeat("<", 4*n),
		"end tags of nothing": "<svg>" + strings.Repeat("</x>", n),
		"nested drawings":     strings.Repeat("<svg><desc>", n),
		"many attributes":     "<a " + strings.Repeat("href ", n) + ">",
		"ampersands":          "<title>" + strings.Repeat("&a", n) + "</title><meta name=description content='" + strings.Repeat("&", n) + "'>",
		"one long line":       strings.Repeat("x", 32*n),
	} {
		p := parse(t, "<a href=/first>"+body, Options{Links: true})
		if len(p.Links) == 0 || p.Links[0] != "https://example.com/first" || !utf8.ValidString(p.Title) {
			t.Errorf("%s: links %q", name, p.Links)
		}
	}
}

func TestFault23ALineOf100MBIsReadInLinearTimeAndMemory(t *testing.T) {
	body := []byte("<title>long</title><a href=/first>" + strings.Repeat("words ", 100<<20/6) + "<a href=/last>")
	base := mustURL(t, "https://example.com/")
	for _, charset := range []string{"utf-8", "windows-1252", "shift_jis"} {
		memory := allocated(func() {
			p, err := Parse(body, "text/html; charset="+charset, base, Options{Links: true})
			if err != nil || p.Title != "long" || strings.Join(p.Links, " ") != "https://example.com/first https://example.com/last" {
				t.Errorf("%s: links %q, title %q, %v", charset, p.Links, p.Title, err)
			}
		})
		if memory > 1<<20 {
			t.Errorf("%s: %d bytes allocated", charset, memory)
		}
	}
}

func TestFault23AnAttributeOf50MBLeavesTheOtherLinks(t *testing.T) {
	const size = 50 << 20
	for name, tag := range map[string]string{
		"a link's":    "<a href='" + strings.Repeat("x", size) + "'>",
		"description": "<meta name=description content='" + strings.Repeat("x ", size/2) + "'>",
	} {
		body := []byte("<a href=/first>" + tag + "<a href=/last>")
		base := mustURL(t, "https://example.com/")
		memory := allocated(func() {
			p, err := Parse(body, "text/html; charset=utf-8", base, Options{Links: true})
			if err != nil || strings.Join(p.Links, " ") != "https://example.com/first https://example.com/last" {
				t.Errorf("%s: %d links, %v", name, len(p.Links), err)
			}
		})
		if memory > 4*size {
			t.Errorf("%s: %d bytes allocated", name, memory)
		}
	}
}
