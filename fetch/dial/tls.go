package dial

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
)

// sessions is how many TLS sessions are remembered for resumption.
const sessions = 256

// targetTLS is the configuration for targets, but for their name.
func targetTLS(o Options) *tls.Config {
	c := baseTLS(o)
	c.NextProtos = []string{"h2", "http/1.1"}
	if o.HTTP1 {
		c.NextProtos = []string{"http/1.1"}
	}
	return c
}

// proxyTLS is the configuration for https proxies, but for their name. As in
// curl, what is meant for targets is not for them: they are verified always,
// and never see the client's certificate.
func proxyTLS(o Options) *tls.Config {
	c := baseTLS(o)
	c.NextProtos = []string{"http/1.1"}
	c.InsecureSkipVerify = false
	c.Certificates, c.GetClientCertificate = nil, nil
	return c
}

// baseTLS is the caller's configuration. The lowest version is crypto/tls's, 1.2,
// unless the caller's is another.
func baseTLS(o Options) *tls.Config {
	c := o.TLS.Clone() // nil stays nil
	if c == nil {
		c = &tls.Config{}
	}
	if c.ClientSessionCache == nil {
		c.ClientSessionCache = tls.NewLRUClientSessionCache(sessions)
	}
	return c
}

// handshake makes conn a TLS connection to a host. It ends with ctx. It leaves
// conn to be closed by the caller.
func handshake(ctx context.Context, conn net.Conn, base *tls.Config, host string) (*tls.Conn, error) {
	c := base.Clone()
	c.ServerName = serverName(host)
	secured := tls.Client(conn, c)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secured, nil
}

// serverName is the name that a certificate is to have: without the dot at the
// end (RFC 6066 section 3), and an address without its zone.
func serverName(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.WithZone("").String()
	}
	return strings.TrimSuffix(host, ".")
}
