package dial_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

// guarded is a dialer that denies private addresses and looks every name up as
// the given addresses; all are reachable.
func guarded(t *testing.T, list ...string) (*dial.Dialer, *network) {
	n := &network{peers: map[string]func(net.Conn){"*": hush}}
	t.Cleanup(n.work.Wait)
	return newDialer(t, dial.Options{DenyPrivate: true, Lookup: lookup(list...), Connect: n.connect}), n
}

var deniedAddrs = []string{
	// private, loopback, link-local, metadata
	"10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
	"127.0.0.1", "127.0.0.2", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "168.63.129.16",
	"100.64.0.0", "100.100.100.200", "100.127.255.255",
	// this network, protocols, documentation, benchmarking, multicast, reserved, broadcast
	"0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
	// IPv6
	"::", "::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "feff::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fdff::1",
	"ff02::1", "ff0e::1", "100::1", "100:0:0:1::1", "2001:db8::1", "3fff::1", "3fff:fff::1", "5f00::1", "2001:2::1", "2001:10::1", "2001:20::1",
	"1::1", "4000::1", "a000::1", "200::1", "e000::1",
	// other spellings of IPv4: mapped, compatible, translated, NAT64, 6to4, Teredo
	"::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
	"::127.0.0.1", "::7f00:1", "::8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.1.2.3",
	"64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::1", "64:ff9b:2::1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001::1", "2001:0:7f00:1::",
}

var allowedAddrs = []string{
	"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
	"168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
	"192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
	"198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "::ffff:8.8.8.8",
	"2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700::1111", "2a00::1",
	"3ffe::1", "3fff:1000::1", "64:ff9b::8.8.8.8", "64:ff9b::808:808",
}

func TestFault07EveryPrivateAddressIsBlockedInEverySpelling(t *testing.T) {
	for _, a := range deniedAddrs {
		d, n := guarded(t, a)
		for _, host := range []string{a, "name.example"} {
			_, err := reach(t, d, "http://"+net.JoinHostPort(host, "80"))
			e := fails[*dial.BlockedError](t, err)
			if e.Host != host || e.Addr != netip.MustParseAddr(a).Unmap() || e.Block == "" {
				t.Errorf("%s as %s: %+v", a, host, e)
			}
		}
		if len(n.seen()) > 0 {
			t.Errorf("dialled %v", n.seen())
		}
	}
}

func TestPublicAddressesAreNotBlocked(t *testing.T) {
	for _, a := range allowedAddrs {
		d, n := guarded(t, a)
		for _, host := range []string{a, "name.example"} {
			conn, err := reach(t, d, "http://"+net.JoinHostPort(host, "80"))
			if err != nil {
				t.Errorf("%s as %s: %v", a, host, err)
			} else if want := netip.MustParseAddr(a).Unmap(); conn.IP != want || n.seen()[0] != netip.AddrPortFrom(want, 80).String() {
				t.Errorf("%s: dialled %v, address %v", a, n.seen(), conn.IP)
			}
		}
	}
}

// What the standard library calls by one of its names is never public.
func TestTheGuardDeniesWhatTheLibraryCallsPrivate(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	d, _ := guarded(t)
	for _, prefix := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8"} {
		p := netip.MustParsePrefix(prefix)
		for range 200 {
			b := p.Addr().AsSlice()
			for i := range b {
				keep := max(0, min(8, p.Bits()-8*i))
				b[i] |= byte(rnd.Uint32()) & (0xff >> keep)
			}
			a, _ := netip.AddrFromSlice(b)
			if !p.Contains(a) || !(a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast()) {
				t.Fatalf("%v is none of %v", a, p)
			}
			_, err := reach(t, d, "http://"+net.JoinHostPort(a.String(), "80"))
			fails[*dial.BlockedError](t, err)
		}
	}
}

// Names that some resolvers take for numbers reach the guard as what they mean.
func TestFault07ANumberInDisguiseIsJudgedByItsMeaning(t *testing.T) {
	d, n := guarded(t, "127.0.0.1")
	for _, host := range []string{"2130706433", "0x7f.1", "017700000001", "127.1", "127.0.0.1.", "localhost", "127.0.0.1.nip.example"} {
		_, err := reach(t, d, "http://"+host+":80")
		fails[*dial.BlockedError](t, err)
	}
	if len(n.seen()) > 0 {
		t.Errorf("dialled %v", n.seen())
	}
}

