package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pemFiles writes a certificate, its key, both in one, and neither.
func pemFiles(t *testing.T) (dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	dir = t.TempDir()
	locked := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: keyDER})
	older := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: keyDER, Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}})
	for name, data := range map[string][]byte{
		"cert.pem": cert, "key.pem": private, "both.pem": append(private, cert...), "text.pem": []byte("no PEM at all"),
		"locked": locked, "older": older, "locked.pem": append(locked, cert...), "other": otherKey(t),
		"garbage.pem": append(private, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})...),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// otherKey is a key of no certificate.
func otherKey(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	parameters := pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte{6}}) // openssl puts them before
	return append(parameters, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...)
}

func TestCertificates(t *testing.T) {
	t.Chdir(pemFiles(t))
	for typed, want := range map[string]struct{ certs, roots int }{
		"":                                {0, 0},
		"-cert both.pem":                  {1, 0},
		"-cert cert.pem -key key.pem":     {1, 0},
		"-cert both.pem -key both.pem":    {1, 0},
		"-cacert cert.pem":                {0, 1},
		"-cacert both.pem -k -http1":      {0, 1},
		"-cert both.pem -cacert both.pem": {1, 1},
	} {
		o, err := equipped(t, nil, strings.Fields(typed)...)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		if f := o.engine.Fetch; len(f.Certificates) != want.certs || (f.RootCAs != nil) != (want.roots > 0) {
			t.Errorf("%s: %d certificates, roots %v", typed, len(f.Certificates), f.RootCAs != nil)
		}
	}
}

// Whatever is wrong with a file of keys is told by flag and name, before anything
// is fetched.
func TestBadCertificates(t *testing.T) {
	t.Chdir(pemFiles(t))
	for typed, want := range map[string]string{
		"-cacert none.pem":             "-cacert: open none.pem: ",
		"-cacert key.pem":              "-cacert: no certificate (PEM) in key.pem",
		"-cert none.pem":               "-cert: open none.pem: ",
		"-cert cert.pem":               "-cert cert.pem: it holds no private key; -key names the file that does",
		"-cert text.pem":               "-cert text.pem: no certificate (PEM) in it",
		"-cert key.pem -key key.pem":   "-cert key.pem: no certificate (PEM) in it",
		"-cert text.pem -key key.pem":  "-cert text.pem: no certificate (PEM) in it",
		"-cert garbage.pem":            "-cert garbage.pem: x509: ",
		"-cert garbage.pem -key other": "-cert garbage.pem: x509: ",
		"-cert both.pem -key other":    "-key other: tls: private key does not match public key",
		"-cert locked.pem":             "-cert locked.pem: its private key is encrypted, which is not supported",
		"-cert cert.pem -key locked":   "-key locked: its private key is encrypted, which is not supported",
		"-cert cert.pem -key older":    "-key older: its private key is encrypted, which is not supported",
		"-cert cert.pem -key cert.pem": "-cert cert.pem: it holds no private key; -key names the file that does",
		"-cert cert.pem -key none.pem": "-key: open none.pem: ",
		"-cert cert.pem -key text.pem": "-key text.pem: no private key (PEM) in it",
		"-cert .":                      "-cert: read .: ",
	} {
		if _, err := equipped(t, nil, strings.Fields(typed)...); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s…", typed, err, want)
		}
	}
}

// A pipe can be read only once, and holds both.
func TestACertificateAndKeyFromOnePipe(t *testing.T) {
	t.Chdir(pemFiles(t))
	both, err := os.ReadFile("both.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, keyToo := range []bool{false, true} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(both); err != nil { // less than a pipe holds
			t.Fatal(err)
		}
		w.Close()
		args := []string{"-cert", pipeName(t, r)}
		if keyToo {
			args = append(args, "-key", args[1])
		}
		o, err := equipped(t, nil, args...)
		if err != nil || len(o.engine.Fetch.Certificates) != 1 {
			t.Errorf("-key given: %v: %v", keyToo, err)
		}
		r.Close()
	}
}

// pipeName is a name by which a pipe can be opened, as a shell's <(…) has it.
func pipeName(t *testing.T, f *os.File) string {
	t.Helper()
	name := filepath.Join("/dev/fd", itoa(int(f.Fd())))
	if _, err := os.Stat(name); err != nil {
		t.Skip("no names for pipes here")
	}
	return name
}

func itoa(n int) string { return count{n: &n}.String() }
