package fetch

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"crawl/weburl"
)

// Action is what a Decision asks for.
type Action int

const (
	Done  Action = iota // the line has its outcome
	Hop                 // ask Decision.URL with Decision.Method
	Retry               // ask the same again after Decision.After
)

func (a Action) String() string {
	switch a {
	case Hop:
		return "hop"
	case Retry:
		return "retry"
	}
	return "done"
}

// State is what Next has to know of the line so far. It is a plain value.
type State struct {
	Method              string // "" is GET
	URL                 weburl.URL
	Retries, MaxRetries int // over all hops of the line
	Hops, MaxRedirects  int // MaxRedirects 0 takes a 3xx as the answer
	// Seen holds URL.Identity of the earlier hops that were asked with the
	// present Method; URL itself need not be in it.
	Seen []string
	// ChainLen is the length of all targets of hops so far together, in bytes.
	ChainLen int
	Accept   func(status int) bool // what counts as ok; nil is 2xx and 3xx
	// Cookies says that those which servers set are kept, so that a redirect
	// that sets one may lead where the line has been: it is no loop.
	Cookies bool
	// Conditional says that the request had an If-None-Match or If-Modified-Since,
	// so that a 304 has something to refer to.
	Conditional bool
}

// Decision is what comes next.
type Decision struct {
	Action Action
	URL    weburl.URL // of a Hop
	Method string     // of a Hop
	// CrossOrigin says that the Hop leaves the origin: the caller must drop
	// Authorization and Cookie (cli.md section 6).
	CrossOrigin bool
	// Cookies says that the answer of a Hop set some, and State.Cookies that
	// they are kept: State.Seen begins anew.
	Cookies bool
	After   time.Duration // of a Retry: not sooner than that
	// Park is how long the whole host is to be left alone, because it said so by
	// Retry-After; also with Done.
	Park time.Duration
	Err  *Error // of Done: why the line failed; nil when it is ok
}

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// What a redirect may make a line keep while it waits. No server that is known
// takes a request line over 8 KiB by default; a hostile one could otherwise fill
// the memory with a list's chains.
const (
	maxTarget = 8 << 10
	maxChain  = 32 << 10 // the URLs of all hops together, the line's own aside
)

// Next decides what follows an exchange (cli.md section 6). It is pure: now is
// needed for dates in Retry-After, rnd gives numbers in [0, 1) for the jitter.
// resp may be nil where err is not.
//
// An *Error in err, or one it wraps, decides by its kind; any other error is
// internal and final. A status that is accepted is never tried again.
func Next(resp *Response, err error, st State, now time.Time, rnd func() float64) Decision {
	var d Decision
	wait, told := retryAfter(resp, now)
	if told && (resp.Status == http.StatusTooManyRequests || resp.Status == http.StatusServiceUnavailable) {
		d.Park = wait
	}
	if err != nil {
		e := st.adopt(err)
		if st.mayRetry() && retryable(e) {
			return d.retry(wait, st, rnd)
		}
		return d.fail(e)
	}
	if location := resp.Header.Get("Location"); st.MaxRedirects > 0 && isRedirect(resp.Status) && location != "" {
		d.Cookies = st.Cookies && len(resp.Header["Set-Cookie"]) > 0
		return d.hop(resp.Status, location, st)
	}
	if resp.Status == http.StatusNotModified && !st.Conditional { // RFC 9110 section 15.4.5; no Accept makes a page of it
		return d.fail(st.errorf(KindProtocol, PhaseHeaders, "%s, to a request without a condition", statusText(resp.Status)))
	}
	if st.accepts(resp.Status) {
		return d
	}
	if st.mayRetry() && retryableStatus(resp.Status) {
		return d.retry(wait, st, rnd)
	}
	return d.fail(st.errorf(KindHTTP, PhaseHeaders, "%s", statusText(resp.Status)))
}

func (d Decision) fail(e *Error) Decision {
	d.Action, d.Err = Done, e
	return d
}

// retry waits as long as the server asked, at least the back-off.
func (d Decision) retry(told time.Duration, st State, rnd func() float64) Decision {
	d.Action, d.After = Retry, max(told, backoff(st.Retries, rnd))
	return d
}

