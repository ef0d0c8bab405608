package fetch

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
	"crawl/weburl"
)

// What is sent unless the caller says otherwise. The codings are those that
// decode.go knows, the cheapest to undo first.
const (
	defaultUserAgent = "crawl"
	defaultAccept    = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	acceptEncoding   = "zstd, gzip, br, deflate"
)

// wireRequest is what goes on the wire. Its header may be the client's own: it
// is only read.
type wireRequest struct {
	method string
	url    weburl.URL
	host   string // the Host header
	header http.Header
	route  dial.Route
}

// wireRequest builds what is sent. It checks everything that reaches the wire,
// so that no header can smuggle in another (faults.md row 16).
func (c *Client) wireRequest(r *Request) (*wireRequest, error) {
	if !httpguts.ValidHeaderFieldName(r.method()) { // a method is a token, as a field name is
		return nil, invalidRequest("invalid method")
	}
	if why := r.URL.Unaskable(); why != "" {
		return nil, &fault{KindInvalidURL, why}
	}
	w := &wireRequest{method: r.method(), url: r.URL, host: r.URL.Host(), header: c.header}
	if r.Foreign {
		w.header = c.foreign
	}
	own := false
	set := func(name string, values ...string) {
		if !own {
			w.header, own = maps.Clone(w.header), true
		}
		w.header[name] = values
	}
	for name, values := range r.Header {
		if err := validField(name, values); err != nil {
			return nil, err
		}
		set(http.CanonicalHeaderKey(name), values...)
	}
	if v := w.header.Get("Host"); v != "" {
		if !httpguts.ValidHostHeader(v) {
			return nil, invalidRequest("invalid value of header Host")
		}
		w.host = v
		set("Host")
		delete(w.header, "Host")
	}
	if w.header.Get("Authorization") == "" {
		if auth := c.authorization(r); auth != "" {
			set("Authorization", auth)
		}
	}
	if c.jar != nil {
		if cookies := c.jar.header(r.URL, w.header["Cookie"]); cookies != "" {
			set("Cookie", cookies)
		}
	}
	return w, nil
}

// baseHeader is what every request begins with; a foreign one without what is
// meant for the first origin alone.
func baseHeader(o Options, foreign bool) http.Header {
	h := http.Header{
		"User-Agent":      {o.UserAgent},
		"Accept":          {defaultAccept},
		"Accept-Encoding": {acceptEncoding},
	}
	for name, values := range o.Header {
		h[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	if foreign {
		h.Del("Authorization")
		h.Del("Cookie")
		h.Del("Host")
	}
	return h
}

// authorization is the value of the header of that name: basic, by the URL's
// userinfo, or the client's user, or the netrc, in this order.
func (c *Client) authorization(r *Request) string {
	name, password, ok := r.URL.User()
	if !ok && c.user != nil && !r.Foreign {
		name, ok = c.user.Username(), true
		password, _ = c.user.Password()
	}
	if !ok && c.netrc != nil && !(r.LeftTLS && r.URL.Scheme() == "http") {
		name, password, ok = c.netrc(r.URL.Hostname())
	}
	if !ok {
		return ""
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}

// http1 is the request for an HTTP/1.1 connection.
func (w *wireRequest) http1() *http1.Request {
	r := &http1.Request{Method: w.method, Target: w.url.RequestURI(), Host: w.host, Header: w.header}
	if w.route.Absolute() {
		r.Target = w.url.Scheme() + "://" + w.url.Host() + r.Target
		if auth := w.route.ProxyAuthorization(); auth != "" {
			r.Header = maps.Clone(r.Header)
			r.Header["Proxy-Authorization"] = []string{auth}
		}
	}
	return r
}

// http2 is the request for net/http's HTTP/2.
func (w *wireRequest) http2(ctx context.Context) *http.Request {
	hr := &http.Request{
		Method:     w.method,
		URL:        wireURL(w.url),
		Host:       w.host,
		Header:     w.header,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
	}
	return hr.WithContext(ctx)
}

// target is where the request goes.
func (w *wireRequest) target() dial.Target {
	return dial.Target{Scheme: w.url.Scheme(), Host: w.url.Hostname(), Port: w.url.Port()}
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
