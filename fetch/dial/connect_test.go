package dial_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch/dial"
)

// wire is a Connect whose every address has a delay and an end. It keeps count
// of the attempts under way and of the connections that are open.
type wire struct {
	network
	after map[string]time.Duration // by address; then it is connected
	fails map[string]error         // by address, after its delay

	open, running int
}

// counted is a connection that tells the wire when it is closed.
type counted struct {
	net.Conn
	closed func()
}

func (c counted) Close() error { c.closed(); return c.Conn.Close() }

func (w *wire) add(open, running int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open += open
	w.running += running
}

func (w *wire) connect(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	w.add(0, 1)
	defer w.add(0, -1)
	a := to.Addr().String()
	w.mu.Lock()
	w.dialed = append(w.dialed, a)
	w.mu.Unlock()
	select {
	case <-time.After(w.after[a]):
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: ctx.Err()}
	}
	if err := w.fails[a]; err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	here, there := net.Pipe()
	there.Close()
	w.add(1, 0)
	return counted{here, func() { w.add(-1, 0) }}, nil
}

const never = 1000 * time.Hour

func TestAttemptsOfBothFamiliesInTurns(t *testing.T) {
	const ms = time.Millisecond
	refused, unreachable := syscall.ECONNREFUSED, syscall.EHOSTUNREACH
	for _, tc := range []struct {
		name   string
		found  []string
		after  map[string]time.Duration
		fails  map[string]error
		dialed []string
		won    string
		took   time.Duration
		err    error
	}{
		{name: "one address", found: []string{"1.1.1.1"}, dialed: []string{"1.1.1.1"}, won: "1.1.1.1"},
		{name: "the first answers at once", found: []string{"2a00::1", "1.1.1.1"}, dialed: []string{"2a00::1"}, won: "2a00::1"},
		{name: "the first answers late, before the second starts", found: []string{"2a00::1", "1.1.1.1"},
			after: map[string]time.Duration{"2a00::1": 249 * ms}, dialed: []string{"2a00::1"}, won: "2a00::1", took: 249 * ms},
		{name: "the first is silent", found: []string{"2a00::1", "1.1.1.1"},
			after: map[string]time.Duration{"2a00::1": never, "1.1.1.1": 20 * ms}, dialed: []string{"2a00::1", "1.1.1.1"}, won: "1.1.1.1", took: 270 * ms},
		{name: "the first answers while the second tries", found: []string{"2a00::1", "1.1.1.1"},
			after: map[string]time.Duration{"2a00::1": 300 * ms, "1.1.1.1": 100 * ms}, dialed: []string{"2a00::1", "1.1.1.1"}, won: "2a00::1", took: 300 * ms},
		{name: "a failure brings the next at once", found: []string{"2a00::1", "1.1.1.1"}, after: map[string]time.Duration{"2a00::1": 10 * ms},
			fails: map[string]error{"2a00::1": refused}, dialed: []string{"2a00::1", "1.1.1.1"}, won: "1.1.1.1", took: 10 * ms},
		{name: "families in turns, the first one's first", found: []string{"2a00::1", "2a00::2", "2a00::3", "1.1.1.1", "1.1.1.2"},
			fails:  map[string]error{"2a00::1": refused, "2a00::2": refused, "2a00::3": refused, "1.1.1.1": refused},
			dialed: []string{"2a00::1", "1.1.1.1", "2a00::2", "1.1.1.2"}, won: "1.1.1.2"},
		{name: "IPv4 first where it is named first", found: []string{"1.1.1.1", "1.1.1.2", "2a00::1"},
			fails: map[string]error{"1.1.1.1": refused, "2a00::1": refused}, dialed: []string{"1.1.1.1", "2a00::1", "1.1.1.2"}, won: "1.1.1.2"},
		{name: "all fail: the first one's error", found: []string{"2a00::1", "1.1.1.1", "1.1.1.2"}, after: map[string]time.Duration{"2a00::1": 600 * ms},
			fails:  map[string]error{"2a00::1": unreachable, "1.1.1.1": refused, "1.1.1.2": refused},
			dialed: []string{"2a00::1", "1.1.1.1", "1.1.1.2"}, took: 600 * ms, err: unreachable},
		{name: "all fail: the first one's error, also if it came first", found: []string{"2a00::1", "1.1.1.1"},
			fails: map[string]error{"2a00::1": unreachable, "1.1.1.1": refused}, dialed: []string{"2a00::1", "1.1.1.1"}, err: unreachable},
		{name: "each silent one costs a delay", found: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3"},
			after: map[string]time.Duration{"1.1.1.1": never, "1.1.1.2": never, "1.1.1.3": 20 * ms}, dialed: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3"}, won: "1.1.1.3", took: 520 * ms},
		{name: "the delay counts from the last attempt", found: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3"}, fails: map[string]error{"1.1.1.1": refused},
			after: map[string]time.Duration{"1.1.1.1": 200 * ms, "1.1.1.2": never}, dialed: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3"}, won: "1.1.1.3", took: 450 * ms},
		{name: "one address fails", found: []string{"1.1.1.1"}, fails: map[string]error{"1.1.1.1": refused}, dialed: []string{"1.1.1.1"}, err: refused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := &wire{after: tc.after, fails: tc.fails}
			world(t, dial.Options{Lookup: lookup(tc.found...), Connect: w.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
				start := time.Now()
				conn, err := d.Dial(t.Context(), dial.Call{Route: route(t, d, "http://a.example:80")})
				if took := time.Since(start); took != tc.took || !slices.Equal(w.seen(), tc.dialed) {
					t.Errorf("took %v, dialled %v", took, w.seen())
				}
				if tc.err != nil {
					if op := fails[*net.OpError](t, err); !errors.Is(op, tc.err) {
						t.Errorf("error %v", err)
					}
				} else if err != nil || conn.IP.String() != tc.won {
					t.Fatalf("%v, error %v", conn, err)
				} else {
					conn.Close()
				}
				if w.open != 0 || w.running != 0 {
					t.Errorf("left behind: %d connections, %d attempts", w.open, w.running)
				}
			})
		})
	}
}

// Two attempts that succeed in the same moment leave one connection.
func TestTheConnectionOfASecondWinnerIsClosed(t *testing.T) {
	w := &wire{after: map[string]time.Duration{"1.1.1.1": 500 * time.Millisecond, "1.1.1.2": 250 * time.Millisecond}}
	world(t, dial.Options{Lookup: lookup("1.1.1.1", "1.1.1.2"), Connect: w.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		conn, err := d.Dial(t.Context(), dial.Call{Route: route(t, d, "http://a.example:80")})
		if err != nil || w.open != 1 || w.running != 0 {
			t.Fatalf("error %v, %d connections, %d attempts", err, w.open, w.running)
		}
		conn.Close()
	})
}

func TestAnAnswerOfAThousandAddressesIsNotAThousandAttempts(t *testing.T) {
	n := &network{}
	var found []netip.Addr
	for i := range 1000 {
		found = append(found, netip.AddrFrom4([4]byte{1, 1, byte(i >> 8), byte(i)}))
	}
	world(t, dial.Options{Connect: n.connect}, &resolver{answer: found}, func(t *testing.T, d *dial.Dialer, _ *network) {
		_, err := reach(t, d, "http://a.example:80")
		if fails[*net.OpError](t, err); len(n.seen()) != 16 {
			t.Errorf("%d attempts", len(n.seen()))
		}
	})
}

func TestTheConnectTimeoutCoversLookUpAndConnect(t *testing.T) {
	for _, found := range [][]string{{"1.1.1.1"}, {"1.1.1.1", "2a00::1"}} {
		w := &wire{after: map[string]time.Duration{"1.1.1.1": never, "2a00::1": never}}
		r := &resolver{takes: 3 * time.Second, answer: addrs(found...)}
		world(t, dial.Options{ConnectTimeout: 5 * time.Second, Connect: w.connect}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
			start := time.Now()
			_, err := reach(t, d, "http://a.example:80")
			e := fails[*dial.TimeoutError](t, err)
			if *e != (dial.TimeoutError{Stage: dial.StageConnect, After: 5 * time.Second}) || !e.Timeout() || time.Since(start) != 5*time.Second {
				t.Errorf("after %v: %+v", time.Since(start), e)
			}
			if e.Error() != "connect timed out after 5s" || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("says %q", e)
			}
			if w.running != 0 {
				t.Errorf("%d attempts left behind", w.running)
			}
		})
	}
}

