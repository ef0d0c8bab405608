package dial_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

// through is a choice of one proxy for everything.
func through(t testing.TB, proxy string) dial.Proxies { return dial.Fixed(mustProxy(t, proxy), "") }

func TestAnHTTPSTargetIsReachedThroughATunnel(t *testing.T) {
	a := newAuthority(t)
	p := &httpProxy{beyond: secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "good.example", "2a00::1")}, NextProtos: []string{"h2"}}, echo)}
	at := serve(t, p.serve)
	d := newDialer(t, dial.Options{TLS: a.trust(), Proxies: through(t, "http://"+at), UserAgent: "mybot/1.0"})
	for host, asked := range map[string]string{"good.example": "good.example:443", "[2a00::1]": "[2a00::1]:443"} {
		var seen stages
		conn, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "https://"+host+":443"), Trace: seen.trace})
		if err != nil {
			t.Fatal(err)
		}
		talks(t, conn)
		if conn.Protocol != "h2" || conn.IP.String() != "127.0.0.1" {
			t.Errorf("protocol %q, address %v", conn.Protocol, conn.IP)
		}
		r := p.last()
		if r.Method != "CONNECT" || r.RequestURI != asked || r.Host != asked || r.Proto != "HTTP/1.1" || r.UserAgent() != "mybot/1.0" || r.Header["Proxy-Authorization"] != nil {
			t.Errorf("the proxy was asked %s %s of %s, %v", r.Method, r.RequestURI, r.Host, r.Header)
		}
		if !slices.Equal(seen, stages{"+connect", "-connect", "+TLS handshake", "-TLS handshake"}) {
			t.Errorf("stages %v", seen)
		}
	}
}

func TestAPlainTargetNeedsNoTunnel(t *testing.T) {
	p := &httpProxy{}
	at := serve(t, p.serve)
	d := newDialer(t, dial.Options{Proxies: through(t, "http://"+at)})
	conn, err := reach(t, d, "http://plain.example:80")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET http://plain.example/ HTTP/1.1\r\nHost: plain.example\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if head := string(read(conn, 15)); head != "HTTP/1.1 200 OK" || p.last().Method != "GET" || conn.Protocol != "" {
		t.Errorf("heard %q after %s", head, p.last().Method)
	}
}

func TestCredentialsAreSentDecodedAndToTheProxyAlone(t *testing.T) {
	a := newAuthority(t)
	const user = "näme:p@ss:w%rd /"
	beyond := secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "good.example")}}, echo)
	p, s := &httpProxy{user: user, beyond: beyond}, &socksProxy{user: user, beyond: beyond}
	for proxy, last := range map[string]func() string{
		"http://n%C3%A4me:p%40ss:w%25rd%20%2F@" + serve(t, p.serve):    func() string { return p.last().RequestURI },
		"socks5h://n%C3%A4me:p%40ss:w%25rd%20%2F@" + serve(t, s.serve): s.last,
	} {
		d := newDialer(t, dial.Options{TLS: a.trust(), Proxies: through(t, proxy)})
		conn, err := reach(t, d, "https://good.example:443")
		if err != nil {
			t.Fatal(err)
		}
		if talks(t, conn); last() != "good.example:443" {
			t.Errorf("asked for %q", last())
		}
	}
}

func TestAnAnswerOtherThan2xxIsAProxyErrorWithoutCredentials(t *testing.T) {
	p := &httpProxy{user: "name:right"}
	at := serve(t, p.serve)
	d := newDialer(t, dial.Options{Proxies: through(t, "http://name:wrong@"+at)})
	_, err := reach(t, d, "https://good.example:443")
	e := fails[*dial.ProxyError](t, err)
	if e.Status != 407 || e.Proxy != "http://"+at || e.Error() != "proxy http://"+at+": CONNECT was answered with 407 Proxy Authentication Required" {
		t.Errorf("got %+v: %v", e, e)
	}
	for _, status := range []int{101, 199 + 101, 403, 502, 504, 599} {
		at := serve(t, (&httpProxy{answer: fmt.Sprintf("HTTP/1.1 %d X\r\n\r\n", status)}).serve)
		_, err := reach(t, newDialer(t, dial.Options{Proxies: through(t, "http://"+at)}), "https://good.example:443")
		if e := fails[*dial.ProxyError](t, err); e.Status != status || e.Err != nil {
			t.Errorf("status %d: %+v", status, e)
		}
	}
}

