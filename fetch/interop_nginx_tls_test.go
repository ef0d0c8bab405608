//go:build linux

package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"
)

// visitor issues a certificate for a client.
func (a authority) visitor(t testing.TB) tls.Certificate {
	t.Helper()
	key := newKey(t)
	cert := sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(4), Subject: pkix.Name{CommonName: "visitor"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, a.cert, key, a.key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

func TestNginxKnowsTheClientByItsCertificate(t *testing.T) {
	for _, p := range protocols[1:] {
		for _, version := range []string{"TLSv1.2", "TLSv1.3"} {
			t.Run(p.name+" "+version, func(t *testing.T) {
				n := serveNginx(t, site{
					listen: p.listen,
					server: "ssl_protocols " + version + "; ssl_verify_client on; ssl_client_certificate ca.pem;" +
						`location / { return 200 "$ssl_client_s_dn"; }`,
				})
				o := p.options
				o.Certificates = []tls.Certificate{n.visitor(t)}
				if resp := get(t, n.client(t, o), &Request{URL: n.url(t, "/")}); resp.Status != 200 || string(resp.Body) != "CN=visitor" {
					t.Errorf("with a certificate: status %d, body %q", resp.Status, resp.Body)
				}
				resp := get(t, n.client(t, p.options), &Request{URL: n.url(t, "/")})
				if resp.Status != 400 || !strings.Contains(string(resp.Body), "No required SSL certificate was sent") {
					t.Errorf("without one: status %d, body %q", resp.Status, resp.Body)
				}
				o.Certificates = []tls.Certificate{newAuthority(t).visitor(t)}
				resp = get(t, n.client(t, o), &Request{URL: n.url(t, "/")})
				if resp.Status != 400 {
					t.Errorf("with a stranger's: status %d, body %q", resp.Status, resp.Body)
				}
			})
		}
	}
}

func TestFault10AnNginxOfTLS11IsRefusedAndTheVersionNamed(t *testing.T) {
	n := serveNginx(t, site{listen: "ssl", server: "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;"})
	resp, err := do(t, Options{RootCAs: n.pool()}, n.url(t, "/"))
	e := failsWith(t, err, KindTLS, PhaseTLS)
	if !strings.Contains(e.Error(), "version") || retried(resp, err) {
		t.Errorf("says %q, retried: %v", e, retried(resp, err))
	}
}

func TestFault10ACertificateOfNginxThatHasExpiredIsRefused(t *testing.T) {
	n := serveNginx(t, site{listen: "ssl", until: time.Now().Add(-time.Minute)})
	resp, err := do(t, Options{RootCAs: n.pool()}, n.url(t, "/"))
	e := failsWith(t, err, KindTLS, PhaseTLS)
	if !strings.Contains(e.Error(), "expired") || retried(resp, err) {
		t.Errorf("says %q, retried: %v", e, retried(resp, err))
	}
}
