package extract

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// unescapeText is the text of a <title> with its character references decoded.
func unescapeText(b []byte) string {
	return clean(html.UnescapeString(newlines(b)))
}

// unescapeValue is an attribute's value with its character references decoded.
// In a value a name without ";" counts only if no letter, digit or "=" follows,
// so that "?a=1&copy=2" stays what its author meant (HTML standard §13.2.5.73).
func unescapeValue(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return clean(newlines(b))
	}
	s := newlines(b)
	var out strings.Builder
	for {
		amp := strings.IndexByte(s, '&')
		if amp < 0 {
			out.WriteString(s)
			return clean(out.String())
		}
		out.WriteString(s[:amp])
		s = s[amp:]
		n := referenceLen(s)
		out.WriteString(reference(s[:n], n < len(s) && s[n] == '='))
		s = s[n:]
	}
}

// referenceLen is the length of what may be a character reference at the
// beginning of s: "&", then "#" and letters and digits, then ";".
func referenceLen(s string) int {
	n := 1
	if n < len(s) && s[n] == '#' {
		n++
	}
	for n < len(s) && (isLetter(s[n]) || s[n] >= '0' && s[n] <= '9') {
		n++
	}
	if n < len(s) && s[n] == ';' {
		n++
	}
	return n
}

// reference decodes ref, or leaves it where it is none, or none in a value.
func reference(ref string, beforeEquals bool) string {
	decoded := html.UnescapeString(ref)
	if decoded == ref || strings.HasPrefix(ref, "&#") {
		return decoded
	}
	last := ref[len(ref)-1]
	if last != ';' && beforeEquals {
		return ref
	}
	// UnescapeString also decodes the beginning of a name ("&copyx"), as text
	// has it; then the end of the name is still there. No whole reference gives
	// text that ends like its name, but for "&semi;" and "&fjlig;".
	if strings.HasSuffix(decoded, string(last)) && decoded != ";" {
		return ref
	}
	return decoded
}

// newlines makes CR and CRLF LF, as the standard does before all parsing.
func newlines(b []byte) string {
	s := string(b)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}
