package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// way is what is known of a route once its names are looked up.
type way struct {
	host, port string       // of the peer that is dialled: the target, or the proxy
	addrs      []netip.Addr // of the peer, in the order in which they are tried
	beyond     string       // the host that the proxy is asked for, a name or an address
}

// find looks up what the route needs, under ctx.
func (d *Dialer) find(ctx context.Context, c Call) (way, error) {
	r := c.Route
	w := way{host: r.Host, port: r.Port}
	if r.Proxy != nil {
		w.host, w.port, w.beyond = r.Proxy.Hostname(), proxyPort(r.Proxy), r.Host
	}
	here := r.Proxy != nil && r.Proxy.Scheme == "socks5" // the target's name is looked up here too
	addrs, known := d.known(w.host, w.port)
	beyond, alsoKnown := []netip.Addr(nil), true
	if here {
		beyond, alsoKnown = d.known(r.Host, r.Port)
	}
	if !known || !alsoKnown {
		c.begin(StageLookup)
		defer c.end(StageLookup)
	}
	var err error
	if !known {
		addrs, err = d.names.find(ctx, w.host, c.Due)
	}
	if err = d.o.Family.lack(w.host, addrs, err); err != nil {
		return way{}, r.blame(err)
	}
	w.addrs = addrs
	if !here {
		return w, nil
	}
	if !alsoKnown {
		beyond, err = d.names.find(ctx, r.Host, c.Due)
	}
	if err = d.o.Family.lack(r.Host, beyond, err); err != nil {
		return way{}, err
	}
	w.beyond = beyond[0].String()
	return w, nil
}

// known finds addresses without a look-up: a pin's, or the one that the host
// spells. There may be none of the family.
func (d *Dialer) known(host, port string) ([]netip.Addr, bool) {
	if addrs, ok := d.pins.find(host, port); ok {
		return addrs, true
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return nil, false
	}
	return d.o.Family.only([]netip.Addr{a}), true
}

// only keeps what is of the family, unmapped. It makes a new slice.
func (f Family) only(addrs []netip.Addr) []netip.Addr {
	kept := make([]netip.Addr, 0, len(addrs))
	for _, a := range addrs {
		if a = a.Unmap(); a.IsValid() && f.has(a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// lack is the error of a host of which addrs and err were found, if it has no
// address of the family.
func (f Family) lack(host string, addrs []netip.Addr, err error) error {
	switch {
	case err == nil && len(addrs) > 0:
		return nil
	case err != nil && (f == Any || !notFound(err)):
		return err
	case f == Any:
		return &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return &FamilyError{Host: host, Family: f, Err: err}
}

// systemLookup is the system's resolver. Its sockets wait like all others where
// the process may open no further file (faults.md row 35).
func (d *Dialer) systemLookup() Lookup {
	return (&net.Resolver{Dial: d.openSocket}).LookupNetIP
}

// openSocket opens a socket to a name server.
func (d *Dialer) openSocket(ctx context.Context, network, address string) (net.Conn, error) {
	return d.patiently(ctx, func() (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	})
}

// asDNSError makes any error of a look-up a *net.DNSError.
func asDNSError(host string, err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return err
	}
	return &net.DNSError{Err: err.Error(), Name: host, IsTemporary: true, UnwrapErr: err}
}
