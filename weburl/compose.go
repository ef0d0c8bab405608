package weburl

import (
	"bytes"
	"strings"
)

// composer writes a normal form from left to right and notes where its parts begin. It is
// the standard's basic URL parser for http and https, in one linear pass over the input; the library's
// takes quadratic time on long userinfo and on many path segments, which a
// hostile page is made of.
type composer struct {
	out  []byte
	host int
	port int
	path int
}

// compose gives the URL of s, which has the scheme (with slashes or without),
// or none and is then relative to base.
func compose(base URL, scheme, rest string) (URL, string) {
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest = rest[:i]
	}
	// Room for the outcome where nothing needs escaping, as is most often so.
	c := composer{out: make([]byte, 0, int(base.query)+len(rest)+len("https:///"))}
	same := scheme == "" || scheme == base.Scheme()
	switch {
	// "https:x" on an https page is a relative path, "https:x" elsewhere is a
	// host; browsers keep this from the days of RFC 1630.
	case !same || base.IsZero(), len(rest) > 1 && isSlash(rest[0]) && isSlash(rest[1]):
		if scheme == "" {
			scheme = base.Scheme()
		}
		if why := c.authority(scheme, strings.TrimLeft(rest, `/\`)); why != "" {
			return URL{}, why
		}
	case rest == "":
		return base, ""
	case isSlash(rest[0]):
		c.start(base, int(base.path))
		c.pathAndQuery(rest[1:])
	case rest[0] == '?':
		c.start(base, int(base.query))
		c.query(rest)
	default:
		c.start(base, int(base.path)+strings.LastIndexByte(base.Path(), '/'))
		c.pathAndQuery(rest)
	}
	return c.url()
}

// start takes over the first n bytes of base, at least up to its path.
func (c *composer) start(base URL, n int) {
	c.out = append(c.out, base.s[:n]...)
	c.host, c.port, c.path = int(base.host), int(base.port), int(base.path)
}

// authority writes scheme, userinfo, host and port and goes on with the path.
func (c *composer) authority(scheme, rest string) string {
	end := strings.IndexAny(rest, `/\?`)
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	c.out = append(append(c.out, scheme...), "://"...)
	at := strings.LastIndexByte(host, '@')
	if at >= 0 {
		c.userinfo(host[:at])
		host = host[at+1:]
	}
	host, port, hasPort := cutPort(host)
	if host == "" && at >= 0 && !hasPort {
		return "userinfo without a host"
	} else if host == "" {
		return "no host"
	}
	var why string
	c.host = len(c.out)
	if c.out, why = appendHost(c.out, host); why != "" {
		return why
	}
	c.port = len(c.out)
	if why := c.writePort(scheme, port); why != "" {
		return why
	}
	c.path = len(c.out)
	if tail != "" && isSlash(tail[0]) {
		tail = tail[1:]
	}
	c.pathAndQuery(tail)
	return ""
}

// userinfo writes name and password; an empty one, or an empty password, leaves no trace.
func (c *composer) userinfo(s string) {
	name, password, _ := strings.Cut(s, ":")
	c.out = appendEscaped(c.out, name, inUser)
	if password != "" {
		c.out = append(c.out, ':')
		c.out = appendEscaped(c.out, password, inUser)
	}
	if name != "" || password != "" {
		c.out = append(c.out, '@')
	}
}

// cutPort cuts at the first colon outside brackets.
func cutPort(s string) (host, port string, ok bool) {
	inBrackets := false
	for i := range len(s) {
		switch s[i] {
		case '[':
			inBrackets = true
		case ']':
			inBrackets = false
		case ':':
			if !inBrackets {
				return s[:i], s[i+1:], true
			}
		}
	}
	return s, "", false
}

// writePort writes ":port" unless it is empty or the scheme's own.
func (c *composer) writePort(scheme, port string) string {
	if strings.Trim(port, "0123456789") != "" {
		return "port is not a number"
	}
	if port == "" {
		return ""
	}
	port = strings.TrimLeft(port, "0")
	if port == "" {
		port = "0"
	}
	// Of equal length, digits compare as numbers do.
	if len(port) > 5 || len(port) == 5 && port > "65535" {
		return "port is over 65535"
	}
	if scheme == "http" && port != "80" || scheme == "https" && port != "443" {
		c.out = append(append(c.out, ':'), port...)
	}
	return ""
}

// pathAndQuery writes the segments of s, without the first slash, after what
// stands; c.out ends before a slash.
func (c *composer) pathAndQuery(s string) {
	path, query := s, ""
	if i := strings.IndexByte(s, '?'); i >= 0 {
		path, query = s[:i], s[i:]
	}
	for more := true; more; {
		segment := path
		i := strings.IndexAny(path, `/\`)
		if more = i >= 0; more {
			segment, path = path[:i], path[i+1:]
		}
		switch dots(segment) {
		case 2:
			// Up: cut the last segment, but never into the host.
			if i := bytes.LastIndexByte(c.out[c.path:], '/'); i >= 0 {
				c.out = c.out[:c.path+i]
			}
			fallthrough
		case 1:
			if !more {
				c.out = append(c.out, '/')
			}
		default:
			c.out = append(c.out, '/')
			c.out = appendEscaped(c.out, segment, inPath)
		}
	}
	c.query(query)
}

// query writes s, which is "" or begins with "?".
func (c *composer) query(s string) {
	c.out = appendEscaped(c.out, s, inQuery)
}

// url is what was written.
func (c *composer) url() (URL, string) {
	if len(c.out) > MaxLen {
		return URL{}, tooLong
	}
	s := string(c.out)
	query := strings.IndexByte(s[c.path:], '?')
	if query < 0 {
		query = len(s) - c.path
	}
	return URL{s: s, host: uint32(c.host), port: uint32(c.port), path: uint32(c.path), query: uint32(c.path + query)}, ""
}

// dots is 1 for "." and 2 for "..", in any spelling, else 0.
func dots(s string) int {
	if s == "" || s[0] != '.' && s[0] != '%' {
		return 0
	}
	n := 0
	for ; s != "" && n < 3; n++ {
		switch {
		case s[0] == '.':
			s = s[1:]
		case len(s) > 2 && s[:2] == "%2" && s[2]|0x20 == 'e':
			s = s[3:]
		default:
			return 0
		}
	}
	return n % 3
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }
