package dial

import (
	"context"
	"crypto/tls"
	"net/netip"
	"net/url"
	"time"
)

// Family says which addresses may be dialled.
type Family uint8

// The families.
const (
	Any Family = iota
	IPv4
	IPv6
)

// Pin is an address given by hand for a host and port, instead of a look-up
// (-resolve).
type Pin struct {
	Host  string // in normal form, without brackets
	Port  string // "" is any port
	Addrs []netip.Addr
}

// Proxies chooses the proxy for a target; nil is none. It must not block.
type Proxies func(Target) (*url.URL, error)

// Lookup finds the addresses of a name; network is "ip", "ip4" or "ip6". An
// error should be a *net.DNSError.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Options configures a Dialer. The zero value is usable.
type Options struct {
	ConnectTimeout time.Duration // look-up and connect together, and again the TLS handshake; default 10 s
	Family         Family
	Resolve        []Pin
	DenyPrivate    bool        // dial no private, loopback, link-local or metadata address
	Proxies        Proxies     // nil: always directly
	Lookup         Lookup      // nil: net.DefaultResolver
	TLS            *tls.Config // roots, certificates, versions; server name and protocols are set per connection
	HTTP1          bool        // do not offer HTTP/2
	// Shed is asked to close an idle connection when the process may open no
	// further file; nil: there are none. It must not block.
	Shed func() bool
}

// Target is where a request goes.
type Target struct {
	Scheme string // "http" or "https"
	Host   string // without brackets
	Port   string
}
