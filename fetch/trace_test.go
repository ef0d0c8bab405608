package fetch

import (
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
	"testing/synctest"
	"time"
)

// A dial that was begun for a request may go on after the request was given
// another's idle connection.
func TestADialThatIsNotOursAnyMoreIsNotSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []Phase
		x := &exchange{onPhase: func(p Phase) { told = append(told, p) }}
		h := x.trace()
		h.GetConn("x.example:80")
		h.DNSStart(httptrace.DNSStartInfo{})
		time.Sleep(time.Second)
		near, far := net.Pipe()
		defer near.Close()
		defer far.Close()
		h.GotConn(httptrace.GotConnInfo{Conn: near, Reused: true})
		h.DNSDone(httptrace.DNSDoneInfo{})
		h.ConnectStart("tcp", "192.0.2.1:80")
		h.WroteRequest(httptrace.WroteRequestInfo{})
		time.Sleep(time.Second)
		h.GotFirstResponseByte()
		x.body(false)
		var r Response
		x.close(&r)
		h.TLSHandshakeStart()
		if want := (Timing{TTFB: time.Second}); r.Time != want {
			t.Errorf("times %+v, want %+v", r.Time, want)
		}
		if len(told) != 4 || told[0] != PhaseDNS || told[1] != PhaseRequest || told[2] != PhaseHeaders || told[3] != PhaseBody {
			t.Errorf("told %v", told)
		}
	})
}

func TestEachPartIsTimedFromItsFirstStartToItsLastEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := new(exchange)
		h := x.trace()
		h.DNSStart(httptrace.DNSStartInfo{})
		time.Sleep(1 * time.Second)
		h.DNSDone(httptrace.DNSDoneInfo{})
		h.ConnectStart("tcp", "192.0.2.1:80")
		time.Sleep(2 * time.Second)
		h.ConnectStart("tcp", "192.0.2.2:80") // the next address of the host
		time.Sleep(2 * time.Second)
		h.ConnectDone("tcp", "192.0.2.2:80", nil)
		h.TLSHandshakeStart()
		time.Sleep(8 * time.Second)
		var r Response
		x.close(&r) // in the middle of the handshake
		if want := (Timing{DNS: time.Second, Connect: 4 * time.Second, TLS: 8 * time.Second}); r.Time != want || x.at().phase != PhaseTLS {
			t.Errorf("times %+v, want %+v", r.Time, want)
		}
	})
}

func TestTheAddressIsPlain(t *testing.T) {
	for in, want := range map[string]string{
		"127.0.0.1:80": "127.0.0.1", "[::1]:443": "::1", "[::ffff:192.0.2.1]:80": "192.0.2.1", "[fe80::1%eth0]:80": "fe80::1", "pipe": "",
	} {
		if got := addressOf(textAddr(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
	if addressOf(nil) != "" {
		t.Error("no address is one")
	}
}

type textAddr string

func (textAddr) Network() string  { return "tcp" }
func (a textAddr) String() string { return string(a) }

// net/http refuses most of these by itself today; what we hand on does not
// depend on it.
func TestFault16WhatIsHandedOnHasNoControlCharacters(t *testing.T) {
	var r Response
	r.take(&http.Response{StatusCode: 200, Header: http.Header{"X": {"a\r\nb\x00c\x1b\x7f\td", "fine ü"}, "Content-Type": {"text/html\n"}}})
	if got := r.Header["X"]; got[0] != "a  b c  \td" || got[1] != "fine ü" || r.ContentType != "text/html " {
		t.Errorf("got %q, %q", got, r.ContentType)
	}
}
