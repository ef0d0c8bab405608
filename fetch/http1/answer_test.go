package http1

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const ok = "HTTP/1.1 200 OK\r\n"

// outcome of an answer: what body came, or how it failed.
type outcome string

const (
	invalid   outcome = "protocol"           // Do says ProtocolError
	cut       outcome = "cut"                // Do says io.ErrUnexpectedEOF
	nothing   outcome = "nothing"            // Do says io.EOF
	badBody   outcome = "body: protocol"     // the body ends with a ProtocolError
	shortBody outcome = "body: broken off"   // the body ends with io.ErrUnexpectedEOF
	other     outcome = "another error"      // none of these
	kept      outcome = ", connection kept"  // after the body in quotes
	dropped   outcome = ", connection ended" // after the body in quotes
)

func (r result) outcome() outcome {
	switch {
	case protocol(r.err):
		return invalid
	case r.err == io.ErrUnexpectedEOF:
		return cut
	case r.err == io.EOF:
		return nothing
	case protocol(r.bodyErr):
		return badBody
	case r.bodyErr == io.ErrUnexpectedEOF:
		return shortBody
	case r.err != nil || r.bodyErr != nil:
		return other
	case r.reusable:
		return got(r.body) + kept
	}
	return got(r.body) + dropped
}

func got(body string) outcome { return outcome(fmt.Sprintf("%q", body)) }

// answerCase is an answer and what comes of it.
type answerCase struct {
	name string
	wire string
	want outcome
}

func runAnswers(t *testing.T, cases []answerCase) {
	t.Helper()
	for _, tc := range cases {
		for _, how := range slices.Sorted(maps.Keys(packets)) {
			want := tc.want
			if body, was := strings.CutSuffix(string(want), string(kept)); was && how == endAtOnce {
				want = outcome(body) + dropped // its end is known already
			}
			for _, size := range []int{0, 1, 5000} {
				c := NewConn(&peer{send: packets[how](strings.NewReader(tc.wire))}, Options{})
				if res := exchange(c, get(), size); res.outcome() != want {
					t.Errorf("%s, sent as %s, read by %d: got %s, want %s (%v, %v)", tc.name, how, size, res.outcome(), want, res.err, res.bodyErr)
				}
			}
		}
	}
}

func TestWhatServersGetWrongIsForgiven(t *testing.T) { runAnswers(t, forgiven()) }

