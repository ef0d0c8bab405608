//go:build linux

package fetch

import (
	"strings"
	"testing"
	"time"
)

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
