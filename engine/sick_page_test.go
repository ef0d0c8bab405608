package engine

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"crawl/fetch"
)

// coded writes data in a content coding.
func coded(t *testing.T, coding string, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w, err = gzip.NewWriterLevel(&b, flate.BestSpeed)
	case "deflate":
		w, err = zlib.NewWriterLevel(&b, flate.BestSpeed)
	case "br":
		w = brotli.NewWriterLevel(&b, brotli.BestSpeed)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sickCodings are rows 13 and 14.
func sickCodings(t *testing.T, s *servers) []sickLine {
	zeros := make([]byte, 8<<20)
	plain := pageOf("Not compressed, whatever the header says")
	lines := []sickLine{
		{row: 14, name: "unknown coding", url: s.answers(whole(plain, "Content-Encoding: x-strange")), kind: fetch.KindDecode},
		{row: 14, name: "gzip within gzip, said once", url: s.answers(whole(coded(t, "gzip", []byte(coded(t, "gzip", []byte(plain)))), "Content-Type: text/html", "Content-Encoding: gzip"))},
		{row: 13, name: "empty members without end", kind: fetch.KindDecode, url: s.raw(func(p *peer) {
			p.request()
			p.send(answerHead("Content-Encoding: gzip"))
			p.endless(strings.Repeat(coded(t, "gzip", nil), 1000))
		})},
	}
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		named := "Content-Encoding: " + coding
		good := coded(t, coding, []byte(strings.Repeat(plain, 100)))
		lines = append(lines,
			sickLine{row: 13, name: "bomb of " + coding, url: s.answers(whole(coded(t, coding, zeros), named)), kind: fetch.KindTooLarge},
			sickLine{row: 14, name: "no " + coding + " at all", url: s.answers(whole(plain, named)), kind: fetch.KindDecode},
			sickLine{row: 14, name: coding + " cut short", url: s.answers(whole(good[:len(good)/2], named)), kind: fetch.KindDecode},
		)
	}
	return lines
}

// sickBusy is row 20: hosts that ask for patience, once or for ever.
func sickBusy(s *servers) []sickLine {
	busy := func(status, times int, retryAfter func() string) string {
		return s.raw(func(p *peer) {
			for nr := p.nr; p.request() != ""; nr++ { // on one connection or several, one request after another
				if nr > times {
					p.send(whole(pageOf("No longer busy"), "Content-Type: text/html"))
					continue
				}
				p.send(fmt.Sprintf("HTTP/1.1 %d %s\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n", status, http.StatusText(status), retryAfter()))
			}
		})
	}
	always := func(v string) func() string { return func() string { return v } }
	in := func(d time.Duration) func() string {
		return func() string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	}
	const ever = 1 << 30
	var lines []sickLine
	for _, status := range []int{429, 503} {
		line := func(name string, url string) sickLine {
			return sickLine{row: 20, name: fmt.Sprintf("%d, %s", status, name), url: url, attempts: tries, title: "No longer busy"}
		}
		forever := line("for ever", busy(status, ever, always("1")))
		forever.kind, forever.status, forever.title = fetch.KindHTTP, status, ""
		absurd := line("Retry-After a day", busy(status, 1, always("86400")))
		absurd.kind, absurd.status, absurd.attempts, absurd.title = fetch.KindDeadline, status, 1, ""
		far := line("Retry-After in the year 9999", busy(status, 1, always("Fri, 31 Dec 9999 23:59:59 GMT")))
		far.kind, far.status, far.attempts, far.title = fetch.KindDeadline, status, 1, ""
		lines = append(lines, forever, absurd, far,
			line("Retry-After in seconds", busy(status, 1, always("1"))),
			line("Retry-After by date", busy(status, 1, in(2*time.Second))),
			line("Retry-After in the past", busy(status, 1, in(-time.Hour))),
			line("Retry-After invalid", busy(status, 1, always("soon"))),
			line("Retry-After below zero", busy(status, 1, always("-5"))),
		)
	}
	return lines
}

