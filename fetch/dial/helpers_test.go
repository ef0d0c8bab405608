package dial_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"

	"crawl/fetch/dial"
)

func newDialer(t testing.TB, o dial.Options) *dial.Dialer {
	t.Helper()
	d, err := dial.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// target reads "scheme://host:port".
func target(t testing.TB, s string) dial.Target {
	t.Helper()
	scheme, at, _ := strings.Cut(s, "://")
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	return dial.Target{Scheme: scheme, Host: host, Port: port}
}

func route(t testing.TB, d *dial.Dialer, s string) dial.Route {
	t.Helper()
	r, err := d.Route(target(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// reach dials and, on success, closes the connection when the test ends.
func reach(t testing.TB, d *dial.Dialer, s string) (*dial.Conn, error) {
	t.Helper()
	return call(t, context.Background(), d, dial.Call{Route: route(t, d, s)})
}

func call(t testing.TB, ctx context.Context, d *dial.Dialer, c dial.Call) (*dial.Conn, error) {
	t.Helper()
	conn, err := d.Dial(ctx, c)
	if err == nil {
		t.Cleanup(func() { conn.Close() })
	} else if conn != nil {
		t.Errorf("a connection with the error %v", err)
	}
	return conn, err
}

// fails demands an error of a type, and returns it.
func fails[E error](t testing.TB, err error) E {
	t.Helper()
	e, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("error is %T %v, want a %T", err, err, e)
	}
	return e
}

// serve accepts connections on loopback and has h speak on each. When the test
// ends they are closed, and every h is waited for.
func serve(t testing.TB, h func(net.Conn)) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var w sync.WaitGroup
	w.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.Go(func() { closing(t.Context(), c, h) })
		}
	})
	t.Cleanup(func() { l.Close(); w.Wait() })
	return l.Addr().String()
}

// closing runs h with a connection that is closed after it, or when ctx ends.
func closing(ctx context.Context, c net.Conn, h func(net.Conn)) {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	defer c.Close()
	h(c)
}

// refusing is a loopback address on which nobody listens.
func refusing(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// network is a Connect whose peers are functions; where there is none, the
// connection is refused. It remembers what was dialled. A peer that is nil lets
// the connect hang.
type network struct {
	peers map[string]func(net.Conn) // by "addr:port", or "*"

	mu     sync.Mutex
	dialed []string
	work   sync.WaitGroup
}

func (n *network) connect(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dialed = append(n.dialed, to.String())
	n.mu.Unlock()
	h, ok := n.peers[to.String()]
	if !ok {
		h, ok = n.peers["*"]
	}
	switch {
	case !ok:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: syscall.ECONNREFUSED}
	case h == nil:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	here, there := net.Pipe()
	n.work.Go(func() { defer there.Close(); h(there) })
	return here, nil
}

func (n *network) seen() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.dialed...)
}

// hush reads until the other side closes, and says nothing.
func hush(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// echo answers each line with itself.
func echo(c net.Conn) { _, _ = io.Copy(c, c) }

// talks demands that the other side is an echo.
func talks(t testing.TB, c net.Conn) {
	t.Helper()
	if _, err := io.WriteString(c, "hello\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line != "hello\n" {
		t.Fatalf("heard %q, error %v", line, err)
	}
}

func addrs(list ...string) []netip.Addr {
	found := make([]netip.Addr, len(list))
	for i, s := range list {
		found[i] = netip.MustParseAddr(s)
	}
	return found
}

// lookup answers every name with the same addresses.
func lookup(list ...string) dial.Lookup {
	return func(context.Context, string, string) ([]netip.Addr, error) { return addrs(list...), nil }
}

func mustProxy(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := dial.ParseProxy(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// stages writes down what Trace is told: "+connect" as it begins, "-connect" as
// it ends.
type stages []string

func (s *stages) trace(stage dial.Stage, ended bool) {
	sign := "+"
	if ended {
		sign = "-"
	}
	*s = append(*s, sign+stage.String())
}
