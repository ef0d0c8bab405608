package robots

import "strings"

// A pattern speaks of a star or a dollar itself by its escape (RFC 9309 section
// 2.2.3), whereas in a URL both may stand as they are.
const star, dollar = "%2A", "%24"

func hasSpecial(pattern string) bool {
	return strings.Contains(pattern, star) || strings.Contains(pattern, dollar)
}

// escapeSpecial writes the stars and dollars of a path as such a pattern has them.
func escapeSpecial(path string) string {
	if !strings.ContainsAny(path, "*$") {
		return path
	}
	return strings.NewReplacer("*", star, "$", dollar).Replace(path)
}

// upperEscapes writes the hex digits of escapes in upper case, as the parser
// does with patterns.
func upperEscapes(path string) string {
	if strings.IndexByte(path, '%') < 0 {
		return path
	}
	b := []byte(path)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' && isHex(b[i+1]) && isHex(b[i+2]) {
			b[i+1], b[i+2] = upper(b[i+1]), upper(b[i+2])
			i += 2
		}
	}
	return string(b)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}

// repairEscapes undoes a fault of the parser (v1.0.3): where it writes escapes in
// upper case, it clears bit 5 of the digits as well, so that "%e3" becomes
// "%E\x13".
func repairEscapes(pattern string) string {
	var b []byte
	for i := 0; i+2 < len(pattern); i++ {
		if pattern[i] != '%' {
			continue
		}
		for j := i + 1; j <= i+2; j++ {
			if 0x10 <= pattern[j] && pattern[j] <= 0x19 {
				if b == nil {
					b = []byte(pattern)
				}
				b[j] |= 0x20
			}
		}
	}
	if b == nil {
		return pattern
	}
	return string(b)
}
