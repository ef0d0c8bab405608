package http1

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// heard makes one exchange and gives what the events had of it.
func heard(c *Conn, r *Request, size int) (sent, received string, err error) {
	var out, in bytes.Buffer
	a, err := c.Do(r, Events{
		Sent:     func(p []byte) { out.Write(p) },
		Received: func(p []byte) { in.Write(p) },
	})
	if err == nil {
		_, err = readBy(a.Body, size)
	}
	return out.String(), in.String(), err
}

func TestTheAnswerIsHeardByteForByteHoweverItComes(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 3*bufferSize/16)
	for _, tc := range []struct{ before, wire, after string }{
		{"", ok + "Content-Length: 5\r\n\r\nhello", ""},
		{"", ok + "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 408 Surplus\r\n\r\n"},
		{"\r\n\r\n", ok + "Content-Length: 5\r\n\r\nhello", "\r\n"},
		{"", ok + "content-LENGTH:5\nX:  folded\r\n value \r\n\r\nhello", ""},
		{"", ok + "Transfer-Encoding: chunked\r\n\r\n5;ext=1 \r\nhello\r\n006\r\n world\r\n0\r\nTrailer: x\r\n\r\n", "more"},
		{"", ok + "Content-Length: 0\r\n\r\n", "more"},
		{"", ok + "\r\nto the end", ""},
		{"", "HTTP/1.0 404 \r\n\r\n" + large, ""},
		{"", ok + "Content-Length: " + decimal(len(large)) + "\r\n\r\n" + large, "more"},
		{"", ok + "Transfer-Encoding: chunked\r\n\r\n" + hexLine(len(large)) + large + "\r\n0\r\n\r\n", "more"},
		{"", ok + "Long: " + large + "\r\nContent-Length: 2\r\n\r\nhi", "more"},
		{"", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", ""},
	} {
		for name, packet := range packets {
			for _, size := range []int{1, 7, 512, 2 * bufferSize} {
				p := &peer{send: packet(strings.NewReader(tc.before + tc.wire + tc.after))}
				sent, received, err := heard(NewConn(p, Options{}), get(), size)
				if received != tc.wire || err != nil {
					t.Errorf("%.60q in %s, read by %d: heard %.200q, %v", tc.wire, name, size, received, err)
				}
				if sent != p.got.String() || sent == "" {
					t.Errorf("sent %q, heard %q", p.got.String(), sent)
				}
			}
		}
	}
}

func TestWhatBrokeOffIsHeardAsFarAsItWasRead(t *testing.T) {
	for wire, want := range map[string]string{
		ok + "Content-Length: 50\r\n\r\nhello":                               "",
		ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n wo":      "",
		ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n0": ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n",
		ok + "Broken": ok,
	} {
		if want == "" {
			want = wire
		}
		if _, received, err := heard(answers(wire, Options{}), get(), 512); received != want || err == nil {
			t.Errorf("%q: heard %q, %v", wire, received, err)
		}
	}
}

func TestEachExchangeIsHeardByItsOwnEvents(t *testing.T) {
	const first, second = ok + "Content-Length: 5\r\n\r\nfirst", ok + "Content-Length: 6\r\n\r\nsecond"
	p := &peer{send: sized{strings.NewReader(first + second + ok + "Content-Length: 0\r\n\r\n"), 1}}
	c := NewConn(p, Options{})
	for _, want := range []string{first, second} {
		if _, received, err := heard(c, get(), 512); received != want || err != nil {
			t.Errorf("heard %q, %v, want %q", received, err, want)
		}
	}
	if _, err := io.ReadAll(mustDo(t, c, get()).Body); err != nil { // and by nobody
		t.Error(err)
	}
}
