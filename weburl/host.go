package weburl

import (
	"net/netip"
	"strings"

	whatwgerr "github.com/nlnwa/whatwg-url/errors"
	whatwg "github.com/nlnwa/whatwg-url/url"
)

// appendHost appends a host in normal form, or gives the reason why it is none.
// A plain ASCII domain needs lower case and nothing else, and an IPv4 address of
// four decimal numbers stays as it is; IDNA, IPv4 in its other spellings, IPv6,
// escapes and what is forbidden are the library's.
func appendHost(out []byte, host string) ([]byte, string) {
	if plainDomain(host) {
		for i := range len(host) {
			c := host[i]
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			out = append(out, c)
		}
		return out, ""
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is4() { // none but the normal form, without leading zeros
		return append(out, host...), ""
	}
	if !bracketsMatch(host) {
		return nil, "host has a bracket that does not match"
	}
	w, err := whatwg.Parse("http://" + host + "/")
	if whatwgerr.Type(err) == whatwgerr.DomainToASCII {
		w, err = asciiHost().Parse("http://" + host + "/")
	}
	if err != nil {
		return nil, reason(err)
	}
	return append(out, w.Hostname()...), ""
}

// plainDomain reports whether lower case is all that IDNA does to the host:
// letters, digits, "-", "_" and ".", no Punycode, and no IPv4 address.
func plainDomain(host string) bool {
	for i := range len(host) {
		c := host[i]
		if keeps[c]&inHost == 0 {
			return false
		}
		if c|0x20 == 'x' && (i == 0 || host[i-1] == '.') && len(host) >= i+4 && strings.EqualFold(host[i:i+4], "xn--") {
			return false
		}
	}
	return host != "" && !endsInNumber(host)
}

// endsInNumber is a wide form of the standard's check of that name: the last
// label begins with a digit. Such a host is an IPv4 address, or needs a closer look.
func endsInNumber(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	return last != "" && last[0] >= '0' && last[0] <= '9'
}

// bracketsMatch guards the library, which trims every bracket off the ends of a
// host that begins with one, and so reads "[[::1]]" as an address.
func bracketsMatch(host string) bool {
	if !strings.HasPrefix(host, "[") {
		return true
	}
	return strings.LastIndexByte(host, '[') == 0 && strings.IndexByte(host, ']') == len(host)-1
}

// asciiHost is a parser for one use that takes an all-ASCII host as it is, in
// lower case, even where a label beginning with "xn--" is no valid Punycode: the
// standard has it so since 2025, the library refuses it. The hooks hide such a
// host from the library's IDNA step behind a stand-in that passes it unchanged.
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

// reason puts the library's verdict in short words. Its own text is never
// passed on: it holds the URL with its password.
func reason(err error) string {
	switch whatwgerr.Type(err) {
	case whatwgerr.HostMissing:
		return "no host"
	case whatwgerr.DomainToASCII:
		return "host is not a valid domain name"
	case whatwgerr.DomainInvalidCodePoint:
		return "host has a forbidden character"
	}
	return "host is not a valid address"
}
