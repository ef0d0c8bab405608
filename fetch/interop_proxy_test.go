//go:build linux

package fetch

import (
	"context"
	"crypto/md5"
	"crypto/x509"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crawl/fetch/dial"
)

// forbidden is a host that no proxy of a test lets anybody reach.
const forbidden = "forbidden.test"

// gate is a proxy of a test.
type gate struct {
	*daemon
	authority // of the certificate that it shows, if its scheme is https
	scheme    string
	log       string // the file where it writes each request
}

// client is a client that goes through g as user, and trusts g and the sites.
func (g gate) client(t testing.TB, user *url.Userinfo, o Options, sites ...*nginx) *Client {
	t.Helper()
	o.Proxies = g.through(user, "")
	o.RootCAs = x509.NewCertPool()
	if g.scheme == "https" {
		o.RootCAs.AddCert(g.cert)
	}
	for _, n := range sites {
		o.RootCAs.AddCert(n.cert)
	}
	return newClient(t, o)
}

// through sends every request through g but those that noProxy names.
func (g gate) through(user *url.Userinfo, noProxy string) dial.Proxies {
	return dial.Fixed(&url.URL{Scheme: g.scheme, User: user, Host: g.addr()}, noProxy)
}

// saw waits until the request is in g's log.
func (g gate) saw(t testing.TB, request string) {
	t.Helper()
	eventually(t, request+" in the proxy's log", func() bool { return len(g.requests(request)) > 0 })
}

// requests gives the lines of g's log that contain the words of a request.
func (g gate) requests(words string) (found []string) {
	for _, line := range g.lines(g.log) {
		if strings.Contains(line+" ", " "+words+" ") {
			found = append(found, line)
		}
	}
	return found
}

// httpProxies are Debian's, open for everybody, or for one user if that is not nil.
var httpProxies = []struct {
	name  string
	serve func(testing.TB, *url.Userinfo) gate

	wrong  int // answers a wrong password
	closed int // answers a target that refuses connections
}{
	{"squid", serveSquid, 407, 503},
	{"squid over TLS", serveSquidTLS, 407, 503},
	{"tinyproxy", serveTinyproxy, 401, 500},
}

func serveSquid(t testing.TB, user *url.Userinfo) gate    { return squid(t, user, "http") }
func serveSquidTLS(t testing.TB, user *url.Userinfo) gate { return squid(t, user, "https") }

func squid(t testing.TB, user *url.Userinfo, scheme string) gate {
	t.Helper()
	program := installed(t, "squid")
	g := gate{newDaemon(t), newAuthority(t), scheme, "access.log"}
	port := "http_port " + g.addr()
	if scheme == "https" {
		cert, key := pemOf(t, g.leaf(t, "", time.Now().Add(time.Hour)))
		port = "https_port " + g.addr() + " tls-cert=" + g.write(t, "cert.pem", cert) + " tls-key=" + g.write(t, "key.pem", key)
	}
	access := "http_access allow all"
	if user != nil {
		password, _ := user.Password()
		users := g.write(t, "users", fmt.Sprintf("%s:%x\n", user.Username(), md5.Sum([]byte(password))))
		access = "auth_param basic program " + installed(t, "/usr/lib/squid/basic_ncsa_auth") + " " + users + `
auth_param basic children 1
acl known proxy_auth REQUIRED
http_access allow known`
	}
	name := "crawl" + g.port // of its shared memory, which outlives it when it is killed
	t.Cleanup(func() {
		left, _ := filepath.Glob("/dev/shm/" + name + "-*")
		for _, path := range left {
			_ = os.Remove(path)
		}
	})
	conf := g.write(t, "squid.conf", fmt.Sprintf(`
%s
visible_hostname proxy.test
pid_filename %[2]s/squid.pid
coredump_dir %[2]s
logformat seen %%>p %%rm %%ru %%>Hs
access_log stdio:%[2]s/access.log logformat=seen
cache_log %[2]s/cache.log
cache deny all
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
acl forbidden dstdomain %[3]s
http_access deny forbidden
%[4]s
http_access deny all
`, port, g.dir, forbidden, access))
	g.run(t, program, "-N", "-n", name, "-f", conf)
	return g
}

