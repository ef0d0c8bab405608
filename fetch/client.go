package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"

	"crawl/fetch/dial"
)

// Options configures a Client. The zero value is usable.
type Options struct {
	UserAgent      string        // default "crawl"; its first word is the name robots rules are judged by
	Timeout        time.Duration // one exchange with its body; default 30 s
	ConnectTimeout time.Duration // look-up and connect together, and the TLS handshake; default 10 s
	MaxBody        int64         // decoded bytes of a body, the rest is cut; default 16 MiB
	// FirstByte bounds the wait from the end of the request to the first byte of
	// the answer; 0: only Timeout does.
	FirstByte time.Duration
	PerHost   int         // idle connections kept per host; default 8
	MaxIdle   int         // idle connections kept in all; 0: no limit
	Header    http.Header // sent with every request; Authorization and Cookie not with a Foreign one

	RootCAs      *x509.CertPool    // instead of the system's; nil is the system's
	Insecure     bool              // accept any certificate
	Certificates []tls.Certificate // shown to servers that ask for one
	HTTP1        bool              // speak no HTTP/2

	Proxies     dial.Proxies // nil: none; never from the environment behind the caller's back
	Family      dial.Family  // the addresses that may be dialled
	Resolve     []dial.Pin   // addresses given by hand
	DenyPrivate bool         // dial no private address; not with Proxies
	Lookup      dial.Lookup  // nil: the system's

	// User is sent as basic authorization where the URL has no userinfo, but
	// not with a Foreign request.
	User *url.Userinfo
	// Netrc finds the name and password of a host name; nil: none. It is asked
	// where neither URL, header nor User brings an authorization, and must not block.
	Netrc func(host string) (name, password string, ok bool)
	// Cookies keeps the cookies that servers set and sends them back, as
	// browsers do (RFC 6265).
	Cookies bool
}

func (o Options) withDefaults() Options {
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = 10 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.PerHost == 0 {
		o.PerHost = 8
	}
	return o
}

// Validate reports everything that is wrong with o, joined. It does not block.
func (o Options) Validate() error {
	var errs []error
	if !httpguts.ValidHeaderFieldValue(o.UserAgent) {
		errs = append(errs, errors.New("user agent: invalid header value"))
	}
	for name, values := range o.Header {
		if err := validField(name, values); err != nil {
			errs = append(errs, err)
		}
	}
	if o.Timeout < 0 {
		errs = append(errs, fmt.Errorf("timeout: %v is negative", o.Timeout))
	}
	if o.ConnectTimeout < 0 {
		errs = append(errs, fmt.Errorf("connect timeout: %v is negative", o.ConnectTimeout))
	}
	if o.MaxBody < 0 {
		errs = append(errs, fmt.Errorf("body limit: %d is negative", o.MaxBody))
	}
	if o.PerHost < 0 {
		errs = append(errs, fmt.Errorf("connections per host: %d is negative", o.PerHost))
	}
	return errors.Join(errs...)
}

// Client makes exchanges. It may be used from any number of goroutines; it
// should be shared, since the connections are in it.
type Client struct {
	userAgent string
	timeout   time.Duration
	maxBody   int64
	header    http.Header
	transport *http.Transport
	decoders  decoders
	buffers   buffers
}

// New makes a client. The error is Options.Validate's. It opens nothing yet.
func New(o Options) (*Client, error) {
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("fetch options: %w", err)
	}
	o = o.withDefaults()
	c := &Client{
		userAgent: o.UserAgent,
		timeout:   o.Timeout,
		maxBody:   o.MaxBody,
		header:    make(http.Header, len(o.Header)),
		transport: newTransport(o),
	}
	for name, values := range o.Header {
		c.header[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
	}
	return c, nil
}

// Close drops the idle connections. It waits for nothing; exchanges in flight
// go on. It may be called more than once.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do makes one exchange and reads the body to its end or its limit. It blocks,
// for at most the request's time-out, and ends within a moment of ctx being
// done, whatever the server does. A redirect is an answer like any other.
//
// A ctx that ended by a deadline, or was cancelled with context.DeadlineExceeded
// as its cause, gives KindDeadline; any other end of it KindCancelled.
//
// The Response is never nil: with an error it holds what was learnt (address,
// status and header if they came, times) but no body. The error is an *Error;
// a status is never one.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	resp := &Response{URL: req.URL}
	x := &exchange{onPhase: req.OnPhase}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := req.Timeout
	if limit <= 0 {
		limit = c.timeout
	}
	timer := time.AfterFunc(limit, func() { cancel(&timeLimit{after: limit}) })
	defer timer.Stop()

	err := c.exchange(ctx, cancel, req, resp, x)
	x.close(resp)
	if err != nil {
		return resp, fail(ctx, req, err, x.at())
	}
	return resp, nil
}

func (c *Client) exchange(ctx context.Context, cancel context.CancelCauseFunc, req *Request, resp *Response, x *exchange) error {
	if req.URL.IsZero() {
		return &fault{KindInvalidURL, "no URL"}
	}
	hr, err := c.wireRequest(req)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	answer, err := c.transport.RoundTrip(hr.WithContext(httptrace.WithClientTrace(ctx, x.trace())))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	resp.take(answer)
	if resp.Status < 200 { // 101 without our asking, or no status at all
		return &fault{KindProtocol, fmt.Sprintf("unexpected status %d", resp.Status)}
	}
	x.body(answer.ProtoMajor == 2)
	limit := req.MaxBody
	if limit <= 0 {
		limit = c.maxBody
	}
	return c.readBody(resp, answer, limit, cancel)
}
