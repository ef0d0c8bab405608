package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

func TestErrorsAreJudgedByTypeAndPlace(t *testing.T) {
	refused := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
	}
	connecting, asked := where{phase: PhaseConnect}, where{phase: PhaseHeaders}
	reading := where{phase: PhaseBody, answered: true}
	for _, tc := range []struct {
		err  error
		at   where
		kind Kind
		says string
	}{
		{refused(syscall.ECONNREFUSED), connecting, KindConnect, "connection refused"},
		{refused(syscall.EHOSTUNREACH), connecting, KindConnect, "no route to host"},
		{refused(syscall.ENETUNREACH), connecting, KindConnect, "network is unreachable"},
		{refused(syscall.ETIMEDOUT), connecting, KindTimeout, "timed out connecting"},
		{refused(syscall.ECONNRESET), connecting, KindConnect, "connection reset by peer"},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, asked, KindReset, "connection reset by peer"},
		{&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, where{phase: PhaseRequest}, KindReset, "connection reset by peer"},
		{io.EOF, asked, KindReset, "connection closed before an answer came"},
		{io.ErrUnexpectedEOF, where{phase: PhaseHeaders, answered: true}, KindTruncated, "the header ended early"},
		{io.ErrUnexpectedEOF, reading, KindTruncated, "the body ended early"},
		{errors.New("http: of unknown type"), asked, KindReset, "connection given up"},
		{errors.New("of unknown type"), reading, KindProtocol, "of unknown type"},
		{errors.New("http2: of unknown type"), where{phase: PhaseBody, answered: true, http2: true}, KindReset, "connection given up"},
		{errors.New("http2: of unknown type"), where{phase: PhaseHeaders, answered: true, http2: true}, KindReset, "connection given up"},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.EHOSTUNREACH)}, asked, KindReset, "no route to host"},
		{&fault{KindDecode, "a fault of ours"}, asked, KindDecode, "a fault of ours"},
		{errors.New("tls: of unknown type"), where{phase: PhaseTLS}, KindTLS, "of unknown type"},
		{errors.New("of unknown type"), where{}, KindInternal, "of unknown type"},
		{streamError{Code: 0x7}, reading, KindReset, "stream reset by peer"},
		{streamError{Code: 0x8}, asked, KindReset, "stream reset by peer"},
		{streamError{Code: 0x1}, reading, KindProtocol, "HTTP/2 protocol error"},
		{streamError{Code: 0x1, Cause: errors.New("http2: no status")}, asked, KindProtocol, "HTTP/2 protocol error: no status"},
		{streamError{Code: 0x1, Cause: errTooManyInformational}, asked, KindProtocol, "more than 20 informational responses"},
		{streamError{Code: 0x3}, reading, KindProtocol, "HTTP/2 flow control error"},
		{streamError{Code: 0xd}, reading, KindProtocol, "the server wants HTTP/1.1"},
		{codeError(0x1), asked, KindProtocol, "HTTP/2 protocol error"},
		{codeError(0x6), asked, KindProtocol, "HTTP/2 frame size error"},
		{codeError(0x9), reading, KindProtocol, "HTTP/2 header compression error"},
		{codeError(0xb), asked, KindReset, "connection given up"},
		{&dial.ProxyError{Proxy: "http://p.example:1", Status: 407}, connecting, KindConnect, "proxy http://p.example:1: CONNECT was answered with 407 Proxy Authentication Required"},
		{&dial.ProxyError{Proxy: "http://p.example:1", Err: refused(syscall.ECONNREFUSED)}, connecting, KindConnect, "proxy http://p.example:1: connection refused"},
		{&dial.ProxyError{Proxy: "https://p.example:1", Err: x509.UnknownAuthorityError{}}, connecting, KindConnect, "proxy https://p.example:1: certificate signed by unknown authority"},
		{&dial.BlockedError{Host: "h.example", Addr: netip.MustParseAddr("10.0.0.1"), Block: "private use"}, connecting, KindBlockedAddress, "h.example: address 10.0.0.1 is denied: private use"},
		{&http1.ProtocolError{Text: "no HTTP"}, asked, KindProtocol, "no HTTP"},
		{os.ErrDeadlineExceeded, reading, KindTimeout, "timed out reading the body"},
	} {
		e := fail(context.Background(), &Request{}, fmt.Errorf("wrapped: %w", tc.err), tc.at)
		if e.Kind != tc.kind || e.Error() != tc.says {
			t.Errorf("%v in %q: %s %q, want %s %q", tc.err, tc.at.phase, e.Kind, e, tc.kind, tc.says)
		}
		if kind := classify(tc.err, tc.at); kind != tc.kind {
			t.Errorf("%v in %q is judged as %q, want %q", tc.err, tc.at.phase, kind, tc.kind)
		}
		if !errors.Is(e, tc.err) {
			t.Errorf("%v cannot be unwrapped", tc.err)
		}
		if e.Timeout() != (tc.kind == KindTimeout) {
			t.Errorf("%v: Timeout %v", tc.err, e.Timeout())
		}
	}
}

// codeError has the shape of net/http's HTTP/2 connection error.
type codeError uint32

func (codeError) Error() string { return "connection error: SOME_ERROR" }

func TestAMessageIsOneShortCleanLine(t *testing.T) {
	for _, hostile := range []string{
		"a\nb\r\x1b[31mred\x00", "\xff\xfe", "a\u2028b\u202egnp", "\u0085\u009b31m", strings.Repeat("long ", 1000), strings.Repeat("ü", 101) + "x",
	} {
		e := &Error{Kind: KindProtocol, Err: errors.New(hostile)}
		m := e.Error()
		if !utf8.ValidString(m) || strings.ContainsFunc(m, isControl) || strings.ContainsAny(m, "\u2028\u202e\u009b\u0085") || len(m) > maxReason+3 {
			t.Errorf("%q became %q", hostile, m)
		}
	}
	if m := (&Error{Kind: KindScope}).Error(); m != "scope" {
		t.Errorf("without a cause: %q", m)
	}
}