func TestTheEndOfTheContextEndsAConnect(t *testing.T) {
	for _, found := range [][]string{{"1.1.1.1"}, {"1.1.1.1", "2a00::1"}} {
		w := &wire{after: map[string]time.Duration{"1.1.1.1": never, "2a00::1": never}}
		world(t, dial.Options{Lookup: lookup(found...), Connect: w.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
			for _, end := range []func() (context.Context, context.CancelFunc, error){
				func() (context.Context, context.CancelFunc, error) {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
					return ctx, cancel, context.Canceled
				},
				func() (context.Context, context.CancelFunc, error) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					return ctx, cancel, context.DeadlineExceeded
				},
			} {
				start := time.Now()
				ctx, cancel, want := end()
				_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://a.example:80")})
				if took := time.Since(start); !errors.Is(err, want) || took != time.Second || w.running != 0 {
					t.Errorf("after %v: %v; %d attempts left behind", took, err, w.running)
				}
				cancel()
			}
		})
	}
}

func TestNoAttemptBeginsAfterTheEndOfTheContext(t *testing.T) {
	w := &wire{after: map[string]time.Duration{"1.1.1.1": never}}
	world(t, dial.Options{Lookup: lookup("1.1.1.1", "2a00::1"), Connect: w.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://a.example:80")})
		if !errors.Is(err, context.DeadlineExceeded) || len(w.seen()) != 1 {
			t.Errorf("error %v, dialled %v", err, w.seen())
		}
	})
}

