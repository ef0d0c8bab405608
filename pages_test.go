package main

import (
	"bytes"
	"fmt"
	htmlpkg "html"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The pages of the scripts' site.

func html(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<html lang="en"><head><title>%s</title><meta name="description" content="About %[1]s">
<link rel="canonical" href="/canonical"></head><body><a href="/page/1">one</a> <a href="rel">two</a> <a href="/page/1">again</a></body></html>`, title)
}

func servePage(w http.ResponseWriter, r *http.Request) { html(w, 200, "Page "+r.PathValue("n")) }

func serveStatus(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	html(w, n, "Status")
}

func serveHop(w http.ResponseWriter, r *http.Request) {
	if n, _ := strconv.Atoi(r.PathValue("n")); n > 0 {
		http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusMovedPermanently)
		return
	}
	html(w, 200, "Landed")
}

// serveFlaky answers 503 to the first request.
func (s *site) serveFlaky(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	first := s.asked["/flaky"] == 1
	s.mu.Unlock()
	if first {
		html(w, 503, "Not now")
		return
	}
	html(w, 200, "Better")
}

// serveWait answers the first request with 429 and Retry-After.
func (s *site) serveWait(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	first := s.asked["/wait"] == 1
	s.mu.Unlock()
	if first {
		w.Header().Set("Retry-After", "1")
		html(w, 429, "Wait")
		return
	}
	html(w, 200, "Thanks")
}

// serveEcho shows the request's user agent and method as a title.
func serveEcho(w http.ResponseWriter, r *http.Request) {
	html(w, 200, r.Method+" by "+r.UserAgent())
}

// serveRobots asks for a delay too, where the host is named for it.
func serveRobots(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "User-agent: *\nDisallow: /private/\nSitemap: /web/sitemap.xml\n")
	if strings.HasPrefix(r.Host, "patient.") {
		io.WriteString(w, "Crawl-delay: 0.01\n")
	}
}

// web is a small site of linked pages: by path, what stands in them.
var web = map[string]string{
	"/web/":            `<a href="a">a</a> <a href="b">b</a> <a href="/empty">away</a> <a href="http://elsewhere.example/">far</a>`,
	"/web/a":           `<a href="deep/c">c</a> <a href="./#top">home</a> <a href="secret" rel="nofollow">secret</a>`,
	"/web/b":           `<a href="gone">gone</a> <a href="deep/c">c</a> <a href="/private/x">private</a> <a href="out">out</a>`,
	"/web/deep/c":      `<a href="loop/loop/loop">trap</a> <a href="d">d</a>`,
	"/web/deep/d":      `<a href="e">e</a>`,
	"/web/deep/e":      ``,
	"/web/secret":      ``,
	"/web/f":           `<a href="/flaky">flaky</a>`,
	"/web/sitemap.xml": `<urlset><url><loc>/web/orphan</loc></url></urlset>`,
	"/web/orphan":      ``,
}

func serveWeb(w http.ResponseWriter, r *http.Request) {
	body, ok := web[r.URL.Path]
	switch {
	case r.URL.Path == "/web/out":
		http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
	case !ok:
		http.NotFound(w, r)
	case strings.HasSuffix(r.URL.Path, ".xml"):
		io.WriteString(w, body)
	default:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<html><head><title>%s</title></head><body>%s</body></html>", r.URL.Path, body)
	}
}

func serveSlow(w http.ResponseWriter, r *http.Request) {
	ms, _ := strconv.Atoi(r.PathValue("ms"))
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		html(w, 200, "Slow")
	case <-r.Context().Done():
	}
}

func serveShop(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, `<title>Shop</title><h1>Tea &amp; more</h1><ul>
<li class="item" data-price="3">Green</li><li class="item" data-price="5">Black</li></ul>`)
}

// serveDrip sends a header and a little, and then nothing.
func serveDrip(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<title>Dripping")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// serveSize sends a page of n bytes.
func serveSize(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(bytes.Repeat([]byte("x"), n))
}

// serveTo redirects to the URL that is its query.
func serveTo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", r.URL.RawQuery)
	w.WriteHeader(http.StatusFound)
}

// serveSecretHop redirects to URLs with a password in them, well-formed or not.
func serveSecretHop(w http.ResponseWriter, r *http.Request) {
	to := map[string]string{
		"page": "http://you:hush-hop@%s/page/2", "tls": "https://you:hush-hop@%s/", "loop": "http://you:hush-hop@%s/loop",
		"ftp": "ftp://you:hush-hop@%s/", "broken": "http://you:hush-hop@[%s", "port": "//you:hush-hop@%s:port/",
	}[r.PathValue("to")]
	w.Header().Set("Location", fmt.Sprintf(to, r.Host))
	w.WriteHeader(http.StatusFound)
}

// serveSecretLinks is a page whose links have passwords in them.
func serveSecretLinks(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, `<link rel=canonical href="http://you:hush-link@a.example/">
<meta http-equiv=refresh content="5; url=http://you:hush-link@b.example/">
<a href="http://you:hush-link@c.example/">c</a> <a href="//you:hush-link@d.example/">d</a> <a href="ftp://you:hush-link@e.example/">e</a>`)
}

// serveHeader shows all values of a request header as a title: "[a] [b]".
func serveHeader(w http.ResponseWriter, r *http.Request) {
	name := http.CanonicalHeaderKey(r.PathValue("n"))
	values := r.Header[name]
	if name == "Host" {
		values = []string{r.Host}
	}
	title := "none"
	if len(values) > 0 {
		title = "[" + strings.Join(values, "] [") + "]"
	}
	html(w, 200, htmlpkg.EscapeString(title))
}

// serveBasic wants "me" with a password.
func serveBasic(w http.ResponseWriter, r *http.Request) {
	if name, password, ok := r.BasicAuth(); ok && name == "me" && password == "hush" {
		html(w, 200, "Welcome")
		return
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="site"`)
	html(w, 401, "Who are you?")
}

// serveLogin sets a cookie and sends on to where its query says.
func serveLogin(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "crumb"})
	serveTo(w, r)
}

// serveCert says whether the client showed a certificate.
func serveCert(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		html(w, 200, "Nobody")
		return
	}
	html(w, 200, "Known as "+r.TLS.PeerCertificates[0].Subject.Organization[0])
}

// serveBusy answers the first n requests with 429, and does not say how long to
// wait.
func (s *site) serveBusy(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	s.mu.Lock()
	busy := s.asked[r.URL.Path] <= n
	s.mu.Unlock()
	if busy {
		html(w, 429, "Busy")
		return
	}
	html(w, 200, "At last")
}
