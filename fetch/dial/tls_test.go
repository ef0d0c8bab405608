package dial_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"crawl/fetch/dial"
)

// authority issues certificates for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := authority{key: key}
	a.cert = a.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, key)
	return a
}

func (a authority) sign(t testing.TB, c *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	c.NotBefore, c.NotAfter = time.Unix(0, 0), time.Now().Add(time.Hour) // a bubble's time is in between
	parent := a.cert
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// leaf issues a certificate for the hosts, names or addresses.
func (a authority) leaf(t testing.TB, hosts ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, h)
		}
	}
	return tls.Certificate{Certificate: [][]byte{a.sign(t, c, key).Raw}, PrivateKey: key}
}

// trust is a client's configuration with this authority alone.
func (a authority) trust() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return &tls.Config{RootCAs: pool}
}

// secured is a peer that speaks TLS, and h in it; a handshake that fails is no
// fault of the test.
func secured(c *tls.Config, h func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		s := tls.Server(conn, c)
		if s.Handshake() == nil {
			h(s)
		}
		s.Close()
	}
}

func TestTheProtocolIsAgreedByALPN(t *testing.T) {
	a := newAuthority(t)
	cert := a.leaf(t, "127.0.0.1")
	for _, tc := range []struct {
		server []string
		http1  bool
		want   string
	}{
		{[]string{"h2", "http/1.1"}, false, "h2"},
		{[]string{"h2", "http/1.1"}, true, "http/1.1"},
		{[]string{"http/1.1"}, false, "http/1.1"},
		{nil, false, ""},
	} {
		var offered []string
		conf := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: tc.server}
		conf.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			offered = hello.SupportedProtos
			return nil, nil
		}
		at := serve(t, secured(conf, echo))
		d := newDialer(t, dial.Options{TLS: a.trust(), HTTP1: tc.http1})
		conn, err := reach(t, d, "https://"+at)
		if err != nil {
			t.Fatal(err)
		}
		talks(t, conn)
		if want := []string{"h2", "http/1.1"}[map[bool]int{true: 1}[tc.http1]:]; conn.Protocol != tc.want || !slices.Equal(offered, want) {
			t.Errorf("%+v: agreed on %q, offered %q", tc, conn.Protocol, offered)
		}
		if _, ok := conn.Conn.(*tls.Conn); !ok {
			t.Errorf("Conn is a %T", conn.Conn)
		}
	}
}

func TestTheCertificateIsForTheHostAsTheURLHasIt(t *testing.T) {
	a := newAuthority(t)
	var name string
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "good.example", "127.0.0.1")}}
	conf.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) { name = hello.ServerName; return nil, nil }
	_, port, _ := net.SplitHostPort(serve(t, secured(conf, echo)))
	d := newDialer(t, dial.Options{TLS: a.trust(), Lookup: lookup("127.0.0.1")})
	for host, sent := range map[string]string{"good.example": "good.example", "good.example.": "good.example", "127.0.0.1": "", "[::ffff:127.0.0.1]": ""} {
		name = "?"
		if conn, err := reach(t, d, "https://"+host+":"+port); err != nil {
			t.Errorf("%s: %v", host, err)
		} else if talks(t, conn); name != sent {
			t.Errorf("%s: the server was asked for %q", host, name)
		} else if own := conn.Conn.(*tls.Conn).ConnectionState().ServerName; sent != "" && own != sent {
			t.Errorf("%s: the name of the session is %q", host, own)
		}
	}
	for _, host := range []string{"bad.example", "bad.example."} {
		_, err := reach(t, d, "https://"+host+":"+port)
		if e := fails[x509.HostnameError](t, err); e.Host != "bad.example" {
			t.Errorf("got %+v", e)
		}
	}
}

func TestTheCertificateOfAnAddressSaysNothingOfItsZone(t *testing.T) {
	a := newAuthority(t)
	n := &network{peers: map[string]func(net.Conn){"*": secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "fe80::1")}}, echo)}}
	t.Cleanup(n.work.Wait)
	conn, err := reach(t, newDialer(t, dial.Options{TLS: a.trust(), Connect: n.connect}), "https://[fe80::1%eth0]:443")
	if err != nil {
		t.Fatal(err)
	}
	talks(t, conn)
}

func TestHandshakesAtOnceAreEachForTheirOwnHost(t *testing.T) {
	a := newAuthority(t)
	certs := map[string]*tls.Certificate{}
	for i := range 20 {
		host := fmt.Sprintf("%d.example", i)
		cert := a.leaf(t, host)
		certs[host] = &cert
	}
	conf := &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return certs[hello.ServerName], nil }}
	_, port, _ := net.SplitHostPort(serve(t, secured(conf, echo)))
	d := newDialer(t, dial.Options{TLS: a.trust(), Lookup: lookup("127.0.0.1")})
	var w sync.WaitGroup
	for host := range certs {
		w.Go(func() {
			conn, err := reach(t, d, "https://"+host+":"+port)
			if err != nil {
				t.Error(err)
			} else if got := conn.Conn.(*tls.Conn).ConnectionState().PeerCertificates[0].DNSNames[0]; got != host {
				t.Errorf("%s showed the certificate of %s", host, got)
			}
		})
	}
	w.Wait()
}

