package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"crawl/fetch/dial"
)

// middleman is an HTTP proxy that notes what it is asked.
type middleman struct {
	mu    sync.Mutex
	asked []string // "GET http://… auth", "CONNECT host:port auth"
	conns atomic.Int32
}

func (m *middleman) note(line, auth string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, strings.TrimSpace(line+" "+auth))
}

func (m *middleman) lines() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

// serve answers a plain request by itself and lets a CONNECT through.
func (m *middleman) serve(t *testing.T) *url.URL {
	u := raw(t, func(p *peer) {
		m.conns.Add(1)
		for {
			req, err := http.ReadRequest(p.r)
			if err != nil {
				return
			}
			m.note(req.Method+" "+req.RequestURI, req.Header.Get("Proxy-Authorization"))
			if req.UserAgent() != "testbot/1" {
				m.note("from", req.UserAgent())
			}
			if req.Method != http.MethodConnect {
				p.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Saw: " + req.Host + "|" + req.Header.Get("Authorization") + "\r\n\r\nproxy")
				continue
			}
			far, err := net.Dial("tcp", req.RequestURI)
			if err != nil {
				p.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
				return
			}
			defer far.Close()
			p.send("HTTP/1.1 200 Connection established\r\n\r\n")
			done := make(chan struct{})
			go func() { defer close(done); _, _ = io.Copy(p, far); _ = p.Close() }()
			_, _ = io.Copy(far, p.r)
			_ = far.Close()
			<-done
			return
		}
	})
	return &url.URL{Scheme: "http", Host: u.HostPort(), User: url.UserPassword("me", "secret")}
}

func TestAPlainRequestGoesToTheProxyWhole(t *testing.T) {
	var m middleman
	c := newClient(t, Options{UserAgent: "testbot/1", Proxies: dial.Fixed(m.serve(t), ""), User: url.UserPassword("user", "2")})
	for _, u := range []string{"http://one.example/a|b?c", "http://two.example:8080//x", "http://one.example/"} {
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, u)})
		if err != nil || string(resp.Body) != "proxy" {
			t.Fatalf("%s: %v, body %q", u, err, resp.Body)
		}
		if want := mustURL(t, u).Host() + "|" + basic["user:2"]; resp.Header.Get("X-Saw") != want {
			t.Errorf("%s: the proxy saw %q, want %q", u, resp.Header.Get("X-Saw"), want)
		}
		resp.Release()
	}
	want := []string{
		"GET http://one.example/a|b?c Basic bWU6c2VjcmV0",
		"GET http://two.example:8080//x Basic bWU6c2VjcmV0",
		"GET http://one.example/ Basic bWU6c2VjcmV0",
	}
	if got := m.lines(); !slices.Equal(got, want) || m.conns.Load() != 1 {
		t.Errorf("over %d connections: %q", m.conns.Load(), got)
	}
}

func TestATunnelIsDugForHTTPS(t *testing.T) {
	var m middleman
	var saw atomic.Value
	s := serveTLS(t, nil, func(w http.ResponseWriter, r *http.Request) {
		saw.Store(r.Header.Get("Proxy-Authorization"))
		hello(w, r)
	})
	c := newClient(t, Options{UserAgent: "testbot/1", Insecure: true, Proxies: dial.Fixed(m.serve(t), "")})
	for range 2 {
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, s.URL+"/")})
		if err != nil || string(resp.Body) != "hello over HTTP/2.0" {
			t.Fatalf("%v, body %q", err, resp.Body)
		}
		resp.Release()
	}
	want := []string{"CONNECT " + mustURL(t, s.URL).HostPort() + " Basic bWU6c2VjcmV0"}
	if got := m.lines(); !slices.Equal(got, want) {
		t.Errorf("the proxy was asked %q, want %q", got, want)
	}
	if saw.Load() != "" {
		t.Error("the proxy's password went on to the server")
	}
}

func TestAProxyThatRefusesIsConnectAndKeepsItsPassword(t *testing.T) {
	nobody := raw(t, func(*peer) {}) // takes the connection, and closes it
	refuses := answers(t, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
	for name, u := range map[string]string{"proxy": nobody.HostPort(), "407": refuses.HostPort()} {
		c := newClient(t, Options{Proxies: dial.Fixed(&url.URL{Scheme: "http", Host: u, User: url.UserPassword("me", "secret")}, "")})
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, "https://x.example/")})
		e := failsWith(t, err, KindConnect, PhaseConnect)
		if !strings.Contains(e.Error(), name) || !retried(resp, err) {
			t.Errorf("%s: says %q", name, e)
		}
	}
}

func TestAProxyThatNobodyKnowsIsDNSAndNamed(t *testing.T) {
	unknown := &net.DNSError{Err: "no such host", Name: "proxy.example", Server: "192.0.2.53:53", IsNotFound: true}
	for family, says := range map[dial.Family]string{
		dial.Any:  "proxy http://proxy.example:3128: no such host",
		dial.IPv6: "proxy http://proxy.example:3128: no such host with an IPv6 address",
	} {
		lookup := func(context.Context, string, string) ([]netip.Addr, error) { return nil, unknown }
		proxy := &url.URL{Scheme: "http", Host: "proxy.example:3128", User: url.UserPassword("me", "secret")}
		c := newClient(t, Options{Family: family, Lookup: lookup, Proxies: dial.Fixed(proxy, "")})
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://x.example/")})
		if e := failsWith(t, err, KindDNS, PhaseDNS); e.Error() != says || retried(resp, err) {
			t.Errorf("%v: says %q, retried %v", family, e, retried(resp, err))
		}
	}
}

// Proxies is the caller's, and may fail.
func TestAProxyThatCannotBeChosenIsTold(t *testing.T) {
	choose := func(dial.Target) (*url.URL, error) { return nil, errors.New("the table is empty") }
	c := newClient(t, Options{Proxies: choose})
	_, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://x.example/")})
	if e := failsWith(t, err, KindConnect, phaseOf(err)); e.Error() != "proxy: the table is empty" {
		t.Errorf("says %q", e)
	}
}

func TestFault07APrivateAddressIsNeverDialled(t *testing.T) {
	u := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	lookup := func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}, nil
	}
	c := newClient(t, Options{DenyPrivate: true, Lookup: lookup})
	for _, host := range []string{"127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]", "localhost", "rebind.example", "169.254.169.254", "100.64.0.1"} {
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://"+host+":"+u.Port()+"/")})
		failsWith(t, err, KindBlockedAddress, phaseOf(err))
		if retried(resp, err) {
			t.Errorf("%s: retried", host)
		}
	}
	if _, err := New(Options{DenyPrivate: true, Proxies: dial.Fixed(&url.URL{Scheme: "http", Host: "p:1"}, "")}); err == nil {
		t.Error("taken together with a proxy, which does the look-ups")
	}
}

// The address that was judged is the one that is dialled: a name that changes
// its address between the two cannot slip through.
func TestFault08ANameIsLookedUpOnce(t *testing.T) {
	var asked atomic.Int32
	lookup := func(context.Context, string, string) ([]netip.Addr, error) {
		if asked.Add(1) == 1 {
			return []netip.Addr{netip.MustParseAddr("203.0.113.1")}, nil // refused by the guard as documentation
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	c := newClient(t, Options{DenyPrivate: true, Lookup: lookup})
	for range 3 {
		_, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://rebind.example/")})
		failsWith(t, err, KindBlockedAddress, phaseOf(err))
	}
	if asked.Load() != 1 {
		t.Errorf("looked up %d times", asked.Load())
	}
}
