package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"syscall"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

// where is what is known about an exchange when it fails.
type where struct {
	phase    Phase
	answered bool // the first byte of the answer came
	http2    bool // and it is HTTP/2
}

// fail makes the Error of an exchange. ctx is the exchange's own context: its
// cause tells a limit of ours from a cancellation by the caller.
func fail(ctx context.Context, req *Request, err error, at where) *Error {
	e := &Error{
		Op:       strings.ToLower(req.method()),
		URL:      req.URL.String(),
		Phase:    at.phase,
		Attempts: 1,
		Err:      err,
	}
	var f *fault
	switch {
	case errors.As(err, &f):
		e.Kind = f.kind
	case ctx.Err() != nil:
		e.Err = context.Cause(ctx)
		e.Kind = causeKind(e.Err, at)
	default:
		e.Kind = classify(err, at)
	}
	return e
}

// causeKind judges the cause of a context that is done. A name that was not
// found in time is a fault of the name service, not of the host (faults.md
// row 9).
func causeKind(cause error, at where) Kind {
	var limit *timeLimit
	switch {
	case errors.As(cause, &limit):
		if at.phase == PhaseDNS {
			return KindDNS
		}
		return KindTimeout
	case errors.Is(cause, context.DeadlineExceeded):
		return KindDeadline
	default:
		return KindCancelled
	}
}

// classify gives the kind of an error of the transport or of the body by its
// type; an error of unknown type is judged by where it came (see doc.go).
func classify(err error, at where) Kind {
	var (
		own     *fault
		dns     *net.DNSError
		family  *dial.FamilyError
		limit   *dial.TimeoutError
		blocked *dial.BlockedError
		proxy   *dial.ProxyError
		broken  *http1.ProtocolError
		refused *http1.RequestError
		stream  streamError
		timeout interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &own):
		return own.kind
	case errors.As(err, &blocked):
		return KindBlockedAddress
	case errors.As(err, &broken):
		return KindProtocol
	case errors.As(err, &refused):
		return KindInternal // the request itself is at fault, and nothing was sent
	case errors.As(err, &limit) && limit.Stage == dial.StageLookup, errors.As(err, &dns), errors.As(err, &family):
		return KindDNS
	case errors.As(err, &proxy):
		return KindConnect
	case isTLS(err):
		return KindTLS
	case errors.As(err, &timeout) && timeout.Timeout():
		return KindTimeout
	case at.phase == PhaseConnect:
		return KindConnect
	case isReset(err):
		return KindReset
	case errors.As(err, &stream):
		return codeKind(stream.Code)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		if at.answered {
			return KindTruncated
		}
		return KindReset
	}
	if code, ok := connectionCode(err); ok {
		return codeKind(code)
	}
	switch {
	case at.phase == PhaseTLS:
		return KindTLS
	case at.answered && at.http2:
		return KindReset // what came was good HTTP; the connection was given up (GOAWAY, lost ping)
	case at.answered:
		return KindProtocol
	case at.phase == "":
		return KindInternal // nothing was sent yet: the request itself is at fault
	default:
		return KindReset
	}
}

func isReset(err error) bool { return peerReset(err) || errors.Is(err, net.ErrClosed) }

// peerReset: the system says that the peer broke the connection.
func peerReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ECONNABORTED) || systemReset(err)
}

// isTLS knows the errors of crypto/tls and crypto/x509. An alert of the peer
// has no exported type over TCP, but comes in a net.OpError whose Op is
// "remote error" ("local error" for ours); the tests hold that to a server that
// sends one.
func isTLS(err error) bool {
	var (
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
		host   x509.HostnameError
		ca     x509.UnknownAuthorityError
		cert   x509.CertificateInvalidError
		op     *net.OpError
	)
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &host) || errors.As(err, &ca) || errors.As(err, &cert) ||
		errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}

// streamError is the shape of net/http's HTTP/2 stream error, which has no
// exported name but fills any struct of this shape given to errors.As.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return "stream reset by peer" }

// connectionCode finds net/http's HTTP/2 connection error, which has no exported
// name and no way to errors.As, but is the only error whose value is a uint32:
// the code of RFC 9113 section 7. The tests hold that to a real connection.
func connectionCode(err error) (code uint32, ok bool) {
	for ; err != nil; err = errors.Unwrap(err) {
		if v := reflect.ValueOf(err); v.Kind() == reflect.Uint32 {
			return uint32(v.Uint()), true
		}
	}
	return 0, false
}

// codeKind: codes that accuse one side of breaking the protocol are
// KindProtocol, all others an exchange that was given up.
func codeKind(code uint32) Kind {
	switch code {
	case 0x1, 0x3, 0x6, 0x9, 0xd: // PROTOCOL, FLOW_CONTROL, FRAME_SIZE, COMPRESSION, HTTP_1_1_REQUIRED
		return KindProtocol
	}
	return KindReset
}
