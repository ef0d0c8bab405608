package dial_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/fetch/dial"
)

func TestAddressesAndPinsNeedNoLookUp(t *testing.T) {
	pins := []dial.Pin{
		{Host: "a.example", Port: "80", Addrs: addrs("1.1.1.1")},
		{Host: "a.example", Addrs: addrs("2.2.2.2")},
		{Host: "*", Port: "8080", Addrs: addrs("3.3.3.3")},
		{Host: "5.5.5.5", Port: "80", Addrs: addrs("6.6.6.6")},
	}
	r := &resolver{answer: addrs("9.9.9.9")}
	world(t, dial.Options{Resolve: pins}, r, func(t *testing.T, d *dial.Dialer, n *network) {
		for _, tc := range []struct{ url, dialled string }{
			{"http://a.example:80", "1.1.1.1:80"},
			{"http://a.example.:80", "1.1.1.1:80"},
			{"http://a.example:443", "2.2.2.2:443"},
			{"http://a.example:8080", "2.2.2.2:8080"},
			{"http://b.example:8080", "3.3.3.3:8080"},
			{"http://4.4.4.4:80", "4.4.4.4:80"},
			{"http://5.5.5.5:80", "6.6.6.6:80"},
			{"http://[2a00::1]:80", "[2a00::1]:80"},
			{"http://[fe80::1%eth0]:80", "[fe80::1%eth0]:80"},
		} {
			var seen stages
			conn, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, tc.url), Trace: seen.trace})
			if err != nil || n.seen()[len(n.seen())-1] != tc.dialled || r.count() != 0 {
				t.Errorf("%s: error %v, dialled %v, %d look-ups", tc.url, err, n.seen(), r.count())
			} else if conn.IP.Zone() != "" {
				t.Errorf("%s: the address %v has a zone", tc.url, conn.IP)
			}
			if !slices.Equal(seen, stages{"+connect", "-connect"}) {
				t.Errorf("%s: stages %v", tc.url, seen)
			}
		}
		var seen stages
		for range 2 { // the second time it is remembered
			if _, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://b.example:80"), Trace: seen.trace}); err != nil {
				t.Error(err)
			}
		}
		if want := (stages{"+look-up", "-look-up", "+connect", "-connect"}); !slices.Equal(seen, append(want, want...)) || r.count() != 1 {
			t.Errorf("stages %v", seen)
		}
	})
}

func TestAPinWinsOverWhatIsRemembered(t *testing.T) {
	world(t, dial.Options{Resolve: []dial.Pin{{Host: "a.example", Port: "81", Addrs: addrs("1.1.1.1")}}}, &resolver{answer: addrs("9.9.9.9")},
		func(t *testing.T, d *dial.Dialer, n *network) {
			for _, port := range []string{"80", "81"} {
				if _, err := reach(t, d, "http://a.example:"+port); err != nil {
					t.Error(err)
				}
			}
			if got := n.seen(); !slices.Equal(got, []string{"9.9.9.9:80", "1.1.1.1:81"}) {
				t.Errorf("dialled %v", got)
			}
		})
}

func TestTheFamilyRestrictsEverySource(t *testing.T) {
	for _, tc := range []struct {
		family dial.Family
		asked  string
		want   []string
		not    string
	}{
		{dial.IPv4, "ip4 a.example", []string{"8.8.8.8:80", "7.7.7.7:80", "6.6.6.6:80"}, "http://[2a00::1]:80"},
		{dial.IPv6, "ip6 a.example", []string{"[2a00::8]:80", "[2a00::7]:80", "[2a00::6]:80"}, "http://6.6.6.6:80"},
	} {
		r := &resolver{answer: addrs("::ffff:8.8.8.8", "2a00::8")}
		o := dial.Options{Family: tc.family, Resolve: []dial.Pin{
			{Host: "pin.example", Addrs: addrs("7.7.7.7", "2a00::7")}, {Host: "four.example", Addrs: addrs("7.7.7.7")}, {Host: "six.example", Addrs: addrs("2a00::7")}}}
		world(t, o, r, func(t *testing.T, d *dial.Dialer, n *network) {
			for _, u := range []string{"http://a.example:80", "http://pin.example:80", map[dial.Family]string{dial.IPv4: "http://6.6.6.6:80", dial.IPv6: "http://[2a00::6]:80"}[tc.family]} {
				if _, err := reach(t, d, u); err != nil {
					t.Errorf("%s: %v", u, err)
				}
			}
			if !slices.Equal(n.seen(), tc.want) || r.asked[0] != tc.asked {
				t.Errorf("dialled %v, asked %v", n.seen(), r.asked)
			}
			for _, u := range []string{tc.not, map[dial.Family]string{dial.IPv4: "http://six.example:80", dial.IPv6: "http://four.example:80"}[tc.family]} {
				_, err := reach(t, d, u)
				if e := fails[*dial.FamilyError](t, err); e.Family != tc.family || e.Err != nil || err.Error() != "no "+tc.family.String()+" address" || !strings.Contains(u, e.Host) {
					t.Errorf("%s: %+v, says %v", u, e, err)
				}
			}
		})
	}
}

