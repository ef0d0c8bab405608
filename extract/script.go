package extract

import (
	"bytes"
	"strings"
)

// isEndTag reports whether b begins with "</name" and that is the whole name.
func isEndTag(b []byte, name string) bool {
	n := len("</") + len(name)
	if len(b) <= n || b[0] != '<' || b[1] != '/' {
		return false
	}
	return strings.EqualFold(string(b[2:n]), name) && (isSpaceOrSlash(b[n]) || b[n] == '>')
}

// isScriptTag reports whether b begins with "<script" and that is the whole name.
func isScriptTag(b []byte) bool {
	const n = len("<script")
	return len(b) > n && strings.EqualFold(string(b[1:n]), "script") && (isSpaceOrSlash(b[n]) || b[n] == '>')
}

// scriptEnd is the offset of the </script> that ends the script at i, or
// len(b). Scripts of the nineties hid in comments and wrote <script> tags
// themselves; the standard's rules for that (§13.2.5.15–31) are these: in
// "<!-- … -->" a <script> hides one </script>.
func scriptEnd(b []byte, i int) int {
	const (
		plain   = iota // no comment
		escaped        // after <!--
		double         // after <!-- … <script>
	)
	state, dashes := plain, 0
	for i < len(b) {
		rest := b[i:]
		switch c := b[i]; {
		case state == plain:
			lt := bytes.IndexByte(rest, '<')
			switch {
			case lt < 0:
				return len(b)
			case isEndTag(rest[lt:], "script"):
				return i + lt
			case bytes.HasPrefix(rest[lt:], []byte("<!--")):
				state, dashes = escaped, 2
				i += lt + len("<!--")
			default:
				i += lt + 1
			}
			continue
		case c == '-':
			dashes++
			i++
			continue
		case c == '>' && dashes >= 2:
			state = plain
		case c == '<' && state == escaped:
			switch {
			case isEndTag(rest, "script"):
				return i
			case isScriptTag(rest):
				state = double
				i += len("<script")
			case len(rest) > 1 && !isLetter(rest[1]) && rest[1] != '/':
				// The standard stays in the comment here; golang.org/x/net/html
				// does not, and what it sees is what selectors see.
				state = plain
			}
		case c == '<' && state == double && isEndTag(rest, "script"):
			state = escaped
			i += len("</script")
		}
		dashes = 0
		i++
	}
	return len(b)
}
