package http1

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// keptOut is the largest request whose buffer is kept for the next.
const keptOut = 16 << 10

// compose checks r and puts it into c.out as it goes on the wire. What is
// refused here could have smuggled another field or request in (faults.md row 16).
func (c *Conn) compose(r *Request) error {
	switch {
	case !httpguts.ValidHeaderFieldName(r.Method): // a method is a token, as a field name is
		return &RequestError{"invalid method " + quoted(r.Method)}
	case r.Method == http.MethodConnect:
		return &RequestError{"CONNECT makes a tunnel, and is no exchange"}
	case !validTarget(r.Target):
		return &RequestError{"invalid request target " + quoted(r.Target)}
	case r.Host == "" || !httpguts.ValidHostHeader(r.Host):
		return &RequestError{"invalid host " + quoted(r.Host)}
	}
	names := c.names[:0]
	for name, values := range r.Header {
		if err := checkField(name, values); err != nil {
			return err
		}
		names = append(names, name)
	}
	slices.SortFunc(names, byCustom)

	if cap(c.out) > keptOut {
		c.out = nil
	}
	b := append(c.out[:0], r.Method...)
	b = append(b, ' ')
	b = append(b, r.Target...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, r.Host...)
	b = append(b, "\r\n"...)
	for _, name := range names {
		for _, v := range r.Header[name] {
			b = append(b, name...)
			b = append(b, ": "...)
			b = append(b, v...)
			b = append(b, "\r\n"...)
		}
	}
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch: // servers expect a body (RFC 9110 section 8.6)
		b = append(b, "Content-Length: 0\r\n"...)
	}
	c.out = append(b, "\r\n"...)
	clear(names) // the caller's strings are not kept
	c.names = names[:0]
	return nil
}

// validTarget: anything but what would end the target or the line.
func validTarget(t string) bool {
	for i := range len(t) {
		if t[i] <= ' ' || t[i] == 0x7f {
			return false
		}
	}
	return t != ""
}

func checkField(name string, values []string) error {
	if !httpguts.ValidHeaderFieldName(name) {
		return &RequestError{"invalid header name " + quoted(name)}
	}
	for _, framing := range [...]string{"Host", "Content-Length", "Transfer-Encoding"} {
		if len(name) == len(framing) && strings.EqualFold(name, framing) {
			return &RequestError{"header " + framing + " is not the caller's to set"}
		}
	}
	for _, v := range values {
		if !httpguts.ValidHeaderFieldValue(v) {
			return &RequestError{"invalid value of header " + name}
		}
	}
	return nil
}

// byCustom orders the header as browsers do, as far as servers care: who asks
// and for what, then the rest by name.
func byCustom(a, b string) int {
	if d := place(a) - place(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func place(name string) int {
	switch name {
	case "User-Agent":
		return 0
	case "Accept":
		return 1
	case "Accept-Encoding":
		return 2
	}
	return 3
}

// hasToken reports whether a comma-separated list has a token, in any case.
func hasToken(values []string, token string) bool {
	return len(values) > 0 && httpguts.HeaderValuesContainsToken(values, token)
}
