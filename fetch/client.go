package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"crawl/fetch/dial"
	"crawl/fetch/http1"
)

// maxResponseHeader bounds the header of one answer (faults.md row 15).
const maxResponseHeader = 256 << 10

// Client makes exchanges. It may be used from any number of goroutines; it
// should be shared, since the connections are in it.
type Client struct {
	timeout, firstByte time.Duration
	maxBody            int64
	header, foreign    http.Header // with every request, and with a Foreign one
	user               *url.Userinfo
	netrc              func(string) (string, string, bool)
	jar                *jar // nil: no cookies
	single             bool // no HTTP/2

	dialer   *dial.Dialer
	open     func(context.Context, dial.Call) (*dial.Conn, error) // dialer.Dial
	pool     *pool
	http2    *http.Transport
	decoders decoders
	buffers  buffers
}

// New makes a client. The error is Options.Validate's. It opens nothing yet.
func New(o Options) (*Client, error) {
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("fetch options: %w", err)
	}
	o = o.withDefaults()
	c := &Client{
		timeout:   o.Timeout,
		firstByte: o.FirstByte,
		maxBody:   o.MaxBody,
		header:    baseHeader(o, false),
		foreign:   baseHeader(o, true),
		user:      o.User,
		netrc:     o.Netrc,
		single:    o.HTTP1,
		pool:      newPool(o.PerHost, o.MaxIdle),
		http2:     newHTTP2(),
	}
	if o.Cookies {
		c.jar = newJar()
	}
	var err error
	if c.dialer, err = dial.New(o.dialer(c.pool.shed)); err != nil {
		return nil, fmt.Errorf("fetch options: %w", err)
	}
	c.open = c.dialer.Dial
	return c, nil
}

// Close drops the idle connections; those in use are dropped as their exchanges
// end. It waits for the look-ups in flight, which it cancels, and for nothing
// else. It may be called more than once.
func (c *Client) Close() {
	c.pool.close()
	c.dialer.Close()
}

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
	x := &exchange{onPhase: req.OnPhase, tap: req.Tap}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := req.Timeout
	if limit <= 0 {
		limit = c.timeout
	}
	x.limits.start(limit, c.firstByte, cancel)

	err := c.exchange(ctx, req, resp, x)
	x.close(resp)
	if err != nil {
		return resp, fail(ctx, req, err, x.at())
	}
	return resp, nil
}

// exchange makes the exchange, and makes it once more, silently and on a new
// connection, where the fault lies with a connection and not with what was asked
// (faults.md rows 18, 19).
func (c *Client) exchange(ctx context.Context, req *Request, resp *Response, x *exchange) error {
	if req.URL.IsZero() {
		return &fault{KindInvalidURL, "no URL"}
	}
	w, err := c.wireRequest(req)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.route, err = c.dialer.Route(w.target()); err != nil {
		return err
	}
	fresh, refusals := false, 0
	for {
		pc, err := c.connect(ctx, w, req.Due, fresh, x)
		if err != nil {
			return err
		}
		used := !pc.shared() && pc.used // asked before others may share it
		err = c.converse(ctx, pc, w, req, resp, x)
		switch {
		case err == nil || ctx.Err() != nil:
			return err
		case refused(err) && refusals < maxRefusals:
			refusals++
		case !fresh && safe(w.method) && lost(err, used, x.at()):
			fresh = true
		default:
			return err
		}
		*resp = Response{URL: req.URL}
		x.limits.again()
	}
}

// maxRefusals is how often a stream may be refused. It is refused when the
// server's limit of streams is less than was thought, so the next try knows it.
const maxRefusals = 3

// connect gets a connection for w.
func (c *Client) connect(ctx context.Context, w *wireRequest, due time.Time, fresh bool, x *exchange) (*pooled, error) {
	x.seek()
	t := w.target()
	pc, err := c.pool.get(ctx, w.route.Key(), fresh, t.Scheme == "https" && !c.single, func() (conn, error) {
		dc, err := c.open(ctx, dial.Call{Route: w.route, Due: due, Trace: x.dial})
		if err != nil {
			return nil, err
		}
		if dc.Protocol == "h2" {
			return newMulti(ctx, c.http2, dc, w.url.HostPort())
		}
		return newSingle(dc), nil
	})
	if err != nil {
		return nil, err
	}
	x.got(pc.conn.(sender).ip(), pc.shared())
	return pc, nil
}

// converse makes one exchange on pc and gives pc back.
func (c *Client) converse(ctx context.Context, pc *pooled, w *wireRequest, req *Request, resp *Response, x *exchange) error {
	a, err := pc.conn.(sender).send(ctx, w, x)
	if err != nil {
		c.pool.put(pc, refused(err))
		return err
	}
	resp.take(a)
	x.body(a.received)
	if c.jar != nil {
		c.jar.set(w.url, resp.Header)
	}
	limit := req.MaxBody
	if limit <= 0 {
		limit = c.maxBody
	}
	if resp.Status < 200 { // 101 without our asking
		err = &fault{KindProtocol, fmt.Sprintf("unexpected status %d", resp.Status)}
	} else {
		err = c.readBody(ctx, resp, a, w.method, limit)
	}
	good := a.release()
	if pc.shared() { // a stream that broke off, or stalled, tells of its connection
		var own *fault
		good = good && (err == nil || errors.As(err, &own)) && ctx.Err() == nil
	}
	c.pool.put(pc, good)
	return err
}

// safe methods may be repeated without being told (RFC 9110 section 9.2.1).
func safe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

// refused says that an HTTP/2 server refused the stream before it did anything
// for it (RFC 9113 section 8.7), so that any method may be tried again.
func refused(err error) bool {
	var stream streamError
	return errors.As(err, &stream) && stream.Code == 0x7
}

// lost says that the exchange failed because its connection did: an HTTP/1.1
// connection that was closed at its reuse, before a byte of the answer came, or on
// which then came what can be no answer, as what belongs to the one before may; or
// an HTTP/2 stream or connection that was given up. What an HTTP/1.1 server breaks
// off, or says, on a new connection is its answer.
func lost(err error, used bool, at where) bool {
	if at.http2 {
		kind := classify(err, at)
		return kind == KindReset || kind == KindTruncated
	}
	var broken *http1.ProtocolError
	if errors.As(err, &broken) {
		return used && broken.NoAnswer
	}
	return used && !at.answered && (isReset(err) || errors.Is(err, io.EOF))
}
