//go:build linux

package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// socksProxies are Debian's that let everybody through.
var socksProxies = []struct {
	name  string
	serve func(testing.TB) gate
}{
	{"dante", serveDante},
	{"microsocks", func(t testing.TB) gate { return serveMicrosocks(t, nil) }},
	{"ssh -D", serveSSH},
}

// deniedPort is a port that dante's rules deny.
const deniedPort = "9"

func serveDante(t testing.TB) gate {
	t.Helper()
	program := installed(t, "danted")
	g := gate{newDaemon(t), authority{}, "socks5h", "output"}
	conf := g.write(t, "danted.conf", `
logoutput: stdout
internal: 127.0.0.1 port = `+g.port+`
external: 127.0.0.1
clientmethod: none
socksmethod: none
client pass {
	from: 0.0.0.0/0 to: 0.0.0.0/0
}
socks block {
	from: 0.0.0.0/0 to: 0.0.0.0/0 port = `+deniedPort+`
	log: connect
}
socks pass {
	from: 0.0.0.0/0 to: 0.0.0.0/0
	command: connect
	log: connect
}
`)
	g.run(t, program, "-N", "1", "-p", filepath.Join(g.dir, "pid"), "-f", conf)
	return g
}

func serveMicrosocks(t testing.TB, user *url.Userinfo) gate {
	t.Helper()
	program := installed(t, "microsocks")
	g := gate{newDaemon(t), authority{}, "socks5h", "output"}
	args := []string{"-i", "127.0.0.1", "-p", g.port}
	if user != nil {
		password, _ := user.Password()
		args = append(args, "-u", user.Username(), "-P", password)
	}
	g.run(t, program, args...)
	return g
}

// serveSSH runs an sshd and an ssh -D that is logged in there.
func serveSSH(t testing.TB) gate {
	t.Helper()
	sshd, ssh, keygen := installed(t, "sshd"), installed(t, "ssh"), installed(t, "ssh-keygen")
	d := newDaemon(t)
	for _, name := range []string{"host", "user"} {
		if out, err := d.command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	conf := d.write(t, "sshd_config", strings.NewReplacer("DIR", d.dir, "PORT", d.port).Replace(`
ListenAddress 127.0.0.1
Port PORT
HostKey DIR/host
AuthorizedKeysFile DIR/user.pub
PidFile none
# PAM, since without it sshd takes an account without a password for a locked one.
UsePAM yes
StrictModes no
PasswordAuthentication no
`))
	d.run(t, sshd, "-D", "-e", "-f", conf)
	account, err := user.LookupId(strconv.Itoa(d.uid))
	if err != nil {
		t.Fatal(err)
	}
	g := gate{newDaemon(t), authority{}, "socks5h", "output"}
	g.run(t, ssh, "-N", "-D", g.addr(), "-F", "none", "-i", filepath.Join(d.dir, "user"), "-p", d.port,
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", account.Username+"@127.0.0.1")
	return g
}

func TestPagesComeThroughEverySOCKSServer(t *testing.T) {
	large := noise(5 << 20)
	for _, proxy := range socksProxies {
		g := proxy.serve(t)
		for _, p := range protocols {
			t.Run(proxy.name+" "+p.name, func(t *testing.T) {
				n := serveNginx(t, site{listen: p.listen, files: map[string]string{"page.html": "a page", "large.html": large}})
				c := g.client(t, nil, p.options, n)
				resp := get(t, c, &Request{URL: n.url(t, "/page.html")})
				if resp.Status != 200 || string(resp.Body) != "a page" || resp.Protocol != p.spoken {
					t.Errorf("status %d, body %q over %s", resp.Status, resp.Body, resp.Protocol)
				}
				if resp := get(t, c, &Request{URL: n.url(t, "/large.html")}); string(resp.Body) != large {
					t.Errorf("%d bytes of the large file, status %d", len(resp.Body), resp.Status)
				}
				if conns := n.connections(t, 2); conns != 1 {
					t.Errorf("%d connections", conns)
				}
			})
		}
	}
}

// As in curl, socks5h has the names looked up by the server, and socks5 by us.
func TestNamesAreLookedUpWhereTheSOCKSSchemeSays(t *testing.T) {
	for _, proxy := range socksProxies {
		t.Run(proxy.name, func(t *testing.T) {
			g := proxy.serve(t)
			n := serveNginx(t, site{files: map[string]string{"page.html": "a page"}})
			for _, tc := range []struct {
				scheme, host string
				lookups      int
			}{
				{"socks5h", "localhost", 0}, // from /etc/hosts, as the server reads it
				{"socks5", "ours.test", 1},  // which we alone know
			} {
				lookups := 0
				g.scheme = tc.scheme
				c := g.client(t, nil, Options{Lookup: func(_ context.Context, _, host string) ([]netip.Addr, error) {
					if lookups++; host != "ours.test" {
						return nil, &net.DNSError{Err: "not ours", Name: host, IsNotFound: true}
					}
					return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
				}})
				resp := get(t, c, &Request{URL: mustURL(t, "http://"+tc.host+":"+n.port+"/page.html")})
				if string(resp.Body) != "a page" || lookups != tc.lookups {
					t.Errorf("%s: status %d, body %q, %d look-ups of ours", tc.scheme, resp.Status, resp.Body, lookups)
				}
			}
		})
	}
}

func TestATargetThatASOCKSServerCannotReachOrRefusesIsConnect(t *testing.T) {
	closed := freePort(t)
	for _, proxy := range socksProxies {
		g := proxy.serve(t)
		ports := []string{closed}
		if proxy.name == "dante" {
			ports = append(ports, deniedPort)
		}
		for _, port := range ports {
			for _, scheme := range []string{"http", "https"} {
				t.Run(fmt.Sprintf("%s %s %s", proxy.name, scheme, port), func(t *testing.T) {
					resp, err := g.client(t, nil, Options{}).Do(t.Context(), &Request{URL: mustURL(t, scheme+"://127.0.0.1:"+port+"/")})
					failsWith(t, err, KindConnect, PhaseConnect)
					if !retried(resp, err) {
						t.Error("not retried")
					}
				})
			}
		}
	}
}

func TestASOCKSServerKnowsItsUserByNameAndPassword(t *testing.T) {
	user := url.UserPassword("anna", "pa ss:@%/?#ü")
	g := serveMicrosocks(t, user)
	for _, p := range protocols {
		n := serveNginx(t, site{listen: p.listen, files: map[string]string{"page.html": "a page"}})
		resp := get(t, g.client(t, user, p.options, n), &Request{URL: n.url(t, "/page.html")})
		if string(resp.Body) != "a page" {
			t.Errorf("status %d, body %q", resp.Status, resp.Body)
		}
		for _, wrong := range []*url.Userinfo{nil, url.UserPassword("anna", "open-simsim"), url.UserPassword("otto", "pa ss:@%/?#ü")} {
			_, err := g.client(t, wrong, p.options, n).Do(t.Context(), &Request{URL: n.url(t, "/page.html")})
			e := failsWith(t, err, KindConnect, PhaseConnect)
			for _, s := range []string{"anna", "otto", "pa ss", "open-simsim"} {
				if strings.Contains(e.Error(), s) || strings.Contains(e.URL, s) {
					t.Errorf("as %v: says %q", wrong, e)
				}
			}
		}
	}
}