func serveTinyproxy(t testing.TB, user *url.Userinfo) gate {
	t.Helper()
	program := installed(t, "tinyproxy")
	g := gate{newDaemon(t), authority{}, "http", "output"}
	access := ""
	if user != nil {
		password, _ := user.Password()
		access = "BasicAuth " + user.Username() + " " + password
	}
	filter := g.write(t, "filter", strings.ReplaceAll(forbidden, ".", `\.`)+"\n")
	conf := g.write(t, "tinyproxy.conf", fmt.Sprintf("Listen 127.0.0.1\nPort %s\nTimeout 60\nMaxClients 50\nLogLevel Connect\nFilter %q\n%s\n", g.port, filter, access))
	g.run(t, program, "-d", "-c", conf)
	return g
}

func TestAPageComesThroughEveryHTTPProxy(t *testing.T) {
	large := noise(5 << 20)
	for _, proxy := range httpProxies {
		for _, p := range protocols {
			t.Run(proxy.name+" "+p.name, func(t *testing.T) {
				n := serveNginx(t, site{listen: p.listen, files: map[string]string{"page.html": "a page", "large.html": large}})
				g := proxy.serve(t, nil)
				c := g.client(t, nil, p.options, n)
				page, file := n.url(t, "/page.html"), n.url(t, "/large.html")
				resp := get(t, c, &Request{URL: page})
				if resp.Status != 200 || string(resp.Body) != "a page" || resp.Protocol != p.spoken {
					t.Errorf("status %d, body %q over %s", resp.Status, resp.Body, resp.Protocol)
				}
				if resp := get(t, c, &Request{URL: file}); string(resp.Body) != large {
					t.Errorf("%d bytes of the large file, status %d", len(resp.Body), resp.Status)
				}
				c.Close() // a tunnel is in the log when it ends
				if p.listen == "" {
					g.saw(t, "GET "+page.String())
					g.saw(t, "GET "+file.String())
				} else if g.saw(t, "CONNECT "+n.addr()); len(g.requests("CONNECT "+n.addr())) != 1 {
					t.Error("the tunnel was not used again")
				}
			})
		}
	}
}

func TestAnHTTPProxyKnowsItsUserByNameAndPassword(t *testing.T) {
	user := url.UserPassword("anna", "open-sesame")
	for _, proxy := range httpProxies {
		g := proxy.serve(t, user)
		for _, p := range protocols {
			t.Run(proxy.name+" "+p.name, func(t *testing.T) {
				n := serveNginx(t, site{listen: p.listen, server: `location / { return 200 "target saw $http_proxy_authorization."; }`})
				resp := get(t, g.client(t, user, p.options, n), &Request{URL: n.url(t, "/")})
				if resp.Status != 200 || string(resp.Body) != "target saw ." {
					t.Errorf("status %d, body %q", resp.Status, resp.Body)
				}
				for _, tc := range []struct {
					user   *url.Userinfo
					answer int
				}{{nil, 407}, {url.UserPassword("anna", "open-simsim"), proxy.wrong}} {
					resp, err := g.client(t, tc.user, p.options, n).Do(t.Context(), &Request{URL: n.url(t, "/")})
					if p.listen == "" { // the proxy's answer is the answer
						if err != nil || resp.Status != tc.answer {
							t.Errorf("as %v: status %d, error %v", tc.user, resp.Status, err)
						}
						continue
					}
					e := failsWith(t, err, KindConnect, PhaseConnect)
					if !strings.Contains(e.Error(), strconv.Itoa(tc.answer)) || strings.Contains(e.Error(), "open") || strings.Contains(e.Error(), "anna") {
						t.Errorf("as %v: says %q", tc.user, e)
					}
				}
				n.connections(t, 1) // that of the user who is known, and no other
			})
		}
	}
}

