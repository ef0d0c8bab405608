package dial_test

import (
	"net"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"crawl/fetch/dial"
)

var choices = []string{
	"http://example.com:80", "https://example.com:443", "http://sub.example.com:8080", "http://example.com.:80", "http://example.org:80", "http://notexample.com:80",
	"http://10.1.2.3:80", "http://10.1.2.3:8080", "http://192.168.0.1:80", "https://[2a00::1]:443", "http://[fd00::1]:80",
	"http://localhost:80", "http://localhost:8080", "http://127.0.0.1:80", "http://127.9.9.9:80", "https://[::1]:443", "http://[::ffff:127.0.0.1]:80", "http://sub.localhost:80",
}

// direct lists the targets for which no proxy is chosen.
func direct(t *testing.T, p dial.Proxies) (list string) {
	t.Helper()
	for _, s := range choices {
		u, err := p(target(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if u == nil {
			list += strings.TrimPrefix(strings.TrimPrefix(s, "http://"), "https://") + " "
		}
	}
	return strings.TrimSpace(list)
}

func TestAFixedProxyIsForAllButWhatNoProxyNames(t *testing.T) {
	proxy := mustProxy(t, "http://user:pass@proxy.example:3128")
	for noProxy, want := range map[string]string{
		"":                           "",
		"example.com":                "example.com:80 example.com:443 sub.example.com:8080 example.com.:80",
		".example.com":               "sub.example.com:8080",
		"*.example.com":              "sub.example.com:8080",
		"EXAMPLE.com:443":            "example.com:443",
		"10.0.0.0/8, fd00::/8":       "10.1.2.3:80 10.1.2.3:8080 [fd00::1]:80",
		"10.1.2.3:8080,[2a00::1]":    "10.1.2.3:8080 [2a00::1]:443",
		"10.1.2.3:8080 192.168.0.1":  "10.1.2.3:8080 192.168.0.1:80",
		"localhost":                  "localhost:80 localhost:8080 sub.localhost:80",
		"localhost:8080":             "localhost:8080",
		"127.0.0.1":                  "127.0.0.1:80 [::ffff:127.0.0.1]:80",
		"127.0.0.1:80":               "127.0.0.1:80 [::ffff:127.0.0.1]:80",
		"127.0.0.1:81":               "",
		"::1":                        "[::1]:443",
		"[::1]":                      "[::1]:443",
		"[::1]:443":                  "[::1]:443",
		"127.0.0.0/8":                "127.0.0.1:80 127.9.9.9:80 [::ffff:127.0.0.1]:80",
		"::1/128,":                   "[::1]:443",
		"localhost,127.0.0.0/8, ::1": "localhost:80 localhost:8080 127.0.0.1:80 127.9.9.9:80 [::1]:443 [::ffff:127.0.0.1]:80 sub.localhost:80",
		"nonsense/99,:,[,:80, ,,":    "",
	} {
		if got := direct(t, dial.Fixed(proxy, noProxy)); got != want {
			t.Errorf("NO_PROXY=%q: direct are %q, want %q", noProxy, got, want)
		}
	}
	for _, all := range []string{"*", "example.org,*", "* example.org"} {
		if got := direct(t, dial.Fixed(proxy, all)); strings.Count(got, " ") != len(choices)-1 {
			t.Errorf("NO_PROXY=%q: direct are %q", all, got)
		}
	}
	u, err := dial.Fixed(proxy, "")(target(t, "https://example.com:443"))
	if err != nil || u.String() != proxy.String() {
		t.Errorf("chose %v, error %v", u, err)
	}
}

// variables is an environment.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

func TestTheEnvironmentChoosesByScheme(t *testing.T) {
	for _, tc := range []struct {
		env                     variables
		forHTTP, forHTTPS, none string
	}{
		{variables{"HTTP_PROXY": "a:1"}, "http://a:1", "", ""},
		{variables{"HTTPS_PROXY": "https://a"}, "", "https://a:443", ""},
		{variables{"HTTP_PROXY": "a:1", "HTTPS_PROXY": "b:2"}, "http://a:1", "http://b:2", ""},
		{variables{"HTTP_PROXY": "a:1", "http_proxy": "c:3", "https_proxy": "socks5://u:p@d"}, "http://c:3", "socks5://u:p@d:1080", ""},
		{variables{"https_proxy": "b:2", "HTTPS_PROXY": "socks5h://d:4"}, "", "http://b:2", ""},
		{variables{"https_proxy": "", "HTTPS_PROXY": "socks5h://d:4"}, "", "socks5h://d:4", ""},
		{variables{"http_proxy": "a:1", "NO_PROXY": "example.com", "no_proxy": "example.org"}, "http://a:1", "", "http://example.org:80"},
		{variables{"http_proxy": "a:1", "NO_PROXY": "example.org"}, "http://a:1", "", "http://example.org:80"},
		{variables{"http_proxy": "a:1", "NO_PROXY": "example.org"}, "http://a:1", "", "http://example.org.:80"},
		{variables{"http_proxy": "a:1"}, "http://a:1", "", "http://127.0.0.1:80"},
		{variables{"https_proxy": "a:1", "REQUEST_METHOD": "GET"}, "", "http://a:1", ""},
		{variables{"HTTPS_PROXY": "a:1", "REQUEST_METHOD": "GET"}, "", "http://a:1", ""},
		{variables{"http_proxy": "a:1", "REQUEST_METHOD": "GET"}, "http://a:1", "", ""},
		{variables{"HTTP_PROXY": "b:2", "http_proxy": "a:1", "REQUEST_METHOD": "GET"}, "http://a:1", "", ""},
	} {
		if runtime.GOOS == "windows" && tc.env["http_proxy"] != "" && tc.env["REQUEST_METHOD"] != "" {
			continue // a request can set it there
		}
		p, err := dial.FromEnvironment(tc.env.get)
		if err != nil {
			t.Fatal(err)
		}
		for u, want := range map[string]string{"http://example.com:80": tc.forHTTP, "https://example.com:443": tc.forHTTPS, tc.none: ""} {
			if u == "" {
				continue
			}
			got, err := p(target(t, u))
			if err != nil || (got == nil) != (want == "") || got != nil && got.String() != want {
				t.Errorf("%v: %v for %s, error %v", tc.env, got, u, err)
			}
		}
	}
}

func TestAnEnvironmentWithoutProxiesChoosesNone(t *testing.T) {
	for _, env := range []variables{{}, {"NO_PROXY": "*"}, {"HTTP_PROXY": "", "https_proxy": ""}, {"ALL_PROXY": "a:1"}} {
		if p, err := dial.FromEnvironment(env.get); p != nil || err != nil {
			t.Errorf("%v: a choice, error %v", env, err)
		}
	}
}

func TestAnInvalidVariableIsToldAtOnceWithoutItsValue(t *testing.T) {
	env := variables{"HTTP_PROXY": "ftp://user:secret@a", "https_proxy": "http://user:secret@a:port"}
	p, err := dial.FromEnvironment(env.get)
	if p != nil || err == nil || !strings.Contains(err.Error(), "HTTP_PROXY: ") || !strings.Contains(err.Error(), "HTTPS_PROXY: ") || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

// A CGI program gets the request's header Proxy as HTTP_PROXY: a stranger must
// not choose the proxy.
func TestInACGIProgramTheProxyOfHTTPIsAnError(t *testing.T) {
	p, err := dial.FromEnvironment(variables{"HTTP_PROXY": "http://secret:1", "HTTPS_PROXY": "b:2", "REQUEST_METHOD": "GET"}.get)
	if p != nil || err == nil || !strings.HasPrefix(err.Error(), "HTTP_PROXY: not trusted where REQUEST_METHOD is set") || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

// FuzzNoProxy holds both choices to the library's, but for loopback targets of
// a fixed proxy, of which the library says no always.
func FuzzNoProxy(f *testing.F) {
	f.Add("example.com,10.0.0.0/8", "sub.example.com", "80")
	f.Add("*.example.com:80 fd00::/8,::1", "::1", "443")
	f.Add("*", "localhost", "80")
	f.Fuzz(func(t *testing.T, noProxy, host, port string) {
		to := dial.Target{Scheme: "http", Host: host, Port: port}
		d := newDialer(t, dial.Options{})
		if _, err := d.Route(to); err != nil || strings.HasSuffix(host, ".") {
			return
		}
		listed := strings.Join(strings.Fields(strings.ReplaceAll(noProxy, ",", " ")), ",")
		if strings.ContainsAny(noProxy, "[]") {
			return // in brackets we know more than the library
		}
		library := &httpproxy.Config{HTTPProxy: "http://p.example:1", NoProxy: listed}
		want, err := library.ProxyFunc()(&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)})
		if err != nil {
			t.Skip()
		}
		got, err := dial.Fixed(mustProxy(t, "p.example:1"), noProxy)(to)
		if err != nil {
			t.Fatal(err)
		}
		ip := net.ParseIP(host)
		if loopback := host == "localhost" || ip != nil && ip.IsLoopback(); !loopback && (got == nil) != (want == nil) {
			t.Fatalf("fixed: %v, the library: %v", got, want)
		}
		p, err := dial.FromEnvironment(variables{"HTTP_PROXY": "p.example:1", "NO_PROXY": listed}.get)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = p(to); err != nil || (got == nil) != (want == nil) {
			t.Fatalf("environment: %v, error %v, the library: %v", got, err, want)
		}
	})
}
