package http1

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// framed are the ways in which a server sends content.
func framed(content string) map[string]string {
	chunks := strings.Builder{}
	for rest := content; len(rest) > 0; {
		n := min(len(rest), 1+len(rest)/3)
		chunks.WriteString(hexLine(n) + rest[:n] + "\r\n")
		rest = rest[n:]
	}
	return map[string]string{
		"length":  ok + "Content-Length: " + decimal(len(content)) + "\r\n\r\n" + content,
		"chunks":  inChunks + chunks.String() + "0\r\n\r\n",
		"the end": ok + "\r\n" + content,
	}
}

func TestABodyOfAnySizeArrivesWholeHoweverItIsRead(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 10_000, 100_000} {
		content := strings.Repeat("0123456789abcdef", n/16+1)[:n]
		for how, wire := range framed(content) {
			for by, packet := range packets {
				if n > 10_000 && (by == "bytes" || by == "3") {
					continue
				}
				for _, size := range []int{1, 2, 4095, 4096, 4097, n + 1, 1 << 17} {
					if size < 4095 && n > 10_000 {
						continue
					}
					c := NewConn(&peer{send: packet(strings.NewReader(wire))}, Options{})
					res := exchange(c, get(), size)
					if res.body != content || res.err != nil || res.bodyErr != nil {
						t.Errorf("%d bytes by %s, sent as %s, read by %d: got %d, %v, %v", n, how, by, size, len(res.body), res.err, res.bodyErr)
					}
					if res.reusable != (how != "the end" && by != endAtOnce) && !(how == "length" && n == 0) {
						t.Errorf("%d bytes by %s, sent as %s, read by %d: reusable %v", n, how, by, size, res.reusable)
					}
				}
			}
		}
	}
}

func TestABodyIsAReaderLikeAnyOther(t *testing.T) {
	content := strings.Repeat("hello, world ", 1000)
	for how, wire := range framed(content) {
		for by, packet := range packets {
			c := NewConn(&peer{send: packet(strings.NewReader(wire))}, Options{})
			if err := iotest.TestReader(mustDo(t, c, get()).Body, []byte(content)); err != nil {
				t.Errorf("%s, sent as %s: %v", how, by, err)
			}
		}
	}
}