// A caller's deadline is the caller's also where the system's connect or a
// connection keeps it by itself, and says so a moment before the context does.
func TestADeadlineThatTheSystemKeepsIsTheCallers(t *testing.T) {
	keeps := func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
		deadline, _ := ctx.Deadline()
		time.Sleep(time.Until(deadline))
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: os.ErrDeadlineExceeded}
	}
	world(t, dial.Options{Connect: keeps}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://1.1.1.1:80")})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		_, err = reach(t, d, "http://1.1.1.1:80")
		fails[*dial.TimeoutError](t, err)
	})
}

func TestAnErrorOfAnotherTypeBecomesAnOpError(t *testing.T) {
	odd := errors.New("odd")
	d := newDialer(t, dial.Options{Connect: func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, odd }})
	_, err := reach(t, d, "http://1.1.1.1:80")
	if op := fails[*net.OpError](t, err); !errors.Is(op, odd) || op.Addr.String() != "1.1.1.1:80" {
		t.Errorf("got %v", op)
	}
}

func TestARefusedConnectionIsAnOpErrorOfTheSystem(t *testing.T) {
	d := newDialer(t, dial.Options{})
	_, err := reach(t, d, "http://"+refusing(t))
	op := fails[*net.OpError](t, err)
	if op.Op != "dial" || op.Timeout() || dial.Exhausted(err) {
		t.Errorf("got %v", op)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://127.0.0.1:1")}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v", err)
	}
}

// scarce is a Connect that lacks files until so many are free.
type scarce struct {
	network
	lack error
	free func(tries int) bool

	tries int
}

func (s *scarce) connect(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	if s.tries++; !s.free(s.tries) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", s.lack)}
	}
	return s.network.connect(ctx, to)
}

