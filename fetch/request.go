package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"crawl/weburl"
)

// Phase names the part of an exchange that is going on, or in which it failed.
// The set is closed.
type Phase string

const (
	PhaseQueue   Phase = "queue"   // waits for its turn; set by the caller's scheduling, never by Do
	PhaseRobots  Phase = "robots"  // robots.txt of the origin is being fetched or judged
	PhaseDNS     Phase = "dns"     // the host's name is looked up
	PhaseConnect Phase = "connect" // a connection is sought or opened
	PhaseTLS     Phase = "tls"     // the TLS handshake
	PhaseRequest Phase = "request" // the request is written
	PhaseHeaders Phase = "headers" // waits for the answer's header, 1xx included
	PhaseBody    Phase = "body"    // the body is read and decoded
	PhaseParse   Phase = "parse"   // the page is parsed; set by the caller, never by Do
)

// Request is one exchange to make. Do reads it and never changes it; it may be
// used again.
type Request struct {
	Method string      // "" is GET
	URL    weburl.URL  // its userinfo is sent as basic authorization
	Header http.Header // goes over Options.Header, name by name; "Host" sets the Host header
	// Timeout bounds the exchange with its body; 0 is the client's.
	Timeout time.Duration
	// MaxBody bounds the decoded body in bytes; 0 is the client's.
	MaxBody int64
	// Foreign says that the request is a hop away from the origin that the
	// client's User, Authorization and Cookie headers were meant for: they are
	// not sent (cli.md section 6).
	Foreign bool
	// Again says that the request is a retry: a look-up that failed in a way
	// that may pass is made anew instead of answered from memory.
	Again bool
	// OnPhase, if set, is told each phase as it begins, one call at a time, on
	// whatever goroutine notices; never after Do has returned. It must not block.
	OnPhase func(Phase)
}

// method is the request's method with its default.
func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// What is sent unless the caller says otherwise. The codings are those that
// decode.go knows, the cheapest to undo first.
const (
	defaultUserAgent = "crawl"
	defaultAccept    = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	acceptEncoding   = "zstd, gzip, br, deflate"
)

// wireRequest builds what the transport sends. It checks everything that
// reaches the wire, so that no header can smuggle in another (faults.md row 16).
func (c *Client) wireRequest(r *Request) (*http.Request, error) {
	if !httpguts.ValidHeaderFieldName(r.method()) { // a method is a token, as a field name is
		return nil, invalidRequest("invalid method")
	}
	h := make(http.Header, 4+len(c.header)+len(r.Header))
	h.Set("User-Agent", c.userAgent)
	h.Set("Accept", defaultAccept)
	h.Set("Accept-Encoding", acceptEncoding)
	for name, values := range c.header { // checked by Options.Validate
		h[name] = values
	}
	for name, values := range r.Header {
		if err := validField(name, values); err != nil {
			return nil, err
		}
		h[http.CanonicalHeaderKey(name)] = values
	}
	host := r.URL.Host()
	if v := h.Get("Host"); v != "" {
		host = v
	}
	h.Del("Host")
	hr := &http.Request{
		Method:     r.method(),
		URL:        wireURL(r.URL),
		Host:       host,
		Header:     h,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
	}
	if name, password, ok := r.URL.User(); ok && h.Get("Authorization") == "" {
		hr.SetBasicAuth(name, password)
	}
	return hr, nil
}

// validField refuses header fields that could not be sent as they are.
func validField(name string, values []string) error {
	if !httpguts.ValidHeaderFieldName(name) {
		return invalidRequest("invalid header name " + quote(name))
	}
	for _, v := range values {
		if !httpguts.ValidHeaderFieldValue(v) {
			return invalidRequest("invalid value of header " + name)
		}
	}
	return nil
}

// wireURL carries u to net/http so that the request line is u.RequestURI() byte
// for byte. net/url would escape characters that browsers send as they are
// ("|", "^", broken escapes); Opaque passes them through. A path that begins
// with "//" cannot be opaque (it would be sent as an absolute URL), so there
// net/url's spelling is accepted.
func wireURL(u weburl.URL) *url.URL {
	path, query := u.Path(), u.Query()
	w := &url.URL{
		Scheme:     u.Scheme(),
		Host:       u.Host(),
		RawQuery:   strings.TrimPrefix(query, "?"),
		ForceQuery: query == "?",
	}
	plain, err := url.PathUnescape(path)
	if err == nil {
		w.Path, w.RawPath = plain, path
		if w.EscapedPath() == path {
			return w
		}
	}
	if strings.HasPrefix(path, "//") {
		if err != nil {
			w.Path, w.RawPath = path, ""
		}
		return w
	}
	w.Path, w.RawPath, w.Opaque = "", "", path
	return w
}
