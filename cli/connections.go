package cli

import (
	"errors"
	"fmt"

	"golang.org/x/net/idna"

	"crawl/fetch/dial"
)

// equipConnections puts how a connection comes to be into the options. It reads
// the files that the flags name, and the proxies of the environment.
func (o *options) equipConnections(getenv func(string) string) error {
	f := &o.engine.Fetch
	switch {
	case o.ipv4:
		f.Family = dial.IPv4
	case o.ipv6:
		f.Family = dial.IPv6
	}
	for _, text := range o.pins {
		pin, err := dial.ParsePin(text)
		if err != nil {
			return fmt.Errorf("%s %q: %w", o.named("resolve"), text, err)
		}
		if ascii, err := idna.Lookup.ToASCII(pin.Host); err == nil {
			pin.Host = ascii // as URLs have it
		}
		f.Resolve = append(f.Resolve, pin)
	}
	if err := o.equipTLS(); err != nil {
		return err
	}
	return o.equipProxies(getenv)
}

// equipProxies takes the proxy of -proxy, or else those of the environment, which
// the demo's own site never goes through.
func (o *options) equipProxies(getenv func(string) string) (err error) {
	f := &o.engine.Fetch
	switch {
	case o.demo, o.proxy != nil && *o.proxy == "":
		return nil
	case o.proxy != nil:
		proxy, err := dial.ParseProxy(*o.proxy)
		if err != nil {
			return fmt.Errorf("%s: %w", o.named("proxy"), err)
		}
		noProxy := getenv("no_proxy")
		if noProxy == "" {
			noProxy = getenv("NO_PROXY")
		}
		f.Proxies = dial.Fixed(proxy, noProxy)
	default:
		if f.Proxies, err = dial.FromEnvironment(getenv); err != nil {
			return fmt.Errorf("%w; -proxy '' goes without", err)
		}
	}
	if f.Proxies != nil && f.DenyPrivate {
		if o.proxy == nil {
			return errors.New("-deny-private: the environment names a proxy, behind which no address can be checked; -proxy '' goes without")
		}
		return errors.New("-deny-private: no address can be checked behind a proxy; leave -proxy out")
	}
	return nil
}
