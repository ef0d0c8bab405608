package engine

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"crawl/fetch"
)

// authority is a certificate authority for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	good tls.Certificate // for 127.0.0.1, by this authority
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{key: newKey(t)}
	template := certificate("test authority", time.Hour)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	a.cert = sign(t, template, template, a.key, a.key)
	a.good = a.issue(t, "", time.Hour)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certificate is a template, good for a while from an hour ago.
func certificate(name string, ends time.Duration) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(ends),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

func sign(t *testing.T, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// issue makes a certificate for host, or for 127.0.0.1 where it is "".
func (a authority) issue(t *testing.T, host string, ends time.Duration) tls.Certificate {
	t.Helper()
	template := certificate("server", ends)
	if host == "" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.DNSNames = []string{host}
	}
	key := newKey(t)
	return tls.Certificate{Certificate: [][]byte{sign(t, template, a.cert, key, a.key).Raw}, PrivateKey: key}
}

// selfSigned makes a certificate that vouches for itself.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	template, key := certificate("self", time.Hour), newKey(t)
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	return tls.Certificate{Certificate: [][]byte{sign(t, template, template, key, key).Raw}, PrivateKey: key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// sickTLS is row 10.
func sickTLS(t *testing.T, s *servers) []sickLine {
	answer := func(p *peer) {
		if p.request() != "" {
			p.send(whole(pageOf("never seen")))
		}
	}
	with := func(cert tls.Certificate) string {
		return s.overTLS(&tls.Config{Certificates: []tls.Certificate{cert}}, answer)
	}
	old := &tls.Config{Certificates: []tls.Certificate{s.ca.good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	wants := &tls.Config{Certificates: []tls.Certificate{s.ca.good}, ClientAuth: tls.RequireAnyClientCert}
	secure := func(url string) string { return strings.Replace(url, "http:", "https:", 1) }
	return []sickLine{
		{row: 10, name: "certificate expired", url: with(s.ca.issue(t, "", -time.Hour)), kind: fetch.KindTLS},
		{row: 10, name: "certificate self-signed", url: with(selfSigned(t)), kind: fetch.KindTLS},
		{row: 10, name: "certificate of an unknown authority", url: with(newAuthority(t).good), kind: fetch.KindTLS},
		{row: 10, name: "certificate of another host", url: with(s.ca.issue(t, "other.example", time.Hour)), kind: fetch.KindTLS},
		{row: 10, name: "old version", url: s.overTLS(old, answer), kind: fetch.KindTLS},
		{row: 10, name: "wants a certificate of ours", url: s.overTLS(wants, answer), kind: fetch.KindTLS},
		{row: 10, name: "no TLS but HTTP", url: secure(s.raw(func(p *peer) { p.send("HTTP/1.1 400 Bad Request\r\n\r\n"); p.wait() })), kind: fetch.KindTLS},
		{row: 10, name: "no TLS but mail", url: secure(s.raw(func(p *peer) { p.send("220 mail.example ESMTP\r\n"); p.wait() })), kind: fetch.KindTLS},
		{row: 10, name: "handshake cut off", url: secure(s.raw(func(p *peer) { _, _ = p.r.ReadByte(); p.reset() })), kind: fetch.KindReset, attempts: tries},
		{row: 3, name: "handshake that never ends", url: secure(s.raw(func(p *peer) { p.wait() })), kind: fetch.KindTimeout, attempts: tries},
	}
}

// names is a name service that knows the hosts of the tests, and some that it
// fails on.
type names struct {
	mu    sync.Mutex
	asked map[string]int
}

func newNames() *names { return &names{asked: map[string]int{}} }

// Lookup is dial.Lookup.
func (n *names) Lookup(ctx context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	n.asked[host]++
	n.mu.Unlock()
	fault := func(text string) *net.DNSError { return &net.DNSError{Err: text, Name: host} }
	switch {
	case strings.HasPrefix(host, "nxdomain"):
		err := fault("no such host")
		err.IsNotFound = true
		return nil, err
	case strings.HasPrefix(host, "servfail"):
		err := fault("server misbehaving")
		err.IsTemporary = true
		return nil, err
	case strings.HasPrefix(host, "silent"):
		<-ctx.Done()
		err := fault("i/o timeout")
		err.IsTimeout = true
		return nil, err
	case strings.HasPrefix(host, "empty"):
		return nil, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// sickNames is row 9.
func sickNames() []sickLine {
	return []sickLine{
		{row: 9, name: "NXDOMAIN", url: "http://nxdomain.example/", kind: fetch.KindDNS},
		{row: 9, name: "NXDOMAIN, from memory", url: "http://nxdomain.example/again", kind: fetch.KindDNS},
		{row: 9, name: "SERVFAIL", url: "http://servfail.example/", kind: fetch.KindDNS, attempts: tries},
		{row: 9, name: "look-up that is not answered", url: "https://silent.example/", kind: fetch.KindDNS, attempts: tries},
		{row: 27, name: "host that HTTP cannot carry", url: "http://a{b}.example/", kind: fetch.KindInvalidURL, attempts: noAttempts},
		{row: 27, name: "port 0", url: "https://127.0.0.1:0/", kind: fetch.KindInvalidURL, attempts: noAttempts},
		{row: 9, name: "name without an address", url: "http://empty.example/", kind: fetch.KindDNS},
	}
}
