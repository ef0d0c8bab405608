package weburl

import "strings"

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
// (mailto:, javascript:) is [ErrInvalid]. So are text with NUL, text longer
// than [MaxLen], and a URL that is [URL.Unaskable].
func ParseInput(s string) (URL, error) {
	u, err := parseTyped(s)
	if err != nil {
		return URL{}, err
	}
	if why := u.Unaskable(); why != "" {
		return URL{}, invalid(s, why)
	}
	return u, nil
}

func parseTyped(s string) (URL, error) {
	if len(s) > MaxLen {
		return URL{}, invalid(s, tooLong)
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
	if t[0] == '/' && !strings.HasPrefix(t, "//") {
		return URL{}, invalid(s, "a path without a host")
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

const tooLong = "longer than 64 KiB"

// parse reads s on the page base, which may be the zero URL.
func parse(base URL, s string) (URL, error) {
	if len(s) > MaxLen {
		return URL{}, invalid(s, tooLong)
	}
	t := stripBreaks(trimSpace(s))
	scheme, rest := cutScheme(t)
	switch {
	case scheme != "" && scheme != "http" && scheme != "https":
		return URL{}, otherScheme(s, scheme)
	case scheme == "" && base.IsZero():
		return URL{}, invalid(s, "no scheme")
	}
	u, why := compose(base, scheme, rest)
	if why != "" {
		return URL{}, invalid(s, why)
	}
	return u, nil
}

// cutScheme cuts "scheme:" off s, which has neither spaces around it nor breaks
// inside. The scheme comes in lower case, and is "" where there is none.
func cutScheme(s string) (scheme, rest string) {
	switch { // almost all that have one
	case strings.HasPrefix(s, "https:"):
		return "https", s[len("https:"):]
	case strings.HasPrefix(s, "http:"):
		return "http", s[len("http:"):]
	}
	i := strings.IndexAny(s, ":/?#")
	if i < 0 || s[i] != ':' || !isScheme(s[:i]) {
		return "", s
	}
	return strings.ToLower(s[:i]), s[i+1:]
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
	if strings.IndexByte(s, '\t') < 0 && strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		return s // strings.ContainsAny takes several times as long
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, s)
}
