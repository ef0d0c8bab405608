package dial

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"time"
)

// Dialer opens connections. It may be used from any number of goroutines, and
// should be shared: the look-ups and TLS sessions that it remembers are in it.
type Dialer struct {
	o       Options
	connect Connect
	names   *names
	pins    pins
	tls     *tls.Config // of targets
	proxy   *tls.Config // of proxies
}

// New makes a dialer. The error is Options.Validate's. It opens nothing yet.
func New(o Options) (*Dialer, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = connectTimeout
	}
	d := &Dialer{o: o, connect: o.Connect, pins: newPins(o.Resolve, o.Family)}
	if d.connect == nil {
		d.connect = systemConnect
	}
	lookup := o.Lookup
	if lookup == nil {
		lookup = d.systemLookup()
	}
	d.names = newNames(lookup, o.Family, o.ConnectTimeout)
	d.tls, d.proxy = targetTLS(o), proxyTLS(o)
	return d, nil
}

// Close ends the look-ups in flight and waits for them; connections stay open,
// and a Dial on its way ends by itself. A Dial after Close fails with
// net.ErrClosed. It may be called more than once.
func (d *Dialer) Close() { d.names.close() }

// Call is one connection wanted.
type Call struct {
	Route Route // from Dialer.Route
	// Due is when a retry was due; zero: it is none. A look-up that failed for the
	// moment and ended before that is not taken from memory, but made anew.
	Due time.Time
	// Trace is told when a stage begins and when it ends, however it ends. It is
	// called on Dial's goroutine alone; may be nil. There is a look-up only where
	// there is a name without a pin, even if the answer is remembered.
	Trace func(s Stage, ended bool)
}

func (c Call) begin(s Stage) {
	if c.Trace != nil {
		c.Trace(s, false)
	}
}

func (c Call) end(s Stage) {
	if c.Trace != nil {
		c.Trace(s, true)
	}
}

// Conn is an open connection, with TLS where the target has the scheme https:
// Conn.Conn is then a *tls.Conn. No deadline is set on it.
type Conn struct {
	net.Conn
	Protocol string     // "h2" or "http/1.1" as agreed by ALPN (RFC 7301); "" without TLS or ALPN
	IP       netip.Addr // of the peer that was dialled, the proxy where there is one; unmapped, without zone
}

// Dial opens a connection. It blocks, for at most twice the ConnectTimeout, and
// ends within a moment of ctx's end in every stage.
//
// The error is ctx's own if that ended; else by type, through errors.As:
// *net.DNSError of a look-up, *FamilyError, *BlockedError, *TimeoutError, *ProxyError,
// *TargetError of a route that was made by hand, *net.OpError of the first
// address that was tried; and of the TLS handshake whatever crypto/tls says.
func (d *Dialer) Dial(ctx context.Context, c Call) (*Conn, error) {
	if err := d.check(c.Route); err != nil {
		return nil, err
	}
	conn, err := d.reach(ctx, c)
	if err != nil {
		return nil, err
	}
	if c.Route.Scheme != "https" {
		return conn, nil
	}
	c.begin(StageHandshake)
	defer c.end(StageHandshake)
	limited, cancel := context.WithTimeout(ctx, d.o.ConnectTimeout)
	defer cancel()
	secured, err := handshake(limited, conn.Conn, d.tls, c.Route.Host)
	if err != nil {
		conn.Close()
		return nil, d.settle(ctx, limited, StageHandshake, err)
	}
	conn.Conn, conn.Protocol = secured, secured.ConnectionState().NegotiatedProtocol
	return conn, nil
}

// check refuses what Route would not have made, and everything after Close.
func (d *Dialer) check(r Route) error {
	if d.names.isClosed() {
		return errClosed
	}
	if err := r.Target.validate(); err != nil {
		return err
	}
	if r.Proxy == nil {
		return nil
	}
	if d.o.DenyPrivate {
		return &ProxyError{Proxy: bare(r.Proxy), Err: errGuarded}
	}
	if err := checkProxy(r.Proxy); err != nil {
		return &ProxyError{Err: err}
	}
	return nil
}

// reach makes the way to the target as far as TLS: look-up, connect and the
// proxy, all under one limit.
func (d *Dialer) reach(ctx context.Context, c Call) (*Conn, error) {
	limited, cancel := context.WithTimeout(ctx, d.o.ConnectTimeout)
	defer cancel()
	way, err := d.find(limited, c)
	if err != nil {
		if end := ended(ctx); end != nil {
			err = end
		}
		return nil, err
	}
	c.begin(StageConnect)
	defer c.end(StageConnect)
	conn, err := d.open(limited, way)
	if err == nil && c.Route.Proxy != nil {
		err = d.pass(limited, conn, c.Route, way.beyond)
	}
	if err != nil {
		return nil, d.settle(ctx, limited, StageConnect, c.Route.blame(err))
	}
	return conn, nil
}

// settle says what an error means where time may be the reason for it.
func (d *Dialer) settle(ctx, limited context.Context, s Stage, err error) error {
	if end := ended(ctx); end != nil {
		return end
	}
	if ended(limited) == nil {
		return err
	}
	late := &TimeoutError{Stage: s, After: d.o.ConnectTimeout}
	if Exhausted(err) {
		late.Err = err
	}
	return late
}

// ended is ctx's error, also in the moment between its deadline, which a
// connection may keep by itself, and the closing of Done.
func ended(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) && ctx.Err() == nil {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}
