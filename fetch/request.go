package fetch

import (
	"net/http"
	"time"

	"crawl/weburl"
)

// Phase names the part of an exchange that is going on, or in which it failed.
// The set is closed.
type Phase string

const (
	PhaseQueue   Phase = "queue"   // waits for its turn; set by the caller's scheduling, never by Do
	PhaseRobots  Phase = "robots"  // robots.txt of the origin is being fetched or judged
	PhaseDNS     Phase = "dns"     // the host's name is looked up
	PhaseConnect Phase = "connect" // a connection is sought or opened
	PhaseTLS     Phase = "tls"     // the TLS handshake
	PhaseRequest Phase = "request" // the request is written
	PhaseHeaders Phase = "headers" // waits for the answer's header, 1xx included
	PhaseBody    Phase = "body"    // the body is read and decoded
	PhaseParse   Phase = "parse"   // the page is parsed; set by the caller, never by Do
)

// Request is one exchange to make. Do reads it and never changes it; it may be
// used again.
type Request struct {
	Method string      // "" is GET
	URL    weburl.URL  // its userinfo is sent as basic authorization
	Header http.Header // goes over Options.Header, name by name; "Host" sets the Host header
	// Timeout bounds the exchange with its body; 0 is the client's.
	Timeout time.Duration
	// MaxBody bounds the decoded body in bytes; 0 is the client's.
	MaxBody int64
	// Foreign says that the request is a hop away from the origin that the
	// client's User, Authorization and Cookie headers were meant for: they are
	// not sent (cli.md section 6).
	Foreign bool
	// LeftTLS says that what led here, by redirects or a link, came over TLS, or may
	// have: over plain http the netrc's password is not sent then, in clear and
	// wherever somebody else said.
	LeftTLS bool
	// Due is when a retry was due; zero: it is none. A look-up that failed before
	// that, in a way that may pass, is made anew instead of answered from memory.
	Due time.Time
	// OnPhase, if set, is told each phase as it begins, one call at a time, on
	// whatever goroutine notices; never after Do has returned. It must not block.
	OnPhase func(Phase)
	// Tap, if set, is given the exchange as it goes over the wire.
	Tap Tap
}

// method is the request's method with its default.
func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}
