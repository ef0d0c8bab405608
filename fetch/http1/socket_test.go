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
