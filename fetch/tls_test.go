package fetch

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority is a certificate authority for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key := newKey(t)
	cert := sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, key, key)
	return authority{cert, key}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t testing.TB, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = template
	}
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

// leaf issues a certificate for 127.0.0.1, or for host if that is not empty.
func (a authority) leaf(t testing.TB, host string, until time.Time) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if host == "" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.DNSNames = []string{host}
	}
	cert := sign(t, template, a.cert, key, a.key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// serveTLS is an HTTPS server with HTTP/2, quiet about failed handshakes.
func serveTLS(t testing.TB, conf *tls.Config, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Listener = lingering{s.Listener}
	s.TLS = conf
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func hello(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "hello over "+r.Proto) }

func TestFault10ATLSFailureSaysWhich(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	later := time.Now().Add(time.Hour)
	self := func() tls.Certificate {
		key := newKey(t)
		cert := sign(t, &x509.Certificate{
			SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "self"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: later, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		}, nil, key, key)
		return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
	}
	for _, tc := range []struct {
		name string
		conf *tls.Config
		says string
	}{
		{"expired", &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", time.Now().Add(-time.Minute))}}, "expired"},
		{"wrong host", &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "other.example", later)}}, "127.0.0.1"},
		{"unknown authority", &tls.Config{Certificates: []tls.Certificate{stranger.leaf(t, "", later)}}, "unknown authority"},
		{"self-signed", &tls.Config{Certificates: []tls.Certificate{self()}}, "self-signed"},
		{"old version", &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", later)}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, "version"},
		{"wants a certificate", &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", later)}, ClientAuth: tls.RequireAnyClientCert, NextProtos: []string{"http/1.1"}}, "certificate required"},
		{"wants a certificate, TLS 1.2", &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", later)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}, "handshake failure"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serveTLS(t, tc.conf, hello)
			resp, err := do(t, Options{RootCAs: a.pool()}, mustURL(t, s.URL+"/"))
			phase := PhaseTLS
			if tc.name == "wants a certificate" { // TLS 1.3 says so after the handshake; over HTTP/2 net/http hides it
				phase = phaseOf(err)
			}
			e := failsWith(t, err, KindTLS, phase)
			if !strings.Contains(e.Error(), tc.says) || strings.Contains(e.Error(), "x509:") || strings.Contains(e.Error(), "tls:") {
				t.Errorf("says %q, want %q in it", e, tc.says)
			}
			if retried(resp, err) {
				t.Error("retried")
			}
		})
	}
}

func phaseOf(err error) Phase {
	if e, ok := err.(*Error); ok {
		return e.Phase
	}
	return ""
}

func TestFault10AServerWithoutTLSIsTLS(t *testing.T) {
	u := raw(t, func(p *peer) { p.send("HTTP/1.1 400 Bad Request\r\n\r\n"); p.wait() })
	_, err := do(t, Options{}, mustURL(t, "https://"+u.HostPort()+"/"))
	failsWith(t, err, KindTLS, PhaseTLS)
	if want := "the server does not speak TLS; try a URL with http://"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	garbage := raw(t, func(p *peer) { p.send("220 mail.example ESMTP\r\n"); p.wait() })
	_, err = do(t, Options{}, mustURL(t, "https://"+garbage.HostPort()+"/"))
	failsWith(t, err, KindTLS, PhaseTLS)
}

func TestFault10AHandshakeThatIsCutOffIsResetAndRetried(t *testing.T) {
	u := raw(t, func(p *peer) { _, _ = p.r.ReadByte() })
	resp, err := do(t, Options{}, mustURL(t, "https://"+u.HostPort()+"/"))
	failsWith(t, err, KindReset, PhaseTLS)
	if !retried(resp, err) {
		t.Error("not retried")
	}
}

func TestFault10AHandshakeThatNeverEndsTimesOut(t *testing.T) {
	u := raw(t, func(p *peer) { _, _ = io.Copy(io.Discard, p.r) })
	resp, err := do(t, Options{ConnectTimeout: 50 * time.Millisecond}, mustURL(t, "https://"+u.HostPort()+"/"))
	e := failsWith(t, err, KindTimeout, PhaseTLS)
	if e.Error() != "timed out in the TLS handshake" || !e.Timeout() || !retried(resp, err) {
		t.Errorf("says %q", e)
	}
}

func TestInsecureTakesAnyCertificateAndNothingElseDoes(t *testing.T) {
	s := serveTLS(t, nil, hello)
	resp, err := do(t, Options{Insecure: true}, mustURL(t, s.URL+"/"))
	if err != nil || string(resp.Body) != "hello over HTTP/2.0" {
		t.Errorf("body %q, error %v", resp.Body, err)
	}
	_, err = do(t, Options{}, mustURL(t, s.URL+"/"))
	failsWith(t, err, KindTLS, PhaseTLS)
}

func TestHTTP2IsSpokenWhereTheServerOffersIt(t *testing.T) {
	a := newAuthority(t)
	s := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "", time.Now().Add(time.Hour))}}, hello)
	c := newClient(t, Options{RootCAs: a.pool()})
	for i := range 2 {
		resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, s.URL+"/")})
		if err != nil {
			t.Fatal(err)
		}
		if resp.Protocol != "HTTP/2.0" || resp.IP != "127.0.0.1" || resp.Size != 19 || resp.WireSize != 19 {
			t.Errorf("got %+v", resp)
		}
		if fresh := i == 0; (resp.Time.TLS > 0) != fresh || (resp.Time.Connect > 0) != fresh || resp.Time.TTFB <= 0 {
			t.Errorf("exchange %d: times %+v", i, resp.Time)
		}
		resp.Release()
	}
}

// lingering is a listener whose connections are read to their end before they are
// closed, so that what was sent last is not lost to a reset (RFC 9112 section 9.6).
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return lingeringConn{conn.(*net.TCPConn)}, nil
}

type lingeringConn struct{ *net.TCPConn }

func (c lingeringConn) Close() error {
	_ = c.CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.Copy(io.Discard, c.TCPConn)
	return c.TCPConn.Close()
}

// A server that wants a certificate gets ours; without one the handshake fails,
// which TLS 1.3 tells only after it, over HTTP/2 as over HTTP/1.1.
func TestACertificateIsShownToWhoAsksForIt(t *testing.T) {
	a := newAuthority(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, http1 := range []bool{false, true} {
			s := serveTLS(t, &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: version}, hello)
			u := mustURL(t, s.URL+"/")
			resp, err := do(t, Options{Insecure: true, HTTP1: http1, Certificates: []tls.Certificate{a.leaf(t, "", time.Now().Add(time.Hour))}}, u)
			if err != nil || resp.Status != 200 {
				t.Errorf("with a certificate: %v", err)
			}
			resp, err = do(t, Options{Insecure: true, HTTP1: http1}, u)
			if e := failsWith(t, err, KindTLS, phaseOf(err)); !strings.Contains(e.Error(), "certificate required") && version == tls.VersionTLS13 {
				t.Errorf("says %q", e)
			}
			if retried(resp, err) {
				t.Error("retried")
			}
		}
	}
}
