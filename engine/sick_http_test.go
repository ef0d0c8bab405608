package engine

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"crawl/fetch"
)

// sickConnections are rows 1 to 4: connections that are refused, broken, slow or
// without end.
func sickConnections(s *servers) []sickLine {
	html := "Content-Type: text/html"
	head := "<!doctype html><title>Endless</title><a href=/x>x</a>"
	endless := func(before, again string) string {
		return s.raw(func(p *peer) {
			if p.request() != "" && p.send(before) {
				p.endless(again)
			}
		})
	}
	kilo := strings.Repeat("word ", 1000)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(kilo), kilo)
	return []sickLine{
		{row: 1, name: "refused", url: "http://127.0.0.1:1/", kind: fetch.KindConnect, attempts: tries},
		{row: 1, name: "refused, over TLS", url: "https://127.0.0.1:2/", kind: fetch.KindConnect, attempts: tries},
		{row: 1, name: "unreachable", url: "http://127.255.255.255/", kind: fetch.KindConnect, attempts: tries},

		{row: 2, name: "reset in mid-body", kind: fetch.KindReset, attempts: tries, url: s.raw(func(p *peer) {
			p.request()
			p.send(answerHead("Content-Length: 100000") + "half")
			time.Sleep(20 * time.Millisecond) // lets the bytes arrive before the RST
			p.reset()
		})},
		{row: 2, name: "reset before the answer", kind: fetch.KindReset, attempts: tries,
			url: s.raw(func(p *peer) { p.request(); p.reset() })},
		{row: 2, name: "closed before the answer", kind: fetch.KindReset, attempts: tries,
			url: s.raw(func(p *peer) { p.request() })},
		{row: 2, name: "closed in the header", kind: fetch.KindTruncated, attempts: tries,
			url: s.answers("HTTP/1.1 200 OK\r\nContent-Type: te")},

		{row: 3, name: "never answers", kind: fetch.KindTimeout, attempts: tries,
			url: s.raw(func(p *peer) { p.wait() })},
		{row: 3, name: "slow header", kind: fetch.KindTimeout, attempts: tries,
			url: s.raw(func(p *peer) { p.request(); p.trickle(answerHead("X-Slow: " + kilo)) })},
		{row: 3, name: "slow body", kind: fetch.KindTimeout, attempts: tries, url: s.raw(func(p *peer) {
			p.request()
			p.send(answerHead("Content-Length: 5000"))
			p.trickle(kilo)
		})},
		{row: 3, name: "slow chunk size", kind: fetch.KindTimeout, attempts: tries, url: s.raw(func(p *peer) {
			p.request()
			p.send(answerHead("Transfer-Encoding: chunked"))
			p.trickle(strings.Repeat("0", 5000))
		})},
		{row: 3, name: "body that stops", kind: fetch.KindTimeout, attempts: tries, url: s.raw(func(p *peer) {
			p.request()
			p.send(answerHead("Content-Encoding: gzip", "Content-Length: 100") + "\x1f\x8b\x08")
			p.wait()
		})},

		{row: 4, name: "endless body", truncated: true, title: "Endless", links: 1,
			url: endless(answerHead(html)+head, kilo)},
		{row: 4, name: "endless chunks", truncated: true, title: "Endless", links: 1,
			url: endless(answerHead(html, "Transfer-Encoding: chunked")+fmt.Sprintf("%x\r\n%s\r\n", len(head), head), chunk)},
		{row: 4, name: "body of a petabyte", truncated: true, title: "Endless", links: 1,
			url: endless(answerHead(html, "Content-Length: 1125899906842624")+head, kilo)},
	}
}

// sickRedirects are rows 5 and 6, and what row 16 says of Location.
func sickRedirects(s *servers) []sickLine {
	to := func(location string) string {
		return s.answers("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n")
	}
	lines := []sickLine{
		{row: 5, name: "endless redirects", kind: fetch.KindRedirectLimit, redirects: sickHops,
			url: s.handler(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			})},
		{row: 5, name: "loop of two", kind: fetch.KindRedirectLimit, redirects: 1,
			url: s.handler(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, map[string]string{"/": "/b"}[r.URL.Path]+"?", http.StatusMovedPermanently)
			}) + "?"},
		{row: 5, name: "loop of one", kind: fetch.KindRedirectLimit, url: to("/")},
		{row: 5, name: "redirect to no URL", kind: fetch.KindProtocol, url: to("http://[::1/")},
		{row: 5, name: "redirect to a host that HTTP cannot carry", kind: fetch.KindProtocol, url: to("http://a{b.example/")},
		{row: 5, name: "redirect to port 0", kind: fetch.KindProtocol, url: to("http://127.0.0.1:0/")},
		{row: 16, name: "NUL in Location", kind: fetch.KindProtocol, url: to("/a\x00b")},
		{row: 16, name: "CR in Location", title: "/a%20%20Evil:%201", redirects: 1, url: s.raw(func(p *peer) {
			switch head := p.request(); {
			case head == "":
			case strings.HasPrefix(head, "GET / "):
				p.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\r\rEvil: 1\r\n\r\n")
			case strings.Contains(head, "\nEvil") || strings.Contains(strings.ReplaceAll(head, "\r\n", ""), "\r"):
				p.send(whole(pageOf("a header was smuggled in")))
			default:
				p.send(whole(pageOf(strings.Fields(head)[1])))
			}
		})},
		{row: 16, name: "escaped CR and LF in Location", title: "/a%0D%0AEvil:%201", redirects: 1,
			url: s.raw(func(p *peer) {
				for head := p.request(); head != ""; head = p.request() {
					if strings.HasPrefix(head, "GET / ") {
						p.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a%0D%0AEvil:%201\r\n\r\n")
					} else {
						p.send(whole(pageOf(strings.Fields(head)[1])))
					}
				}
			})},
	}
	for _, location := range []string{
		"file:///etc/passwd", "FILE:/etc/passwd", "data:text/html,<title>x</title>", "ftp://example.com/x",
		"javascript:alert(1)", "java\tscript:alert(1)", "mailto:joe@example.com", "ftp://x/\x1b[31mred",
	} {
		lines = append(lines, sickLine{row: 6, name: fmt.Sprintf("redirect to %q", location), url: to(location), kind: fetch.KindRedirectScheme})
	}
	return lines
}

