package dial_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

// routeVia is the route to a target through a proxy; "" is none.
func routeVia(t testing.TB, proxy, to string) dial.Route {
	t.Helper()
	var o dial.Options
	if proxy != "" {
		o.Proxies = through(t, proxy)
	}
	return route(t, newDialer(t, o), to)
}

func TestRoutesHaveEqualKeysWhereConnectionsAreInterchangeable(t *testing.T) {
	groups := [][][2]string{ // proxy and target; one group, one key
		{{"", "http://a.example:80"}},
		{{"", "http://a.example:81"}},
		{{"", "https://a.example:443"}},
		{{"", "http://b.example:80"}},
		{{"", "http://[2a00::1]:80"}},
		{{"", "http://p.example:3128"}}, // the proxy as a target of its own
		{{"http://p.example:3128", "http://a.example:80"}, {"p.example:3128", "http://b.example:8080"}, {"http://P.example:3128/", "http://[2a00::1]:80"}},
		{{"https://p.example:3128", "http://a.example:80"}, {"https://p.example:3128", "http://b.example:80"}},
		{{"http://p.example", "http://a.example:80"}, {"http://p.example:1080", "http://b.example:80"}},
		{{"http://u:p@p.example:3128", "http://a.example:80"}, {"http://u:p@p.example:3128", "http://b.example:80"}},
		{{"http://u:q@p.example:3128", "http://a.example:80"}},
		{{"http://v:p@p.example:3128", "http://a.example:80"}},
		{{"http://p.example:3128", "https://a.example:443"}},
		{{"http://p.example:3128", "https://b.example:443"}},
		{{"http://u:p@p.example:3128", "https://a.example:443"}},
		{{"https://p.example:3128", "https://a.example:443"}},
		{{"socks5://p.example:3128", "http://a.example:80"}},
		{{"socks5://p.example:3128", "http://b.example:80"}},
		{{"socks5h://p.example:3128", "http://a.example:80"}},
		{{"socks5h://u:p@p.example:3128", "http://a.example:80"}},
		{{"socks5h://p.example:3128", "https://a.example:443"}},
	}
	seen := map[string][2]string{}
	for _, group := range groups {
		first := routeVia(t, group[0][0], group[0][1]).Key()
		if other, ok := seen[first]; ok {
			t.Errorf("%v and %v have the key %q", other, group[0], first)
		}
		seen[first] = group[0]
		for _, g := range group[1:] {
			if key := routeVia(t, g[0], g[1]).Key(); key != first {
				t.Errorf("%v has %q, %v has %q", g, key, group[0], first)
			}
		}
	}
	if key := routeVia(t, "", "https://a.example:443").Key(); key != "https://a.example:443" {
		t.Errorf("the key of a direct route is %q", key)
	}
	if key := routeVia(t, "http://name:secret@p.example", "http://a.example:80").Key(); strings.Contains(key, "secret") {
		t.Errorf("a key shows a password: %q", key)
	}
}

func TestPlainRequestsThroughAnHTTPProxyAreAbsolute(t *testing.T) {
	for _, tc := range []struct {
		proxy, target string
		absolute      bool
		authorization string
	}{
		{"", "http://a.example:80", false, ""},
		{"http://p.example", "http://a.example:80", true, ""},
		{"http://u:p@p.example", "http://a.example:80", true, "Basic dTpw"},
		{"http://u@p.example", "http://a.example:80", true, "Basic dTo="},
		{"http://u%3A:%40@p.example", "http://a.example:80", true, "Basic dTo6QA=="},
		{"https://u:p@p.example", "http://a.example:80", true, "Basic dTpw"},
		{"http://u:p@p.example", "https://a.example:443", false, ""}, // the target would read it
		{"https://u:p@p.example", "https://a.example:443", false, ""},
		{"socks5://u:p@p.example", "http://a.example:80", false, ""},
		{"socks5h://u:p@p.example", "http://a.example:80", false, ""},
	} {
		r := routeVia(t, tc.proxy, tc.target)
		if r.Absolute() != tc.absolute || r.ProxyAuthorization() != tc.authorization {
			t.Errorf("%+v: absolute %v, authorization %q", tc, r.Absolute(), r.ProxyAuthorization())
		}
	}
}

