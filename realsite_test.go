//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"
)

// TestARealSiteIsCrawledToItsEnd: Debian's documentation of Python, served by
// nginx, has one record for each page that links lead to, and those are what a
// reader of the files finds who follows the links in them.
func TestARealSiteIsCrawledToItsEnd(t *testing.T) {
	roots, _ := filepath.Glob("/usr/share/doc/python3.*/html/index.html")
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx, err = exec.LookPath("/usr/sbin/nginx")
	}
	if err != nil || len(roots) == 0 {
		if os.Getenv("CRAWL_INTEROP") == "1" {
			t.Fatal("nginx or python3-doc is not installed")
		}
		t.Skip("nginx or python3-doc is not installed")
	}
	root := filepath.Dir(roots[0])
	site := serveByNginx(t, nginx, root)
	want := reachable(t, root, site)

	dir := t.TempDir()
	for _, flags := range []string{"-o out", "-state state -o kept"} {
		args := append([]string{site, "-depth", "1000"}, strings.Fields(flags)...)
		cmd := exec.Command("crawl", args...)
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code > 1 { // 1: a link leads nowhere
			t.Fatalf("%v: %s", err, text)
		}
		t.Logf("%s: %s", flags, text)
		got := statuses(t, filepath.Join(dir, strings.Fields(flags)[len(strings.Fields(flags))-1]))
		for u, status := range want {
			if got[u] != status {
				t.Errorf("%s: status %d, want %d", u, got[u], status)
			}
		}
		for u := range got {
			if want[u] == 0 {
				t.Errorf("%s: no link leads there", u)
			}
		}
	}
	if len(want) < 500 {
		t.Errorf("only %d pages were found: this is no real site", len(want))
	}
}

// statuses are those of the records by URL, of which none has two.
func statuses(t *testing.T, path string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for text := range strings.Lines(read(t, path)) {
		var r struct {
			URL    string
			Status int
		}
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if got[r.URL] != 0 {
			t.Errorf("%s has two records", r.URL)
		}
		got[r.URL] = r.Status
	}
	return got
}

// serveByNginx serves the files under root, and returns the site's first page.
func serveByNginx(t *testing.T, nginx, root string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	user := ""
	if os.Getuid() == 0 {
		user = "user root;"
	}
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; %[1]s pid %[2]s/pid; error_log %[2]s/error.log;
events {}
http {
	types { text/html html; text/plain txt; }
	access_log off;
	client_body_temp_path %[2]s/1; proxy_temp_path %[2]s/2; fastcgi_temp_path %[2]s/3; uwsgi_temp_path %[2]s/4; scgi_temp_path %[2]s/5;
	server { listen %[3]s; root %[4]s; }
}
`, user, dir, addr, root)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-c", conf)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	for range 200 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return "http://" + addr + "/"
		}
		time.Sleep(20 * time.Millisecond) // a process of its own tells nobody when it is ready
	}
	t.Fatal("nginx does not answer: ", said.String())
	return ""
}

// reachable are the URLs that links lead to from the first page, with the status
// that a server of the files gives; by a parser and rules of its own.
func reachable(t *testing.T, root, first string) map[string]int {
	t.Helper()
	found := map[string]int{}
	queue := []string{first}
	for len(queue) > 0 {
		text := queue[0]
		queue = queue[1:]
		if found[text] != 0 {
			continue
		}
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(root, filepath.FromSlash(u.Path))
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if !strings.HasSuffix(u.Path, "/") { // nginx redirects there
				u.Path += "/"
			}
			name = filepath.Join(name, "index.html")
		}
		body, err := os.ReadFile(name)
		if err != nil {
			found[text] = 404
			continue
		}
		found[text] = 200
		if strings.HasSuffix(name, ".html") {
			queue = append(queue, hrefs(t, u, string(body))...)
		}
	}
	return found
}

// hrefs are the links of a page that stay on its host and may be followed.
func hrefs(t *testing.T, page *url.URL, body string) []string {
	t.Helper()
	doc, err := xhtml.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for n := range doc.Descendants() {
		if n.Type != xhtml.ElementNode || n.Data != "a" && n.Data != "area" {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = strings.TrimSpace(a.Val)
		}
		href, ok := attr["href"]
		to, err := page.Parse(href)
		if !ok || err != nil || to.Host != page.Host || slices.Contains(strings.Fields(attr["rel"]), "nofollow") {
			continue
		}
		to.Fragment, to.RawFragment = "", ""
		urls = append(urls, to.String())
	}
	return urls
}