func TestATunnelOpensWithAnySuccessAndAfterInformation(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n", "HTTP/1.1 299 X\nServer: y\n\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 60<<10) + "\r\n\r\n",
	} {
		a := newAuthority(t)
		beyond := secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "good.example")}}, echo)
		at := serve(t, func(c net.Conn) {
			readHead(c)
			if _, err := io.WriteString(c, answer); err == nil {
				beyond(c)
			}
		})
		conn, err := reach(t, newDialer(t, dial.Options{TLS: a.trust(), Proxies: through(t, "http://"+at)}), "https://good.example:443")
		if err != nil {
			t.Errorf("%.80q: %v", answer, err)
			continue
		}
		talks(t, conn)
	}
}

// readHead reads a request byte by byte, to its empty line.
func readHead(c net.Conn) (head string) {
	for !strings.HasSuffix(head, "\r\n\r\n") {
		b := make([]byte, 1)
		if _, err := c.Read(b); err != nil {
			break
		}
		head += string(b)
	}
	return head
}

// What comes out of the tunnel in one packet with the proxy's answer belongs to
// the target, which here is no TLS server.
func TestNothingThatComesEarlyOutOfTheTunnelIsLost(t *testing.T) {
	at := serve(t, (&httpProxy{answer: "HTTP/1.1 200 OK\r\n\r\n220 mail.example ESMTP\r\n"}).serve)
	_, err := reach(t, newDialer(t, dial.Options{Proxies: through(t, "http://"+at)}), "https://good.example:443")
	if e := fails[tls.RecordHeaderError](t, err); string(e.RecordHeader[:]) != "220 m" {
		t.Errorf("got %q", e.RecordHeader)
	}
}

func TestABrokenAnswerToCONNECTIsAProxyError(t *testing.T) {
	for name, answer := range map[string]string{
		"garbage":        "\x16\x03\x01garbage\r\n\r\n",
		"no HTTP":        "220 mail.example ESMTP\r\n\r\n",
		"HTTP/2":         "HTTP/2 200\r\n\r\n",
		"no status":      "HTTP/1.1 OK\r\n\r\n",
		"a short status": "HTTP/1.1 20 OK\r\n\r\n",
		"an empty line":  "\r\nHTTP/1.1 200 OK\r\n\r\n",
	} {
		at := serve(t, (&httpProxy{answer: answer}).serve)
		_, err := reach(t, newDialer(t, dial.Options{Proxies: through(t, "http://user:secret@"+at)}), "https://good.example:443")
		e := fails[*dial.ProxyError](t, err)
		if e.Status != 0 || e.Err == nil || e.Proxy != "http://"+at || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	at := serve(t, func(c net.Conn) { readHead(c) })
	_, err := reach(t, newDialer(t, dial.Options{Proxies: through(t, "http://"+at)}), "https://good.example:443")
	if fails[*dial.ProxyError](t, err); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Errorf("a proxy that closes: %v", err)
	}
}

// The header of an answer is read as far as 64 KiB, whatever it is made of.
func TestTheHeaderOfAnAnswerToCONNECTIsBounded(t *testing.T) {
	for _, part := range []string{"HTTP", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n"} {
		sent := 0
		n := &network{peers: map[string]func(net.Conn){"*": func(c net.Conn) {
			readHead(c)
			var err error
			for err == nil {
				_, err = io.WriteString(c, part)
				sent += len(part)
			}
		}}}
		d := newDialer(t, dial.Options{Connect: n.connect, Proxies: through(t, "http://1.1.1.1")})
		_, err := reach(t, d, "https://good.example:443")
		e := fails[*dial.ProxyError](t, err)
		if n.work.Wait(); e.Status != 0 || sent < 60<<10 || sent > 72<<10 {
			t.Errorf("%q: %v after %d bytes", part, e, sent)
		}
	}
}

