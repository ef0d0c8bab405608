//go:build linux

package fetch

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"crawl/weburl"
)

// site is what an nginx of a test serves.
type site struct {
	modules []string          // dynamic modules, by name
	listen  string            // words after the address: "ssl http2"
	until   time.Time         // when the certificate expires; zero: not in the test
	server  string            // directives of the server block
	files   map[string]string // under the root, by name
}

// nginx is a running nginx.
type nginx struct {
	*daemon
	authority
	scheme string
}

// serveNginx runs nginx in one process, so that nothing of it outlives a test.
func serveNginx(t testing.TB, s site) *nginx {
	t.Helper()
	program := installed(t, "nginx")
	n := &nginx{newDaemon(t), newAuthority(t), "http"}
	var modules strings.Builder
	for _, name := range s.modules {
		fmt.Fprintf(&modules, "load_module %s;\n", installed(t, "/usr/lib/nginx/modules/"+name+".so"))
	}
	for name, text := range s.files {
		n.write(t, name, text)
	}
	if strings.Contains(s.listen, "ssl") {
		n.scheme = "https"
		if s.until.IsZero() {
			s.until = time.Now().Add(time.Hour)
		}
		cert, key := pemOf(t, n.leaf(t, "", s.until))
		n.write(t, "cert.pem", cert)
		n.write(t, "key.pem", key)
		n.write(t, "ca.pem", certPEM(n.cert.Raw))
		s.server = "ssl_certificate cert.pem; ssl_certificate_key key.pem;\n" + s.server
	}
	conf := n.write(t, "nginx.conf", modules.String()+fmt.Sprintf(`
daemon off;
master_process off;
pid nginx.pid;
error_log stderr info;
events { worker_connections 512; }
http {
	log_format seen '$connection $connection_requests $server_protocol $status $request';
	access_log access.log seen;
	client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
	types { text/html html; }
	server {
		listen %s %s;
		root .;
		location = /status { access_log off; stub_status; }
		%s
	}
}`, n.addr(), s.listen, s.server))
	n.run(t, program, "-p", n.dir, "-c", conf, "-e", "stderr")
	return n
}

func (n *nginx) url(t testing.TB, path string) weburl.URL {
	t.Helper()
	return mustURL(t, n.scheme+"://"+n.addr()+path)
}

// client is a client that trusts n.
func (n *nginx) client(t testing.TB, o Options) *Client {
	t.Helper()
	o.RootCAs = n.pool()
	return newClient(t, o)
}

// connections counts the connections that n has had requests on, once want
// requests are in its log.
func (n *nginx) connections(t testing.TB, want int) int {
	t.Helper()
	eventually(t, fmt.Sprintf("%d requests in nginx's log", want), func() bool { return len(n.lines("access.log")) >= want })
	seen := map[string]bool{}
	for _, line := range n.lines("access.log") {
		connection, _, _ := strings.Cut(line, " ")
		seen[connection] = true
	}
	if got := len(n.lines("access.log")); got != want {
		t.Errorf("nginx had %d requests, want %d", got, want)
	}
	return len(seen)
}

// protocols are the ways in which a server is spoken to.
var protocols = []struct {
	name, listen string
	spoken       string
	options      Options
}{
	{"HTTP1", "", "HTTP/1.1", Options{}},
	{"HTTP1 over TLS", "ssl", "HTTP/1.1", Options{}},
	{"HTTP2", "ssl http2", "HTTP/2.0", Options{}},
	{"HTTP1 asked for", "ssl http2", "HTTP/1.1", Options{HTTP1: true}},
}

func TestNginxServesAPageOverEveryProtocol(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{listen: p.listen, files: map[string]string{"page.html": "<title>A page</title>"}})
			c := n.client(t, p.options)
			for range 2 {
				resp := get(t, c, &Request{URL: n.url(t, "/page.html")})
				if resp.Status != 200 || string(resp.Body) != "<title>A page</title>" || resp.Protocol != p.spoken ||
					resp.ContentType != "text/html" || resp.IP != "127.0.0.1" || resp.Size != 21 || resp.WireSize != 21 {
					t.Errorf("got %+v", resp)
				}
			}
			if resp := get(t, c, &Request{URL: n.url(t, "/none")}); resp.Status != 404 {
				t.Errorf("status %d of a page that is not there", resp.Status)
			}
			if conns := n.connections(t, 3); conns != 1 {
				t.Errorf("%d connections for three requests", conns)
			}
		})
	}
}

