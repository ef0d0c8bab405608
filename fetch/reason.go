package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

// reason puts an error in words for people.
func reason(e *Error) string {
	var (
		f       *fault
		limit   *timeLimit
		blocked *dial.BlockedError
		proxy   *dial.ProxyError
		broken  *http1.ProtocolError
	)
	switch {
	case e.Err == nil:
		return string(e.Kind)
	case errors.As(e.Err, &f):
		return clean(f.text)
	case errors.As(e.Err, &blocked):
		return clean(blocked.Error())
	case errors.As(e.Err, &proxy):
		return proxyReason(proxy)
	case errors.As(e.Err, &broken):
		return clean(broken.Text)
	case errors.As(e.Err, &limit):
		if limit.slow {
			return limit.Error()
		}
		return limit.Error() + waiting(e.Phase)
	}
	switch e.Kind {
	case KindCancelled:
		return "cancelled"
	case KindDeadline:
		return "the run's deadline has passed"
	case KindTimeout:
		return "timed out" + waiting(e.Phase)
	case KindDNS:
		return dnsReason(e.Err)
	case KindTLS:
		var record tls.RecordHeaderError
		if errors.As(e.Err, &record) { // a scheme that is missing means https
			return "the server does not speak TLS; try a URL with http://"
		}
		return tlsReason(e.Err)
	case KindReset:
		return resetReason(e.Err)
	case KindProtocol:
		return http2Reason(e.Err)
	case KindTruncated:
		switch e.Phase {
		case PhaseBody:
			return "the body ended early"
		case PhaseRobots: // whichever part it was
			return "the answer ended early"
		}
		return "the header ended early"
	}
	return rootText(e.Err)
}

// waiting says what was waited for, in words that follow "timed out".
func waiting(p Phase) string {
	switch p {
	case PhaseDNS:
		return " looking up the host"
	case PhaseConnect:
		return " connecting"
	case PhaseTLS:
		return " in the TLS handshake"
	case PhaseRequest:
		return " sending the request"
	case PhaseHeaders:
		return " waiting for the answer"
	case PhaseBody:
		return " reading the body"
	}
	return ""
}

func proxyReason(p *dial.ProxyError) string {
	switch {
	case p.Status != 0 || p.Proxy == "" || p.Err == nil:
		return clean(p.Error())
	case isTLS(p.Err):
		return clean("proxy " + p.Proxy + ": " + tlsReason(p.Err))
	}
	return clean("proxy " + p.Proxy + ": " + dnsReason(p.Err))
}

// dnsReason is for look-ups; of all other errors it is the rootText.
func dnsReason(err error) string {
	var (
		family *dial.FamilyError
		dns    *net.DNSError
	)
	switch {
	case errors.As(err, &family):
		return clean(family.Error())
	case !errors.As(err, &dns):
		return rootText(err)
	case dns.IsNotFound:
		return "no such host"
	case dns.IsTimeout:
		return "timed out looking up the host"
	}
	return clean(dns.Err)
}

// tlsReason names which check of the handshake failed (faults.md row 10).
func tlsReason(err error) string {
	var (
		cert   x509.CertificateInvalidError
		host   x509.HostnameError
		ca     x509.UnknownAuthorityError
		record tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &cert) && cert.Reason == x509.Expired:
		return "certificate has expired or is not yet valid"
	case errors.As(err, &host):
		return clean(strings.TrimPrefix(host.Error(), "x509: "))
	case errors.As(err, &ca):
		if ca.Cert != nil && ca.Cert.Subject.String() == ca.Cert.Issuer.String() {
			return "certificate signed by unknown authority (self-signed)"
		}
		return "certificate signed by unknown authority"
	case errors.As(err, &record):
		return "the server does not speak TLS"
	}
	return rootText(err)
}

func resetReason(err error) string {
	var (
		stream streamError
		system syscall.Errno
	)
	switch {
	case peerReset(err):
		return "connection reset by peer"
	case errors.As(err, &stream):
		return stream.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "connection closed before an answer came"
	case errors.As(err, &system):
		return rootText(err)
	}
	return "connection given up" // by net/http, whose words are about HTTP/2's inside
}

// http2Reason says how the rules of HTTP/2 were broken, by either side's account.
func http2Reason(err error) string {
	var (
		stream streamError
		f      *fault
	)
	code, known := connectionCode(err)
	if errors.As(err, &stream) {
		code, known = stream.Code, true
	}
	switch {
	case !known:
		return rootText(err)
	case stream.Cause == nil:
		return codeText(code)
	case errors.As(stream.Cause, &f): // of a hook that net/http called
		return clean(f.text)
	}
	return clean(codeText(code) + ": " + rootText(stream.Cause))
}

// codeText is in words what codeKind takes for KindProtocol.
func codeText(code uint32) string {
	switch code {
	case 0x3:
		return "HTTP/2 flow control error"
	case 0x6:
		return "HTTP/2 frame size error"
	case 0x9:
		return "HTTP/2 header compression error"
	case 0xd:
		return "the server wants HTTP/1.1"
	}
	return "HTTP/2 protocol error"
}

// rootText is the text of the innermost cause, without the package names that
// the standard library puts before it and without repeating what wraps it.
func rootText(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	text := err.Error()
	for _, prefix := range []string{"net/http: ", "http: ", "http2: ", "tls: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return clean(text)
}
