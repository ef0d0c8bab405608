package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
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

// network is the family's name for a look-up.
func (f Family) network() string {
	switch f {
	case IPv4:
		return "ip4"
	case IPv6:
		return "ip6"
	}
	return "ip"
}

// String is the family's name, for people.
func (f Family) String() string {
	switch f {
	case Any:
		return "any"
	case IPv4:
		return "IPv4"
	case IPv6:
		return "IPv6"
	}
	return "unknown family"
}

// has reports whether an unmapped address is of the family.
func (f Family) has(a netip.Addr) bool {
	return f == Any || a.Is4() == (f == IPv4)
}

// Pin is an address given by hand for a host and port, instead of a look-up
// (-resolve). It holds for proxies too, as in curl.
type Pin struct {
	Host  string // in normal form, without brackets; "*" is any host that has no pin of its own
	Port  string // "" is any port
	Addrs []netip.Addr
}

// Proxies chooses the proxy for a target; nil is none. It must not block. The
// URL is one that ParseProxy could have made.
type Proxies func(Target) (*url.URL, error)

// Lookup finds the addresses of a name; network is "ip", "ip4" or "ip6". An
// error should be a *net.DNSError, or, where the name has addresses but none for
// the network, a *net.AddrError as from net.Resolver. It must end soon after ctx
// does.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Connect opens a TCP connection to one address. An error should be a
// *net.OpError. It must end soon after ctx does.
type Connect func(ctx context.Context, to netip.AddrPort) (net.Conn, error)

// Options configures a Dialer. The zero value is usable.
type Options struct {
	ConnectTimeout time.Duration // look-up and connect together, and again the TLS handshake; default 10 s
	Family         Family
	Resolve        []Pin
	DenyPrivate    bool        // dial no private, loopback, link-local or metadata address; not with Proxies
	Proxies        Proxies     // nil: always directly
	Lookup         Lookup      // nil: the system's
	Connect        Connect     // nil: the system's TCP, with keep-alive probes
	TLS            *tls.Config // roots, certificates, versions; server name and protocols are set per connection
	HTTP1          bool        // do not offer HTTP/2
	UserAgent      string      // sent to a proxy with CONNECT; "" sends none
	// Shed is asked to close an idle connection when the process may open no
	// further file, and says whether it did; nil: there are none. It must not
	// block, and may be called from any goroutine.
	Shed func() bool
}

const connectTimeout = 10 * time.Second

// Validate reports everything that is wrong with o, joined. It does not block.
func (o Options) Validate() error {
	var errs []error
	if o.ConnectTimeout < 0 {
		errs = append(errs, fmt.Errorf("connect timeout: %v is negative", o.ConnectTimeout))
	}
	if o.Family > IPv6 {
		errs = append(errs, fmt.Errorf("family: %d is unknown", o.Family))
	}
	if o.DenyPrivate && o.Proxies != nil {
		errs = append(errs, errors.New("private addresses cannot be denied through a proxy: it looks up the names"))
	}
	if strings.ContainsFunc(o.UserAgent, isControl) {
		errs = append(errs, errors.New("user agent: invalid header value"))
	}
	for _, p := range o.Resolve {
		if err := p.validate(); err != nil {
			errs = append(errs, fmt.Errorf("address of %q: %w", p.Host, err))
		}
	}
	return errors.Join(errs...)
}

// Target is where a request goes.
type Target struct {
	Scheme string // "http" or "https"
	Host   string // without brackets
	Port   string
}

// validate keeps out what would change the meaning of a line of HTTP, whoever
// made the target.
func (t Target) validate() error {
	switch {
	case t.Scheme != "http" && t.Scheme != "https":
		return &TargetError{t, "the scheme is neither http nor https"}
	case !validHost(t.Host):
		return &TargetError{t, "invalid host"}
	case !validPort(t.Port):
		return &TargetError{t, "invalid port"}
	}
	return nil
}

// validHost reports whether a host, without brackets, is fit for a request and
// a look-up: visible ASCII without what ends a host in a URL.
func validHost(host string) bool {
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("/?#@[]\\", r)
	})
}

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
