package dial_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch/dial"
)

// resolver is a name service that takes its time. What it answers may be
// changed between two look-ups.
type resolver struct {
	takes  time.Duration
	answer []netip.Addr
	err    error

	mu    sync.Mutex
	asked []string // "network host", in order
	ended int      // how many were cancelled
}

func (r *resolver) lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	r.mu.Lock()
	r.asked = append(r.asked, network+" "+host)
	r.mu.Unlock()
	select {
	case <-time.After(r.takes):
		return r.answer, r.err
	case <-ctx.Done():
		r.mu.Lock()
		r.ended++
		r.mu.Unlock()
		return nil, ctx.Err()
	}
}

func (r *resolver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.asked)
}

// world runs f in a bubble with a dialer whose network is all there and hushed.
func world(t *testing.T, o dial.Options, r *resolver, f func(t *testing.T, d *dial.Dialer, n *network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &network{peers: map[string]func(net.Conn){"*": hush}}
		t.Cleanup(n.work.Wait)
		if o.Connect == nil {
			o.Connect = n.connect
		}
		if r != nil {
			o.Lookup = r.lookup
		}
		f(t, newDialer(t, o), n)
	})
}

var (
	unknownName = &net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true}
	serverFail  = &net.DNSError{Err: "server misbehaving", Name: "a.example", IsTemporary: true}
)

func TestFault09OneLookUpPerHostHoweverManyWait(t *testing.T) {
	r := &resolver{takes: time.Second, answer: addrs("8.8.8.8")}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		var w sync.WaitGroup
		for i := range 50 {
			w.Go(func() {
				time.Sleep(time.Duration(i) * 10 * time.Millisecond)
				conn, err := reach(t, d, "http://a.example:80")
				if err != nil || conn.IP.String() != "8.8.8.8" {
					t.Error(err)
				}
			})
		}
		w.Go(func() {
			if _, err := reach(t, d, "http://b.example:80"); err != nil {
				t.Error(err)
			}
		})
		start := time.Now()
		w.Wait()
		if took := time.Since(start); took != time.Second || r.count() != 2 {
			t.Errorf("%d look-ups in %v", r.count(), took)
		}
	})
}

func TestAWaiterThatLeavesDoesNotEndTheLookUp(t *testing.T) {
	r := &resolver{takes: time.Second, answer: addrs("8.8.8.8")}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		ctx, cancel := context.WithCancel(t.Context())
		var w sync.WaitGroup
		w.Go(func() { // the first, who began the look-up
			start := time.Now()
			_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://a.example:80")})
			if !errors.Is(err, context.Canceled) || time.Since(start) != 300*time.Millisecond {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
		})
		w.Go(func() {
			time.Sleep(100 * time.Millisecond)
			if _, err := reach(t, d, "http://a.example:80"); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(300 * time.Millisecond)
		cancel()
		w.Wait()
		if r.count() != 1 || r.ended != 0 {
			t.Errorf("%d look-ups, %d cancelled", r.count(), r.ended)
		}
	})
}

func TestAnAnswerIsKeptForAMinute(t *testing.T) {
	r := &resolver{answer: addrs("8.8.8.8")}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		for _, step := range []struct {
			wait time.Duration
			want int
		}{{0, 1}, {0, 1}, {59 * time.Second, 1}, {999 * time.Millisecond, 1}, {time.Millisecond, 2}, {59 * time.Second, 2}} {
			time.Sleep(step.wait)
			for _, due := range []time.Time{{}, time.Now()} { // a success is not looked up again for a retry
				if _, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://a.example:80"), Due: due}); err != nil {
					t.Fatal(err)
				}
			}
			if r.count() != step.want {
				t.Errorf("after %v more: %d look-ups, want %d", step.wait, r.count(), step.want)
			}
		}
	})
}

func TestFault09FailuresAreKeptForAMinute(t *testing.T) {
	for _, failure := range []error{unknownName, serverFail, errors.New("broken")} {
		r := &resolver{err: failure}
		world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
			for _, step := range []struct {
				wait time.Duration
				want int
			}{{0, 1}, {0, 1}, {time.Minute - time.Nanosecond, 1}, {time.Nanosecond, 2}} {
				time.Sleep(step.wait)
				_, err := reach(t, d, "http://a.example:80")
				dns := fails[*net.DNSError](t, err)
				if dns.IsNotFound != (failure == unknownName) || dns.IsTemporary == dns.IsNotFound || dns.IsTimeout || !errors.Is(err, failure) {
					t.Errorf("%v became %+v", failure, dns)
				}
				if r.count() != step.want {
					t.Errorf("after %v more: %d look-ups, want %d", step.wait, r.count(), step.want)
				}
			}
		})
	}
}

func TestFault09ARetryLooksUpAnewWhatFailedForTheMoment(t *testing.T) {
	again := func(t *testing.T, d *dial.Dialer) error {
		_, err := call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://a.example:80"), Due: time.Now()})
		return err
	}
	r := &resolver{err: serverFail}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		reach(t, d, "http://a.example:80")
		for want := 2; want <= 3; want++ {
			if again(t, d); r.count() != want {
				t.Errorf("%d look-ups, want %d", r.count(), want)
			}
		}
		if reach(t, d, "http://a.example:80"); r.count() != 3 {
			t.Errorf("a first attempt did not take the failure that is remembered: %d look-ups", r.count())
		}
		r.err, r.answer = nil, addrs("8.8.8.8")
		if err := again(t, d); err != nil || r.count() != 4 {
			t.Errorf("error %v after %d look-ups", err, r.count())
		}
		if _, err := reach(t, d, "http://a.example:80"); err != nil || r.count() != 4 {
			t.Errorf("the new answer is not kept: error %v after %d look-ups", err, r.count())
		}
	})
	r = &resolver{err: unknownName}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		again(t, d)
		time.Sleep(30 * time.Second)
		if again(t, d); r.count() != 1 {
			t.Errorf("an unknown name was looked up %d times", r.count())
		}
	})
}

