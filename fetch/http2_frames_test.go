package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"

	"crawl/fetch/dial"
)

// pieces is a connection from which data comes a few bytes at a time.
type pieces struct {
	net.Conn
	data []byte
	size func() int
}

func (c *pieces) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), max(1, c.size()))], c.data)
	c.data = c.data[n:]
	return n, nil
}

// goodFrames is how many bytes of data are frames that may come, by x/net's
// reading of them, and whether something else follows.
func goodFrames(data []byte) (n int, bad bool) {
	r := bytes.NewReader(data)
	fr := http2.NewFramer(io.Discard, r)
	fr.SetMaxReadFrameSize(maxFrame)
	fr.AllowIllegalReads = true
	for first := true; ; first = false {
		at := len(data) - r.Len()
		h, err := fr.ReadFrameHeader()
		switch {
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return len(data), false
		case err != nil, first && h.Type != http2.FrameSettings:
			return at, true
		case int64(h.Length) > int64(r.Len()):
			return len(data), false
		}
		_, _ = r.Seek(int64(h.Length), io.SeekCurrent)
	}
}

// However the bytes come, all that is good passes, and nothing of a frame that is
// not, but the part of its header that came before the rest.
func FuzzFrames(f *testing.F) {
	const settings = "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\x00\x10\x00\x00"
	for _, s := range []string{"", "HTTP/1.1 200 OK\r\n\r\n", settings, settings + settings, settings + "\x00\x00\x03\x00\x00\x00\x00\x00\x01abc" + settings,
		settings + "\x10\x00\x00\x00\x00\x00\x00\x00\x01", settings + "\x10\x00\x01\x00\x00\x00\x00\x00\x01x", "\x00\x00\x00\x06\x00\x00\x00\x00\x00"} {
		f.Add([]byte(s), []byte{1})
		f.Add([]byte(s), []byte{9, 2, 255})
	}
	f.Fuzz(func(t *testing.T, data, sizes []byte) {
		i := 0
		c := &frames{Conn: &pieces{data: data, size: func() int {
			if i++; len(sizes) == 0 {
				return len(data)
			}
			return int(sizes[i%len(sizes)])
		}}}
		defer c.block.end() // as Close does
		got, err := io.ReadAll(c)
		good, bad := goodFrames(data)
		var own *fault
		if errors.As(err, &own) != bad || bad && own.kind != KindProtocol || !bad && err != nil {
			t.Errorf("%q in pieces of %v: %v; bad: %v", data, sizes, err, bad)
		}
		if len(got) < good || len(got) >= good+frameHeader || !bytes.HasPrefix(data, got) {
			t.Errorf("%q in pieces of %v: %d bytes pass, of %d", data, sizes, len(got), good)
		}
		if n, again := c.Read(make([]byte, 1)); bad && (n != 0 || again != err) {
			t.Errorf("then %d bytes, %v", n, again)
		}
	})
}

// TLS says goodbye, which would wait for a peer that does not read.
func TestAClosedHTTP2ConnectionDoesNotWaitForItsPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{newAuthority(t).leaf(t, "", time.Now().Add(time.Hour))}})
		go func() { _ = server.Handshake() }()
		client := tls.Client(near, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
		if err := client.Handshake(); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_ = (&frames{Conn: client}).Close()
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
		_ = far.Close()
	})
}

// A server that spoke before it was asked may have ended the connection already.
func TestWhatWasWrongBeforeTheRequestIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, far) }()
		m, err := newMulti(t.Context(), newHTTP2(), &dial.Conn{Conn: near}, "a.example:443")
		if err != nil {
			t.Fatal(err)
		}
		cause := errors.New("net/http's own")
		if got := m.cause(cause); got != cause {
			t.Errorf("of a connection that is well: %v", got)
		}
		_, _ = io.WriteString(far, "HTTP/1.1 200 OK\r\n")
		synctest.Wait()
		if got := m.cause(cause); got != error(errNotHTTP2) {
			t.Errorf("got %v", got)
		}
		_ = far.Close()
		m.close()
	})
}

// broken gives a text and then an error.
type broken struct {
	io.Reader
	err error
}

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

func TestABodyIsHeldToItsContentLength(t *testing.T) {
	untyped, stream := errors.New("net/http's own"), streamError{Code: 0x2}
	for _, c := range []struct {
		length    int64
		err, want error
	}{
		{4, io.EOF, nil}, {5, io.EOF, io.ErrUnexpectedEOF}, {3, io.EOF, errSurplus}, {-1, io.EOF, nil},
		{4, untyped, errSurplus}, {5, untyped, untyped}, {-1, untyped, untyped},
		{4, io.ErrUnexpectedEOF, io.ErrUnexpectedEOF}, {4, context.Canceled, context.Canceled},
		{4, context.DeadlineExceeded, context.DeadlineExceeded}, {4, stream, stream}, {4, net.ErrClosed, net.ErrClosed},
	} {
		var n atomic.Int64
		got, err := io.ReadAll(&metered{broken{strings.NewReader("four"), c.err}, &n, c.length})
		if err != c.want || n.Load() != 4 || string(got) != "four" {
			t.Errorf("4 bytes of %d, then %v: %q, %v, want %v", c.length, c.err, got, err, c.want)
		}
	}
}
