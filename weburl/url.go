package weburl

import (
	"strconv"
	"strings"
)

// MaxLen is the longest URL in bytes, as typed and in normal form; longer ones
// are [ErrInvalid] (the limit of a line, cli.md §2).
const MaxLen = 64 << 10

// URL is an absolute http or https URL in WHATWG normal form with the fragment
// dropped. It is an immutable value, comparable with ==; the zero value is no
// URL ([URL.IsZero]) and gives empty strings everywhere.
//
// Printing one with the fmt package shows no credentials, unless it is an
// unexported field of something else.
type URL struct {
	s string // scheme://[userinfo@]host[:port]/path[?query]

	// Offsets into s. They follow from s alone, so == on URLs is == on s.
	host  uint32 // first byte of the host, after "://" or "@"
	port  uint32 // end of the host: the ":" of an explicit port, or equal to path
	path  uint32 // the "/" that begins the path
	query uint32 // the "?" that begins the query, or len(s)
}

// IsZero reports whether u is the zero value, which is no URL.
func (u URL) IsZero() bool { return u.s == "" }

// String is the normal form without userinfo: what records and logs print.
func (u URL) String() string {
	start := u.authority()
	if start == int(u.host) {
		return u.s
	}
	return u.s[:start] + u.s[u.host:]
}

// GoString is String in quotes, so that %#v shows no credentials either.
func (u URL) GoString() string { return strconv.Quote(u.String()) }

// Identity is the normal form with userinfo: what duplicates are judged by.
// It may hold a password: never print it.
func (u URL) Identity() string { return u.s }

// Scheme is "http" or "https".
func (u URL) Scheme() string { return u.s[:max(0, u.authority()-len("://"))] }

// Hostname is the host without port: a lower-case ASCII domain, a dotted IPv4
// address, or an IPv6 address without its brackets.
func (u URL) Hostname() string {
	h := u.s[u.host:u.port]
	if strings.HasPrefix(h, "[") {
		return h[1 : len(h)-1]
	}
	return h
}

// Port is the port, "80" or "443" where the URL has none of its own.
func (u URL) Port() string {
	switch {
	case u.port < u.path:
		return u.s[u.port+1 : u.path]
	case u.IsZero():
		return ""
	case u.Scheme() == "http":
		return "80"
	}
	return "443"
}

// HostPort is host:port with the port always there and IPv6 in brackets: the
// address to dial, and the host of politeness (cli.md §5).
func (u URL) HostPort() string {
	if u.port < u.path || u.IsZero() {
		return u.s[u.host:u.path]
	}
	return u.s[u.host:u.port] + ":" + u.Port()
}

// Host is the value of a Host header: the port only where it is not the
// scheme's own, IPv6 in brackets.
func (u URL) Host() string { return u.s[u.host:u.path] }

// Origin is scheme://host[:port], without userinfo: what robots rules,
// credentials and cookies are bound to.
func (u URL) Origin() string {
	start := u.authority()
	if start == int(u.host) {
		return u.s[:u.path]
	}
	return u.s[:start] + u.s[u.host:u.path]
}

// Path is the escaped path; it begins with "/".
func (u URL) Path() string { return u.s[u.path:u.query] }

// Query is the escaped query with its "?"; "" where there is none. An empty
// query ("/?") is "?", because browsers send it.
func (u URL) Query() string { return u.s[u.query:] }

// RequestURI is path and query: the target of a request line.
func (u URL) RequestURI() string { return u.s[u.path:] }

// User is the userinfo, percent-decoded; ok is false where there is none.
// Neither part may be printed.
func (u URL) User() (name, password string, ok bool) {
	start := u.authority()
	if start == int(u.host) {
		return "", "", false
	}
	name, password, _ = strings.Cut(u.s[start:u.host-1], ":")
	return unescape(name), unescape(password), true
}

// WithUserOf is u with the userinfo of another URL in place of its own, or with none
// where that is the zero URL.
func (u URL) WithUserOf(other URL) URL {
	start := u.authority()
	user := other.s[other.authority():other.host]
	if u.s[start:u.host] == user {
		return u
	}
	shift := uint32(start + len(user) - int(u.host)) // modulo 2^32 where it shrinks
	u.s = u.s[:start] + user + u.s[u.host:]
	u.host, u.port, u.path, u.query = u.host+shift, u.port+shift, u.path+shift, u.query+shift
	return u
}

// authority is the offset after "://".
func (u URL) authority() int {
	if strings.HasPrefix(u.s, "https") {
		return len("https://")
	}
	return min(len(u.s), len("http://"))
}
