package dial

import "net/netip"

// block is a range of addresses that are no public web server's.
type block struct {
	prefix netip.Prefix
	use    string // what it is for, and who says so
}

// The blocks that DenyPrivate denies: all of IANA's IPv4 and IPv6
// Special-Purpose Address Registries that are not globally reachable, and what
// stands elsewhere (multicast, old IPv6 forms, one cloud's metadata).
//
// 2001::/23 is denied whole: the few assignments in it that are reachable are
// anycast services and overlays, not web servers. So are 6to4, Teredo and the
// IPv4-compatible and IPv4-translated forms, which are given up and could lead
// to any IPv4 address.
var blocks = []block{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network (RFC 791)"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private use (RFC 1918)"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared address space (RFC 6598)"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback (RFC 1122)"},
	{netip.MustParsePrefix("168.63.129.16/32"), "metadata of a cloud (Azure)"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local (RFC 3927)"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private use (RFC 1918)"},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments (RFC 6890)"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation (RFC 5737)"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relays (RFC 7526)"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private use (RFC 1918)"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking (RFC 2544)"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation (RFC 5737)"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation (RFC 5737)"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast (RFC 5771)"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast (RFC 919)"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved (RFC 1112)"},

	{netip.MustParsePrefix("::/128"), "unspecified (RFC 4291)"},
	{netip.MustParsePrefix("::1/128"), "loopback (RFC 4291)"},
	{netip.MustParsePrefix("::/96"), "IPv4-compatible (RFC 4291)"},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "IPv4-translated (RFC 2765)"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "local NAT64 (RFC 8215)"},
	{netip.MustParsePrefix("100::/64"), "discard (RFC 6666)"},
	{netip.MustParsePrefix("100:0:0:1::/64"), "dummy prefix (RFC 9780)"},
	{netip.MustParsePrefix("2001::/32"), "Teredo (RFC 4380)"},
	{netip.MustParsePrefix("2001::/23"), "protocol assignments (RFC 2928)"},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation (RFC 3849)"},
	{netip.MustParsePrefix("2002::/16"), "6to4 (RFC 3056)"},
	{netip.MustParsePrefix("3fff::/20"), "documentation (RFC 9637)"},
	{netip.MustParsePrefix("5f00::/16"), "segment routing (RFC 9602)"},
	{netip.MustParsePrefix("fc00::/7"), "unique local (RFC 4193)"},
	{netip.MustParsePrefix("fe80::/10"), "link-local (RFC 4291)"},
	{netip.MustParsePrefix("fec0::/10"), "site-local (RFC 3879)"},
	{netip.MustParsePrefix("ff00::/8"), "multicast (RFC 4291)"},
}

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")     // RFC 4291 section 2.4; IANA has assigned nothing else
	nat64         = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: how a network with IPv6 alone reaches IPv4
)

// denied says for what an address is used, if it is none of the public
// internet's.
func denied(a netip.Addr) (use string, yes bool) {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, b := range blocks {
		if b.prefix.Contains(a) {
			return b.use, true
		}
	}
	if !a.Is4() && !globalUnicast.Contains(a) {
		return "not assigned (RFC 4291)", true
	}
	return "", false
}

// allowed keeps the addresses that may be dialled; it changes nothing in addrs.
// The error is a *BlockedError if none is left.
func allowed(host string, addrs []netip.Addr) ([]netip.Addr, error) {
	var kept []netip.Addr
	for _, a := range addrs {
		if _, no := denied(a); !no {
			kept = append(kept, a)
		}
	}
	if len(kept) == 0 && len(addrs) > 0 {
		use, _ := denied(addrs[0])
		return nil, &BlockedError{Host: host, Addr: addrs[0], Block: use}
	}
	return kept, nil
}
