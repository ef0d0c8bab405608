package warc

import (
	"bytes"
	"strings"
)

// stars stand for a secret.
const stars = "***"

// secret are the fields of a request whose values are nobody else's business.
var secret = [...]string{"Authorization", "Proxy-Authorization", "Cookie"}

// redacted is a request without its secrets. Its lines end as they did.
func redacted(request []byte) []byte {
	out := make([]byte, 0, len(request))
	for line := range bytes.Lines(request) {
		name, _, isField := bytes.Cut(line, []byte(":"))
		if !isField || !isSecret(string(name)) {
			out = append(out, line...)
			continue
		}
		out = append(append(out, name...), ": "+stars...)
		out = append(out, line[len(bytes.TrimRight(line, "\r\n")):]...)
	}
	return out
}

func isSecret(name string) bool {
	for _, s := range secret {
		if strings.EqualFold(name, s) {
			return true
		}
	}
	return false
}