// sickMessages are rows 11, 12 and 15 to 17: answers that break the rules of HTTP.
func sickMessages(s *servers) []sickLine {
	chunked := answerHead("Content-Type: text/html", "Transfer-Encoding: chunked")
	storm := func(n int) string {
		return strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", n) + whole(pageOf("After the storm"), "Content-Type: text/html")
	}
	lines := []sickLine{
		{row: 11, name: "cut inside a chunk", url: s.answers(chunked + "64\r\nhalf"), kind: fetch.KindTruncated, attempts: tries},
		{row: 11, name: "cut between chunks", url: s.answers(chunked + "4\r\nfour\r\n"), kind: fetch.KindTruncated, attempts: tries},
		{row: 11, name: "cut before any chunk", url: s.answers(chunked), kind: fetch.KindTruncated, attempts: tries},

		{row: 12, name: "length too long", url: s.answers(answerHead("Content-Length: 100") + "short"), kind: fetch.KindTruncated, attempts: tries},
		{row: 12, name: "length too short", title: "Short", url: s.answers(whole("<title>Short</title>", "Content-Type: text/html") + " and a surplus HTTP/1.1 200 OK\r\n\r\n")},
		{row: 12, name: "lengths that differ", url: s.answers(answerHead("Content-Length: 4", "Content-Length: 5") + "four5"), kind: fetch.KindProtocol},
		{row: 12, name: "length that is no number", url: s.answers(answerHead("Content-Length: four") + "four"), kind: fetch.KindProtocol},
		{row: 12, name: "length below zero", url: s.answers(answerHead("Content-Length: -4") + "four"), kind: fetch.KindProtocol},
		{row: 12, name: "no HTTP at all", url: s.answers("SSH-2.0-OpenSSH_9.9\r\n"), kind: fetch.KindProtocol},
		{row: 12, name: "another protocol unasked", url: s.answers("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"), kind: fetch.KindProtocol},

		{row: 15, name: "one endless header", kind: fetch.KindProtocol, url: s.raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nX-Big: ")
			p.endless(strings.Repeat("a", 4096))
		})},
		{row: 15, name: "a hundred thousand headers", kind: fetch.KindProtocol, url: s.raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Many: some value\r\n", 100_000) + "Content-Length: 0\r\n\r\n")
			p.wait()
		})},
		{row: 15, name: "endless trailers", kind: fetch.KindProtocol, url: s.raw(func(p *peer) {
			p.request()
			p.send(chunked + "4\r\nfour\r\n0\r\n")
			p.endless(strings.Repeat("X-Many: some value\r\n", 100))
		})},
		{row: 15, name: "200 KiB of header", title: "Big header", url: s.answers(whole(pageOf("Big header"), "Content-Type: text/html", "X-Big: "+strings.Repeat("a", 200<<10)))},

		{row: 16, name: "NUL in a header", kind: fetch.KindProtocol, url: s.answers(whole(pageOf("x"), "Content-Type: text/html", "X-Evil: a\x00b"))},
		{row: 16, name: "CR and escapes in a header", title: "Mended", url: s.answers(whole(pageOf("Mended"), "Content-Type: text/html;\rx=\x1b[31m"))},

		{row: 17, name: "twenty informational answers", title: "After the storm", url: s.answers(storm(20))},
		{row: 17, name: "one more", url: s.answers(storm(21)), kind: fetch.KindProtocol},
		{row: 17, name: "storm without end", kind: fetch.KindProtocol,
			url: s.raw(func(p *peer) { p.request(); p.endless("HTTP/1.1 100 Continue\r\n\r\n") })},
	}
	for _, size := range []string{"zz", "-5", "fffffffffffffffff", "0x10", ""} {
		lines = append(lines, sickLine{row: 11, name: fmt.Sprintf("chunk size %q", size),
			url: s.answers(chunked + size + "\r\nabc\r\n0\r\n\r\n"), kind: fetch.KindProtocol})
	}
	return lines
}
