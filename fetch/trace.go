package fetch

import (
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"net/netip"
	"net/textproto"
	"sync"
	"time"
)

// maxInformational is how many 1xx responses one exchange may have (faults.md
// row 17); net/http alone would take any number that fits its header limit.
const maxInformational = 20

// exchange watches one exchange through net/http's trace: phases, times, the
// address. The hooks run on the transport's goroutines, a dial's even after Do
// has returned; hence the lock, and closed.
type exchange struct {
	onPhase func(Phase)

	mu            sync.Mutex
	closed        bool
	connected     bool // this attempt has its connection: a dial that goes on is not ours any more
	answered      bool
	reused        bool
	http2         bool
	phase         Phase
	ip            string
	informational int

	dnsFrom, dnsTo, connectFrom, connectTo, tlsFrom, tlsTo, gotConn, firstByte time.Time
}

// trace gives the hooks. They are the only writers of x while Do runs.
func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:  func(string) { x.step(func(time.Time) { x.connected = false }) },
		DNSStart: func(httptrace.DNSStartInfo) { x.dial(PhaseDNS, &x.dnsFrom) },
		DNSDone:  func(httptrace.DNSDoneInfo) { x.dial("", &x.dnsTo) },
		ConnectStart: func(string, string) {
			x.dial(PhaseConnect, &x.connectFrom)
		},
		ConnectDone:       func(_, _ string, _ error) { x.dial("", &x.connectTo) },
		TLSHandshakeStart: func() { x.dial(PhaseTLS, &x.tlsFrom) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { x.dial("", &x.tlsTo) },
		GotConn:           x.got,
		WroteRequest: func(httptrace.WroteRequestInfo) {
			x.step(func(time.Time) {
				if x.phase == PhaseRequest { // the answer may have come first
					x.enter(PhaseHeaders)
				}
			})
		},
		GotFirstResponseByte: func() {
			x.step(func(now time.Time) {
				x.answered, x.firstByte = true, now
				if x.phase == PhaseRequest {
					x.enter(PhaseHeaders)
				}
			})
		},
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			var err error
			x.step(func(time.Time) {
				if x.informational++; x.informational > maxInformational {
					err = errTooManyInformational
				}
			})
			return err
		},
	}
}

// step runs f under the lock, unless the exchange is over.
func (x *exchange) step(f func(now time.Time)) {
	now := time.Now()
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.closed {
		f(now)
	}
}

// dial notes a moment of opening a connection. With several addresses the first
// start and the last end count.
func (x *exchange) dial(p Phase, at *time.Time) {
	x.step(func(now time.Time) {
		if x.connected {
			return
		}
		if p == "" || at.IsZero() {
			*at = now
		}
		if p != "" && p != x.phase {
			x.enter(p)
		}
	})
}

func (x *exchange) got(info httptrace.GotConnInfo) {
	x.step(func(now time.Time) {
		x.connected, x.reused, x.gotConn = true, info.Reused, now
		x.answered = false
		x.ip = addressOf(info.Conn.RemoteAddr())
		x.enter(PhaseRequest)
	})
}

// enter is called with the lock held.
func (x *exchange) enter(p Phase) {
	x.phase = p
	if x.onPhase != nil {
		x.onPhase(p)
	}
}

// body notes that the header is there.
func (x *exchange) body(http2 bool) {
	x.step(func(now time.Time) {
		if x.firstByte.IsZero() {
			x.firstByte = now
		}
		x.answered, x.http2 = true, http2
		x.enter(PhaseBody)
	})
}

// at tells how far the exchange got.
func (x *exchange) at() where {
	x.mu.Lock()
	defer x.mu.Unlock()
	return where{phase: x.phase, answered: x.answered, http2: x.http2}
}

// close ends the watch and tells what was learnt. No hook has an effect after it.
func (x *exchange) close(r *Response) {
	now := time.Now()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	r.IP = x.ip
	if !x.reused {
		r.Time.DNS = between(x.dnsFrom, x.dnsTo, now)
		r.Time.Connect = between(x.connectFrom, x.connectTo, now)
		r.Time.TLS = between(x.tlsFrom, x.tlsTo, now)
	}
	r.Time.TTFB = between(x.gotConn, x.firstByte, now)
	if !x.firstByte.IsZero() {
		r.Time.Download = now.Sub(x.firstByte)
	}
}

// between is how long a part took; one that never ended took until now.
func between(from, to, now time.Time) time.Duration {
	switch {
	case from.IsZero():
		return 0
	case to.Before(from):
		return now.Sub(from)
	}
	return to.Sub(from)
}

func addressOf(a net.Addr) string {
	if a == nil {
		return ""
	}
	if ap, err := netip.ParseAddrPort(a.String()); err == nil {
		return ap.Addr().Unmap().WithZone("").String()
	}
	return ""
}
