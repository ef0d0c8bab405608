package fetch

import (
	"net/http"
	"strings"
	"time"
)

const maxRetryAfter = time.Hour // cli.md section 5

// retryAfter is how long the answer asks to wait, at most an hour. What is
// absent, invalid, past or zero is not told.
func retryAfter(resp *Response, now time.Time) (wait time.Duration, told bool) {
	if resp == nil || resp.Header == nil {
		return 0, false
	}
	wait = parseRetryAfter(resp.Header.Get("Retry-After"), now)
	return wait, wait > 0
}

// parseRetryAfter reads delay-seconds or an HTTP date in its three spellings
// (RFC 9110 sections 10.2.3 and 5.6.7). Seconds too many for an integer are
// still seconds, and an hour.
func parseRetryAfter(v string, now time.Time) time.Duration {
	v = strings.Trim(v, " \t")
	if v == "" {
		return 0
	}
	if strings.Trim(v, "0123456789") == "" {
		var seconds time.Duration
		for _, c := range v {
			seconds = min(seconds*10+time.Duration(c-'0'), maxRetryAfter/time.Second)
		}
		return seconds * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), maxRetryAfter))
}
