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
		{errors.New("http: of unknown type"), asked, KindReset, "of unknown type"},
		{errors.New("of unknown type"), reading, KindProtocol, "of unknown type"},
		{errors.New("http2: of unknown type"), where{phase: PhaseBody, answered: true, http2: true}, KindReset, "of unknown type"},
		{errors.New("tls: of unknown type"), where{phase: PhaseTLS}, KindTLS, "of unknown type"},
		{errors.New("of unknown type"), where{}, KindInternal, "of unknown type"},
		{streamError{Code: 0x7}, reading, KindReset, "stream reset by peer"},
		{streamError{Code: 0x8}, asked, KindReset, "stream reset by peer"},
		{streamError{Code: 0x1}, reading, KindProtocol, "stream reset by peer"},
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
		if !errors.Is(e, tc.err) {
			t.Errorf("%v cannot be unwrapped", tc.err)
		}
		if e.Timeout() != (tc.kind == KindTimeout) {
			t.Errorf("%v: Timeout %v", tc.err, e.Timeout())
		}
	}
}

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