func TestAnswersOfNginxWithoutABodyLeaveTheirConnectionOpen(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{
				listen: p.listen,
				server: "location = /nothing { return 204; }\n gzip on; gzip_min_length 1;",
				files:  map[string]string{"page.html": "<title>A page</title>"},
			})
			c := n.client(t, p.options)
			page := n.url(t, "/page.html")
			tag := get(t, c, &Request{Method: "HEAD", URL: page}).Header.Get("ETag")
			for _, r := range []struct {
				Request
				status int
				length int
			}{
				{Request{Method: "HEAD", URL: page}, 200, 0},
				{Request{URL: page, Header: http.Header{"If-None-Match": {tag}}}, 304, 0},
				{Request{URL: n.url(t, "/nothing")}, 204, 0},
				{Request{URL: page}, 200, 21},
			} {
				resp := get(t, c, &r.Request)
				if resp.Status != r.status || len(resp.Body) != r.length {
					t.Errorf("%s %s: status %d, body %q", r.Method, r.URL, resp.Status, resp.Body)
				}
			}
			if conns := n.connections(t, 5); conns != 1 {
				t.Errorf("%d connections", conns)
			}
		})
	}
}

// noise is n bytes of which no part is like another.
func noise(n int) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return string(b)
}

func TestALargeFileOfNginxArrivesWhole(t *testing.T) {
	large := noise(5 << 20)
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{listen: p.listen, files: map[string]string{"large.html": large}})
			resp := get(t, n.client(t, p.options), &Request{URL: n.url(t, "/large.html")})
			if string(resp.Body) != large || resp.Truncated || resp.Size != 5<<20 || resp.WireSize != 5<<20 {
				t.Errorf("%d bytes came, %d on the wire, truncated: %v", resp.Size, resp.WireSize, resp.Truncated)
			}
		})
	}
}

func TestALargeFileOfNginxIsCutAtTheLimit(t *testing.T) {
	large := noise(5 << 20)
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{listen: p.listen, files: map[string]string{"large.html": large, "page.html": "next"}})
			c := n.client(t, p.options)
			resp := get(t, c, &Request{URL: n.url(t, "/large.html"), MaxBody: 1 << 20})
			if string(resp.Body) != large[:1<<20] || !resp.Truncated || resp.Size != 1<<20 {
				t.Errorf("%d bytes came, truncated: %v", resp.Size, resp.Truncated)
			}
			if next := get(t, c, &Request{URL: n.url(t, "/page.html")}); string(next.Body) != "next" {
				t.Errorf("then came %q", next.Body)
			}
		})
	}
}

// A range is asked for by a header of the caller's; whether the server goes by
// it is told by the status alone.
func TestARangeIsWhatNginxMakesOfIt(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{
				listen: p.listen,
				server: "location = /whole.html { max_ranges 0; }",
				files:  map[string]string{"part.html": "0123456789", "whole.html": "0123456789"},
			})
			c := n.client(t, p.options)
			for _, tc := range []struct {
				path, body string
				status     int
			}{{"/part.html", "234", 206}, {"/whole.html", "0123456789", 200}} {
				resp := get(t, c, &Request{URL: n.url(t, tc.path), Header: http.Header{"Range": {"bytes=2-4"}}})
				if resp.Status != tc.status || string(resp.Body) != tc.body {
					t.Errorf("%s: status %d, body %q", tc.path, resp.Status, resp.Body)
				}
			}
		})
	}
}

func TestNginxClosingWithoutAnAnswerIsReset(t *testing.T) {
	n := serveNginx(t, site{server: "location / { return 444; }"})
	resp, err := do(t, Options{}, n.url(t, "/"))
	failsWith(t, err, KindReset, PhaseHeaders)
	if !retried(resp, err) {
		t.Error("not retried")
	}
	if conns := n.connections(t, 1); conns != 1 {
		t.Errorf("%d connections", conns)
	}
}
