//go:build unix

package http1

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

// connected is a connection over TCP and its server's end.
func connected(t *testing.T) (*Conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c := NewConn(nc, Options{})
	t.Cleanup(func() { c.Close(); server.Close() })
	return c, server
}

// await waits until something has come to the system's buffer of c.
func await(t *testing.T, c *Conn) {
	t.Helper()
	nc := c.conn
	if over, ok := nc.(*tls.Conn); ok {
		nc = over.NetConn()
	}
	raw, err := nc.(syscall.Conn).SyscallConn()
	if err == nil {
		err = raw.Read(func(fd uintptr) bool { return !quiet(fd) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// answerOnce reads a request and answers it.
func answerOnce(t *testing.T, server net.Conn, answer string) {
	t.Helper()
	if _, err := server.Read(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(server, answer); err != nil {
		t.Fatal(err)
	}
}

func TestAnIdleConnectionKnowsWhatNobodyAskedFor(t *testing.T) {
	const hi = ok + "Content-Length: 2\r\n\r\nhi"
	for name, happens := range map[string]func(server net.Conn){
		"closed":              func(s net.Conn) { s.Close() },
		"reset":               func(s net.Conn) { _ = s.(*net.TCPConn).SetLinger(0); s.Close() },
		"a 408":               func(s net.Conn) { _, _ = io.WriteString(s, "HTTP/1.1 408 Request Timeout\r\n\r\n") },
		"an answer too many":  func(s net.Conn) { _, _ = io.WriteString(s, hi) },
		"an empty line":       func(s net.Conn) { _, _ = io.WriteString(s, "\r\n") },
		"a 408 and the end":   func(s net.Conn) { _, _ = io.WriteString(s, "HTTP/1.1 408 Late\r\n\r\n"); s.Close() },
		"closed for writing":  func(s net.Conn) { _ = s.(*net.TCPConn).CloseWrite() },
		"":                    nil,
		"a deadline too late": func(s net.Conn) {},
	} {
		c, server := connected(t)
		for range 2 { // an exchange does not change what Stale sees
			if c.Stale() || !c.Reusable() {
				t.Errorf("%s: stale before", name)
			}
			done := make(chan struct{})
			go func() { defer close(done); answerOnce(t, server, hi) }()
			if res := exchange(c, get(), 5000); res.outcome() != got("hi")+kept {
				t.Fatalf("%s: %s", name, res.outcome())
			}
			<-done
		}
		switch {
		case happens == nil:
			if c.Stale() {
				t.Error("stale, though nothing happened")
			}
		case strings.HasPrefix(name, "a deadline"):
			_ = c.conn.SetDeadline(time.Unix(1, 0))
			if c.Stale() {
				t.Error("stale, though nobody could look")
			}
		default:
			happens(server)
			await(t, c)
			for range 2 {
				if !c.Stale() {
					t.Errorf("%s: not stale", name)
				}
			}
		}
	}
}

func TestALookAtTheSocketTakesNothing(t *testing.T) {
	c, server := connected(t)
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(server, ok+"Content-Length: 2\r\n\r\nhi")
		done <- err
	}()
	await(t, c)
	if !c.Stale() {
		t.Error("not stale")
	}
	if res := exchange(c, get(), 0); res.body != "hi" || <-done != nil {
		t.Errorf("got %+v", res)
	}
}

func TestALookAllocatesNothing(t *testing.T) {
	c, _ := connected(t)
	if n := testing.AllocsPerRun(10, func() { c.Stale() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestStaleOverTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hi") }))
	defer s.Close()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		nc, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
		if err != nil {
			t.Fatal(err)
		}
		c := NewConn(nc, Options{})
		for range 3 {
			if res := exchange(c, get(), 0); res.outcome() != got("hi")+kept || c.Stale() {
				t.Fatalf("%x: %s, stale %v", version, res.outcome(), c.Stale())
			}
		}
		s.CloseClientConnections()
		await(t, c)
		if !c.Stale() {
			t.Errorf("%x: not stale", version)
		}
		_ = c.Close()
		if c.Stale() {
			t.Errorf("%x: a closed connection cannot be asked", version)
		}
	}
}

// corked is a connection whose writes wait to go out as one.
type corked struct {
	net.Conn
	cork    bool
	waiting []byte
}

func (c *corked) Write(p []byte) (int, error) {
	if !c.cork {
		return c.Conn.Write(p)
	}
	c.waiting = append(c.waiting, p...)
	return len(p), nil
}

// secured is a connection over TLS and its server's end.
func secured(t *testing.T) (*Conn, *tls.Conn, *corked) {
	t.Helper()
	c, tcp := connected(t)
	server := &corked{Conn: tcp}
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS() // for its certificate
	defer s.Close()
	// A server that asks for a certificate sends its session tickets only after
	// the client's last word.
	far := tls.Server(server, &tls.Config{Certificates: s.TLS.Certificates, ClientAuth: tls.RequestClientCert})
	near := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true, ClientSessionCache: tls.NewLRUClientSessionCache(1)})
	done := make(chan error, 1)
	go func() { done <- far.Handshake() }()
	if err := near.Handshake(); err != nil || <-done != nil {
		t.Fatal(err)
	}
	return NewConn(near, Options{}), far, server
}

// What TLS has decrypted already is in no buffer of ours and in none of the
// system, and is an answer too many all the same.
func TestASurplusThatTLSHoldsIsSeen(t *testing.T) {
	const hi = ok + "Content-Length: 2\r\n\r\nhi"
	for name, answer := range map[string][]string{
		"in a record of its own": {hi, hi},
		"in the same record":     {hi + hi},
		"after a whole buffer":   {ok + "Content-Length: 4055\r\n\r\n" + strings.Repeat("x", 4055) + hi},
	} {
		c, far, wire := secured(t)
		go func() {
			_, _ = far.Read(make([]byte, 4096))
			wire.cork = true
			for _, part := range answer {
				_, _ = io.WriteString(far, part)
			}
			_, _ = wire.Conn.Write(wire.waiting)
		}()
		res := exchange(c, get(), 4096)
		if res.err != nil || len(res.body) < 2 {
			t.Fatalf("%s: %s", name, res.outcome())
		}
		if c.Reusable() && !c.Stale() {
			t.Errorf("%s: taken for the next answer", name)
		}
	}
}

// A session ticket is no answer: TLS 1.3 servers send it when they like.
func TestASessionTicketIsNoSurplus(t *testing.T) {
	c, _, _ := secured(t)
	await(t, c)
	for range 2 { // the first look takes the ticket
		if c.Stale() {
			t.Error("stale")
		}
	}
}

func TestWhatIsNoSocketIsNeverStale(t *testing.T) {
	client, server := net.Pipe()
	c := NewConn(client, Options{})
	server.Close()
	if c.Stale() || answers("", Options{}).Stale() {
		t.Error("stale")
	}
}

func TestErrorsOfTheSystemComeThrough(t *testing.T) {
	c, server := connected(t)
	_ = server.(*net.TCPConn).SetLinger(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = server.Read(make([]byte, 4096))
		server.Close()
	}()
	res := exchange(c, get(), 0)
	<-done
	if op, is := res.err.(*net.OpError); !is || op.Op != "read" || c.Answered() {
		t.Errorf("got %v", res.err)
	}
}

// BenchmarkStale is the cost of a look.
func BenchmarkStale(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	c := NewConn(nc, Options{})
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		if c.Stale() {
			b.Fatal("stale")
		}
	}
}
