package http1

import (
	"math"
	"net/http"
	"strings"
)

// frame makes the Answer and decides how its body ends and whether the
// connection is kept after it (RFC 9112 sections 6.3 and 9.3).
func (c *Conn) frame(method string, status, minor int, h http.Header) error {
	length, err := ContentLength(h["Content-Length"])
	if err != nil {
		return err
	}
	codings, err := chunks(h["Transfer-Encoding"])
	if err != nil {
		return err
	}
	a := &c.answer
	*a = Answer{Status: status, Proto: "HTTP/1.1", Header: h, Length: length, Chunked: codings > 0, Body: &c.body}
	if minor == 0 {
		a.Proto = "HTTP/1.0"
		c.keep = c.keep && hasToken(h["Connection"], "keep-alive")
	}
	if hasToken(h["Connection"], "close") {
		c.keep = false
	}
	if a.Chunked {
		a.Length = -1
		if minor == 0 || length >= 0 || codings > 1 {
			c.keep = false // the other side may see another end of this body (RFC 9112 section 6.1)
		}
	}
	switch {
	case status == http.StatusNoContent:
		if a.Chunked || length > 0 {
			c.keep = false // what is announced may follow
		}
		c.body.begin(none, 0)
	case method == http.MethodHead || status == http.StatusNotModified || length == 0 && !a.Chunked:
		c.body.begin(none, 0)
	case a.Chunked:
		c.body.begin(chunked, 0)
	case length > 0:
		c.body.begin(counted, length)
	default: // and with it ends the connection
		c.body.begin(toTheEnd, math.MaxInt64)
	}
	return nil
}

// ContentLength is the one length that all values of the field agree on, -1 if
// there are none. The same length said twice is taken for one (RFC 9112 section
// 6.3). The error is a *ProtocolError.
func ContentLength(values []string) (int64, error) {
	first := ""
	for i, v := range values {
		for j, s := range split(v) {
			if i == 0 && j == 0 {
				first = s
			} else if s != first {
				return 0, &ProtocolError{Text: "Content-Lengths that differ: " + quoted(first) + " and " + quoted(s)}
			}
		}
	}
	if len(values) == 0 {
		return -1, nil
	}
	var n int64
	for i := range len(first) {
		d := int64(first[i]) - '0'
		if d < 0 || d > 9 || n > (math.MaxInt64-d)/10 {
			n = -1
			break
		}
		n = n*10 + d
	}
	if first == "" || n < 0 {
		return 0, &ProtocolError{Text: "invalid Content-Length " + quoted(first)}
	}
	return n, nil
}

// chunks counts how often the chunked coding is named. "identity", which is gone
// from the standard, is no coding; any other cannot be undone here.
func chunks(values []string) (n int, err error) {
	for _, v := range values {
		for _, s := range split(v) {
			switch {
			case strings.EqualFold(s, "chunked"):
				n++
			case !strings.EqualFold(s, "identity"):
				return 0, &ProtocolError{Text: "unknown Transfer-Encoding " + quoted(s)}
			}
		}
	}
	return n, nil
}

// split gives the elements of a comma-separated list, trimmed.
func split(list string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i := 0; ; i++ {
			s, rest, more := strings.Cut(list, ",")
			if !yield(i, strings.Trim(s, " \t")) || !more {
				return
			}
			list = rest
		}
	}
}