// hop follows a redirect, or says why not.
func (d Decision) hop(status int, location string, st State) Decision {
	target, err := st.URL.Resolve(location)
	why := ""
	if err == nil {
		why = target.Unaskable()
	}
	method := redirectMethod(status, st.method())
	switch {
	case errors.Is(err, weburl.ErrScheme):
		return d.fail(st.errorf(KindRedirectScheme, PhaseHeaders, "redirect to %q, which is not http or https", shown(location)))
	case err != nil:
		return d.fail(st.errorf(KindProtocol, PhaseHeaders, "redirect to %q, which is no URL", shown(location)))
	case why != "":
		return d.fail(st.errorf(KindProtocol, PhaseHeaders, "redirect to %q: %s", shown(location), why))
	case len(target.Identity()) > maxTarget:
		return d.fail(st.errorf(KindRedirectLimit, PhaseHeaders, "redirect to a URL of %d bytes", len(target.Identity())))
	case st.ChainLen+len(target.Identity()) > maxChain:
		return d.fail(st.errorf(KindRedirectLimit, PhaseHeaders, "redirects over more than %d KiB of URLs", maxChain>>10))
	case st.Hops >= st.MaxRedirects:
		return d.fail(st.errorf(KindRedirectLimit, PhaseHeaders, "more than %d redirects", st.MaxRedirects))
	case !d.Cookies && method == st.method() && (target == st.URL || slices.Contains(st.Seen, target.Identity())):
		return d.fail(st.errorf(KindRedirectLimit, PhaseHeaders, "redirect loop"))
	}
	d.Action, d.URL, d.Method = Hop, target, method
	d.CrossOrigin = target.Origin() != st.URL.Origin()
	return d
}

// shown is a Location as a message may show it.
func shown(location string) string {
	s := weburl.Redact(location)
	if len(s) > 100 {
		s = strings.ToValidUTF8(s[:100], "") + "…"
	}
	return s
}

func (st State) method() string {
	if st.Method == "" {
		return http.MethodGet
	}
	return st.Method
}

func (st State) accepts(status int) bool {
	if st.Accept != nil {
		return st.Accept(status)
	}
	return status >= 200 && status <= 399
}

// mayRetry: only methods that may be repeated without harm (RFC 9110 section
// 9.2.2), and only while the budget lasts.
func (st State) mayRetry() bool {
	switch st.method() {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return st.Retries < st.MaxRetries
	}
	return false
}

// adopt makes err the line's error: a copy, with the attempts counted.
func (st State) adopt(err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		e = st.errorf(KindInternal, "", "%v", err)
		e.Err = err
		return e
	}
	own := *e
	own.Attempts = st.Retries + 1
	return &own
}

func (st State) errorf(kind Kind, phase Phase, format string, args ...any) *Error {
	return &Error{
		Op:       strings.ToLower(st.method()),
		URL:      st.URL.String(),
		Kind:     kind,
		Phase:    phase,
		Attempts: st.Retries + 1,
		Err:      &fault{kind, fmt.Sprintf(format, args...)},
	}
}

func retryable(e *Error) bool {
	switch e.Kind {
	case KindDNS:
		return !e.NotFound()
	case KindConnect, KindTimeout, KindReset, KindTruncated:
		return true
	}
	return false
}

func retryableStatus(status int) bool {
	switch status {
	case 408, 429, 500, 502, 503, 504:
		return true
	}
	return false
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirectMethod is the Fetch Standard's rule: 303 makes everything but HEAD a
// GET, 301 and 302 make a POST a GET, 307 and 308 keep the method.
func redirectMethod(status int, method string) string {
	switch {
	case status == http.StatusSeeOther && method != http.MethodHead,
		(status == 301 || status == 302) && method == http.MethodPost:
		return http.MethodGet
	}
	return method
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprint(status)
}

// backoff doubles from firstBackoff to maxBackoff, with full jitter: anything
// from nothing to the whole of it, so that clients that failed together do not
// come back together.
func backoff(retries int, rnd func() float64) time.Duration {
	full := maxBackoff
	if retries < 6 { // 500 ms * 2^6 = 32 s
		full = firstBackoff << max(retries, 0)
	}
	return time.Duration(math.Floor(rnd() * float64(full)))
}
