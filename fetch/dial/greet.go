package dial

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/proxy"
)

// maxAnswer bounds the header of a proxy's answer to CONNECT.
const maxAnswer = 64 << 10

var (
	errGuarded    = errors.New("private addresses cannot be denied through a proxy")
	errLongAnswer = errors.New("the header of the answer to CONNECT is over 64 KiB")
	errNoAnswer   = errors.New("what answered CONNECT is no HTTP proxy")
)

// pass brings conn, open to the route's proxy, as far as the target: what is
// sent on it then, the target reads (or the proxy, if the route is Absolute). It
// ends with ctx. With an error conn is closed.
func (d *Dialer) pass(ctx context.Context, conn *Conn, r Route, beyond string) error {
	raw := conn.Conn
	broken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { raw.Close(); close(broken) })
	way, err := d.greet(ctx, raw, r, beyond)
	if !stop() {
		<-broken
		err = ctx.Err()
	}
	if err != nil {
		raw.Close()
		return err
	}
	conn.Conn = way
	return nil
}

// greet speaks to the proxy as its scheme has it.
func (d *Dialer) greet(ctx context.Context, conn net.Conn, r Route, beyond string) (net.Conn, error) {
	target := net.JoinHostPort(beyond, r.Port)
	switch r.Proxy.Scheme {
	case "socks5", "socks5h":
		return conn, socks(ctx, conn, r.Proxy, target)
	case "https":
		secured, err := handshake(ctx, conn, d.proxy, r.Proxy.Hostname())
		if err != nil {
			return nil, err
		}
		conn = secured
	}
	if r.Absolute() {
		return conn, nil
	}
	rest, err := d.tunnel(conn, r.Proxy, target)
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return &early{conn, rest}, nil
	}
	return conn, nil
}

// tunnel asks for a tunnel to the target (RFC 9110 section 9.3.6), and returns
// what already came out of it.
func (d *Dialer) tunnel(conn net.Conn, via *url.URL, target string) ([]byte, error) {
	request := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if credentials := basic(via.User); credentials != "" {
		request += "Proxy-Authorization: " + credentials + "\r\n"
	}
	if d.o.UserAgent != "" {
		request += "User-Agent: " + d.o.UserAgent + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return nil, err
	}
	status, rest, err := readAnswer(conn)
	switch {
	case err != nil:
		return nil, err
	case status < 200 || status > 299:
		return nil, &ProxyError{Proxy: bare(via), Status: status}
	}
	return rest, nil
}

// readAnswer reads the header of the final answer to CONNECT, and returns the
// bytes after it that came along. All of the header but the status is passed
// over: it means nothing for a tunnel.
func readAnswer(conn io.Reader) (status int, rest []byte, err error) {
	r := bufio.NewReader(conn)
	left := maxAnswer
	for status < 200 && status != http.StatusSwitchingProtocols { // 1xx come before the answer
		head, err := readHead(r, left)
		if err != nil {
			return 0, nil, err
		}
		if status, err = parseStatus(head); err != nil {
			return 0, nil, err
		}
		left -= len(head)
	}
	rest, _ = r.Peek(r.Buffered())
	return status, bytes.Clone(rest), nil
}

// readHead reads lines as far as the first empty one, at most so many bytes.
func readHead(r *bufio.Reader, most int) ([]byte, error) {
	var head []byte
	start := 0 // of the last line
	for {
		part, err := r.ReadSlice('\n')
		head = append(head, part...)
		switch {
		case len(head) > most:
			return nil, errLongAnswer
		case err == io.EOF:
			return nil, io.ErrUnexpectedEOF
		case err != nil && err != bufio.ErrBufferFull:
			return nil, err
		case err == nil && len(bytes.TrimRight(head[start:], "\r\n")) == 0:
			return head, nil
		case err == nil:
			start = len(head)
		}
	}
}

// parseStatus reads the status line that an answer begins with (RFC 9112
// section 4).
func parseStatus(head []byte) (int, error) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	version, rest, _ := strings.Cut(strings.TrimRight(string(line), "\r"), " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if version != "HTTP/1.1" && version != "HTTP/1.0" || len(code) != 3 || err != nil || status < 100 {
		return 0, errNoAnswer
	}
	return status, nil
}

// early is a tunnel out of which something came with the proxy's answer.
type early struct {
	net.Conn
	rest []byte
}

func (c *early) Read(p []byte) (int, error) {
	if len(c.rest) > 0 {
		n := copy(p, c.rest)
		c.rest = c.rest[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// socks asks a SOCKS5 proxy for the target (RFC 1928, RFC 1929).
func socks(ctx context.Context, conn net.Conn, via *url.URL, target string) error {
	var auth *proxy.Auth
	if via.User != nil {
		password, _ := via.User.Password()
		auth = &proxy.Auth{User: via.User.Username(), Password: password}
	}
	at := net.JoinHostPort(via.Hostname(), proxyPort(via))
	dialer, err := proxy.SOCKS5("tcp", at, auth, opened{conn})
	if err != nil {
		return err
	}
	// What it returns is conn again, in a wrapping that has nothing more.
	_, err = dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
	if op, ok := err.(*net.OpError); ok { // its addresses are those of the ProxyError
		err = op.Err
	}
	return err
}

// opened is a dialer of a connection that is open already.
type opened struct{ conn net.Conn }

func (o opened) Dial(string, string) (net.Conn, error) { return o.conn, nil }

func (o opened) DialContext(context.Context, string, string) (net.Conn, error) { return o.conn, nil }
