package http1

import (
	"bytes"
	"fmt"
	"net/http"
)

// start is the beginning of every answer that is understood, and anyStart that of one
// of any version.
const (
	start    = "HTTP/1."
	anyStart = "HTTP/"
)

// maxBlank is the most bytes of empty lines before a status line: some servers
// end a body with a line end too many.
const maxBlank = 8

// readAnswer reads to the end of the final answer's header and makes the Answer
// of it. The first bytes are in the buffer.
func (c *Conn) readAnswer(method string, ev Events) error {
	for informational := 0; ; informational++ {
		status, minor, err := c.statusLine(informational == 0)
		if err != nil {
			return err
		}
		if status == http.StatusSwitchingProtocols {
			return &ProtocolError{Text: "101 Switching Protocols, which was not asked for"}
		}
		if status < 200 && informational == c.o.MaxInformational {
			return &ProtocolError{Text: fmt.Sprintf("more than %d informational responses", c.o.MaxInformational)}
		}
		b, err := c.block()
		if err != nil {
			return err
		}
		if status < 200 {
			if ev.Informational != nil {
				ev.Informational()
			}
			continue
		}
		h, err := c.parse(b)
		if err != nil {
			return err
		}
		return c.frame(method, status, minor, h)
	}
}

// statusLine reads the first line of an answer. What cannot become one is
// refused as soon as that is clear: a server of another protocol may say one
// word and wait. first says that no 1xx came before it.
func (c *Conn) statusLine(first bool) (status, minor int, err error) {
	blank := 0
	for {
		p := c.in.pending()
		n := len(p) - len(bytes.TrimLeft(p, "\r\n"))
		c.in.skip(n)
		c.budget -= n
		if blank += n; blank > maxBlank {
			return 0, 0, &ProtocolError{Text: "empty lines instead of an answer", NoAnswer: first}
		}
		p = p[n:]
		if !mayBegin(p, start) {
			return 0, 0, &ProtocolError{
				Text:     "the answer is not HTTP/1.x: it begins with " + quoted(p),
				NoAnswer: first && !mayBegin(p, anyStart),
			}
		}
		if len(p) >= len(start) {
			break
		}
		if err := c.in.fill(); err != nil {
			return 0, 0, err
		}
	}
	line, _, err := c.line()
	if err != nil {
		return 0, 0, err
	}
	status, minor, ok := parseStatus(line[len(start):])
	if !ok {
		return 0, 0, &ProtocolError{Text: "malformed status line " + quoted(line)}
	}
	return status, minor, nil
}

// mayBegin reports whether p begins with this, as far as it is there.
func mayBegin(p []byte, with string) bool {
	n := min(len(p), len(with))
	return string(p[:n]) == with[:n]
}

// parseStatus parses "1 200 OK" (RFC 9112 section 4). The reason may be missing
// and is not looked at; more than one space may be before the status.
func parseStatus(s []byte) (status, minor int, ok bool) {
	if len(s) < 2 || !digit(s[0]) || s[1] != ' ' {
		return 0, 0, false
	}
	minor = int(s[0] - '0')
	s = bytes.TrimLeft(s[1:], " ")
	if len(s) < 3 || !digit(s[0]) || !digit(s[1]) || !digit(s[2]) || len(s) > 3 && s[3] != ' ' {
		return 0, 0, false
	}
	status = int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
	return status, minor, status >= 100
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

// line takes a line, without its end, and charges it to the budget.
func (c *Conn) line() (text []byte, bare bool, err error) {
	line, err := c.in.line(c.budget)
	if err == errLongLine {
		return nil, false, c.tooLarge()
	}
	if err != nil {
		return nil, false, err
	}
	c.budget -= len(line)
	text, bare = trimEnd(line)
	return text, bare, nil
}

func (c *Conn) tooLarge() error {
	return &ProtocolError{Text: fmt.Sprintf("the header is larger than %d bytes", c.o.MaxHeader)}
}