// Whatever made the target: it adds no line to the request for a tunnel, and
// asks the name service for nothing strange.
func TestATargetThatIsNoneIsRefused(t *testing.T) {
	n := &network{}
	d := newDialer(t, dial.Options{Connect: n.connect, Lookup: lookup("8.8.8.8")})
	for _, bad := range []dial.Target{
		{}, {Scheme: "ftp", Host: "a.example", Port: "21"}, {Scheme: "HTTP", Host: "a.example", Port: "80"}, {Scheme: "http", Host: "", Port: "80"},
		{Scheme: "http", Host: "a.example\r\nX: y", Port: "80"}, {Scheme: "http", Host: "a b", Port: "80"}, {Scheme: "http", Host: "a\x00b", Port: "80"},
		{Scheme: "http", Host: "a.example/x", Port: "80"}, {Scheme: "http", Host: "u@a.example", Port: "80"}, {Scheme: "http", Host: "[2a00::1]", Port: "80"},
		{Scheme: "http", Host: "bücher.example", Port: "80"}, {Scheme: "http", Host: "a\x7f", Port: "80"}, {Scheme: "http", Host: "a\xff", Port: "80"},
		{Scheme: "http", Host: "a.example", Port: ""}, {Scheme: "http", Host: "a.example", Port: "0"}, {Scheme: "http", Host: "a.example", Port: "65536"},
		{Scheme: "http", Host: "a.example", Port: "http"}, {Scheme: "http", Host: "a.example", Port: "80\r\n"}, {Scheme: "http", Host: "a.example", Port: "-1"}, {Scheme: "http", Host: "a.example", Port: "+80"},
	} {
		_, err := d.Route(bad)
		if e := fails[*dial.TargetError](t, err); e.Target != bad || strings.ContainsAny(e.Error(), "\r\n\x00") {
			t.Errorf("%q: %v", bad, e)
		}
		_, err = call(t, context.Background(), d, dial.Call{Route: dial.Route{Target: bad}})
		fails[*dial.TargetError](t, err)
	}
	if len(n.seen()) > 0 {
		t.Errorf("dialled %v", n.seen())
	}
}

func TestAProxyThatIsNoneIsRefused(t *testing.T) {
	odd := errors.New("odd")
	for name, choice := range map[string]dial.Proxies{
		"an error": func(dial.Target) (*url.URL, error) { return nil, odd },
		"a scheme": func(dial.Target) (*url.URL, error) { return &url.URL{Scheme: "ftp", Host: "p.example:21"}, nil },
		"no host": func(dial.Target) (*url.URL, error) {
			return &url.URL{Scheme: "http", User: url.UserPassword("u", "secret")}, nil
		},
		"a port": func(dial.Target) (*url.URL, error) { return &url.URL{Scheme: "http", Host: "p.example:0"}, nil },
		"a line": func(dial.Target) (*url.URL, error) { return &url.URL{Scheme: "http", Host: "p.example\r\nX: y"}, nil },
		"a name": func(dial.Target) (*url.URL, error) {
			return &url.URL{Scheme: "socks5", Host: "p.example", User: url.UserPassword(strings.Repeat("x", 256), "secret")}, nil
		},
	} {
		n, r := &network{}, &resolver{}
		d := newDialer(t, dial.Options{Proxies: choice, Connect: n.connect, Lookup: r.lookup})
		_, err := d.Route(target(t, "http://a.example:80"))
		if e := fails[*dial.ProxyError](t, err); strings.Contains(e.Error(), "secret") || name == "an error" && !errors.Is(err, odd) {
			t.Errorf("%s: %v", name, err)
		}
		if proxy, err := choice(dial.Target{}); err == nil {
			_, err = call(t, context.Background(), d, dial.Call{Route: dial.Route{Target: target(t, "http://a.example:80"), Proxy: proxy}})
			if fails[*dial.ProxyError](t, err); r.count() > 0 || len(n.seen()) > 0 {
				t.Errorf("%s: looked up %v, dialled %v", name, r.asked, n.seen())
			}
		}
	}
}

func TestAllThatIsWrongWithOptionsIsTold(t *testing.T) {
	_, err := dial.New(dial.Options{
		ConnectTimeout: -1, Family: 7, DenyPrivate: true, Proxies: through(t, "p.example"), UserAgent: "a\r\nb",
		Resolve: []dial.Pin{{Host: "a.example"}, {Host: "", Addrs: addrs("1.1.1.1")}, {Host: "b.example", Port: "x", Addrs: addrs("1.1.1.1")}, {Host: "c.example", Addrs: []netip.Addr{{}}}},
	})
	if err == nil || strings.Count(err.Error(), "\n") != 7 {
		t.Errorf("told: %v", err)
	}
	if err := (dial.Options{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestAStageHasAName(t *testing.T) {
	for stage, name := range map[dial.Stage]string{dial.StageLookup: "look-up", dial.StageConnect: "connect", dial.StageHandshake: "TLS handshake", 0: "unknown stage"} {
		if stage.String() != name {
			t.Errorf("%d is %q", stage, stage)
		}
	}
	var timeout net.Error
	if errors.As(error(&dial.TimeoutError{}), &timeout) {
		t.Error("a TimeoutError is a net.Error, and promises more than it has")
	}
}
