package weburl

import (
	"strings"

	whatwgerr "github.com/nlnwa/whatwg-url/errors"
	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Parse reads an absolute http or https URL by the WHATWG URL Standard, its
// tolerance included: surrounding spaces, tabs and newlines inside, backslashes,
// missing slashes. Any other scheme is [ErrScheme]; everything else is [ErrInvalid].
func Parse(s string) (URL, error) { return parse(URL{}, s) }

// Resolve reads ref as a browser reads a link on the page u: absolute,
// scheme-relative, path-relative or a query alone. An empty ref is u itself. A
// ref of another scheme (mailto:, javascript:, data:) is [ErrScheme].
func (u URL) Resolve(ref string) (URL, error) { return parse(u, ref) }

// ParseInput reads a URL as a person types it into a list: a missing scheme means
// https. Only the text before the first "/", "?" or "#" is judged (cli.md §2):
// without a colon, with each colon followed by a digit (localhost:8080/x), or with a
// leading "[", it has no scheme; "word://" is a scheme; any other "word:"
// (mailto:, javascript:) is [ErrInvalid]. So are text with NUL and text longer
// than [MaxLen].
func ParseInput(s string) (URL, error) {
	if len(s) > MaxLen {
		return URL{}, invalid(s, "longer than 64 KiB")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return URL{}, invalid(s, "contains a NUL byte")
	}
	t := stripBreaks(trimSpace(s))
	if t == "" {
		return URL{}, invalid(s, "empty")
	}
	head := t
	if i := strings.IndexAny(t, "/?#"); i >= 0 {
		head = t[:i]
	}
	if head == "" || head[0] == '[' || colonsBeforeDigits(head) {
		u, err := Parse("https://" + t)
		if e, ok := err.(*Error); ok {
			e.Input = Redact(s)
		}
		return u, err
	}
	scheme, _, _ := strings.Cut(head, ":")
	if !isScheme(scheme) || !strings.HasPrefix(t[len(scheme):], "://") {
		return URL{}, invalid(s, "neither a host nor a scheme with \"://\"")
	}
	return Parse(s)
}

func colonsBeforeDigits(s string) bool {
	for i := range len(s) {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9') {
			return false
		}
	}
	return true
}

func parse(base URL, s string) (URL, error) {
	if len(s) > MaxLen {
		return URL{}, invalid(s, "longer than 64 KiB")
	}
	// Other schemes end here: the library would read all of a data: URL first.
	if scheme, ok := schemeOf(s); ok && scheme != "http" && scheme != "https" {
		return URL{}, otherScheme(s, scheme)
	} else if !ok && base.IsZero() {
		return URL{}, invalid(s, "no scheme")
	}
	return slow(base, s)
}

// slow asks the library.
func slow(base URL, s string) (URL, error) {
	w, err := whatwg.ParseRef(base.s, s)
	if whatwgerr.Type(err) == whatwgerr.DomainToASCII {
		w, err = asciiHost().ParseRef(base.s, s)
	}
	if err != nil {
		return URL{}, invalid(s, reason(err))
	}
	href := w.Href(true)
	if len(href) > MaxLen {
		return URL{}, invalid(s, "longer than 64 KiB")
	}
	return split(href), nil
}

// asciiHost is a parser for one use that takes an all-ASCII host as it is, in
// lower case, even where a label beginning with "xn--" is no valid Punycode: the
// standard has it so since 2025, the library refuses it. The hooks hide such a host from
// the library's IDNA step behind a stand-in that passes it unchanged.
func asciiHost() whatwg.Parser {
	const standIn = "ascii.invalid"
	host := ""
	return whatwg.NewParser(
		whatwg.WithPreParseHostFunc(func(_ *whatwg.Url, typed string) string {
			domain := unescape(typed)
			if !strings.Contains(strings.ToLower(domain), "xn--") || endsInNumber(domain) {
				return typed
			}
			for i := range len(domain) {
				if domain[i] >= 0x7f || whatwg.ForbiddenDomainCodePoint.Test(uint(domain[i])) {
					return typed
				}
			}
			host = strings.ToLower(domain)
			return standIn
		}),
		whatwg.WithPostParseHostFunc(func(_ *whatwg.Url, domain string) string {
			if domain == standIn && host != "" {
				return host
			}
			return domain
		}),
	)
}

// endsInNumber is a wide form of the standard's check of that name: such a host is an IPv4
// address or nothing.
func endsInNumber(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	return last != "" && last[0] >= '0' && last[0] <= '9'
}

// reason puts the library's verdict in short words. Its own text is never
// passed on: it holds the URL with its password.
func reason(err error) string {
	switch whatwgerr.Type(err) {
	case whatwgerr.HostMissing:
		return "no host"
	case whatwgerr.InvalidCredentials:
		return "userinfo without a host"
	case whatwgerr.PortInvalid:
		return "port is not a number"
	case whatwgerr.PortOutOfRange:
		return "port is over 65535"
	case whatwgerr.DomainToASCII:
		return "host is not a valid domain name"
	case whatwgerr.DomainInvalidCodePoint:
		return "host has a forbidden character"
	}
	return "host is not a valid address"
}

// schemeOf is the scheme that s begins with, in lower case, by the standard's
// scheme states: leading spaces and control characters, and tabs and newlines
// anywhere, do not count.
func schemeOf(s string) (string, bool) {
	s = trimSpace(s)
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return "", false
	}
	scheme := stripBreaks(s[:i])
	if !isScheme(scheme) {
		return "", false
	}
	return strings.ToLower(scheme), true
}

// isScheme reports whether s is a scheme of RFC 3986 §3.1.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		other := s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return s != ""
}

// trimSpace cuts the C0 controls and spaces that the standard strips.
func trimSpace(s string) string {
	for s != "" && s[0] <= ' ' {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// stripBreaks removes tabs and newlines, as the standard does first of all.
func stripBreaks(s string) string {
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, s)
}
