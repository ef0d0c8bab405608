package cli

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

// equipTLS reads certificates and keys.
func (o *options) equipTLS() error {
	f := &o.engine.Fetch
	if o.cacert != "" {
		roots, err := os.ReadFile(o.cacert)
		if err != nil {
			return fmt.Errorf("-cacert: %w", err)
		}
		f.RootCAs = x509.NewCertPool()
		if !f.RootCAs.AppendCertsFromPEM(roots) {
			return fmt.Errorf("-cacert: no certificate (PEM) in %s", o.cacert)
		}
	}
	if o.cert == "" {
		return nil
	}
	cert, err := os.ReadFile(o.cert)
	if err != nil {
		return fmt.Errorf("-cert: %w", err)
	}
	key, keyFlag, keyFile := cert, "-cert", o.cert
	if o.key != "" && o.key != o.cert {
		keyFlag, keyFile = "-key", o.key
		if key, err = os.ReadFile(o.key); err != nil {
			return fmt.Errorf("-key: %w", err)
		}
	}
	if err := checkCertificate(cert); err != nil {
		return fmt.Errorf("-cert %s: %w", o.cert, err)
	}
	if err := checkKey(key, keyFlag); err != nil {
		return fmt.Errorf("%s %s: %w", keyFlag, keyFile, err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("%s %s: %w", keyFlag, keyFile, err)
	}
	f.Certificates = append(f.Certificates, pair)
	return nil
}

// checkCertificate judges the certificate by itself, so that no other file is
// blamed for it.
func checkCertificate(file []byte) error {
	block := findPEM(file, "CERTIFICATE")
	if block == nil {
		return errors.New("no certificate (PEM) in it")
	}
	_, err := x509.ParseCertificate(block.Bytes)
	return err
}

// checkKey says in plain words why a file, of a flag, has no private key for us.
func checkKey(file []byte, flag string) error {
	block := findPEM(file, "PRIVATE KEY")
	switch {
	case block == nil && flag == "-cert":
		return errors.New("it holds no private key; -key names the file that does")
	case block == nil:
		return errors.New("no private key (PEM) in it")
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"): // RFC 7468, RFC 1421
		return errors.New("its private key is encrypted, which is not supported; decrypt it first")
	}
	return nil
}

// findPEM finds the first block of a type, of which there are several for keys
// ("EC PRIVATE KEY"), as crypto/tls does.
func findPEM(file []byte, kind string) *pem.Block {
	for {
		block, rest := pem.Decode(file)
		if block == nil || block.Type == kind || strings.HasSuffix(block.Type, " "+kind) {
			return block
		}
		file = rest
	}
}
