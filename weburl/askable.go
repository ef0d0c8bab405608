package weburl

import "strings"

// Unaskable says why u cannot be asked for over HTTP although it is a URL to
// browsers; "" if it can, and of the zero URL. Hosts may have quotes, braces and
// backticks in the URL Standard, which no host has in HTTP (RFC 9110 section 4.2.1 by
// RFC 3986 section 3.2.2): some servers and proxies refuse them, and so does
// net/http over HTTP/2. The road not taken, to send them where that can be done, would
// make the outcome depend on the way. Port 0 is nobody's.
func (u URL) Unaskable() string {
	switch {
	case strings.ContainsAny(u.Host(), "\"`{}"):
		return "host has a character that HTTP does not allow"
	case u.Port() == "0":
		return "port 0 cannot be asked"
	}
	return ""
}
