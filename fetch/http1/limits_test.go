package http1

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// endless is a peer that repeats itself, and counts what it had to send.
type endless struct {
	first  string
	repeat string
	sent   int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if e.first == "" {
			e.first = e.repeat
		}
		m := copy(p[n:], e.first)
		e.first = e.first[m:]
		n += m
	}
	e.sent += n
	return n, nil
}

func TestFault15AHeaderWithoutEndIsRefusedAt256KiB(t *testing.T) {
	for name, e := range map[string]*endless{
		"fields":               {first: ok, repeat: "X-Header: value\r\n"},
		"one field":            {first: ok, repeat: "x"},
		"folds":                {first: ok + "X: y\r\n", repeat: " z\r\n"},
		"spaces":               {first: ok, repeat: " "},
		"lines that are none":  {first: ok, repeat: "\x01\r\n"},
		"a status line":        {first: "HTTP/1.1 200 ", repeat: "O"},
		"1xx with fields":      {first: "HTTP/1.1 103 Early Hints\r\n", repeat: "Link: x\r\n"},
		"the shortest fields":  {first: ok, repeat: "a:\n"},
		"fields of one name":   {first: ok, repeat: "Set-Cookie: a=b\r\n"},
		"CRs":                  {first: ok, repeat: "\r"},
		"trailers":             {first: inChunks + "0\r\n", repeat: "X: y\r\n"},
		"one trailer":          {first: inChunks + "0\r\n", repeat: "X"},
		"extensions of chunks": {first: inChunks, repeat: "1;" + strings.Repeat("x", 4000) + "\r\nx\r\n"},
	} {
		c := NewConn(&peer{send: e}, Options{})
		res := exchange(c, get(), 0)
		if !protocol(res.err) && !protocol(res.bodyErr) || e.sent > 256<<10+8<<10 {
			t.Errorf("%s: after %d bytes %v, %v", name, e.sent, res.err, res.bodyErr)
		}
		if size := len(c.in.buf); size > 256<<10+8<<10 {
			t.Errorf("%s: a buffer of %d", name, size)
		}
	}
}

func TestFault15AHundredThousandHeadersAreRefused(t *testing.T) {
	wire := ok + strings.Repeat("a: b\r\n", 100_000) + "\r\n"
	if res := exchange(answers(wire, Options{}), get(), 0); res.outcome() != invalid {
		t.Errorf("got %s", res.outcome())
	}
}

func TestWhatIsTooLargeIsRefusedWithoutWaitingForMore(t *testing.T) {
	const limit = 5000
	for name, wire := range map[string]string{
		"field":       ok + "X: ",
		"status line": "HTTP/1.1 200 ",
		"1xx":         "HTTP/1.1 100 Continue\r\n\r\n" + ok + "X: ",
		"size line":   inChunks + "5;",
		"trailer":     inChunks + "0\r\nX: ",
	} {
		n := limit
		switch name {
		case "size line":
			n = len(inChunks) + maxSizeLine
		case "trailer":
			n += len("0\r\n")
		}
		c := NewConn(&peer{send: &pause{t, []string{wire + strings.Repeat("x", n-len(wire))}}}, Options{MaxHeader: limit})
		if res := exchange(c, get(), 0); !protocol(res.err) && !protocol(res.bodyErr) {
			t.Errorf("%s: %s", name, res.outcome())
		}
	}
}

// sizedAnswer is an answer whose header, 1xx, trailers and padding are n bytes.
func sizedAnswer(n int) map[string]string {
	fill := func(before, after string, extra int) string {
		return before + strings.Repeat("x", n-len(before)-len(after)+extra) + after
	}
	const end = "\r\nContent-Length: 2\r\n\r\n"
	interim := "HTTP/1.1 103 Early Hints\r\nLink: " + strings.Repeat("x", n/2) + "\r\n\r\n"
	return map[string]string{
		"header":       fill(ok+"X: ", end, 0) + "hi",
		"many fields":  fill(ok+strings.Repeat("A: b\r\n", n/10)+"X: ", end, 0) + "hi",
		"1xx":          fill(interim+ok+"X: ", end, 0) + "hi",
		"status line":  fill("HTTP/1.1 200 ", end, 0) + "hi",
		"empty lines":  fill("\r\n\n"+ok+"X: ", end, 0) + "hi",
		"LF":           fill("HTTP/1.1 200\nX: ", "\nContent-Length: 2\n\n", 0) + "hi",
		"a bare end":   fill(ok+"Content-Length: 2\r\nX: ", "\n\n", 0) + "hi",
		"trailers":     fill(inChunks+"2\r\nhi\r\n0\r\nX: ", "\r\n\r\n", len("2\r\nhi\r\n0\r\n")),
		"two trailers": fill(inChunks+"2\r\nhi\r\n0\r\nX: y\r\nX: ", "\r\n\r\n", len("2\r\nhi\r\n0\r\n")),
	}
}

