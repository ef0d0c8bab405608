package dial

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpproxy"
)

// Fixed chooses one proxy for every target but those that noProxy names: as in
// NO_PROXY, a list of domains, addresses and networks, with or without a port,
// or "*". As in curl, and unlike FromEnvironment, it sends loopback targets
// through the proxy too.
func Fixed(proxy *url.URL, noProxy string) Proxies {
	noProxy = tidy(noProxy)
	rules := &httpproxy.Config{HTTPProxy: somewhere, HTTPSProxy: somewhere, NoProxy: noProxy}
	choose := rules.ProxyFunc()
	return func(t Target) (*url.URL, error) {
		t.Host = strings.TrimSuffix(t.Host, ".")
		if isLoopback(t.Host) { // of which the library says no always
			if namesLoopback(noProxy, t) {
				return nil, nil
			}
			return proxy, nil
		}
		found, err := choose(t.url())
		if found == nil || err != nil {
			return nil, err
		}
		return proxy, nil
	}
}

// FromEnvironment chooses by HTTP_PROXY, HTTPS_PROXY and NO_PROXY or the same in
// lower case, which wins; it returns nil if neither proxy is set. The rules are
// those of golang.org/x/net/http/httpproxy: loopback targets are reached
// directly. Where REQUEST_METHOD is set, as for a CGI program, a stranger may
// have set HTTP_PROXY, which is then an error; http_proxy, which no request can
// set, is taken. The error names the variable that is invalid, without its value.
func FromEnvironment(getenv func(string) string) (Proxies, error) {
	var errs []error
	cgi := getenv("REQUEST_METHOD") != ""
	proxy := func(name string) (*url.URL, string) {
		value := fromEither(getenv, name)
		if value == "" {
			return nil, ""
		}
		u, err := ParseProxy(value)
		if cgi && name == "HTTP_PROXY" && (getenv("http_proxy") == "" || runtime.GOOS == "windows") { // whose names have no case
			err = errCGI
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		return u, somewhere
	}
	rules := &httpproxy.Config{NoProxy: tidy(fromEither(getenv, "NO_PROXY"))}
	var forHTTP, forHTTPS *url.URL
	forHTTP, rules.HTTPProxy = proxy("HTTP_PROXY")
	forHTTPS, rules.HTTPSProxy = proxy("HTTPS_PROXY")
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if forHTTP == nil && forHTTPS == nil {
		return nil, nil
	}
	choose := rules.ProxyFunc()
	return func(t Target) (*url.URL, error) {
		t.Host = strings.TrimSuffix(t.Host, ".")
		found, err := choose(t.url())
		switch {
		case found == nil || err != nil:
			return nil, err
		case t.Scheme == "https":
			return forHTTPS, nil
		}
		return forHTTP, nil
	}, nil
}

var errCGI = errors.New("not trusted where REQUEST_METHOD is set, for a CGI request can set it (http_proxy it cannot)")

// somewhere stands for a proxy where the library is asked only whether.
const somewhere = "http://proxy.invalid"

// tidy makes a list of exceptions one for the library: curl takes spaces for
// commas too, and brackets around an address without a port.
func tidy(noProxy string) string {
	entries := strings.FieldsFunc(strings.ToLower(noProxy), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	for i, e := range entries {
		if inner, ok := strings.CutPrefix(e, "["); ok && strings.HasSuffix(inner, "]") {
			entries[i] = strings.TrimSuffix(inner, "]")
		}
	}
	return strings.Join(entries, ",")
}

func fromEither(getenv func(string) string, name string) string {
	if value := getenv(strings.ToLower(name)); value != "" {
		return value
	}
	return getenv(name)
}

func (t Target) url() *url.URL {
	return &url.URL{Scheme: t.Scheme, Host: net.JoinHostPort(t.Host, t.Port)}
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// namesLoopback reports whether noProxy names a loopback target.
func namesLoopback(noProxy string, t Target) bool {
	addr, _ := netip.ParseAddr(t.Host)
	addr = addr.Unmap()
	for entry := range strings.SplitSeq(noProxy, ",") {
		if entry == "*" {
			return true
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			if network.Contains(addr) {
				return true
			}
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if err != nil {
			host, port = entry, ""
		}
		if port != "" && port != t.Port {
			continue
		}
		if a, err := netip.ParseAddr(host); err == nil && a.Unmap() == addr || host == t.Host {
			return true
		}
	}
	return false
}
