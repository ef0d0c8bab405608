package weburl

import "unicode/utf8"

// What a byte may stand for without being escaped. The standard's
// percent-encode sets, turned round: a bit says "stays as it is".
const (
	inPath  = 1 << iota // path percent-encode set
	inQuery             // special-query percent-encode set
	inUser              // userinfo percent-encode set
	inHost              // part of a plain ASCII domain, in either case
)

var keeps = keepTable()

func keepTable() (t [256]uint8) {
	except := func(bit uint8, set string) {
		for c := 0x21; c <= 0x7e; c++ {
			t[c] |= bit
		}
		for i := range len(set) {
			t[set[i]] &^= bit
		}
	}
	except(inQuery, `"#<>'`)
	except(inPath, "\"#<>?^`{}")
	except(inUser, "\"#<>?^`{}/:;=@[\\]|")
	const host = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
	for i := range len(host) {
		t[host[i]] |= inHost
	}
	return t
}

// appendEscaped appends s to out with what the bit's set does not keep as %XX.
// Invalid UTF-8 becomes U+FFFD first, a byte at a time. "%" stays: an escape is never
// escaped again, and a broken one is left broken, as browsers do.
func appendEscaped(out []byte, s string, bit uint8) []byte {
	kept := 0
	for i := 0; i < len(s); {
		c := s[i]
		if keeps[c]&bit != 0 {
			i++
			continue
		}
		out = append(out, s[kept:i]...)
		if c < utf8.RuneSelf {
			out = appendHex(out, c)
			i++
		} else {
			r, n := utf8.DecodeRuneInString(s[i:])
			var b [utf8.UTFMax]byte
			for _, c := range b[:utf8.EncodeRune(b[:], r)] {
				out = appendHex(out, c)
			}
			i += n
		}
		kept = i
	}
	return append(out, s[kept:]...)
}

func appendHex(out []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(out, '%', digits[c>>4], digits[c&15])
}

// unescape decodes %XX and leaves a "%" that begins no escape as it is, as the
// standard's percent-decode does; url.PathUnescape refuses such text.
func unescape(s string) string {
	i := 0
	for i < len(s) && s[i] != '%' {
		i++
	}
	if i == len(s) {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:i]...)
	for ; i < len(s); i++ {
		if escaped(s[i:]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// escaped says that s begins with %XX.
func escaped[T string | []byte](s T) bool {
	return len(s) > 2 && s[0] == '%' && unhex(s[1]) < 16 && unhex(s[2]) < 16
}

// unhex is the value of a hexadecimal digit, or over 15.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}