func TestFault07ABlockedAddressAmongOthersIsSkipped(t *testing.T) {
	d, n := guarded(t, "127.0.0.1", "fd00::1", "8.8.8.8", "::1")
	conn, err := reach(t, d, "http://name.example:80")
	if err != nil || conn.IP.String() != "8.8.8.8" || !slices.Equal(n.seen(), []string{"8.8.8.8:80"}) {
		t.Errorf("error %v, dialled %v", err, n.seen())
	}
	n.peers = nil // now the only public one refuses: the others stay untouched
	_, err = reach(t, d, "http://name.example:80")
	fails[*net.OpError](t, err)
	if got := n.seen(); !slices.Equal(got, []string{"8.8.8.8:80", "8.8.8.8:80"}) {
		t.Errorf("dialled %v", got)
	}
}

func TestFault07PinsAreJudgedToo(t *testing.T) {
	n := &network{peers: map[string]func(net.Conn){"*": hush}}
	d := newDialer(t, dial.Options{DenyPrivate: true, Connect: n.connect, Resolve: []dial.Pin{{Host: "name.example", Addrs: addrs("192.168.1.1")}}})
	_, err := reach(t, d, "http://name.example:80")
	e := fails[*dial.BlockedError](t, err)
	if got := e.Error(); got != "name.example: address 192.168.1.1 is denied: private use (RFC 1918)" {
		t.Errorf("says %q", got)
	}
	_, err = reach(t, d, "http://127.0.0.1:80")
	if got := fails[*dial.BlockedError](t, err).Error(); got != "address 127.0.0.1 is denied: loopback (RFC 1122)" {
		t.Errorf("says %q", got)
	}
	if len(n.seen()) > 0 {
		t.Errorf("dialled %v", n.seen())
	}
}

// A name service that answers with a public address first and a private one
// then gains nothing: the address that was judged is dialled.
func TestFault08TheAddressThatWasJudgedIsDialled(t *testing.T) {
	asked := 0
	rebinding := func(context.Context, string, string) ([]netip.Addr, error) {
		asked++
		if asked == 1 {
			return addrs("8.8.8.8"), nil
		}
		return addrs("127.0.0.1"), nil
	}
	n := &network{peers: map[string]func(net.Conn){"8.8.8.8:80": hush, "127.0.0.1:80": hush}}
	defer n.work.Wait()
	d := newDialer(t, dial.Options{DenyPrivate: true, Lookup: rebinding, Connect: n.connect})
	conn, err := d.Dial(context.Background(), dial.Call{Route: route(t, d, "http://rebind.example:80")})
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if asked != 1 || !slices.Equal(n.seen(), []string{"8.8.8.8:80"}) {
		t.Errorf("%d look-ups, dialled %v", asked, n.seen())
	}
}

func TestWithoutTheGuardPrivateAddressesAreDialled(t *testing.T) {
	n := &network{peers: map[string]func(net.Conn){"*": hush}}
	t.Cleanup(n.work.Wait)
	d := newDialer(t, dial.Options{Lookup: lookup("192.168.1.1"), Connect: n.connect})
	if _, err := reach(t, d, "http://router.example:80"); err != nil {
		t.Error(err)
	}
}

func TestAGuardAndAProxyExcludeEachOther(t *testing.T) {
	proxies := func(dial.Target) (*url.URL, error) { return nil, nil }
	_, err := dial.New(dial.Options{DenyPrivate: true, Proxies: proxies})
	if err == nil || !strings.Contains(err.Error(), "proxy") {
		t.Errorf("error %v", err)
	}
	d, n := guarded(t) // a route of another making does not get around it
	r := route(t, d, "http://8.8.8.8:80")
	r.Proxy = mustProxy(t, "http://9.9.9.9")
	_, err = call(t, context.Background(), d, dial.Call{Route: r})
	if e := fails[*dial.ProxyError](t, err); len(n.seen()) > 0 || errors.Unwrap(e) == nil {
		t.Errorf("dialled %v, error %v", n.seen(), err)
	}
}