func forgiven() []answerCase {
	return []answerCase{
		{"lines that end with LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", got("hi") + kept},
		{"no reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a space and no reason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"two spaces", "HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a reason in Latin-1", "HTTP/1.1 200 Tr\xe8s bien\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"HTTP/1.7", "HTTP/1.7 200 OK\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a status nobody knows", "HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"empty lines first", "\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"eight bytes of empty lines", "\r\n\r\n\n\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"an early answer", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a length twice", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a length listed twice", ok + "Content-Length: 2, 2\r\n\r\nhi", got("hi") + kept},
		{"a folded length", ok + "Content-Length:\r\n 2\r\n\r\nhi", got("hi") + kept},
		{"a line without colon", ok + "what is this\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a long line without colon", ok + strings.Repeat("word ", 100) + "\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a name with a space", ok + "Not A Name: x\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a space before the colon", ok + "Server : x\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"no name", ok + ": x\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a fold of nothing", ok + " x\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"a fold of a line that is no field", ok + "what\r\n Content-Length: 9\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"control bytes in a value", ok + "X: a\x01\x7f\x1b[0m\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"the identity coding", ok + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi", got("hi") + kept},
		{"CHUNKED", ok + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + kept},
		{"chunked twice", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + dropped},
		{"chunked and identity", ok + "Transfer-Encoding: identity, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + kept},
		{"chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + dropped},
		{"chunked and a length", ok + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + dropped},
		{"chunked and a length of 0", ok + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", got("hi") + dropped},
		{"a chunk's size that ends with LF", ok + "Transfer-Encoding: chunked\r\n\r\n2\nhi\r\n0\r\n\r\n", got("hi") + dropped},
		{"a last line that ends with LF", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\n", got("hi") + dropped},
		{"chunk lines that end with LF", ok + "Transfer-Encoding: chunked\r\n\r\n2\nhi\n0\n\n", got("hi") + dropped},
		{"spaces after a chunk's size", ok + "Transfer-Encoding: chunked\r\n\r\n2  \r\nhi\r\n0 \t;x\r\n\r\n", got("hi") + kept},
		{"chunk extensions", ok + "Transfer-Encoding: chunked\r\n\r\n2;a=b;c=\"d;\"\r\nhi\r\n0;e\r\n\r\n", got("hi") + kept},
		{"trailers", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\nno trailer\r\n\r\n", got("hi") + kept},
		{"a size in capitals, with zeros", ok + "Transfer-Encoding: chunked\r\n\r\n000A\r\n0123456789\r\n00\r\n\r\n", got("0123456789") + kept},
	}
}

func TestAnAnswerThatIsNoHTTPIsAProtocolError(t *testing.T) { runAnswers(t, noHTTP()) }

func noHTTP() []answerCase {
	return []answerCase{
		{"a page as in HTTP/0.9", "<html>hello</html>\r\n\r\n", invalid},
		{"an FTP server that waits", "220 ftp.example.com\r\n", invalid},
		{"SSH", "SSH-2.0-OpenSSH_9.6\r\n", invalid},
		{"a TLS alert", "\x15\x03\x01\x00\x02\x02\x46", invalid},
		{"HTTP/2 settings", "\x00\x00\x12\x04\x00\x00\x00\x00\x00", invalid},
		{"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", invalid},
		{"HTTP/2 in letters", "HTTP/2.0 200 OK\r\n\r\n", invalid},
		{"ICY", "ICY 200 OK\r\n\r\n", invalid},
		{"small letters", "http/1.1 200 OK\r\n\r\n", invalid},
		{"a space first", " HTTP/1.1 200 OK\r\n\r\n", invalid},
		{"no version", "HTTP/ 200 OK\r\n\r\n", invalid},
		{"no minor version", "HTTP/1. 200 OK\r\n\r\n", invalid},
		{"a long version", "HTTP/1.10 200 OK\r\n\r\n", invalid},
		{"no status", "HTTP/1.1\r\n\r\n", invalid},
		{"no status but a space", "HTTP/1.1 \r\n\r\n", invalid},
		{"a tab", "HTTP/1.1\t200 OK\r\n\r\n", invalid},
		{"a short status", "HTTP/1.1 20 OK\r\n\r\n", invalid},
		{"a long status", "HTTP/1.1 2000 OK\r\n\r\n", invalid},
		{"a status of letters", "HTTP/1.1 2oo OK\r\n\r\n", invalid},
		{"a negative status", "HTTP/1.1 -20 OK\r\n\r\n", invalid},
		{"a status below 100", "HTTP/1.1 099 OK\r\n\r\n", invalid},
		{"a status and more", "HTTP/1.1 200OK\r\n\r\n", invalid},
		{"a CR in the status line", "HTTP/1.1 200\r OK\r\n\r\n", invalid},
		{"nine bytes of empty lines", "\r\n\r\n\n\n\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", invalid},
		{"only empty lines", strings.Repeat("\r\n", 100), invalid},
		{"a 101 nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", invalid},
		{"a NUL", ok + "X: a\x00b\r\nContent-Length: 2\r\n\r\nhi", invalid},
		{"two lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi", invalid},
		{"two lengths in a list", ok + "Content-Length: 2, 3\r\n\r\nhi", invalid},
		{"two lengths that mean the same", ok + "Content-Length: 2\r\nContent-Length: 02\r\n\r\nhi", invalid},
		{"an empty length", ok + "Content-Length:\r\n\r\nhi", invalid},
		{"a length and a comma", ok + "Content-Length: 2,\r\n\r\nhi", invalid},
		{"a signed length", ok + "Content-Length: +2\r\n\r\nhi", invalid},
		{"a negative length", ok + "Content-Length: -2\r\n\r\nhi", invalid},
		{"a length in hex", ok + "Content-Length: 0x2\r\n\r\nhi", invalid},
		{"a length with a space inside", ok + "Content-Length: 1 2\r\n\r\nhi", invalid},
		{"a length of 2^63", ok + "Content-Length: 9223372036854775808\r\n\r\nhi", invalid},
		{"a length of ten times 2^63", ok + "Content-Length: 92233720368547758080\r\n\r\nhi", invalid},
		{"a length of 10^60", ok + "Content-Length: 1" + strings.Repeat("0", 60) + "\r\n\r\nhi", invalid},
		{"a mangled length", ok + "Content-Length : 2\r\n\r\nhi", invalid},
		{"a length without colon", ok + "Content-Length 2\r\n\r\nhi", invalid},
		{"a length that is no fold", ok + " Content-Length: 2\r\n\r\nhi", invalid},
		{"a length after a CR", ok + "A: b\r\n\rContent-Length: 2\r\n\r\nhi", invalid},
		{"a mangled coding", ok + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", invalid},
		{"a coding without colon", ok + "Transfer-Encoding chunked\r\n\r\n0\r\n\r\n", invalid},
		{"a coding with a hyphen lost", ok + "transfer encoding: chunked\r\n\r\n0\r\n\r\n", invalid},
		{"a coding nobody knows", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", invalid},
		{"an empty coding", ok + "Transfer-Encoding:\r\n\r\n0\r\n\r\n", invalid},
		{"a coding with a parameter", ok + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", invalid},
		{"a coding and a control byte", ok + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", invalid},
	}
}

func TestAnAnswerBrokenOffSaysSo(t *testing.T) { runAnswers(t, brokenOff()) }

func brokenOff() []answerCase {
	return []answerCase{
		{"nothing", "", nothing},
		{"one byte", "H", cut},
		{"an empty line", "\r\n", cut},
		{"half a status line", "HTTP/1.1 20", cut},
		{"a status line", ok, cut},
		{"half a header", ok + "Content-Length: 2\r\nX", cut},
		{"no empty line", ok + "Content-Length: 2\r\n", cut},
		{"a CR too few", ok + "Content-Length: 2\r\n\r", cut},
		{"after a 1xx", "HTTP/1.1 100 Continue\r\n\r\n", cut},
		{"a body too short", ok + "Content-Length: 3\r\n\r\nhi", shortBody},
		{"no body", ok + "Content-Length: 3\r\n\r\n", shortBody},
		{"a body to the end", ok + "\r\nhi", got("hi") + dropped},
		{"an empty body to the end", ok + "\r\n", got("") + dropped},
	}
}

func TestTheHeaderIsGivenAsNetHTTPWould(t *testing.T) {
	c := answers("HTTP/1.0 301 Moved\r\ncontent-type:text/html\r\nETAG:  \"x\" \t\r\nX-UA-compatible: IE=edge\r\n"+
		"Set-Cookie: a=1\r\nLocation: /caf\xe9\r\nset-cookie: b=2\r\nX-Folded: one\r\n  two \r\n\tthree\r\n"+
		"X-Empty:\r\nX-Colons: a:b: c\r\nX-Lone: a\rb\r\nwww-authenticate: Basic\r\nSET-COOKIE: c=3\r\n\r\n", Options{})
	a := mustDo(t, c, get())
	want := header("Content-Type", "text/html", "Etag", `"x"`, "X-Ua-Compatible", "IE=edge",
		"Set-Cookie", "a=1", "Set-Cookie", "b=2", "Set-Cookie", "c=3", "Location", "/caf\xe9", "X-Folded", "one two three",
		"X-Empty", "", "X-Colons", "a:b: c", "X-Lone", "a b", "Www-Authenticate", "Basic")
	if !reflect.DeepEqual(a.Header, want) {
		t.Errorf("got  %q\nwant %q", a.Header, want)
	}
	if a.Status != 301 || a.Proto != "HTTP/1.0" || a.Length != -1 || a.Chunked {
		t.Errorf("got %+v", a)
	}
}

// The plain way: nothing to join, nothing to tidy.
func TestAPlainHeaderIsGivenAsNetHTTPWould(t *testing.T) {
	a := mustDo(t, answers(ok+"x_under_score-and-hyphen:  a b \t\r\nDATE:now\n9-a: \t\r\nContent-Length:2\r\n\r\nhi", Options{}), get())
	want := header("X_under_score-And-Hyphen", "a b", "Date", "now", "9-A", "", "Content-Length", "2")
	if !reflect.DeepEqual(a.Header, want) || a.Length != 2 || a.Proto != "HTTP/1.1" {
		t.Errorf("got  %q\nwant %q", a.Header, want)
	}
}

// Row 16 of faults.md: a CR within a value is a space, a NUL is no answer.
func TestFault16NoValueHasACROrNULInIt(t *testing.T) {
	for wire, want := range map[string]string{
		ok + "X: a\rb\r\n\r\n":           "a b",
		ok + "X: \ra\r\r\n\r\n":          "a",
		ok + "X: a\n \r b\r\n\r\n":       "a   b",
		ok + "X: a\rSet-Cookie: b\n\r\n": "a Set-Cookie: b",
	} {
		a := mustDo(t, answers(wire, Options{}), get())
		if got := strings.TrimSpace(a.Header.Get("X")); got != want || len(a.Header) != 1 {
			t.Errorf("%q: got %q", wire, a.Header)
		}
	}
	for _, wire := range []string{ok + "X: a\x00b\r\n\r\n", ok + "X\x00: b\r\n\r\n", ok + "\x00\r\n\r\n"} {
		if res := exchange(answers(wire, Options{}), get(), 0); res.outcome() != invalid {
			t.Errorf("%q: %s", wire, res.outcome())
		}
	}
}

func TestAServerOfAnotherProtocolIsNotWaitedFor(t *testing.T) {
	for _, said := range []string{"2", "220\n", "SSH-", "\x15", "\x00\x00", "\r\n<", "http", "HTTP/2", "HTTP/1,", strings.Repeat("\r\n", 5)} {
		c := NewConn(&peer{send: &pause{t, []string{said}}}, Options{})
		if res := exchange(c, get(), 0); res.outcome() != invalid {
			t.Errorf("%q: %s", said, res.outcome())
		}
	}
}

func TestAMessageShowsLittleOfTheAnswerAndNothingRaw(t *testing.T) {
	for _, wire := range []string{
		strings.Repeat("\x1b[2J", 1000) + "\n", "HTTP/1.1 \x1b" + strings.Repeat("x", 1000) + "\n",
		ok + "Content-Length: \x1b" + strings.Repeat("\xe9", 1000) + "\r\n\r\n", ok + "Transfer-Encoding: \x1b" + strings.Repeat("x", 1000) + "\r\n\r\n",
		ok + "Content-Length \x1b" + strings.Repeat("x", 1000) + "\r\n\r\n", inChunks + "\x1b" + strings.Repeat("x", 1000) + "\r\n",
	} {
		res := exchange(answers(wire, Options{}), get(), 0)
		err := errors.Join(res.err, res.bodyErr)
		if !protocol(err) || len(err.Error()) > 300 || printable(err.Error()) != err.Error() {
			t.Errorf("%.50q: %q", wire, err)
		}
	}
}

func TestOneValueCanBeAppendedToWithoutHarmToTheNext(t *testing.T) {
	a := mustDo(t, answers(ok+"A: 1\r\nB: 2\r\nContent-Length: 0\r\n\r\n", Options{}), get())
	a.Header.Add("A", "more")
	if a.Header.Get("B") != "2" {
		t.Errorf("got %q", a.Header)
	}
}

func TestWhatCannotBeginAnAnswerIsToldFromABrokenOne(t *testing.T) {
	for wire, want := range map[string]bool{
		"garbage": true, "<html>HTTP/1.1 200 OK\r\n\r\n": true, "\x00": true, "HTTQ": true, strings.Repeat("\r\n", 9): true,
		"HTTP/2.0 200 OK\r\n\r\n": false, "HTTP/1.1 20\r\n\r\n": false, "HTTP/ 200 OK\r\n\r\n": false, ok + "X: \x00\r\n\r\n": false,
		"HTTP/1.1 100 Continue\r\n\r\ngarbage": false,
	} {
		for how, packets := range packets {
			var broken *ProtocolError
			_, err := NewConn(&peer{send: packets(strings.NewReader(wire))}, Options{}).Do(get(), Events{})
			if !errors.As(err, &broken) || broken.NoAnswer != want {
				t.Errorf("%q in %s: %v", wire, how, err)
			}
		}
	}
}