// However many lines a host has, its name service is asked once for all of them
// at each attempt, also where most come late because others went first.
func TestFault09TheRetriesOfManyShareOneNewLookUp(t *testing.T) {
	r := &resolver{takes: 5 * time.Second, err: serverFail}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		reach(t, d, "http://a.example:80")
		start := time.Now()
		var w sync.WaitGroup
		for i := range 50 {
			due := start.Add(time.Duration(i) * 10 * time.Millisecond)
			w.Go(func() {
				time.Sleep(time.Until(due.Add(time.Duration(i%2) * 8 * time.Second)))
				call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://a.example:80"), Due: due})
			})
		}
		w.Wait()
		if r.count() != 2 {
			t.Errorf("%d look-ups, want 2", r.count())
		}
	})
}

func TestFault09ALookUpThatIsNotAnsweredIsATimeOutOfTheName(t *testing.T) {
	r := &resolver{takes: time.Hour}
	world(t, dial.Options{ConnectTimeout: 5 * time.Second}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		start := time.Now()
		_, err := reach(t, d, "http://a.example:80")
		dns, limit := fails[*net.DNSError](t, err), fails[*dial.TimeoutError](t, err)
		if !dns.IsTimeout || !dns.IsTemporary || dns.IsNotFound || dns.Name != "a.example" || !dns.Timeout() {
			t.Errorf("got %+v", dns)
		}
		if limit.Stage != dial.StageLookup || limit.After != 5*time.Second || time.Since(start) != 5*time.Second {
			t.Errorf("got %+v after %v", limit, time.Since(start))
		}
		synctest.Wait()
		if r.ended != 1 {
			t.Error("the look-up goes on after its limit")
		}
		if _, err := reach(t, d, "http://a.example:80"); err == nil || r.count() != 1 {
			t.Errorf("the time-out is not kept: error %v after %d look-ups", err, r.count())
		}
	})
}

// The limit is each caller's own: who comes late to a look-up gets its end all
// the same.
func TestALateWaiterHearsOfTheTimeOut(t *testing.T) {
	r := &resolver{takes: time.Hour}
	world(t, dial.Options{ConnectTimeout: 5 * time.Second}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		var w sync.WaitGroup
		w.Go(func() { reach(t, d, "http://a.example:80") })
		time.Sleep(3 * time.Second)
		_, err := reach(t, d, "http://a.example:80")
		if dns := fails[*net.DNSError](t, err); !dns.IsTimeout {
			t.Errorf("got %+v", dns)
		}
		w.Wait()
	})
}

func TestTheEndOfTheContextEndsTheWaitForALookUp(t *testing.T) {
	r := &resolver{takes: time.Hour}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, err := call(t, ctx, d, dial.Call{Route: route(t, d, "http://a.example:80")})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestTheMemoryOfNamesIsBounded(t *testing.T) {
	r := &resolver{answer: addrs("8.8.8.8")}
	world(t, dial.Options{Connect: func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, errors.New("no network") }}, r,
		func(t *testing.T, d *dial.Dialer, _ *network) {
			const names = 10_000
			for i := range names + 10 {
				reach(t, d, fmt.Sprintf("http://%d.example:80", i))
			}
			before := r.count()
			reach(t, d, fmt.Sprintf("http://%d.example:80", 10))
			if r.count() != before {
				t.Error("one of the last 10,000 names was forgotten")
			}
			reach(t, d, "http://0.example:80")
			if r.count() != before+1 {
				t.Error("the oldest name is still remembered")
			}
		})
}

// A look-up that was made anew does not go when the old one of its name does.
func TestANameThatWasLookedUpAnewIsNotTheOldest(t *testing.T) {
	r := &resolver{err: serverFail}
	world(t, dial.Options{Connect: func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, errors.New("no network") }}, r,
		func(t *testing.T, d *dial.Dialer, _ *network) {
			reach(t, d, "http://a.example:80")
			time.Sleep(2 * time.Second)
			r.err, r.answer = nil, addrs("8.8.8.8")
			call(t, t.Context(), d, dial.Call{Route: route(t, d, "http://a.example:80"), Due: time.Now()})
			for i := range 9_999 {
				reach(t, d, fmt.Sprintf("http://%d.example:80", i))
			}
			before := r.count()
			if reach(t, d, "http://a.example:80"); before != 10_001 || r.count() != before {
				t.Errorf("%d look-ups, then %d", before, r.count())
			}
		})
}

func TestCloseEndsLookUpsAndWaitsForThem(t *testing.T) {
	r := &resolver{takes: time.Hour}
	world(t, dial.Options{}, r, func(t *testing.T, d *dial.Dialer, _ *network) {
		var w sync.WaitGroup
		w.Go(func() {
			_, err := reach(t, d, "http://a.example:80")
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("error %v", err)
			}
		})
		time.Sleep(time.Second)
		start := time.Now()
		d.Close()
		if r.ended != 1 || time.Since(start) != 0 {
			t.Errorf("%d look-ups had ended with Close, after %v", r.ended, time.Since(start))
		}
		w.Wait()
		for _, s := range []string{"http://a.example:80", "http://b.example:80", "http://8.8.8.8:80"} {
			if _, err := reach(t, d, s); !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s after Close: %v", s, err)
			}
		}
		d.Close()
	})
}
