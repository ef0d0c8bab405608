package weburl

import "strings"

// Redact returns text that was typed as a URL with its userinfo replaced by
// "***@" (cli.md §3, `input`). It works on any text, with or without a scheme, valid or
// not, and errs on the side of hiding: a password with a "/" in it makes the
// URL invalid, not the password public. Text without userinfo comes back as it is.
func Redact(s string) string {
	if len(s) >= len("mailto:") && strings.EqualFold(s[:len("mailto:")], "mailto:") {
		return s // an address, and no secret
	}
	start := afterScheme(s)
	rest := s[start:]
	end := len(rest)
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		end = i
	}
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 && !plausiblePort(rest[:end]) {
		// "user:pa/ss@host": what stands before the "/" is no host and port.
		at = strings.IndexByte(rest, '@')
	}
	if at < 0 {
		return s
	}
	return s[:start] + "***" + rest[at:]
}

// afterScheme is the offset after "scheme:" and its slashes. Tabs and newlines
// count for nothing in a URL, so they hide nothing.
func afterScheme(s string) int {
	const slashes = "/\\\t\r\n"
	rest := s
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
