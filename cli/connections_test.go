package cli

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

// equipped is a command line with all that belongs to it, in an environment.
func equipped(t *testing.T, env map[string]string, args ...string) (*options, error) {
	t.Helper()
	o, _, err := parse(append(args, "http://a.example/"))
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return o, o.equip(t.Context(), func(name string) string { return env[name] }, io.Discard)
}

func TestFamilies(t *testing.T) {
	for typed, want := range map[string]dial.Family{"": dial.Any, "-4": dial.IPv4, "-6": dial.IPv6, "-ipv4": dial.IPv4, "--ipv6": dial.IPv6} {
		o, err := equipped(t, nil, strings.Fields(typed)...)
		if err != nil || o.engine.Fetch.Family != want {
			t.Errorf("%s: family %d, %v", typed, o.engine.Fetch.Family, err)
		}
	}
}

func TestPins(t *testing.T) {
	o, err := equipped(t, nil, "-resolve", "Größe.example:443:192.0.2.1,[2001:db8::1]", "-resolve", "_x.example:*:192.0.2.2", "-resolve", "*:80:192.0.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for _, pin := range o.engine.Fetch.Resolve {
		hosts = append(hosts, pin.Host+":"+pin.Port)
	}
	if got := strings.Join(hosts, " "); got != "xn--gre-6ka8i.example:443 _x.example: *:80" || len(o.engine.Fetch.Resolve[0].Addrs) != 2 {
		t.Errorf("%s, %v", got, o.engine.Fetch.Resolve)
	}
	if _, err := equipped(t, nil, "-resolve", "a.example:443"); err == nil || !strings.HasPrefix(err.Error(), `-resolve "a.example:443": `) {
		t.Error(err)
	}
}

// The proxy of the flag, or those of the environment; which hosts do without.
func TestProxies(t *testing.T) {
	const plain, secure = "http://a.example:80", "https://a.example:443"
	for _, c := range []struct {
		what  string
		env   map[string]string
		typed string
		want  map[string]string // target to proxy
	}{
		{"none", nil, "", nil},
		{"flag", nil, "-x p.example:3128", map[string]string{plain: "http://p.example:3128", secure: "http://p.example:3128", "http://127.0.0.1:80": "http://p.example:3128"}},
		{"flag over environment", map[string]string{"HTTP_PROXY": "http://e.example"}, "-proxy socks5://p.example", map[string]string{plain: "socks5://p.example:1080", secure: "socks5://p.example:1080"}},
		{"flag, and hosts that do without", map[string]string{"NO_PROXY": "a.example"}, "-x p.example:3128", map[string]string{plain: "", "http://b.example:80": "http://p.example:3128"}},
		{"flag, and lower case wins", map[string]string{"NO_PROXY": "a.example", "no_proxy": "b.example"}, "-x p.example:3128", map[string]string{plain: "http://p.example:3128", "http://b.example:80": ""}},
		{"environment", map[string]string{"HTTP_PROXY": "p.example:1", "https_proxy": "http://q.example:2"}, "", map[string]string{plain: "http://p.example:1", secure: "http://q.example:2", "http://127.0.0.1:80": ""}},
		{"environment and no flag for https", map[string]string{"http_proxy": "p.example:1", "NO_PROXY": ".b.example"}, "", map[string]string{secure: "", "http://x.b.example:80": ""}},
		{"empty flag", map[string]string{"HTTP_PROXY": "http://e.example"}, "-proxy=", nil},
	} {
		o, err := equipped(t, c.env, strings.Fields(c.typed)...)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		proxies := o.engine.Fetch.Proxies
		if (proxies == nil) != (c.want == nil) {
			t.Errorf("%s: proxies is nil: %v", c.what, proxies == nil)
		}
		for target, want := range c.want {
			u, err := url.Parse(target)
			if err != nil {
				t.Fatal(err)
			}
			proxy, err := proxies(dial.Target{Scheme: u.Scheme, Host: u.Hostname(), Port: u.Port()})
			got := ""
			if proxy != nil {
				got = proxy.Scheme + "://" + proxy.Host
			}
			if err != nil || got != want {
				t.Errorf("%s: %s goes through %q, %v, want %q", c.what, target, got, err, want)
			}
		}
	}
}

// The demo's site is on loopback, so no proxy leads there.
func TestTheDemoHasNoProxy(t *testing.T) {
	o, _, err := parse([]string{"-demo"})
	if err != nil {
		t.Fatal(err)
	}
	getenv := func(string) string { return "gopher://nonsense" }
	if err := o.equip(t.Context(), getenv, io.Discard); err != nil || o.engine.Fetch.Proxies != nil {
		t.Error(err)
	}
}

func TestBadProxiesAreToldWithoutTheirPasswords(t *testing.T) {
	for _, c := range []struct {
		env   map[string]string
		typed string
		want  string
	}{
		{nil, "-x gopher://me:hush@p.example", "-proxy: the scheme must be"},
		{map[string]string{"HTTP_PROXY": "http://me:hush@p.example", "REQUEST_METHOD": "GET"}, "", "HTTP_PROXY: not trusted where REQUEST_METHOD is set"},
		{nil, "-x http://me:hush@[", "-proxy: "},
		{map[string]string{"HTTP_PROXY": "gopher://me:hush@p.example"}, "", "HTTP_PROXY: "},
		{map[string]string{"https_proxy": "http://me:hush@["}, "", "HTTPS_PROXY: "},
		{nil, "-deny-private -x http://me:hush@p.example", "-deny-private: no address can be checked behind a proxy; leave -proxy out"},
		{map[string]string{"HTTPS_PROXY": "http://me:hush@p.example"}, "-deny-private", "-deny-private: the environment names a proxy"},
	} {
		_, err := equipped(t, c.env, strings.Fields(c.typed)...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s with %v: %v, want %s…", c.typed, c.env, err, c.want)
		}
	}
}
