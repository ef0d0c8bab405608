package dial_test

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"crawl/fetch/dial"
)

func newDialer(t testing.TB, o dial.Options) *dial.Dialer {
	t.Helper()
	d, err := dial.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// target reads "scheme://host:port".
func target(t testing.TB, s string) dial.Target {
	t.Helper()
	for _, scheme := range []string{"http", "https"} {
		if len(s) > len(scheme)+3 && s[:len(scheme)+3] == scheme+"://" {
			host, port, err := net.SplitHostPort(s[len(scheme)+3:])
			if err != nil {
				t.Fatal(err)
			}
			return dial.Target{Scheme: scheme, Host: host, Port: port}
		}
	}
	t.Fatalf("no target: %q", s)
	return dial.Target{}
}

func route(t testing.TB, d *dial.Dialer, s string) dial.Route {
	t.Helper()
	r, err := d.Route(target(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reach(t testing.TB, d *dial.Dialer, s string) (*dial.Conn, error) {
	t.Helper()
	return d.Dial(context.Background(), dial.Call{Route: route(t, d, s)})
}

// serve accepts connections on loopback and has h speak on each; it closes them
// when the test ends, and waits.
func serve(t testing.TB, h func(net.Conn)) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(done)
		served := make(chan struct{})
		running := 0
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			running++
			go func() {
				defer func() { served <- struct{}{} }()
				defer c.Close()
				quiet := make(chan struct{})
				go func() {
					defer close(quiet)
					h(c)
				}()
				select {
				case <-quiet:
				case <-over:
					c.Close()
					<-quiet
				}
			}()
		}
		for ; running > 0; running-- {
			<-served
		}
	}()
	t.Cleanup(func() { l.Close(); close(over); <-done })
	return l.Addr().String()
}

func addrs(list ...string) []netip.Addr {
	found := make([]netip.Addr, len(list))
	for i, s := range list {
		found[i] = netip.MustParseAddr(s)
	}
	return found
}

// lookup answers every name with the same addresses.
func lookup(list ...string) dial.Lookup {
	return func(context.Context, string, string) ([]netip.Addr, error) { return addrs(list...), nil }
}
