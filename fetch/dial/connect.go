package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"
)

const (
	attemptDelay = 250 * time.Millisecond // RFC 8305 section 5
	maxAttempts  = 16                     // addresses tried of one host: an answer of the name service may hold thousands
	keepAlive    = 30 * time.Second
	filesPause   = 50 * time.Millisecond // between two tries to open one more file
)

// systemConnect is the system's TCP.
func systemConnect(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive}}
	return dialer.DialContext(ctx, "tcp", to.String())
}

// open connects to the first of the peer's addresses that answers.
func (d *Dialer) open(ctx context.Context, w way) (*Conn, error) {
	addrs := w.addrs
	if d.o.DenyPrivate {
		var err error
		if addrs, err = allowed(w.host, addrs); err != nil {
			return nil, err
		}
	}
	port, _ := strconv.ParseUint(w.port, 10, 16) // check has seen it
	addrs = interleave(addrs)
	if len(addrs) > maxAttempts {
		addrs = addrs[:maxAttempts]
	}
	r := &race{d: d, addrs: addrs, port: uint16(port)}
	return r.run(ctx)
}

// interleave puts addresses of the two families in turns, beginning with that
// of the first (RFC 8305 section 4). It makes a new slice.
func interleave(addrs []netip.Addr) []netip.Addr {
	mixed := make([]netip.Addr, 0, len(addrs))
	var first, other []netip.Addr
	for _, a := range addrs {
		if a.Is4() == addrs[0].Is4() {
			first = append(first, a)
		} else {
			other = append(other, a)
		}
	}
	for i := range max(len(first), len(other)) {
		if i < len(first) {
			mixed = append(mixed, first[i])
		}
		if i < len(other) {
			mixed = append(mixed, other[i])
		}
	}
	return mixed
}

// race is a run of attempts, of which the first to succeed wins (RFC 8305).
type race struct {
	d       *Dialer
	addrs   []netip.Addr
	port    uint16
	results chan attempt
	begun   int
	running int
}

type attempt struct {
	n    int // its place in the order
	conn net.Conn
	err  error
}

// run makes the attempts: the next one begins when the last has failed, or has
// not succeeded for a while. The error is that of the first.
func (r *race) run(ctx context.Context) (*Conn, error) {
	if len(r.addrs) == 1 {
		return r.won(r.attempt(ctx, 0))
	}
	ctx, cancel := context.WithCancel(ctx)
	r.results = make(chan attempt, len(r.addrs))
	defer r.lose()
	defer cancel()
	next := time.NewTimer(attemptDelay)
	defer next.Stop()
	r.begin(ctx, next)
	var first error
	for r.running > 0 {
		select {
		case <-next.C:
			r.begin(ctx, next)
		case a := <-r.results:
			r.running--
			if a.err == nil {
				return r.won(a)
			}
			if a.n == 0 {
				first = a.err
			}
			r.begin(ctx, next)
		}
	}
	return nil, first
}

// begin starts the next attempt, if there is one and it is not too late.
func (r *race) begin(ctx context.Context, next *time.Timer) {
	if r.begun == len(r.addrs) || r.begun > 0 && ctx.Err() != nil {
		return
	}
	n := r.begun
	r.begun++
	r.running++
	next.Reset(attemptDelay)
	go func() { r.results <- r.attempt(ctx, n) }() // run waits, or lose
}

// attempt connects to one address.
func (r *race) attempt(ctx context.Context, n int) attempt {
	to := netip.AddrPortFrom(r.addrs[n], r.port)
	conn, err := r.d.patiently(ctx, func() (net.Conn, error) { return r.d.connect(ctx, to) })
	if err != nil && !isOpError(err) {
		err = &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	return attempt{n, conn, err}
}

func (r *race) won(a attempt) (*Conn, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &Conn{Conn: a.conn, IP: r.addrs[a.n].WithZone("")}, nil
}

// lose waits for the attempts that did not win; they are cancelled already.
func (r *race) lose() {
	for ; r.running > 0; r.running-- {
		if a := <-r.results; a.err == nil {
			a.conn.Close()
		}
	}
}

// patiently opens a socket. Where the process or the machine has no file left
// for it, that is no failure of the peer (faults.md row 35): an idle connection
// is shed, and it is tried again until ctx ends.
func (d *Dialer) patiently(ctx context.Context, open func() (net.Conn, error)) (net.Conn, error) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for tries := 0; ; tries++ {
		conn, err := open()
		if err == nil || !Exhausted(err) {
			return conn, err
		}
		if d.o.Shed != nil && d.o.Shed() && tries == 0 {
			continue // there is room now; but never in a tight loop
		}
		pause.Reset(filesPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}

// Exhausted reports whether an error of Dial says that our own process or
// machine lacks files or memory for one more connection, also after a wait that
// ended with a *TimeoutError. It is no failure of the host.
func Exhausted(err error) bool {
	for _, lack := range lacks {
		if errors.Is(err, lack) {
			return true
		}
	}
	return false
}

func isOpError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}