func TestFault35ALackOfFilesIsWaitedOutAndNoFailureOfTheHost(t *testing.T) {
	for _, lack := range lacks {
		s := &scarce{lack: lack, free: func(tries int) bool { return tries > 5 }}
		s.peers = map[string]func(net.Conn){"*": hush}
		world(t, dial.Options{Connect: s.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
			t.Cleanup(s.work.Wait)
			start := time.Now()
			_, err := reach(t, d, "http://1.1.1.1:80")
			if took := time.Since(start); err != nil || s.tries != 6 || took != 250*time.Millisecond {
				t.Errorf("error %v after %d tries and %v", err, s.tries, took)
			}
		})
	}
}

func TestFault35AnIdleConnectionIsShedForANewOne(t *testing.T) {
	shed := 0
	s := &scarce{lack: lacks[0], free: func(int) bool { return shed > 0 }}
	s.peers = map[string]func(net.Conn){"*": hush}
	o := dial.Options{Connect: s.connect, Shed: func() bool { shed++; return true }}
	world(t, o, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		t.Cleanup(s.work.Wait)
		start := time.Now()
		if _, err := reach(t, d, "http://1.1.1.1:80"); err != nil || shed != 1 || time.Since(start) != 0 {
			t.Errorf("error %v, %d shed, after %v", err, shed, time.Since(start))
		}
	})
}

// Shedding that brings nothing must not spin: the time of the bubble would stand
// still, and this test never end.
func TestFault35ALackOfFilesEndsWithTheLimitOrTheContext(t *testing.T) {
	for _, shed := range []func() bool{nil, func() bool { return false }, func() bool { return true }} {
		s := &scarce{lack: lacks[0], free: func(int) bool { return false }}
		world(t, dial.Options{Connect: s.connect, Shed: shed, Lookup: lookup("1.1.1.1", "2a00::1")}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
			start := time.Now()
			_, err := reach(t, d, "http://1.1.1.1:80")
			if e := fails[*dial.TimeoutError](t, err); e.Stage != dial.StageConnect || !dial.Exhausted(err) || !strings.HasPrefix(e.Error(), "connect timed out after 10s: dial tcp: socket: ") || time.Since(start) != 10*time.Second {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start = time.Now()
			_, err = call(t, ctx, d, dial.Call{Route: route(t, d, "http://1.1.1.1:80")})
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
		})
	}
}

func TestOtherFailuresOfTheSystemAreNotWaitedOut(t *testing.T) {
	s := &scarce{lack: syscall.EADDRNOTAVAIL, free: func(int) bool { return false }}
	world(t, dial.Options{Connect: s.connect}, nil, func(t *testing.T, d *dial.Dialer, _ *network) {
		_, err := reach(t, d, "http://1.1.1.1:80")
		if fails[*net.OpError](t, err); s.tries != 1 || dial.Exhausted(err) {
			t.Errorf("%d tries, error %v", s.tries, err)
		}
	})
}

// Many dials at once, of which the context ends at any moment, leave nothing.
func TestDialsThatAreCancelledLeaveNothing(t *testing.T) {
	w := &wire{after: map[string]time.Duration{"1.1.1.1": 300 * time.Millisecond, "2a00::1": 100 * time.Millisecond, "1.1.1.2": 40 * time.Millisecond}}
	r := &resolver{takes: 50 * time.Millisecond, answer: addrs("1.1.1.1", "2a00::1", "1.1.1.2")}
	world(t, dial.Options{Connect: w.connect}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		for i := range 400 {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Millisecond)
				defer cancel()
				conn, err := d.Dial(ctx, dial.Call{Route: route(t, d, "http://a.example:80")})
				if err == nil {
					conn.Close()
				} else if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if w.open != 0 || w.running != 0 {
			t.Errorf("left behind: %d connections, %d attempts", w.open, w.running)
		}
	})
}
