package weburl

import (
	"strings"
	"unicode/utf8"
)

// Redact returns text that was typed as a URL with its userinfo replaced by
// "***@" (cli.md §3, `input`). It works on any text, with or without a scheme, valid or
// not, and errs on the side of hiding: a password with a "/" in it makes the
// URL invalid, not the password public; and so does an "@" that is escaped, or a
// wide one. Text without userinfo comes back as it is.
func Redact(s string) string {
	if !mayHoldAt(s) {
		return s // as most text
	}
	if n := len(mailto); len(s) >= n && strings.EqualFold(s[:n], mailto) {
		return redactMail(s[:n], s[n:])
	}
	start := afterScheme(s)
	rest := s[start:]
	end := len(rest)
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		end = i
	}
	host := afterAt(rest[:end], strings.LastIndexAny)
	if host < 0 && !plausiblePort(rest[:end]) {
		// "user:pa/ss@host": what stands before the "/" is no host and port.
		if host = afterAt(rest, strings.IndexAny); host >= 0 {
			return Redact(s[:start] + "***@" + rest[host:]) // "user:pa/s@s@host"
		}
	}
	if host < 0 {
		return s
	}
	return s[:start] + "***@" + rest[host:]
}

const mailto = "mailto:"

// redactMail leaves an address, which is no secret; one with a colon is none, but most
// likely a name and a password.
func redactMail(scheme, address string) string {
	host := afterAt(address, strings.LastIndexAny)
	if host < 0 || !strings.Contains(address[:host], ":") && !strings.Contains(strings.ToLower(address[:host]), "%3a") {
		return scheme + address
	}
	return scheme + "***@" + address[host:]
}

// anyAt is "@" and what IDNA makes "@" of.
const anyAt = "@\uff20\ufe6b"

// mayHoldAt is false only where s holds no "@", nor one that is escaped or wide.
func mayHoldAt(s string) bool {
	return strings.IndexByte(s, '@') >= 0 || strings.IndexByte(s, '%') >= 0 || strings.IndexByte(s, wideAt) >= 0
}

// wideAt begins each of anyAt but the first, in UTF-8.
const wideAt = '\xef'

// afterAt is the offset after the "@" that index finds, or -1. It looks at s as a
// host is read, without breaks and escapes: what is an "@" then is so often one
// that was meant, and never part of a host.
func afterAt(s string, index func(s, chars string) int) int {
	if !mayHoldAt(s) {
		return -1
	}
	var text []byte
	var from []int // where in s each byte of text begins
	for i := range len(s) {
		if s[i] != '\t' && s[i] != '\r' && s[i] != '\n' {
			text, from = append(text, s[i]), append(from, i)
		}
	}
	n := 0
	for i := 0; i < len(text); i++ {
		text[n], from[n] = text[i], from[i]
		if escaped(text[i:]) {
			text[n] = unhex(text[i+1])<<4 | unhex(text[i+2])
			i += 2
		}
		n++
	}
	at := index(string(text[:n]), anyAt)
	if at < 0 {
		return -1
	}
	_, size := utf8.DecodeRune(text[at:n])
	if at+size == n {
		return len(s)
	}
	return from[at+size]
}

// afterScheme is the offset after "scheme:" and its slashes. Tabs and newlines
// count for nothing in a URL, so they hide nothing.
func afterScheme(s string) int {
	const slashes = "/\\\t\r\n"
	rest := strings.TrimLeftFunc(s, func(r rune) bool { return r <= ' ' })
	if i := strings.IndexByte(s, ':'); i >= 0 && isScheme(stripBreaks(trimSpace(s[:i]))) {
		scheme, after := stripBreaks(trimSpace(s[:i])), s[i+1:]
		// "joe:secret@host": without a slash the word is as likely a name.
		if strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") ||
			len(after) > len(strings.TrimLeft(after, slashes)) {
			rest = after
		}
	}
	return len(s) - len(strings.TrimLeft(rest, slashes))
}

// plausiblePort reports whether what follows the host's colon could be a port.
func plausiblePort(authority string) bool {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || strings.HasSuffix(authority, "]") {
		return true
	}
	return strings.Trim(authority[i+1:], "0123456789\t\r\n ") == ""
}
