package dial

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzReadAnswer: what a proxy answers is read the same in whatever pieces it
// comes, never beyond the bound, and nothing of what follows is lost.
func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 Connection established\r\n\r\n", "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nearly", "HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200\n\nx", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HTTP/2 200\r\n\r\n", "220 mail.example ESMTP\r\n", "\x16\x03\x01", "", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 -10 X\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", maxAnswer) + "\r\n\r\n", strings.Repeat("HTTP/1.1 100 X\r\n\r\n", 5000), "HTTP/1.1 000 X\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		left := bytes.NewReader(answer)
		status, rest, err := readAnswer(left)
		used := len(answer) - left.Len()
		if used > maxAnswer+4096 {
			t.Fatalf("%d bytes read", used)
		}
		slowly, slowRest, slowErr := readAnswer(iotest.OneByteReader(bytes.NewReader(answer)))
		if status != slowly || (err == nil) != (slowErr == nil) || len(slowRest) > 0 {
			t.Fatalf("status %d, error %v; byte by byte %d, %v, rest %q", status, err, slowly, slowErr, slowRest)
		}
		if err != nil {
			if status != 0 || rest != nil || err == io.EOF {
				t.Fatalf("status %d, rest %q with %v", status, rest, err)
			}
			return
		}
		if status < 200 && status != http.StatusSwitchingProtocols || status > 999 || used-len(rest) > maxAnswer {
			t.Fatalf("status %d", status)
		}
		if !bytes.HasSuffix(answer[:used], rest) || !bytes.Contains(answer[:used-len(rest)], []byte("HTTP/1.")) {
			t.Fatalf("rest %q of %q", rest, answer[:used])
		}
	})
}

func TestAnAnswerThatBreaksOffIsUnexpectedlyOver(t *testing.T) {
	const whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n"
	for i := range whole {
		if _, _, err := readAnswer(strings.NewReader(whole[:i])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", whole[:i], err)
		}
	}
}

// A line ends where it ends, wherever the buffer does.
func TestAHeaderLineOfAnyLengthIsOneLine(t *testing.T) {
	for n := range 5000 {
		answer := "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", n) + "\r\nY: z\r\n\r\n"
		left := strings.NewReader(answer + "rest")
		status, rest, err := readAnswer(left)
		if status != 200 || err != nil || string(rest) != "rest"[:len(rest)] || left.Len()+len(rest) != len("rest") {
			t.Fatalf("%d bytes: status %d, rest %q, error %v", n, status, rest, err)
		}
	}
}

func TestAStatusHasThreeDigits(t *testing.T) {
	for line, want := range map[string]int{
		"HTTP/1.1 200 OK\r\n": 200, "HTTP/1.0 407\n": 407, "HTTP/1.1 999 \r\n": 999, "HTTP/1.1 100 Continue\r\n": 100,
		"HTTP/1.1 2000 X\r\n": 0, "HTTP/1.1 20 X\r\n": 0, "HTTP/1.1 020 X\r\n": 0, "HTTP/1.1 +20 X\r\n": 0, "HTTP/1.1 -20 X\r\n": 0, "HTTP/1.1 2x0 X\r\n": 0,
		"HTTP/1.1  200 OK\r\n": 0, "HTTP/1.2 200 OK\r\n": 0, "HTTP/2 200\r\n": 0, "http/1.1 200 OK\r\n": 0, "200 OK\r\n": 0, "\r\n": 0, "": 0,
	} {
		if got, err := parseStatus([]byte(line)); got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %d, error %v", line, got, err)
		}
	}
}

func TestWhatCameEarlyIsReadBeforeTheRest(t *testing.T) {
	here, there := net.Pipe()
	defer here.Close()
	go func() {
		_, _ = io.WriteString(there, "later")
		there.Close()
	}()
	got, err := io.ReadAll(iotest.OneByteReader(&early{here, []byte("early, ")}))
	if err != nil || string(got) != "early, later" {
		t.Errorf("read %q, error %v", got, err)
	}
}
