package fetch

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"crawl/weburl"
)

func mustURL(t testing.TB, s string) weburl.URL {
	t.Helper()
	u, err := weburl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// serve is an HTTP server for one test.
func serve(t testing.TB, h http.HandlerFunc) weburl.URL {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return mustURL(t, s.URL+"/")
}

// peer is one connection of a raw server.
type peer struct {
	net.Conn
	r  *bufio.Reader
	nr int // of the connection, from 1
}

// request reads one request's header and returns it; "" when there is none.
func (p *peer) request() string {
	var head strings.Builder
	for {
		line, err := p.r.ReadString('\n')
		if err != nil {
			return ""
		}
		if strings.TrimSpace(line) == "" {
			return head.String()
		}
		head.WriteString(line)
	}
}

func (p *peer) send(s string) { _, _ = p.Write([]byte(s)) }

// reset closes the connection with a RST.
func (p *peer) reset() {
	if c, ok := p.Conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	_ = p.Close()
}

// wait blocks until the client closes the connection.
func (p *peer) wait() { _, _ = p.r.ReadByte() }

// accept gives h each connection of l with its number, and closes it after h. The
// test ends only when every h has returned.
func accept(t testing.TB, l net.Listener, h func(c net.Conn, nr int)) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Go(func() {
		for nr := 1; ; nr++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				h(c, nr)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
}

// raw is a server of bytes: h has each connection, which is closed after it.
// The test ends only when every h has returned.
func raw(t testing.TB, h func(*peer)) weburl.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	accept(t, l, func(c net.Conn, nr int) { h(&peer{c, bufio.NewReader(c), nr}) })
	return mustURL(t, "http://"+l.Addr().String()+"/")
}

// answers is a raw server that reads each request, sends s, and closes.
func answers(t testing.TB, s string) weburl.URL {
	t.Helper()
	return raw(t, func(p *peer) {
		if p.request() != "" {
			p.send(s)
		}
	})
}

// do makes one GET with a fresh client and a bound on the test's time.
func do(t testing.TB, o Options, u weburl.URL) (*Response, error) {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	resp, err := newClient(t, o).Do(context.Background(), &Request{URL: u})
	if resp == nil {
		t.Fatal("Do returned a nil Response")
	}
	t.Cleanup(resp.Release)
	return resp, err
}

// failsWith checks that err is an *Error of the kind and phase, fit to print.
func failsWith(t testing.TB, err error, kind Kind, phase Phase) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %T (%v), want *Error", err, err)
	}
	if e.Kind != kind || e.Phase != phase {
		t.Fatalf("got kind %s in phase %q (%v; cause %#v), want %s in %q", e.Kind, e.Phase, e, e.Err, kind, phase)
	}
	checkMessage(t, e)
	return e
}

// checkMessage holds a message to what a record needs.
func checkMessage(t testing.TB, e *Error) {
	t.Helper()
	checkWords(t, e)
	if m := e.Error(); strings.Contains(m, "secret") {
		t.Errorf("message %q tells a secret", m)
	}
}

// quotation is what a message quotes of a stranger, up to where it was cut.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*(?:"|\\?$)`)

// checkWords checks the form of a message, and the words in it that are our own.
func checkWords(t testing.TB, e *Error) {
	t.Helper()
	m := e.Error()
	if m == "" || len(m) > maxReason+len("…") || m != clean(m) {
		t.Errorf("message %q is empty, too long or not clean", m)
	}
	own := quotation.ReplaceAllString(m, `""`)
	words := strings.Fields(own)
	for i := 1; i < len(words); i++ {
		if strings.Trim(words[i], ":") == strings.Trim(words[i-1], ":") {
			t.Errorf("message %q doubles a word", m)
		}
	}
	for _, s := range []string{"net/http", "0x", "%!", "http2:", "stream ID", "_ERROR", "LastStreamID"} {
		if strings.Contains(own, s) {
			t.Errorf("message %q contains %q", m, s)
		}
	}
}

// retried reports what Next makes of an outcome with retries left.
func retried(resp *Response, err error) bool {
	st := State{URL: resp.URL, MaxRetries: 2, MaxRedirects: 10}
	return Next(resp, err, st, time.Now(), func() float64 { return 0.5 }).Action == Retry
}
