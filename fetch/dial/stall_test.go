package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"crawl/fetch/dial"
)

// A proxy that stalls, in every place where it can, meets the limit or the end
// of the context, whichever comes first.
func TestAProxyThatStallsMeetsTheConnectTimeout(t *testing.T) {
	a := newAuthority(t)
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "1.1.1.1")}}
	slowly := func(c net.Conn) { // a header that never ends, a byte a second
		go hush(c)
		for _, b := range []byte("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1000)) {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
	says := func(b ...byte) func(net.Conn) { return func(c net.Conn) { _, _ = c.Write(b); hush(c) } }
	for _, tc := range []struct {
		proxy string
		peer  func(net.Conn)
	}{
		{"http://1.1.1.1", nil}, {"http://1.1.1.1", hush}, {"http://1.1.1.1", slowly}, {"http://1.1.1.1", says([]byte("HTTP/1.1 200")...)},
		{"https://1.1.1.1", hush}, {"https://1.1.1.1", trickle}, {"https://1.1.1.1", secured(conf, hush)}, {"https://1.1.1.1", secured(conf, slowly)},
		{"socks5://1.1.1.1", nil}, {"socks5://1.1.1.1", hush}, {"socks5h://1.1.1.1", says(5)}, {"socks5h://1.1.1.1", says(5, 0)},
		{"socks5h://u:p@1.1.1.1", says(5, 2)}, {"socks5h://u:p@1.1.1.1", says(5, 2, 1, 0)}, {"socks5h://1.1.1.1", says(5, 0, 5, 0, 0, 3, 200)},
		{"http://1.1.1.1", func(c net.Conn) { time.Sleep(time.Hour) }}, {"socks5h://1.1.1.1", func(c net.Conn) { time.Sleep(time.Hour) }}, // reads nothing either
	} {
		n := &network{peers: map[string]func(net.Conn){"*": tc.peer}}
		o := dial.Options{ConnectTimeout: 5 * time.Second, Connect: n.connect, Proxies: through(t, tc.proxy), TLS: a.trust()}
		r := &resolver{answer: addrs("8.8.8.8")}
		world(t, o, r, func(t *testing.T, d *dial.Dialer, _ *network) {
			t.Cleanup(n.work.Wait)
			for _, give := range []time.Duration{time.Hour, 2 * time.Second} {
				ctx, cancel := context.WithTimeout(t.Context(), give)
				start := time.Now()
				_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "https://a.example:443")})
				took := time.Since(start)
				if give == time.Hour {
					if e := fails[*dial.TimeoutError](t, err); e.Stage != dial.StageConnect || took != 5*time.Second {
						t.Errorf("%s: after %v: %v", tc.proxy, took, err)
					}
				} else if !errors.Is(err, context.DeadlineExceeded) || took != give {
					t.Errorf("%s: after %v: %v", tc.proxy, took, err)
				}
				cancel()
				ctx, cancel = context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				start = time.Now()
				if _, err = call(t, ctx, d, dial.Call{Route: route(t, d, "https://a.example:443")}); !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
					t.Errorf("%s: cancelled after %v: %v", tc.proxy, time.Since(start), err)
				}
			}
		})
	}
}

// No deadline of the dial stays on its connection, and the end of its context
// is nothing to it.
func TestAConnectionOutlivesItsDial(t *testing.T) {
	a := newAuthority(t)
	target := secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "8.8.8.8")}}, echo)
	toProxy := secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "1.1.1.1")}}, (&httpProxy{beyond: target}).serve)
	for proxy, peer := range map[string]func(net.Conn){
		"": target, "http://1.1.1.1": (&httpProxy{beyond: target}).serve, "https://1.1.1.1": toProxy,
		"socks5://1.1.1.1": (&socksProxy{beyond: target}).serve, "socks5h://u:p@1.1.1.1": (&socksProxy{user: "u:p", beyond: target}).serve,
	} {
		n := &network{peers: map[string]func(net.Conn){"*": peer}}
		o := dial.Options{Connect: n.connect, TLS: a.trust()}
		if proxy != "" {
			o.Proxies = through(t, proxy)
		}
		world(t, o, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
			t.Cleanup(n.work.Wait)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			conn, err := call(t, ctx, d, dial.Call{Route: route(t, d, "https://8.8.8.8:443")})
			if err != nil {
				t.Fatalf("%s: %v", proxy, err)
			}
			time.Sleep(30 * time.Minute)
			cancel()
			talks(t, conn)
		})
	}
}
