package fetch

import (
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
)

// h2Answer serves one answer to all requests and counts them.
func h2Answer(t *testing.T, answer func(p *h2peer, stream uint32)) (get func() (*Response, error), asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	u := h2(t, func(p *h2peer) {
		for {
			stream, ok := p.next()
			if !ok {
				return
			}
			asked.Add(1)
			answer(p, stream)
		}
	})
	return func() (*Response, error) { return do(t, Options{Insecure: true}, u) }, asked
}

// isFinal checks that an error is KindProtocol, and nothing was or will be tried
// again.
func isFinal(t *testing.T, resp *Response, err error, phase Phase, asked *atomic.Int32, says string) {
	t.Helper()
	if e := failsWith(t, err, KindProtocol, phase); e.Error() != says {
		t.Errorf("says %q, want %q", e, says)
	}
	if n := asked.Load(); n != 1 || retried(resp, err) {
		t.Errorf("asked %d times, and again: %v", n, retried(resp, err))
	}
}

func TestFault12ContentLengthsThatDifferAreProtocolOverHTTP2(t *testing.T) {
	for says, fields := range map[string][]string{
		`Content-Lengths that differ: "4" and "5"`: {"content-length", "4", "content-length", "5"},
		`Content-Lengths that differ: "5" and "4"`: {"content-length", "5, 4"},
		`invalid Content-Length "x"`:               {"content-length", "x"},
		`invalid Content-Length "-1"`:              {"content-length", "-1"},
	} {
		get, asked := h2Answer(t, func(p *h2peer, stream uint32) {
			p.header(stream, false, fields...)
			_ = p.WriteData(stream, true, []byte("four5"))
		})
		resp, err := get()
		isFinal(t, resp, err, PhaseHeaders, asked, says)
	}
}

func TestFault12AContentLengthSaidTwiceIsTakenForOneOverHTTP2(t *testing.T) {
	for body, kind := range map[string]Kind{"four": "", "thr": KindTruncated, "five5": KindProtocol} {
		get, _ := h2Answer(t, func(p *h2peer, stream uint32) {
			p.header(stream, false, "content-length", "4", "content-length", "4")
			_ = p.WriteData(stream, true, []byte(body))
		})
		resp, err := get()
		if kind != "" {
			failsWith(t, err, kind, PhaseBody)
		} else if err != nil || string(resp.Body) != body {
			t.Errorf("body %q, error %v", resp.Body, err)
		}
	}
}

// What is longer than its Content-Length is malformed (RFC 9113 section 8.1.1).
func TestFault12ASurplusIsProtocolOverHTTP2(t *testing.T) {
	for name, parts := range map[string][]string{
		"in one frame": {"four and more"}, "in a frame of its own": {"four", " and more"}, "in two": {"fo", "ur and", " more"},
	} {
		for _, then := range []string{"end", "wait", "close"} {
			t.Run(name+", "+then, func(t *testing.T) {
				get, asked := h2Answer(t, func(p *h2peer, stream uint32) {
					p.header(stream, false, "content-length", "4")
					for i, part := range parts {
						_ = p.WriteData(stream, then == "end" && i == len(parts)-1, []byte(part))
					}
					if then == "close" {
						_ = p.Close()
					}
				})
				resp, err := get()
				if then == "close" && err != nil {
					// The end may be seen before the surplus: what matters is that it is no success.
					return
				}
				isFinal(t, resp, err, PhaseBody, asked, "the body is longer than its Content-Length")
			})
		}
	}
}

// What comes after the whole body, but for its end, is no surplus.
func TestAResetAfterTheWholeBodyIsNoSurplus(t *testing.T) {
	get, _ := h2Answer(t, func(p *h2peer, stream uint32) {
		p.header(stream, false, "content-length", "4")
		_ = p.WriteData(stream, false, []byte("four"))
		_ = p.WriteRSTStream(stream, http2.ErrCodeInternal)
	})
	_, err := get()
	failsWith(t, err, KindReset, PhaseBody)
}