func TestTheCallersTLSConfigurationIsUsedAndNotChanged(t *testing.T) {
	a := newAuthority(t)
	mine := a.leaf(t, "client.example")
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "127.0.0.1")}, ClientAuth: tls.RequireAnyClientCert}
	at := serve(t, secured(conf, echo))
	own := a.trust()
	own.Certificates = []tls.Certificate{mine}
	conn, err := reach(t, newDialer(t, dial.Options{TLS: own}), "https://"+at)
	if err != nil {
		t.Fatal(err)
	}
	talks(t, conn)
	if own.ServerName != "" || own.NextProtos != nil || own.MinVersion != 0 || own.ClientSessionCache != nil {
		t.Error("the caller's configuration was changed")
	}
	_, err = reach(t, newDialer(t, dial.Options{TLS: &tls.Config{InsecureSkipVerify: true, Certificates: own.Certificates}}), "https://"+at)
	if err != nil {
		t.Errorf("insecure: %v", err)
	}
}

func TestOldVersionsNeedToBeAskedFor(t *testing.T) {
	a := newAuthority(t)
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "127.0.0.1")}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	at := serve(t, secured(conf, echo))
	_, err := reach(t, newDialer(t, dial.Options{TLS: a.trust()}), "https://"+at)
	if op := fails[*net.OpError](t, err); op.Op != "remote error" {
		t.Errorf("got %v", err)
	}
	old := a.trust()
	old.MinVersion = tls.VersionTLS10
	if _, err := reach(t, newDialer(t, dial.Options{TLS: old}), "https://"+at); err != nil {
		t.Error(err)
	}
}

func TestASessionIsResumedWithinADialer(t *testing.T) {
	a := newAuthority(t)
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "127.0.0.1")}, MaxVersion: tls.VersionTLS12}
	at := serve(t, secured(conf, echo))
	d := newDialer(t, dial.Options{TLS: a.trust()})
	for i, want := range []bool{false, true, true} {
		conn, err := reach(t, d, "https://"+at)
		if err != nil {
			t.Fatal(err)
		}
		talks(t, conn)
		if got := conn.Conn.(*tls.Conn).ConnectionState().DidResume; got != want {
			t.Errorf("connection %d: resumed %v", i, got)
		}
	}
	conn, err := reach(t, newDialer(t, dial.Options{TLS: a.trust()}), "https://"+at)
	if err != nil || conn.Conn.(*tls.Conn).ConnectionState().DidResume {
		t.Errorf("another dialer: error %v", err)
	}
}

func TestErrorsOfTheHandshakeComeAsTheyAre(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	d := newDialer(t, dial.Options{TLS: a.trust()})
	_, err := reach(t, d, "https://"+serve(t, secured(&tls.Config{Certificates: []tls.Certificate{stranger.leaf(t, "127.0.0.1")}}, echo)))
	fails[*tls.CertificateVerificationError](t, err)
	fails[x509.UnknownAuthorityError](t, err)
	_, err = reach(t, d, "https://"+serve(t, func(c net.Conn) { _, _ = io.WriteString(c, "220 mail.example ESMTP\r\n"); hush(c) }))
	fails[tls.RecordHeaderError](t, err)
	_, err = reach(t, d, "https://"+serve(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1024)) }))
	if !errors.Is(err, io.EOF) && !isReset(err) {
		t.Errorf("a server that closes: %v", err)
	}
}

func isReset(err error) bool { var op *net.OpError; return errors.As(err, &op) }

// The peer's function ends when its connection does.
func TestAConnectionWhoseHandshakeFailsIsClosed(t *testing.T) {
	n := &network{peers: map[string]func(net.Conn){"*": func(c net.Conn) {
		go func() { _, _ = io.WriteString(c, "220 mail.example ESMTP\r\n") }()
		hush(c)
	}}}
	_, err := reach(t, newDialer(t, dial.Options{Connect: n.connect}), "https://1.1.1.1:443")
	fails[tls.RecordHeaderError](t, err)
	n.work.Wait()
}

func TestAHandshakeHasALimitOfItsOwn(t *testing.T) {
	for _, talk := range map[string]func(net.Conn){"silence": hush, "trickle": trickle} {
		n := &network{peers: map[string]func(net.Conn){"*": talk}}
		r := &resolver{takes: 3 * time.Second, answer: addrs("1.1.1.1")}
		world(t, dial.Options{ConnectTimeout: 5 * time.Second, Connect: n.connect}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
			t.Cleanup(n.work.Wait)
			start := time.Now()
			var seen stages
			_, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "https://a.example:443"), Trace: seen.trace})
			e := fails[*dial.TimeoutError](t, err)
			if *e != (dial.TimeoutError{Stage: dial.StageHandshake, After: 5 * time.Second}) || time.Since(start) != 8*time.Second {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
			if want := (stages{"+look-up", "-look-up", "+connect", "-connect", "+TLS handshake", "-TLS handshake"}); !slices.Equal(seen, want) {
				t.Errorf("stages %v", seen)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(time.Second, cancel)
			start = time.Now()
			_, err = call(t, ctx, d, dial.Call{Route: route(t, d, "https://a.example:443")})
			if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
				t.Errorf("cancelled after %v: %v", time.Since(start), err)
			}
		})
	}
}

// trickle sends a TLS record that never ends, a byte a second.
func trickle(c net.Conn) {
	go hush(c)
	for _, b := range append([]byte{22, 3, 3, 0x40, 0}, make([]byte, 1000)...) {
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}