func TestAPasswordOfAnyCharactersReachesTheProxy(t *testing.T) {
	user := url.UserPassword("anna", "pa ss:@%/?#ü")
	g, n := serveSquid(t, user), serveNginx(t, site{files: map[string]string{"page.html": "a page"}})
	secure := serveNginx(t, site{listen: "ssl", files: map[string]string{"page.html": "a page"}})
	for _, n := range []*nginx{n, secure} {
		resp := get(t, g.client(t, user, Options{}, n), &Request{URL: n.url(t, "/page.html")})
		if string(resp.Body) != "a page" {
			t.Errorf("status %d, body %q", resp.Status, resp.Body)
		}
	}
}

// What a proxy says of a plain request is the answer, as for any server. To
// CONNECT, it is the reason why there is no connection.
func TestAProxyThatRefusesATargetIsHeard(t *testing.T) {
	closed := "127.0.0.1:" + freePort(t)
	for _, proxy := range httpProxies {
		g := proxy.serve(t, nil)
		for _, tc := range []struct {
			target string
			answer int
		}{{forbidden, 403}, {closed, proxy.closed}} {
			t.Run(proxy.name+" "+tc.target, func(t *testing.T) {
				resp, err := g.client(t, nil, Options{}).Do(t.Context(), &Request{URL: mustURL(t, "http://"+tc.target+"/")})
				if err != nil || resp.Status != tc.answer {
					t.Errorf("http: status %d, error %v", resp.Status, err)
				}
				resp, err = g.client(t, nil, Options{}).Do(t.Context(), &Request{URL: mustURL(t, "https://"+tc.target+"/")})
				e := failsWith(t, err, KindConnect, PhaseConnect)
				if !strings.Contains(e.Error(), strconv.Itoa(tc.answer)) || resp.Status != 0 {
					t.Errorf("https: says %q, status %d", e, resp.Status)
				}
			})
		}
	}
}

func TestPlainRequestsToAllHostsShareTheProxysConnection(t *testing.T) {
	g := serveSquid(t, nil)
	c := g.client(t, nil, Options{})
	for range 3 {
		n := serveNginx(t, site{files: map[string]string{"page.html": "a page"}})
		for range 3 {
			if resp := get(t, c, &Request{URL: n.url(t, "/page.html")}); string(resp.Body) != "a page" {
				t.Errorf("status %d, body %q", resp.Status, resp.Body)
			}
		}
		g.saw(t, "GET "+n.url(t, "/page.html").String())
	}
	ports := map[string]bool{}
	eventually(t, "nine requests in squid's log", func() bool {
		for _, line := range g.lines("access.log") {
			if port, request, _ := strings.Cut(line, " "); strings.HasPrefix(request, "GET") {
				ports[port] = true
			}
		}
		return strings.Count(strings.Join(g.lines("access.log"), "\n"), "GET") == 9
	})
	if len(ports) != 1 {
		t.Errorf("%d connections for nine requests in turn", len(ports))
	}
}

func TestWhatNoProxyNamesGoesPastTheProxy(t *testing.T) {
	lookup := func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	for _, listen := range []string{"", "ssl http2"} {
		g := serveSquid(t, nil)
		past := serveNginx(t, site{listen: listen, files: map[string]string{"page.html": "past"}})
		by := serveNginx(t, site{listen: listen, files: map[string]string{"page.html": "by"}})
		c := newClient(t, Options{
			Proxies:  g.through(nil, past.addr()+", past.test"),
			Insecure: true, // for past.test has no certificate
			Lookup:   lookup,
		})
		for host, n := range map[string]*nginx{past.addr(): past, "www.past.test:" + past.port: past, by.addr(): by} {
			if resp := get(t, c, &Request{URL: mustURL(t, n.scheme+"://"+host+"/page.html")}); resp.Status != 200 {
				t.Errorf("%s: status %d", host, resp.Status)
			}
		}
		c.Close()
		if listen == "" {
			g.saw(t, "GET "+by.url(t, "/page.html").String())
		} else {
			g.saw(t, "CONNECT "+by.addr())
		}
		if seen := strings.Join(g.lines("access.log"), "\n"); strings.Contains(seen, past.addr()) || strings.Contains(seen, "past.test") {
			t.Errorf("the proxy saw %s", seen)
		}
	}
}
