package fetch

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"crawl/fetch/dial"
)

// Kind is the closed set of error kinds of a record (cli.md section 3).
type Kind string

const (
	KindInvalidURL     Kind = "invalid_url"     // the line is no http or https URL
	KindRobots         Kind = "robots"          // robots.txt forbids it, or answered 5xx
	KindScope          Kind = "scope"           // outside of what was asked for
	KindDNS            Kind = "dns"             // the name could not be looked up
	KindConnect        Kind = "connect"         // refused, unreachable
	KindTLS            Kind = "tls"             // certificate or handshake
	KindTimeout        Kind = "timeout"         // too slow, in any phase but the look-up
	KindReset          Kind = "reset"           // the connection broke
	KindTruncated      Kind = "truncated"       // the peer broke off early
	KindTooLarge       Kind = "too_large"       // a decompression bomb
	KindRedirectLimit  Kind = "redirect_limit"  // too many hops, or a loop
	KindRedirectScheme Kind = "redirect_scheme" // a hop to something else than http and https
	KindBlockedAddress Kind = "blocked_address" // a private address, and those are denied
	KindProtocol       Kind = "protocol"        // the answer is no valid HTTP
	KindDecode         Kind = "decode"          // the content coding is broken or unknown
	KindHTTP           Kind = "http"            // a status that is not accepted
	KindCancelled      Kind = "cancelled"       // the caller cancelled
	KindDeadline       Kind = "deadline"        // the run's time was over
	KindInternal       Kind = "internal"        // a fault of ours
)

// Error is why an exchange, or a line, failed.
//
// Error() is the reason alone, for people, in one short line without control
// characters and without the URL: it is what a record's error.message holds.
// Op, URL, Kind and Phase say the rest. Branch on Kind; never on text.
type Error struct {
	Op       string // the method in lower case: "get", "head"
	URL      string // without userinfo
	Kind     Kind
	Phase    Phase // where it happened
	Attempts int   // 1 + retries
	Err      error // the cause; may be nil
}

// Error is the reason, for people.
func (e *Error) Error() string { return reason(e) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether time ran out: a limit of the exchange, a look-up that
// was not answered, or the run's deadline.
func (e *Error) Timeout() bool {
	if e.Kind == KindTimeout || e.Kind == KindDeadline {
		return true
	}
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}

// NotFound reports whether the name service said that the host does not exist,
// or has no address of the family that is wanted, which no retry will change.
func (e *Error) NotFound() bool {
	var (
		dns    *net.DNSError
		family *dial.FamilyError
	)
	return errors.As(e.Err, &dns) && dns.IsNotFound || errors.As(e.Err, &family)
}

// fault is a cause that we found ourselves: its text is the reason, its kind is
// known, and it needs no classification.
type fault struct {
	kind Kind
	text string
}

func (f *fault) Error() string { return f.text }

func (f *fault) Timeout() bool { return f.kind == KindTimeout }

// timeLimit is the cause with which an exchange is cancelled when its own time
// is over.
type timeLimit struct {
	after time.Duration
	slow  bool // the transfer rate fell below the minimum
}

func (t *timeLimit) Error() string {
	if t.slow {
		return fmt.Sprintf("slower than %d B/s for %v", minRate, t.after)
	}
	return fmt.Sprintf("timed out after %v", t.after)
}

func (t *timeLimit) Timeout() bool { return true }

var errTooManyInformational = &fault{KindProtocol, fmt.Sprintf("more than %d informational responses", maxInformational)}

func invalidRequest(text string) error { return &fault{KindInternal, text} }

// maxReason is the longest reason in bytes: a record's message is one short line.
const maxReason = 200

// clean makes text fit for one line anywhere: control characters (C1 and the
// bidirectional overrides included) and invalid UTF-8 become spaces or U+FFFD,
// and the length is bounded.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if isControl(r) || r == '\t' || r >= 0x80 && r < 0xa0 ||
			r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
	if len(s) > maxReason {
		cut := maxReason
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return s
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