func TestAProxyThatIsNotThereIsAProxyError(t *testing.T) {
	for _, scheme := range []string{"http", "https", "socks5", "socks5h"} {
		at := refusing(t)
		d := newDialer(t, dial.Options{Lookup: lookup("8.8.8.8"), Proxies: through(t, scheme+"://user:secret@"+at)})
		_, err := reach(t, d, "https://good.example:443")
		e := fails[*dial.ProxyError](t, err)
		if fails[*net.OpError](t, err); e.Proxy != scheme+"://"+at {
			t.Errorf("got %v", err)
		}
		r := &resolver{err: unknownName}
		d = newDialer(t, dial.Options{Lookup: r.lookup, Proxies: through(t, scheme+"://a.example:1080")})
		_, err = reach(t, d, "https://8.8.8.8:443")
		if fails[*dial.ProxyError](t, err); !fails[*net.DNSError](t, err).IsNotFound {
			t.Errorf("got %v", err)
		}
	}
}

func TestAnHTTPSProxyIsSpokenToOverTLS(t *testing.T) {
	a := newAuthority(t)
	beyond := secured(&tls.Config{Certificates: []tls.Certificate{a.leaf(t, "good.example")}, NextProtos: []string{"h2"}}, echo)
	p := &httpProxy{user: "name:password", beyond: beyond}
	var offered []string
	var shown int
	conf := &tls.Config{Certificates: []tls.Certificate{a.leaf(t, "proxy.example")}, NextProtos: []string{"h2", "http/1.1"}, ClientAuth: tls.RequestClientCert}
	conf.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		offered = hello.SupportedProtos
		return nil, nil
	}
	conf.VerifyConnection = func(s tls.ConnectionState) error { shown = len(s.PeerCertificates); return nil }
	_, port, _ := net.SplitHostPort(serve(t, secured(conf, p.serve)))
	own := a.trust()
	own.Certificates = []tls.Certificate{a.leaf(t, "client.example")}
	d := newDialer(t, dial.Options{TLS: own, Lookup: lookup("127.0.0.1"), Proxies: through(t, "https://name:password@proxy.example:"+port)})

	conn, err := reach(t, d, "https://good.example:443")
	if err != nil {
		t.Fatal(err)
	}
	if talks(t, conn); conn.Protocol != "h2" || !slices.Equal(offered, []string{"http/1.1"}) || shown != 0 {
		t.Errorf("protocol %q; the proxy was offered %q and shown %d certificates", conn.Protocol, offered, shown)
	}
	conn, err = reach(t, d, "http://plain.example:80")
	if err != nil {
		t.Fatal(err)
	}
	if conn.Protocol != "" {
		t.Errorf("the protocol of a plain target is %q", conn.Protocol)
	}
}

// As in curl: what makes a crawler accept any server's certificate does not
// make it give its proxy's password to anybody.
func TestAnHTTPSProxyIsVerifiedAlsoWhereTargetsAreNot(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	p := &httpProxy{}
	at := serve(t, secured(&tls.Config{Certificates: []tls.Certificate{stranger.leaf(t, "127.0.0.1")}}, p.serve))
	for _, insecure := range []bool{false, true} {
		conf := a.trust()
		conf.InsecureSkipVerify = insecure
		_, err := reach(t, newDialer(t, dial.Options{TLS: conf, Proxies: through(t, "https://"+at)}), "http://plain.example:80")
		fails[*dial.ProxyError](t, err)
		if fails[x509.UnknownAuthorityError](t, err); p.last() != nil {
			t.Error("the proxy was asked")
		}
	}
}

func TestPinsHoldForProxiesToo(t *testing.T) {
	n := &network{peers: map[string]func(net.Conn){"*": hush}}
	t.Cleanup(n.work.Wait)
	d := newDialer(t, dial.Options{Connect: n.connect, Proxies: through(t, "proxy.example:3128"), Resolve: []dial.Pin{{Host: "proxy.example", Addrs: addrs("1.1.1.1")}}})
	if _, err := reach(t, d, "http://a.example:80"); err != nil || !slices.Equal(n.seen(), []string{"1.1.1.1:3128"}) {
		t.Errorf("error %v, dialled %v", err, n.seen())
	}
}

func TestFault35AProxyIsWaitedForToo(t *testing.T) {
	s := &scarce{lack: lacks[0], free: func(tries int) bool { return tries > 3 }}
	s.peers = map[string]func(net.Conn){"*": (&socksProxy{beyond: hush}).serve}
	world(t, dial.Options{Connect: s.connect, Proxies: through(t, "socks5h://1.1.1.1")}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		t.Cleanup(s.work.Wait)
		if _, err := reach(t, d, "http://a.example:80"); err != nil || s.tries != 4 {
			t.Errorf("error %v after %d tries", err, s.tries)
		}
	})
}
