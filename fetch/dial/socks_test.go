package dial_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

func TestSOCKS5LooksUpHereAndSOCKS5HThere(t *testing.T) {
	p := &socksProxy{beyond: echo}
	at := serve(t, p.serve)
	for _, tc := range []struct{ proxy, target, asked, lookedUp string }{
		{"socks5", "a.example", "8.8.8.8:80", "ip a.example"},
		{"socks5", "9.9.9.9", "9.9.9.9:80", ""},
		{"socks5", "pin.example", "7.7.7.7:80", ""},
		{"socks5h", "a.example", "a.example:80", ""},
		{"socks5h", "9.9.9.9", "9.9.9.9:80", ""},
		{"socks5h", "[2a00::1]", "[2a00::1]:80", ""},
	} {
		r := &resolver{answer: addrs("8.8.8.8", "8.8.4.4")}
		pins := []dial.Pin{{Host: "pin.example", Addrs: addrs("7.7.7.7")}}
		d := newDialer(t, dial.Options{Lookup: r.lookup, Resolve: pins, Proxies: through(t, tc.proxy+"://"+at)})
		var seen stages
		conn, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://"+tc.target+":80"), Trace: seen.trace})
		if err != nil {
			t.Fatal(err)
		}
		if talks(t, conn); p.last() != tc.asked || strings.Join(r.asked, ",") != tc.lookedUp || conn.IP.String() != "127.0.0.1" {
			t.Errorf("%+v: asked for %s, looked up %v, address %v", tc, p.last(), r.asked, conn.IP)
		}
		if want := map[bool]int{false: 2, true: 4}[tc.lookedUp != ""]; len(seen) != want {
			t.Errorf("%+v: stages %v", tc, seen)
		}
	}
	r := &resolver{err: unknownName}
	d := newDialer(t, dial.Options{Lookup: r.lookup, Proxies: through(t, "socks5://"+at)})
	_, err := reach(t, d, "http://a.example:80")
	if fails[*net.DNSError](t, err); errors.As(err, new(*dial.ProxyError)) {
		t.Errorf("the target's unknown name is blamed on the proxy: %v", err)
	}
}

func TestSOCKS5AsksForAnAddressOfTheFamily(t *testing.T) {
	p := &socksProxy{beyond: echo}
	at := serve(t, p.serve)
	pins := []dial.Pin{{Host: "both.example", Addrs: addrs("2a00::1", "8.8.8.8")}, {Host: "six.example", Addrs: addrs("2a00::1")}}
	d := newDialer(t, dial.Options{Family: dial.IPv4, Resolve: pins, Proxies: through(t, "socks5://"+at)})
	if _, err := reach(t, d, "http://both.example:80"); err != nil || p.last() != "8.8.8.8:80" {
		t.Errorf("asked for %s, error %v", p.last(), err)
	}
	_, err := reach(t, d, "http://six.example:80")
	if e := fails[*dial.FamilyError](t, err); e.Host != "six.example" || errors.As(err, new(*dial.ProxyError)) {
		t.Errorf("error %v, of %s", err, e.Host)
	}
}

func TestASOCKSProxyThatRefusesIsAProxyError(t *testing.T) {
	answers := func(b ...byte) func(net.Conn) {
		return func(c net.Conn) { _, _ = c.Write(b); hush(c) }
	}
	for name, h := range map[string]func(net.Conn){
		"refused":               (&socksProxy{reply: 5}).serve,
		"forbidden":             (&socksProxy{reply: 2}).serve,
		"no such method":        answers(5, 0xff),
		"a method not offered":  answers(5, 1),
		"wrong password":        (&socksProxy{user: "name:right"}).serve,
		"another version":       answers(4, 0),
		"HTTP":                  answers([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")...),
		"closes":                func(net.Conn) {},
		"an unknown address":    answers(5, 0, 5, 0, 0, 9),
		"a reserved field":      answers(5, 0, 5, 0, 1, 1),
		"another version later": answers(5, 0, 4, 0, 0, 1),
	} {
		at := serve(t, h)
		_, err := reach(t, newDialer(t, dial.Options{Proxies: through(t, "socks5h://name:wrong@"+at)}), "http://a.example:80")
		e := fails[*dial.ProxyError](t, err)
		if e.Proxy != "socks5h://"+at || e.Err == nil || strings.Contains(err.Error(), "wrong") || strings.Contains(err.Error(), "socks connect") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
