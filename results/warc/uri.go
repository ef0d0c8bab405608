package warc

import "strings"

// uri is a URI as it may stand in a field, by RFC 3986: what may not stand in one as it
// is, which browsers send all the same, is escaped. The request has it as it was sent.
func uri(s string) string {
	path := pathAt(s)
	var b strings.Builder
	for i := range len(s) {
		if mayStand(s, i, i < path) {
			b.WriteByte(s[i])
		} else {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[s[i]>>4], hex[s[i]&15]})
		}
	}
	return b.String()
}

// pathAt is where the scheme and the host end.
func pathAt(s string) int {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		return 0
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return len(s) - len(rest) + i
	}
	return len(s)
}

// mayStand says that byte i of s may: in the host brackets may too (IPv6), and "%" must
// begin an escape.
func mayStand(s string, i int, host bool) bool {
	switch c := s[i]; {
	case c <= ' ' || c >= 0x7f:
		return false
	case c == '%':
		return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	case c == '[' || c == ']':
		return host
	default:
		return !strings.ContainsRune("\"<>\\^`{|}", rune(c))
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
