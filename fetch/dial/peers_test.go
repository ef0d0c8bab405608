package dial_test

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// httpProxy is a small proxy for tests: it opens every tunnel, or answers as it
// is told, and is itself what is at the tunnel's end.
type httpProxy struct {
	user   string         // "name:password" demanded; "" demands none
	answer string         // to CONNECT, instead of opening the tunnel; the connection then stays open
	beyond func(net.Conn) // what is at the tunnel's end

	mu       sync.Mutex
	requests []*http.Request
}

func (p *httpProxy) serve(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.requests = append(p.requests, req)
		p.mu.Unlock()
		switch {
		case p.user != "" && req.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(p.user)):
			_, _ = io.WriteString(c, "HTTP/1.1 407 Authentication, please\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
		case req.Method != http.MethodConnect:
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		case p.answer != "":
			if _, err := io.WriteString(c, p.answer); err == nil {
				hush(c)
			}
			return
		default:
			_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
			p.beyond(c)
			return
		}
	}
}

// last is the last request that came.
func (p *httpProxy) last() *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.requests) == 0 {
		return nil
	}
	return p.requests[len(p.requests)-1]
}

// socksProxy is a small SOCKS5 proxy for tests (RFC 1928), like httpProxy.
type socksProxy struct {
	user   string // "name:password" demanded; "" demands none
	reply  byte   // 0 opens the way
	beyond func(net.Conn)

	mu      sync.Mutex
	targets []string // as they were asked for: "host:port"
}

func (p *socksProxy) serve(c net.Conn) {
	greeting := read(c, 2)
	methods := read(c, int(greeting[1]))
	method := byte(0)
	if p.user != "" {
		method = 2
	}
	if !strings.ContainsRune(string(methods), rune(method)) {
		_, _ = c.Write([]byte{5, 0xff})
		return
	}
	_, _ = c.Write([]byte{5, method})
	if method == 2 { // RFC 1929
		name := read(c, int(read(c, 2)[1]))
		password := read(c, int(read(c, 1)[0]))
		if string(name)+":"+string(password) != p.user {
			_, _ = c.Write([]byte{1, 1})
			return
		}
		_, _ = c.Write([]byte{1, 0})
	}
	var host string
	switch head := read(c, 4); head[3] {
	case 1:
		host = net.IP(read(c, 4)).String()
	case 3:
		host = string(read(c, int(read(c, 1)[0])))
	case 4:
		host = net.IP(read(c, 16)).String()
	}
	port := read(c, 2)
	p.mu.Lock()
	p.targets = append(p.targets, net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1]))))
	p.mu.Unlock()
	_, _ = c.Write([]byte{5, p.reply, 0, 1, 0, 0, 0, 0, 0, 0})
	if p.reply == 0 {
		p.beyond(c)
	}
}

func (p *socksProxy) last() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.targets) == 0 {
		return ""
	}
	return p.targets[len(p.targets)-1]
}

// read reads n bytes; after the end, zeros.
func read(r io.Reader, n int) []byte {
	b := make([]byte, n)
	_, _ = io.ReadFull(r, b)
	return b
}
