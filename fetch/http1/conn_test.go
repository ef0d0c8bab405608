package http1

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

func TestOneConnectionCarriesManyExchanges(t *testing.T) {
	p := &peer{send: strings.NewReader(ok + "Content-Length: 5\r\n\r\nfirst" +
		"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n" +
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n" + ok + "\r\nlast")}
	p.send = sized{p.send, 1} // else all would come at once, unasked
	c := NewConn(p, Options{})
	for i, want := range []outcome{got("first") + kept, got("second") + kept, got("") + kept, got("") + kept, got("last") + dropped} {
		if res := exchange(c, get(), 0); res.outcome() != want {
			t.Errorf("exchange %d: got %s, want %s", i+1, res.outcome(), want)
		}
	}
	if p.writes != 5 {
		t.Errorf("%d writes", p.writes)
	}
}

func TestWhoKeepsTheConnection(t *testing.T) {
	const hi = "Content-Length: 2\r\n\r\nhi"
	for _, tc := range []struct {
		wire string
		keep bool
	}{
		{ok + hi, true},
		{ok + "Connection: keep-alive\r\n" + hi, true},
		{ok + "Connection: close\r\n" + hi, false},
		{ok + "Connection: foo, CLOSE ,bar\r\n" + hi, false},
		{ok + "Connection: foo\r\nConnection: close\r\n" + hi, false},
		{ok + "Connection: closed\r\n" + hi, true},
		{ok + "Connection: keep-alive, close\r\n" + hi, false},
		{"HTTP/1.0 200 OK\r\n" + hi, false},
		{"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + hi, true},
		{"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n" + hi, false},
		{ok + hi + "surplus", false},
		{ok + hi + "\r\n", false},
		{ok + "\r\nhi", false},
		{"HTTP/1.1 204 No Content\r\n\r\n", true},
		{"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", true},
		{"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", false},
		{"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", false},
		{"HTTP/1.1 304 Not Modified\r\n\r\n", true},
	} {
		if res := exchange(answers(tc.wire, Options{}), get(), 0); res.reusable != tc.keep || res.err != nil || res.bodyErr != nil {
			t.Errorf("%q: kept %v, %v, %v", tc.wire, res.reusable, res.err, res.bodyErr)
		}
	}
	for value, keep := range map[string]bool{"close": false, "Keep-Alive, Close": false, "keep-alive": true} {
		r := get()
		r.Header = header("Connection", value)
		for _, status := range []string{ok, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"} {
			if res := exchange(answers(status+hi, Options{}), r, 0); res.reusable != keep {
				t.Errorf("a request with Connection: %s, answered %q: kept %v", value, status, res.reusable)
			}
		}
	}
}

func TestHeadNoContentAndNotModifiedHaveNoBodyWhateverTheySay(t *testing.T) {
	head := get()
	head.Method = "HEAD"
	for _, tc := range []struct {
		r       *Request
		wire    string
		length  int64
		chunked bool
	}{
		{head, ok + "Content-Length: 1000\r\n\r\n", 1000, false},
		{head, ok + "Transfer-Encoding: chunked\r\n\r\n", -1, true},
		{head, ok + "\r\n", -1, false},
		{get(), "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", 1000, false},
		{get(), "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", -1, true},
		{get(), "HTTP/1.1 204 No Content\r\n\r\n", -1, false},
		{get(), ok + "Content-Length: 0\r\n\r\n", 0, false},
	} {
		res := exchange(answers(tc.wire, Options{}), tc.r, 0)
		if res.outcome() != got("")+kept || res.a.Length != tc.length || res.a.Chunked != tc.chunked {
			t.Errorf("%s %q: %s, %+v, %v", tc.r.Method, tc.wire, res.outcome(), res.a, res.err)
		}
	}
}

func TestAConnectionInUseOrSpentTakesNoRequest(t *testing.T) {
	const two = ok + "Content-Length: 4\r\n\r\nbody" + ok + "Content-Length: 4\r\n\r\nbody"
	for name, spend := range map[string]func(c *Conn){
		"body not read":           func(c *Conn) { mustDo(t, c, get()) },
		"body read in part":       func(c *Conn) { _, _ = mustDo(t, c, get()).Body.Read(make([]byte, 3)) },
		"answers that came early": func(c *Conn) { exchange(c, get(), 0) },
		"closed":                  func(c *Conn) { _ = c.Close() },
		"an answer that failed": func(c *Conn) {
			c.in.conn = strings.NewReader("garbage\r\n\r\n")
			_, _ = c.Do(get(), Events{})
			c.in.conn = strings.NewReader(two)
		},
		"a body that failed": func(c *Conn) {
			c.in.conn = strings.NewReader(inChunks + "x\r\n")
			exchange(c, get(), 0)
			c.in.conn = strings.NewReader(two)
		},
	} {
		p := &peer{send: strings.NewReader(two)}
		c := NewConn(p, Options{})
		if !c.Reusable() {
			t.Fatal("a new connection takes no request")
		}
		spend(c)
		writes := p.writes
		a, err := c.Do(get(), Events{})
		if a != nil || err != ErrNotReusable || c.Reusable() || c.Answered() || p.writes != writes {
			t.Errorf("%s: got %v, %v", name, a, err)
		}
	}
}

func TestTheLengthIsWhatIsAnnouncedAndCounts(t *testing.T) {
	for wire, want := range map[string]int64{
		ok + "Content-Length: 9223372036854775807\r\n\r\n":              9223372036854775807,
		ok + "Content-Length: 007, 007\r\n\r\n":                         7,
		ok + "\r\n":                                                     -1,
		ok + "Transfer-Encoding: chunked\r\n\r\n":                       -1,
		ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n":  -1,
		ok + "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\n": 5,
	} {
		if a := mustDo(t, answers(wire, Options{}), get()); a.Length != want {
			t.Errorf("%q: %d", wire, a.Length)
		}
	}
}

func TestEventsComeOnceAndInOrder(t *testing.T) {
	var events []string
	p := &peer{}
	p.send = readerFunc(func(b []byte) (int, error) {
		events = append(events, "read")
		return copy(b, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"+ok+"Content-Length: 0\r\n\r\n"), nil
	})
	_, err := NewConn(p, Options{}).Do(get(), Events{
		Wrote:         func() { events = append(events, "wrote") },
		FirstByte:     func() { events = append(events, "first byte") },
		Informational: func() { events = append(events, "1xx") },
	})
	if want := []string{"wrote", "read", "first byte", "1xx", "1xx"}; err != nil || !slices.Equal(events, want) {
		t.Errorf("%v, got %q, want %q", err, events, want)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// What the owner decides a silent retry by (faults.md row 19).
func TestAnsweredTellsAnAnswerBrokenOffFromNone(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	for _, tc := range []struct {
		name     string
		send     io.Reader
		answered bool
		want     error
	}{
		{"closed", strings.NewReader(""), false, io.EOF},
		{"reset", iotest.ErrReader(reset), false, reset},
		{"TLS ended without a word", iotest.ErrReader(io.ErrUnexpectedEOF), false, io.ErrUnexpectedEOF},
		{"closed after a byte", strings.NewReader("H"), true, io.ErrUnexpectedEOF},
		{"closed after a 1xx", strings.NewReader("HTTP/1.1 100 Continue\r\n\r\n"), true, io.ErrUnexpectedEOF},
		{"reset after a byte", io.MultiReader(strings.NewReader("H"), iotest.ErrReader(reset)), true, reset},
	} {
		c := NewConn(&peer{send: tc.send}, Options{})
		if _, err := c.Do(get(), Events{}); err != tc.want || c.Answered() != tc.answered || c.Reusable() {
			t.Errorf("%s: %v, answered %v", tc.name, err, c.Answered())
		}
	}
	c := NewConn(&peer{send: sized{strings.NewReader(ok + "Content-Length: 0\r\n\r\n"), 1}}, Options{})
	mustDo(t, c, get())
	if !c.Answered() {
		t.Error("an answer came")
	}
	if _, err := c.Do(get(), Events{}); err != io.EOF || c.Answered() {
		t.Errorf("after reuse: %v, answered %v", err, c.Answered())
	}
}

func TestAnAnswerIsReadEvenIfTheRequestWasNotTaken(t *testing.T) {
	broken := &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}
	wrote := false
	ev := Events{Wrote: func() { wrote = true }}
	c := NewConn(&peer{writeErr: broken, send: strings.NewReader("HTTP/1.1 431 Too Large\r\nContent-Length: 4\r\n\r\nbody")}, Options{})
	a, err := c.Do(get(), ev)
	if err != nil || a.Status != 431 || wrote {
		t.Fatalf("%v, wrote %v", err, wrote)
	}
	if b, err := io.ReadAll(a.Body); string(b) != "body" || err != nil || c.Reusable() {
		t.Errorf("%q, %v, reusable %v", b, err, c.Reusable())
	}
	for wire, want := range map[string]error{"": broken, "HTTP/1.1 4": io.ErrUnexpectedEOF} {
		c = NewConn(&peer{writeErr: broken, send: strings.NewReader(wire)}, Options{})
		if _, err := c.Do(get(), ev); err != want || c.Answered() != (wire != "") {
			t.Errorf("%q: %v", wire, err)
		}
	}
	alert := &net.OpError{Op: "remote error", Err: tls.AlertError(116)}
	c = NewConn(&peer{writeErr: broken, send: iotest.ErrReader(alert)}, Options{})
	if _, err := c.Do(get(), ev); err != alert {
		t.Errorf("where the peer says why: %v", err)
	}
	for _, late := range []error{os.ErrDeadlineExceeded, net.ErrClosed} {
		err := &net.OpError{Op: "write", Err: late}
		c = NewConn(&peer{writeErr: err, send: &pause{t, nil}}, Options{})
		if _, got := c.Do(get(), ev); got != err {
			t.Errorf("got %v", got)
		}
	}
}

func TestReceivedCountsEveryByteFromAnyGoroutine(t *testing.T) {
	wire := "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"
	c := NewConn(&peer{send: iotest.OneByteReader(strings.NewReader(wire))}, Options{})
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for last := int64(0); ; {
			select {
			case <-stop:
				return
			default:
			}
			n := c.Received()
			if n < last {
				t.Errorf("went from %d to %d", last, n)
			}
			last = n
		}
	})
	res := exchange(c, get(), 0)
	close(stop)
	watch.Wait()
	if res.outcome() != got("hello")+kept || c.Received() != int64(len(wire)) {
		t.Errorf("%s, received %d of %d", res.outcome(), c.Received(), len(wire))
	}
}

func TestAConnectionThatGivesNothingAndNoErrorIsGivenUp(t *testing.T) {
	c := NewConn(&peer{send: readerFunc(func([]byte) (int, error) { return 0, nil })}, Options{})
	if _, err := c.Do(get(), Events{}); err != io.ErrNoProgress {
		t.Errorf("got %v", err)
	}
	c = NewConn(&peer{send: io.MultiReader(strings.NewReader(ok+"Content-Length: 5\r\n\r\nhi"), readerFunc(func([]byte) (int, error) { return 0, nil }))}, Options{})
	if res := exchange(c, get(), 0); res.bodyErr != io.ErrNoProgress || res.body != "hi" {
		t.Errorf("got %+v", res)
	}
}

func TestADeadlineOfTheOwnerEndsDoAndBody(t *testing.T) {
	for name, wire := range map[string]string{"header": "HTTP/1.1 2", "body": ok + "Content-Length: 5\r\n\r\nhi"} {
		client, server := net.Pipe()
		defer server.Close()
		c := NewConn(client, Options{})
		defer c.Close()
		var end sync.WaitGroup
		end.Go(func() {
			_, _ = server.Read(make([]byte, 4096))
			_, _ = io.WriteString(server, wire)
			_ = client.SetDeadline(time.Unix(1, 0))
		})
		res := exchange(c, get(), 0)
		end.Wait()
		if err := errors.Join(res.err, res.bodyErr); !errors.Is(err, os.ErrDeadlineExceeded) || c.Reusable() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCloseFromAnotherGoroutineEndsWhatBlocks(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	c := NewConn(client, Options{})
	var end sync.WaitGroup
	end.Go(func() {
		_, _ = server.Read(make([]byte, 4096))
		_, _ = io.WriteString(server, ok+"Content-Length: 5\r\n\r\nhi")
		_ = c.Close()
	})
	res := exchange(c, get(), 0)
	end.Wait()
	if res.bodyErr == nil || c.Reusable() {
		t.Errorf("got %+v", res)
	}
	if n, err := c.body.Read(make([]byte, 10)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("a read after Close: %d, %v", n, err)
	}
}

func TestCloseClosesOnce(t *testing.T) {
	p := &peer{send: strings.NewReader(ok + "Content-Length: 5\r\n\r\nhello")}
	c := NewConn(p, Options{})
	a := mustDo(t, c, get())
	if err := errors.Join(c.Close(), c.Close()); err != nil || p.closed != 1 {
		t.Errorf("%v, closed %d times", err, p.closed)
	}
	if n, err := a.Body.Read(make([]byte, 10)); n != 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("a body after Close: %d, %v", n, err)
	}
}
