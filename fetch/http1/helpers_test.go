package http1

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// peer is the other end of a connection that costs nothing: what it sends is a
// reader, what it gets is kept.
type peer struct {
	send     io.Reader
	got      bytes.Buffer
	writes   int
	writeErr error
	closed   int
}

func (p *peer) Read(b []byte) (int, error) { return p.send.Read(b) }

func (p *peer) Write(b []byte) (int, error) {
	p.writes++
	if p.writeErr != nil {
		return 0, p.writeErr
	}
	return p.got.Write(b)
}

func (p *peer) Close() error                     { p.closed++; return nil }
func (p *peer) LocalAddr() net.Addr              { return nil }
func (p *peer) RemoteAddr() net.Addr             { return nil }
func (p *peer) SetDeadline(time.Time) error      { return nil }
func (p *peer) SetReadDeadline(time.Time) error  { return nil }
func (p *peer) SetWriteDeadline(time.Time) error { return nil }

// answers is a connection whose peer sends wire and closes.
func answers(wire string, o Options) *Conn {
	return NewConn(&peer{send: strings.NewReader(wire)}, o)
}

func get() *Request { return &Request{Method: "GET", Target: "/", Host: "example.com"} }

// result is an answer with its body, read.
type result struct {
	a        Answer
	body     string
	err      error // of the header
	bodyErr  error
	reusable bool
}

// exchange makes one exchange and reads the body with reads of size n, or with
// io.ReadAll.
func exchange(c *Conn, r *Request, n int) (res result) {
	a, err := c.Do(r, Events{})
	if err != nil {
		res.err = err
		return res
	}
	res.a = *a
	var b []byte
	if n > 0 {
		b, res.bodyErr = readBy(a.Body, n)
	} else {
		b, res.bodyErr = io.ReadAll(a.Body)
	}
	res.body, res.reusable = string(b), c.Reusable()
	return res
}

func readBy(r io.Reader, size int) (all []byte, err error) {
	p := make([]byte, size)
	for {
		n, err := r.Read(p)
		all = append(all, p[:n]...)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

const endAtOnce = "end at once"

// packets are ways in which the same bytes may come.
var packets = map[string]func(io.Reader) io.Reader{
	"whole":   func(r io.Reader) io.Reader { return r },
	"bytes":   iotest.OneByteReader,
	"halves":  iotest.HalfReader,
	endAtOnce: iotest.DataErrReader,
	"1460":    func(r io.Reader) io.Reader { return sized{r, 1460} },
	"3":       func(r io.Reader) io.Reader { return sized{r, 3} },
}

type sized struct {
	r io.Reader
	n int
}

func (s sized) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

func protocol(err error) bool {
	var p *ProtocolError
	return errors.As(err, &p) && p.Error() != ""
}

func mustDo(t *testing.T, c *Conn, r *Request) *Answer {
	t.Helper()
	a, err := c.Do(r, Events{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h[pairs[i]] = append(h[pairs[i]], pairs[i+1])
	}
	return h
}

func decimal(n int) string { return strconv.Itoa(n) }

// hexLine is the line before a chunk of n bytes.
func hexLine(n int) string { return strconv.FormatInt(int64(n), 16) + "\r\n" }