func TestAHeaderMayHaveExactlyItsLimit(t *testing.T) {
	for _, limit := range []int{1000, 4096, 5000, 256 << 10} {
		for by, packet := range packets {
			if limit > 5000 && by != "1460" && by != "whole" {
				continue
			}
			for name := range sizedAnswer(limit) {
				for n, want := range map[int]outcome{limit - 1: got("hi") + kept, limit: got("hi") + kept, limit + 1: invalid} {
					if by == endAtOnce && n <= limit {
						want = got("hi") + dropped
					}
					if n > limit && strings.Contains(name, "trailers") {
						want = badBody
					}
					c := NewConn(&peer{send: packet(strings.NewReader(sizedAnswer(n)[name]))}, Options{MaxHeader: limit})
					if res := exchange(c, get(), 0); res.outcome() != want {
						t.Errorf("%s of %d bytes, limit %d, sent as %s: %s, want %s (%v)", name, n, limit, by, res.outcome(), want, res.err)
					}
				}
			}
		}
	}
}

func TestFault17AStormOfInformationalAnswersIsRefusedAfter20(t *testing.T) {
	final := ok + "Content-Length: 2\r\n\r\nhi"
	for n, want := range map[int]outcome{0: got("hi") + kept, 1: got("hi") + kept, 20: got("hi") + kept, 21: invalid, 10_000: invalid} {
		storm := strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", n/2) + strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", n-n/2)
		if res := exchange(answers(storm+final, Options{}), get(), 0); res.outcome() != want {
			t.Errorf("%d: got %s, want %s", n, res.outcome(), want)
		}
	}
	e := &endless{repeat: "HTTP/1.1 102 Processing\r\n\r\n"}
	if res := exchange(NewConn(&peer{send: e}, Options{MaxInformational: 3}), get(), 0); res.outcome() != invalid || e.sent > bufferSize {
		t.Errorf("got %s after %d bytes", res.outcome(), e.sent)
	}
}

func TestAnExchangeStartsWithAllItsAllowance(t *testing.T) {
	const limit = 1000
	answer := sizedAnswer(limit)["1xx"]
	c := NewConn(&peer{send: sized{strings.NewReader(strings.Repeat(answer, 5)), 1}}, Options{MaxHeader: limit, MaxInformational: 1})
	for range 5 {
		if res := exchange(c, get(), 0); res.outcome() != got("hi")+kept {
			t.Fatalf("got %s", res.outcome())
		}
	}
}

func TestALargeHeaderDoesNotStayInMemory(t *testing.T) {
	large := ok + strings.Repeat("A: b\r\n", 10_000) + "X: " + strings.Repeat("x", 100_000) + "\r\nContent-Length: 2\r\n\r\n"
	c := NewConn(&peer{send: sized{strings.NewReader(large + "hi"), 1460}}, Options{})
	if res := exchange(c, get(), 0); res.outcome() != got("hi")+kept || len(res.a.Header["A"]) != 10_000 {
		t.Fatalf("got %s", res.outcome())
	}
	if len(c.in.buf) != bufferSize || cap(c.fields) > keptFields {
		t.Errorf("a buffer of %d and %d fields are kept", len(c.in.buf), cap(c.fields))
	}
}

// Cost that grows with the square of what a stranger sends would keep these busy
// for longer than a test may take.
func TestTimeIsLinearInWhatComes(t *testing.T) {
	const n = 2 << 20
	o := Options{MaxHeader: 2 * n}
	const end = "Content-Length: 2\r\n\r\n"
	for name, wire := range map[string]string{
		"one value":     ok + "X: " + strings.Repeat("x", n) + "\r\n" + end,
		"a status line": "HTTP/1.1 200 " + strings.Repeat("x", n) + "\r\n" + end,
		"fields":        ok + strings.Repeat("a:b\n", n/4) + end,
		"folds":         ok + "X: y\r\n" + strings.Repeat(" \n", n/2) + end,
		"CRs":           ok + "X: y" + strings.Repeat("\r", n) + "\r\n" + end,
		"no fields":     ok + strings.Repeat("\x01\n", n/2) + end,
		"spaces":        ok + "X:" + strings.Repeat(" ", n) + "\r\n" + end,
	} {
		c := NewConn(&peer{send: sized{strings.NewReader(wire + "hi"), 1}}, o)
		if res := exchange(c, get(), 0); res.outcome() != got("hi")+kept {
			t.Errorf("%s: got %s", name, res.outcome())
		}
	}
	for name, wire := range map[string]string{
		"tiny chunks":    inChunks + strings.Repeat("1\r\nx\r\n", n/6) + "0\r\n\r\n",
		"trailers":       inChunks + "1\r\nx\r\n0\r\n" + strings.Repeat("a:b\n", n/4) + "\r\n",
		"a long trailer": inChunks + "1\r\nx\r\n0\r\nX: " + strings.Repeat("x", n) + "\r\n\r\n",
	} {
		c := NewConn(&peer{send: sized{strings.NewReader(wire), 1}}, o)
		a := mustDo(t, c, get())
		if _, err := io.Copy(io.Discard, onlyReader{a.Body}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type onlyReader struct{ io.Reader }

func TestAnExchangeAllocatesNothingButItsHeader(t *testing.T) {
	wire := ok + "Content-Type: text/html\r\nserver: x\r\nETag: \"y\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
	c := NewConn(&again{wire: wire}, Options{})
	r := get()
	r.Header = header("User-Agent", "crawl/1", "Accept", "*/*")
	p := make([]byte, 100)
	allocs := testing.AllocsPerRun(100, func() {
		a, err := c.Do(r, Events{})
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = a.Body.Read(p)
		}
	})
	// the text, the values, the map and its one group
	if fmt.Sprint(allocs) != "4" {
		t.Errorf("%v allocations", allocs)
	}
}
