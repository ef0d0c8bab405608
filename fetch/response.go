package fetch

import (
	"net/http"
	"strings"
	"time"

	"crawl/weburl"
)

// Response is what one exchange brought. It belongs to whoever called Do, and
// to one goroutine at a time.
type Response struct {
	URL    weburl.URL // the URL asked
	Status int        // 0 where no header came
	// Header is the answer's header; CR, LF, NUL and other control characters in
	// values are replaced by spaces (RFC 9110 section 5.5).
	Header http.Header
	// Body is the decoded body, cut at MaxBody; valid until Release, nil with an error.
	Body []byte
	// Size counts the decoded bytes that were taken, WireSize the bytes of the
	// body as they came, before content decoding and without chunk framing.
	Size, WireSize int64
	// Truncated says that the body was longer than MaxBody and was cut.
	Truncated bool
	// Whole says that the body was read to its end as it came, also where nothing
	// could be made of it. Cut is why it was not, where no error and no Truncated says
	// so: only of an exchange with a Tap, for which more is read than is understood.
	Whole       bool
	Cut         Kind
	Protocol    string // "HTTP/1.0", "HTTP/1.1", "HTTP/2.0"
	IP          string // the address that answered, without port
	ContentType string // the Content-Type header as sent
	Time        Timing

	buf  *buffer
	pool *buffers
}

// Timing holds how long each part of the exchange took. DNS, Connect and TLS
// are zero when a kept-alive connection was used. TTFB runs from the moment the
// connection was there to the first byte of the answer, Download from there to
// the end of the body.
type Timing struct{ DNS, Connect, TLS, TTFB, Download time.Duration }

// Release gives the body's buffer back to the client. Body must not be used
// afterwards. More calls, and calls on nil, do nothing.
func (r *Response) Release() {
	if r == nil || r.buf == nil {
		return
	}
	r.pool.put(r.buf)
	r.buf, r.Body = nil, nil
}

// take copies what the header of the answer says.
func (r *Response) take(a *answer) {
	r.Status = a.status
	r.Protocol = a.proto
	r.Header = a.header
	for _, values := range r.Header {
		for i, v := range values {
			values[i] = cleanValue(v)
		}
	}
	r.ContentType = r.Header.Get("Content-Type")
}

// cleanValue replaces control characters in a header value by spaces, as RFC
// 9110 section 5.5 allows, so that no reader of Header can be tricked by them.
func cleanValue(v string) string {
	if strings.IndexFunc(v, isControl) < 0 {
		return v
	}
	b := []byte(v)
	for i, c := range b {
		if isControl(rune(c)) {
			b[i] = ' '
		}
	}
	return string(b)
}

func isControl(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }
