package fetch

import (
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"crawl/fetch/dial"
)

// maxInformational is how many 1xx responses one exchange may have (faults.md
// row 17); net/http alone would take any number that fits its header limit.
const maxInformational = 20

// exchange watches one exchange: phases, times, the address. Over HTTP/2 some of
// its methods are called on the connection's goroutines, even after Do has
// returned; hence the lock, and closed.
type exchange struct {
	onPhase func(Phase)
	tap     Tap // nil: none
	limits  limits

	mu            sync.Mutex
	closed        bool
	answered      bool
	http2         bool
	phase         Phase
	ip            string
	informational int

	stages                    [4]span // by dial.Stage, of the connection that was opened last
	connected, asked, replied time.Time
}

// span is when a stage began and ended; one that never ended goes on.
type span struct{ from, to time.Time }

func (s span) length(now time.Time) time.Duration {
	switch {
	case s.from.IsZero():
		return 0
	case s.to.IsZero():
		return now.Sub(s.from)
	}
	return s.to.Sub(s.from)
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

// enter is called with the lock held.
func (x *exchange) enter(p Phase) {
	if p == x.phase {
		return
	}
	x.phase = p
	if x.onPhase != nil {
		x.onPhase(p)
	}
}

// seek notes that a connection is sought, for the first time or anew.
func (x *exchange) seek() {
	x.step(func(time.Time) {
		x.stages = [4]span{}
		x.connected, x.asked, x.replied = time.Time{}, time.Time{}, time.Time{}
		x.answered, x.informational, x.phase = false, 0, PhaseConnect // not told: an idle connection may be there
	})
}

// dial is the dialer's trace.
func (x *exchange) dial(s dial.Stage, done bool) {
	x.step(func(now time.Time) {
		if done {
			x.stages[s].to = now
			return
		}
		x.stages[s].from = now
		p := [...]Phase{dial.StageLookup: PhaseDNS, dial.StageConnect: PhaseConnect, dial.StageHandshake: PhaseTLS}[s]
		x.phase = "" // a connect is told, also where seek has set it already
		x.enter(p)
	})
}

// got notes the connection.
func (x *exchange) got(ip string, http2 bool) {
	x.step(func(now time.Time) {
		x.ip, x.http2, x.connected = ip, http2, now
		x.enter(PhaseRequest)
	})
}

// wrote notes that the request is written. The answer may have come first.
func (x *exchange) wrote() {
	x.step(func(now time.Time) {
		if x.phase == PhaseRequest {
			x.asked = now
			x.limits.await(now)
			x.enter(PhaseHeaders)
		}
	})
}

// firstByte notes the first byte of the answer; received counts what comes.
func (x *exchange) firstByte(received func() int64) {
	x.step(func(now time.Time) {
		x.answered, x.replied = true, now
		x.limits.watch(now, received)
		if x.phase == PhaseRequest {
			x.enter(PhaseHeaders)
		}
	})
}

// informed notes that an informational response has ended: the wait for the
// answer goes on, and a server may think for as long as it likes.
func (x *exchange) informed() {
	x.step(func(now time.Time) { x.limits.await(now) })
}

// body notes that the header is there.
func (x *exchange) body(received func() int64) {
	x.step(func(now time.Time) {
		if x.replied.IsZero() {
			x.replied = now
		}
		x.answered = true
		x.limits.watch(now, received)
		x.enter(PhaseBody)
	})
}

// trace gives the hooks that net/http's HTTP/2 calls.
func (x *exchange) trace(received func() int64) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { x.wrote() },
		GotFirstResponseByte: func() { x.firstByte(received) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			var err error
			x.step(func(now time.Time) {
				x.limits.await(now)
				if x.informational++; x.informational > maxInformational {
					err = errTooManyInformational
				}
			})
			return err
		},
	}
}

// at tells how far the exchange got.
func (x *exchange) at() where {
	x.mu.Lock()
	defer x.mu.Unlock()
	return where{phase: x.phase, answered: x.answered, http2: x.http2}
}

// close ends the watch and tells what was learnt. Nothing has an effect after it.
func (x *exchange) close(r *Response) {
	now := time.Now()
	x.limits.stop()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	r.IP = x.ip
	r.Time.DNS = x.stages[dial.StageLookup].length(now)
	r.Time.Connect = x.stages[dial.StageConnect].length(now)
	r.Time.TLS = x.stages[dial.StageHandshake].length(now)
	r.Time.TTFB = span{x.connected, x.replied}.length(now)
	if !x.replied.IsZero() {
		r.Time.Download = now.Sub(x.replied)
	}
}