func TestTheEndOfABodyIsSaidAgain(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	for name, tc := range map[string]struct {
		send io.Reader
		want error
	}{
		"good":      {strings.NewReader(ok + "Content-Length: 2\r\n\r\nhi"), io.EOF},
		"no body":   {strings.NewReader(ok + "Content-Length: 0\r\n\r\n"), io.EOF},
		"to theend": {strings.NewReader(ok + "\r\nhi"), io.EOF},
		"short":     {strings.NewReader(ok + "Content-Length: 3\r\n\r\nhi"), io.ErrUnexpectedEOF},
		"reset":     {io.MultiReader(strings.NewReader(ok+"Content-Length: 3\r\n\r\nhi"), iotest.ErrReader(reset)), reset},
		"in chunks": {io.MultiReader(strings.NewReader(inChunks+"2\r\nhi"), iotest.ErrReader(reset)), reset},
		"at theend": {io.MultiReader(strings.NewReader(ok+"\r\nhi"), iotest.ErrReader(reset)), reset},
	} {
		a := mustDo(t, NewConn(&peer{send: tc.send}, Options{}), get())
		for {
			if _, err := a.Body.Read(make([]byte, 10)); err != nil {
				break
			}
		}
		for range 3 {
			if n, err := a.Body.Read(make([]byte, 10)); n != 0 || err != tc.want {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		if n, err := a.Body.Read(nil); n != 0 || err != tc.want {
			t.Errorf("%s: read of nothing: %d, %v", name, n, err)
		}
	}
}

func TestAReadOfNothingReadsNothing(t *testing.T) {
	for how, wire := range framed("hi") {
		c := NewConn(&peer{send: iotest.OneByteReader(strings.NewReader(wire))}, Options{})
		a := mustDo(t, c, get())
		before := c.Received()
		if n, err := a.Body.Read(nil); n != 0 || err != nil || c.Received() != before {
			t.Errorf("%s: %d, %v, %d bytes received", how, n, err, c.Received()-before)
		}
	}
}

// The packets of a peer that says no more until it is asked again: a read that
// wants one too many would have blocked.
type pause struct {
	t       *testing.T
	packets []string
}

func (p *pause) Read(b []byte) (int, error) {
	if len(p.packets) == 0 {
		p.t.Error("would block")
		return 0, io.EOF
	}
	n := copy(b, p.packets[0])
	if p.packets[0] = p.packets[0][n:]; p.packets[0] == "" {
		p.packets = p.packets[1:]
	}
	return n, nil
}

func TestWhatHasComeIsGivenWithoutWaitingForMore(t *testing.T) {
	for _, packets := range [][]string{
		{ok + "Content-Length: 10\r\n\r\n", "hello"},
		{ok + "Content-Length: 10\r\n\r\nhello"},
		{ok + "\r\nhello"},
		{inChunks, "5\r\nhello"},
		{inChunks + "5\r\nhello\r\n"},
		{inChunks + "a\r\nhello"},
		{inChunks, "2\r\nhe\r\n3\r\nllo\r"},
		{inChunks + "5\r\nhello\r\n0"},
		{inChunks + "5\r\nhello\r\n0\r\nX: y\r\n"},
		{inChunks + "5\r\nhello\r\n7;x"},
		{inChunks, "5\r\n", "hello"},
	} {
		for _, size := range []int{5, 10, 5000} {
			c := NewConn(&peer{send: &pause{t, slices.Clone(packets)}}, Options{})
			p := make([]byte, size)
			a := mustDo(t, c, get())
			if n, err := a.Body.Read(p); string(p[:n]) != "hello" || err != nil {
				t.Errorf("%q read by %d: got %q, %v", packets, size, p[:n], err)
			}
		}
	}
}

func TestTheEndComesWithTheLastBytesIfItIsKnown(t *testing.T) {
	for how, wire := range framed("hello") {
		c := answers(wire, Options{})
		n, err := mustDo(t, c, get()).Body.Read(make([]byte, 100))
		if known := how != "the end"; n != 5 || (err == io.EOF) != known || c.Reusable() != known {
			t.Errorf("%s: %d, %v", how, n, err)
		}
	}
}

// counting counts the reads of a peer that has all at hand.
type counting struct {
	r       io.Reader
	reads   int
	largest int
}

func (c *counting) Read(p []byte) (int, error) {
	c.reads++
	c.largest = max(c.largest, len(p))
	return c.r.Read(p)
}

func TestALargeReadGoesStraightToTheCaller(t *testing.T) {
	content := strings.Repeat("x", 100_000)
	for how, wire := range framed(content) {
		src := &counting{r: strings.NewReader(wire)}
		a := mustDo(t, NewConn(&peer{send: src}, Options{}), get())
		p := make([]byte, len(content)+1)
		n := 0
		for err := error(nil); err == nil; {
			var m int
			m, err = a.Body.Read(p[n:])
			n += m
		}
		chunks := strings.Count(wire, "\r\n")
		if n != len(content) || src.reads > 4+chunks {
			t.Errorf("%s: %d bytes in %d reads of up to %d", how, n, src.reads, src.largest)
		}
	}
}

// A length that is too short must be noticed, else the surplus would be read as
// the next answer.
func TestFault12SurplusIsNoticedAlsoByLargeReads(t *testing.T) {
	const n = 20_000
	content := strings.Repeat("x", n)
	for _, surplus := range []int{1, 100, 100_000} {
		for _, size := range []int{1, 100, 4096, n + 1, 2 * n} {
			c := answers(ok+"Content-Length: 20000\r\n\r\n"+content+strings.Repeat("y", surplus), Options{})
			if res := exchange(c, get(), size); res.body != content || res.bodyErr != nil || res.reusable {
				t.Errorf("surplus of %d read by %d: %d bytes, %v, reusable %v", surplus, size, len(res.body), res.bodyErr, res.reusable)
			}
			if _, err := c.Do(get(), Events{}); err != ErrNotReusable {
				t.Errorf("surplus of %d read by %d: %v", surplus, size, err)
			}
		}
	}
}

func TestFault12ABodyShorterThanItsLengthIsBrokenOff(t *testing.T) {
	content := strings.Repeat("x", 20_000)
	for _, size := range []int{1, 4096, 1 << 20} {
		res := exchange(answers(ok+"Content-Length: 20001\r\n\r\n"+content, Options{}), get(), size)
		if res.body != content || res.bodyErr != io.ErrUnexpectedEOF || res.reusable {
			t.Errorf("read by %d: %d bytes, %v", size, len(res.body), res.bodyErr)
		}
	}
}

func TestFault11AChunkedBodyCutShortIsBrokenOff(t *testing.T) {
	whole := inChunks + "1388\r\n" + strings.Repeat("x", 5000) + "\r\n5;ext\r\nhello\r\n0\r\nX: y\r\n\r\n"
	for cut := len(inChunks); cut < len(whole); cut++ {
		for _, size := range []int{100, 6000} {
			res := exchange(answers(whole[:cut], Options{}), get(), size)
			if res.bodyErr != io.ErrUnexpectedEOF || res.reusable || !strings.HasPrefix(strings.Repeat("x", 5000)+"hello", res.body) {
				t.Fatalf("cut at %d: %d bytes, %v", cut, len(res.body), res.bodyErr)
			}
		}
	}
}

func TestFault02AResetInMidBodyIsTheSystemsError(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	for _, head := range []string{ok + "\r\n", inChunks + "ffff\r\n", ok + "Content-Length: 100000\r\n\r\n"} {
		for _, size := range []int{10, 5000} {
			res := exchange(NewConn(&peer{send: io.MultiReader(strings.NewReader(head+"half"), iotest.ErrReader(reset))}, Options{}), get(), size)
			if res.body != "half" || !errors.Is(res.bodyErr, syscall.ECONNRESET) || res.reusable {
				t.Errorf("%q: %q, %v", head, res.body, res.bodyErr)
			}
		}
	}
}

func TestTheBodyBeyondAHeaderStaysWhatItIs(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 3000)
	wire := ok + "X: " + strings.Repeat("x", 20_000) + "\r\nContent-Length: 30000\r\n\r\n" + string(body)
	for by, packet := range packets {
		for _, size := range []int{7, 5000, 40_000} {
			c := NewConn(&peer{send: packet(strings.NewReader(wire))}, Options{})
			if res := exchange(c, get(), size); res.body != string(body) || res.bodyErr != nil {
				t.Errorf("sent as %s, read by %d: %d bytes, %v", by, size, len(res.body), res.bodyErr)
			}
		}
	}
}