// sickPages are rows 21 to 24: pages that are hard to read.
func sickPages(s *servers) []sickLine {
	html := func(body string, charset ...string) string {
		return s.answers(whole(body, "Content-Type: text/html"+strings.Join(charset, "")))
	}
	utf16 := func(big bool, text string) string {
		var b strings.Builder
		for _, r := range text { // of the basic plane
			lo, hi := byte(r), byte(r>>8)
			if big {
				lo, hi = hi, lo
			}
			b.WriteByte(lo)
			b.WriteByte(hi)
		}
		return b.String()
	}
	link, size := "<a href=/after>after</a>", 1<<20
	return []sickLine{
		{row: 21, name: "invalid UTF-8", title: "a\ufffd\ufffdz", url: html("<title>a\xff\x81z</title>", "; charset=utf-8")},
		{row: 21, name: "UTF-8 read as Shift_JIS", title: "gr\uff83\uff7cn", url: html("<title>grün</title>", "; charset=shift_jis")},
		{row: 21, name: "Latin-1 that says UTF-8", title: "gr\ufffdn", url: html("<meta charset=utf-8><title>gr\xfcn</title>")},
		{row: 21, name: "unknown charset", title: "grün", url: html("<title>grün</title>", "; charset=klingon")},
		{row: 21, name: "UTF-16LE with BOM", title: "grün 猫", url: html(utf16(false, "\ufeff<title>grün 猫</title>"))},
		{row: 21, name: "UTF-16BE with BOM", title: "grün 猫", url: html(utf16(true, "\ufeff<title>grün 猫</title>"), "; charset=utf-8")},
		{row: 21, name: "UTF-16BE without BOM", title: "grün 猫", url: html(utf16(true, "<title>grün 猫</title>"), "; charset=utf-16be")},
		{row: 21, name: "UTF-16 cut in a character", title: "grün", url: html(utf16(false, "\ufeff<title>grün</title>") + "\xd8")},
		{row: 21, name: "UTF-16 that nothing tells", url: html(utf16(false, "<title>grün</title>"))},
		{row: 21, name: "NUL", title: "a\ufffdb", url: html("\x00<title>a\x00b</title>\x00")},

		{row: 22, name: "a million nested tags", title: "Nested", links: 2, url: html(link + "<title>Nested</title>" + strings.Repeat("<i>", 1_000_000) + strings.Replace(link, "after", "end", 1))},
		{row: 22, name: "a hundred thousand unclosed lists", title: "Nested", links: 1, url: html("<title>Nested</title>" + strings.Repeat("<ul><li>", 100_000) + link)},
		{row: 22, name: "a quarter million closing tags", title: "Nested", links: 1, url: html("<title>Nested</title>" + strings.Repeat("</p>", 250_000) + link)},

		{row: 23, name: "one line", title: "Long", links: 1, url: html("<title>Long</title>" + strings.Repeat("word ", size/5) + link)},
		{row: 23, name: "one attribute", title: "Long", links: 1, url: html("<title>Long</title><p class='" + strings.Repeat("x", size) + "'>" + link)},
		{row: 23, name: "a hundred thousand attributes", title: "Long", links: 1, url: html("<title>Long</title><p " + strings.Repeat("abc=1 ", 100_000) + ">" + link)},
		{row: 23, name: "one link", title: "Long", links: 1, url: html("<title>Long</title><a href='/" + strings.Repeat("x", size) + "'>x</a>" + link)},
		{row: 23, name: "100 MB on one line", title: "Long", truncated: true, links: 1, url: s.raw(func(p *peer) {
			if p.request() != "" {
				p.send(answerHead("Content-Type: text/html", "Content-Length: 100000000") + "<title>Long</title>" + link)
				p.endless(strings.Repeat("word ", 1000))
			}
		})},
		{row: 23, name: "an attribute of 50 MB", title: "Long", truncated: true, links: 1, url: s.raw(func(p *peer) {
			if p.request() != "" {
				p.send(answerHead("Content-Type: text/html", "Content-Length: 50000000") + "<title>Long</title>" + link + "<p class='")
				p.endless(strings.Repeat("x", 5000))
			}
		})},

		{row: 24, name: "escapes in the title", title: "\x1b[31mred\x1b[0m \u009b2J\x07\x08 \u202eevil", url: html("<title>\x1b[31mred\x1b[0m\u0085\u009b2J\x07\x08\u2028\u202eevil</title>", "; charset=utf-8")},
		{row: 24, name: "escapes in the URL", title: "Escapes", url: html(pageOf("Escapes")) + "\x1b[31m?\x1b]0;owned\x07"},
		{row: 24, name: "escapes in the content type", title: "Escapes", url: html(pageOf("Escapes"), "; x=\x1b[31m\x9b2J")},
	}
}