// The name service does not always tell a name without an address of the family
// from a name that nobody has.
func TestAnUnknownNameMayHaveAnAddressOfTheOtherFamily(t *testing.T) {
	for _, tc := range []struct {
		failure error
		says    string
	}{
		{unknownName, "no such host with an IPv6 address"},
		{&net.AddrError{Err: "no suitable address found", Addr: "a.example"}, "no IPv6 address"}, // the standard library's, of a name with others
	} {
		r := &resolver{err: tc.failure}
		world(t, dial.Options{Family: dial.IPv6}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
			for range 2 {
				_, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://a.example:80"), Due: time.Now()})
				if e := fails[*dial.FamilyError](t, err); e.Host != "a.example" || e.Family != dial.IPv6 || err.Error() != tc.says {
					t.Errorf("%v became %+v, says %v", tc.failure, e, err)
				}
				time.Sleep(2 * time.Second)
			}
			if r.count() != 1 {
				t.Errorf("%v: %d look-ups, though the answer is final", tc.failure, r.count())
			}
		})
	}
}

func TestALookUpThatFailsForTheMomentIsNoLackOfAFamily(t *testing.T) {
	world(t, dial.Options{Family: dial.IPv6}, &resolver{err: serverFail}, func(t *testing.T, d *dial.Dialer, _ *network) {
		_, err := reach(t, d, "http://a.example:80")
		if fails[*net.DNSError](t, err); errors.As(err, new(*dial.FamilyError)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestANameWithoutAddressesIsNotFound(t *testing.T) {
	for _, none := range [][]netip.Addr{nil, {}, {netip.Addr{}}} {
		world(t, dial.Options{}, &resolver{answer: none}, func(t *testing.T, d *dial.Dialer, _ *network) {
			_, err := reach(t, d, "http://a.example:80")
			if dns := fails[*net.DNSError](t, err); !dns.IsNotFound || dns.Name != "a.example" {
				t.Errorf("got %+v", dns)
			}
		})
	}
}

func TestFamiliesHaveNames(t *testing.T) {
	for f, want := range map[dial.Family]string{dial.Any: "any", dial.IPv4: "IPv4", dial.IPv6: "IPv6", 7: "unknown family"} {
		if got := f.String(); got != want {
			t.Errorf("%d is %q, want %q", f, got, want)
		}
	}
}

// The standard library's resolver has an error of its own for a name in the hosts
// file without an address of the family.
func TestTheSystemsResolverToldOfAFamily(t *testing.T) {
	if a, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip6", "localhost"); err == nil {
		t.Skipf("localhost is %v here", a)
	}
	_, err := reach(t, newDialer(t, dial.Options{Family: dial.IPv6}), "http://localhost:80")
	if e := fails[*dial.FamilyError](t, err); e.Host != "localhost" || e.Family != dial.IPv6 {
		t.Errorf("got %+v", e)
	}
}

func TestTheSystemsResolverKnowsLocalhost(t *testing.T) {
	_, port, _ := net.SplitHostPort(serve(t, echo))
	d := newDialer(t, dial.Options{})
	conn, err := reach(t, d, "http://localhost:"+port)
	if err != nil {
		t.Fatal(err)
	}
	if talks(t, conn); conn.IP.String() != "127.0.0.1" {
		t.Errorf("address %v", conn.IP)
	}
}