func TestFault12AnAnswerThatIsNoHTTP2IsProtocol(t *testing.T) {
	const settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	tooLarge := "\xff\xff\xff\x00\x00\x00\x00\x00\x01" + strings.Repeat("x", 1<<12)
	for sent, says := range map[string]string{
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour":    "the server agreed to HTTP/2 and does not speak it",
		"\x00\x01\x02\x1b[31m\r\n\r\n":                        "the server agreed to HTTP/2 and does not speak it",
		"\x00\x00\x08\x06\x00\x00\x00\x00\x00ping":            "the server agreed to HTTP/2 and does not speak it",
		"\x10\x00\x01\x04\x00\x00\x00\x00\x00" + "a settings": "the server agreed to HTTP/2 and does not speak it",
		settings + tooLarge:                                   "an HTTP/2 frame of 16777215 bytes",
		settings + settings + tooLarge:                        "an HTTP/2 frame of 16777215 bytes",
	} {
		var asked atomic.Int32
		u := agreed(t, func(c net.Conn, _ int) {
			asked.Add(1)
			_, _ = io.WriteString(c, sent)
			_, _ = io.Copy(io.Discard, c)
		})
		resp, err := do(t, Options{Insecure: true}, u)
		e, _ := err.(*Error)
		if e == nil || e.Phase != PhaseHeaders && e.Phase != PhaseRequest { // the answer may come first
			t.Fatalf("%.20q: %v", sent, err)
		}
		isFinal(t, resp, err, e.Phase, &asked, says)
	}
}

func TestAFrameOverTheLimitInABodyIsProtocol(t *testing.T) {
	get, asked := h2Answer(t, func(p *h2peer, stream uint32) {
		p.header(stream, false)
		_ = p.WriteData(stream, false, []byte("half"))
		_, _ = p.Write([]byte("\x00\x40\x01\x00\x00\x00\x00\x00\x01"))
	})
	resp, err := get()
	isFinal(t, resp, err, PhaseBody, asked, "an HTTP/2 frame of 16385 bytes")
}

// A frame of the size that we allow is good.
func TestAFrameOfTheLargestSizeIsRead(t *testing.T) {
	body := strings.Repeat("x", maxFrame)
	get, _ := h2Answer(t, func(p *h2peer, stream uint32) {
		p.header(stream, false)
		_ = p.WriteData(stream, true, []byte(body))
	})
	if resp, err := get(); err != nil || string(resp.Body) != body {
		t.Errorf("%d bytes, %v", len(resp.Body), err)
	}
}

// The messages of what HTTP/2 peers may do are in words for people.
func TestMessagesOfHTTP2AreForPeople(t *testing.T) {
	for says, h := range map[string]func(*h2peer, uint32){
		"stream reset by peer":                      func(p *h2peer, s uint32) { _ = p.WriteRSTStream(s, http2.ErrCodeInternal) },
		"HTTP/2 protocol error: received from peer": func(p *h2peer, s uint32) { _ = p.WriteRSTStream(s, http2.ErrCodeProtocol) },
		"the server wants HTTP/1.1: received from peer": func(p *h2peer, s uint32) {
			_ = p.WriteRSTStream(s, http2.ErrCodeHTTP11Required)
		},
		"connection given up": func(p *h2peer, s uint32) {
			_ = p.WriteGoAway(s, http2.ErrCodeInternal, []byte("secret"))
			_ = p.Close()
		},
		"HTTP/2 frame size error": func(p *h2peer, _ uint32) {
			_, _ = p.Write([]byte("\x00\x00\x07\x06\x00\x00\x00\x00\x001234567")) // a PING
		},
		"HTTP/2 header compression error": func(p *h2peer, s uint32) {
			_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: s, BlockFragment: []byte{0xff, 0xff, 0xff, 0xff}, EndHeaders: true})
		},
	} {
		get, _ := h2Answer(t, h)
		_, err := get()
		e, _ := err.(*Error)
		if e == nil || e.Error() != says {
			t.Errorf("says %v, want %s", err, says)
			continue
		}
		checkMessage(t, e)
	}
}
