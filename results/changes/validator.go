package changes

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// Validators are what a request may ask with, whether the answer of before still
// holds (RFC 9110 section 13.1). One of them may be "".
type Validators struct {
	URL                string // that answered with them; no other may be asked so
	ETag, LastModified string
}

// validators of an entry, if its last answer was a plain one that has them. That
// nobody answered since then is no answer.
func (e *entry) validators() (Validators, bool) {
	v := Validators{URL: e.URL, ETag: entityTag(e.ETag), LastModified: httpDate(e.LastModified)}
	if e.FinalURL != "" {
		v.URL = e.FinalURL
	}
	asks := e.Status == http.StatusOK && e.Method == ""
	return v, asks && v.ETag+v.LastModified != ""
}

// Limits of validators that are kept; an answer with a longer one is as one
// without. What servers send is far below.
const (
	maxETag         = 1024
	maxLastModified = 64
)

// entityTag is an ETag as it may be sent back, byte for byte, or "": an entity-tag
// (RFC 9110 section 8.8.3) of ASCII, or one without its quotes, which many a server
// sends and wants to have back so. "*" would ask for any page at all, and a comma
// for one of several.
func entityTag(tag string) string {
	opaque := strings.TrimPrefix(tag, "W/")
	inner, quoted := strings.CutPrefix(opaque, `"`)
	if quoted {
		if inner, quoted = strings.CutSuffix(inner, `"`); !quoted {
			return ""
		}
	} else if opaque == "" || opaque == "*" || strings.Contains(tag, ",") {
		return ""
	}
	if len(tag) > maxETag || strings.ContainsFunc(inner, func(r rune) bool { return r <= ' ' || r == '"' || r >= 0x7f }) {
		return ""
	}
	return tag
}

// httpDate is a Last-Modified as it may be sent back, or "": a date in the one form
// that may be sent (RFC 9110 section 5.6.7), with the text kept as it is, for there
// are servers that compare no more than that.
func httpDate(date string) string {
	at, err := time.Parse(http.TimeFormat, date)
	if err != nil || at.Format(http.TimeFormat)[3:] != date[3:] { // a wrong day of the week is the server's own
		return ""
	}
	return date
}

// isText says that a validator could stand in a file of ours, which those of older
// versions did although they are never sent.
func isText(v string, limit int) bool {
	return len(v) <= limit && utf8.ValidString(v) && !strings.ContainsFunc(v, isControl)
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }
