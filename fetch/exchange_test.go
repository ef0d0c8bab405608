package fetch

import (
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch/dial"
)

func none() int64 { return 0 }

func TestEachPartIsTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []Phase
		x := &exchange{onPhase: func(p Phase) { told = append(told, p) }}
		x.seek()
		time.Sleep(time.Second) // for a connection of another's
		x.dial(dial.StageLookup, false)
		time.Sleep(1 * time.Second)
		x.dial(dial.StageLookup, true)
		x.dial(dial.StageConnect, false)
		time.Sleep(2 * time.Second)
		x.dial(dial.StageConnect, true)
		x.dial(dial.StageHandshake, false)
		time.Sleep(4 * time.Second)
		x.dial(dial.StageHandshake, true)
		x.got("192.0.2.1", false)
		time.Sleep(8 * time.Second)
		x.wrote()
		time.Sleep(16 * time.Second)
		x.firstByte(none)
		x.body(none)
		time.Sleep(32 * time.Second)
		var r Response
		x.close(&r)
		x.dial(dial.StageLookup, false)
		x.firstByte(none)
		want := Timing{DNS: time.Second, Connect: 2 * time.Second, TLS: 4 * time.Second, TTFB: 24 * time.Second, Download: 32 * time.Second}
		if r.Time != want || r.IP != "192.0.2.1" {
			t.Errorf("times %+v of %s, want %+v", r.Time, r.IP, want)
		}
		if len(told) != 6 || told[0] != PhaseDNS || told[1] != PhaseConnect || told[2] != PhaseTLS || told[5] != PhaseBody {
			t.Errorf("told %v", told)
		}
	})
}

func TestAPartThatDidNotEndTookUntilNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := new(exchange)
		x.seek()
		x.dial(dial.StageHandshake, false)
		time.Sleep(8 * time.Second)
		var r Response
		x.close(&r)
		if want := (Timing{TLS: 8 * time.Second}); r.Time != want || x.at().phase != PhaseTLS {
			t.Errorf("times %+v, want %+v", r.Time, want)
		}
	})
}

// A second try on another connection is timed by itself, and a connection that
// was there already costs nothing.
func TestOnlyTheLastConnectionIsTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := new(exchange)
		x.seek()
		x.dial(dial.StageConnect, false)
		time.Sleep(time.Second)
		x.dial(dial.StageConnect, true)
		x.got("192.0.2.1", false)
		x.firstByte(none)
		time.Sleep(time.Second)
		x.seek()
		if x.at().answered {
			t.Error("answered by the connection before")
		}
		x.got("192.0.2.2", false)
		time.Sleep(time.Second)
		var r Response
		x.close(&r)
		if want := (Timing{TTFB: time.Second}); r.Time != want || r.IP != "192.0.2.2" {
			t.Errorf("times %+v of %s, want %+v", r.Time, r.IP, want)
		}
	})
}

func TestTheAddressIsPlain(t *testing.T) {
	for in, want := range map[string]string{"127.0.0.1": "127.0.0.1", "::1": "::1"} {
		if got := plainAddr(netip.MustParseAddr(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
	if plainAddr(netip.Addr{}) != "" {
		t.Error("no address is one")
	}
}

// The codecs refuse most of these by themselves today; what we hand on does not
// depend on it.
func TestFault16WhatIsHandedOnHasNoControlCharacters(t *testing.T) {
	var r Response
	r.take(&answer{status: 200, header: http.Header{"X": {"a\r\nb\x00c\x1b\x7f\td", "fine ü"}, "Content-Type": {"text/html\n"}}})
	if got := r.Header["X"]; got[0] != "a  b c  \td" || got[1] != "fine ü" || r.ContentType != "text/html " {
		t.Errorf("got %q, %q", got, r.ContentType)
	}
}
