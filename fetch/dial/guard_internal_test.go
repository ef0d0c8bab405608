package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

// Look-ups and pins bring addresses unmapped; the guard does not rely on it.
func TestTheGuardJudgesAnAddressByWhatItMeans(t *testing.T) {
	for a, want := range map[string]string{
		"::ffff:127.0.0.1":          "loopback (RFC 1122)",
		"::ffff:8.8.8.8":            "",
		"fe80::1%eth0":              "link-local (RFC 4291)",
		"2a00::1%eth0":              "",
		"64:ff9b::192.168.0.1":      "private use (RFC 1918)",
		"64:ff9b::192.168.0.1%eth0": "private use (RFC 1918)",
		"::":                        "unspecified (RFC 4291)",
		"::1":                       "loopback (RFC 4291)",
		"::2":                       "IPv4-compatible (RFC 4291)",
		"255.255.255.255":           "broadcast (RFC 919)",
		"2001::1":                   "Teredo (RFC 4380)",
		"2001:2::1":                 "protocol assignments (RFC 2928)",
		"1::1":                      "not assigned (RFC 4291)",
	} {
		if use, no := denied(netip.MustParseAddr(a)); use != want || no != (want != "") {
			t.Errorf("%s: %q", a, use)
		}
	}
	if _, no := denied(netip.Addr{}); !no {
		t.Error("no address at all is let through")
	}
}

// A Dial that was under way as Close was called begins no look-up after it.
func TestNoLookUpBeginsAfterClose(t *testing.T) {
	n := newNames(func(context.Context, string, string) ([]netip.Addr, error) {
		t.Error("looked up")
		return nil, nil
	}, Any, time.Second)
	n.close()
	if _, err := n.find(t.Context(), "a.example", time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v", err)
	}
	n.close()
}
