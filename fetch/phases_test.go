package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"crawl/fetch/dial"
	"crawl/weburl"
)

// stuck is a server that stops answering in a given phase, and a client for it.
func stuck(t *testing.T, p Phase) (*Client, weburl.URL) {
	c := newClient(t, Options{
		Insecure: true, ConnectTimeout: time.Minute, Timeout: time.Minute,
		Lookup: func(ctx context.Context, _, _ string) ([]netip.Addr, error) { <-ctx.Done(); return nil, ctx.Err() },
	})
	switch p {
	case PhaseDNS:
		return c, mustURL(t, "http://never.example/")
	case PhaseConnect:
		// A connect on loopback ends at once, so the dialler itself is held up.
		c.open = func(ctx context.Context, call dial.Call) (*dial.Conn, error) {
			call.Trace(dial.StageConnect, false)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return c, mustURL(t, "http://127.0.0.1:1/")
	case PhaseTLS:
		u := raw(t, func(p *peer) { _, _ = io.Copy(io.Discard, p.r) })
		return c, mustURL(t, "https://"+u.HostPort()+"/")
	case PhaseHeaders:
		return c, raw(t, func(p *peer) { p.request(); p.wait() })
	}
	return c, raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\x1f\x8b\x08")
		p.wait()
	})
}

func TestACancelledContextEndsDoInAnyPhase(t *testing.T) {
	for _, p := range []Phase{PhaseDNS, PhaseConnect, PhaseTLS, PhaseHeaders, PhaseBody} {
		t.Run(string(p), func(t *testing.T) {
			c, u := stuck(t, p)
			ctx, cancel := context.WithCancelCause(context.Background())
			defer cancel(nil)
			reached := make(chan struct{}, 16)
			var from time.Time
			go func() {
				<-reached
				from = time.Now()
				cancel(nil)
			}()
			_, err := c.Do(ctx, &Request{URL: u, OnPhase: func(now Phase) {
				if now == p {
					reached <- struct{}{}
				}
			}})
			took := time.Since(from)
			if e := failsWith(t, err, KindCancelled, p); e.Error() != "cancelled" || e.Timeout() {
				t.Errorf("says %q, Timeout %v", e, e.Timeout())
			}
			t.Logf("%s: ended %v after the cancellation", p, took)
			if took > time.Second { // the promise is 100 ms; the bound is for a loaded machine
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestAContextDoneBeforehandSendsNothing(t *testing.T) {
	u := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	c := newClient(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := c.Do(ctx, &Request{URL: u})
	failsWith(t, err, KindCancelled, "")
}

func TestTheRunsDeadlineIsToldFromACancellation(t *testing.T) {
	c, u := stuck(t, PhaseHeaders)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	_, err := c.Do(ctx, &Request{URL: u})
	failsWith(t, err, KindDeadline, PhaseHeaders)

	caused, end := context.WithCancelCause(context.Background())
	end(context.DeadlineExceeded)
	_, err = c.Do(caused, &Request{URL: u})
	if e := failsWith(t, err, KindDeadline, ""); !e.Timeout() {
		t.Error("a deadline is no time-out")
	}
}

func TestARequestsOwnTimeoutWins(t *testing.T) {
	c, u := stuck(t, PhaseHeaders)
	_, err := c.Do(context.Background(), &Request{URL: u, Timeout: 20 * time.Millisecond})
	failsWith(t, err, KindTimeout, PhaseHeaders)
}

func TestPhasesAreToldInTheirOrder(t *testing.T) {
	s := serveTLS(t, nil, hello)
	var told []Phase
	c := newClient(t, Options{Insecure: true})
	u := mustURL(t, "https://localhost:"+mustURL(t, s.URL).Port()+"/")
	resp, err := c.Do(context.Background(), &Request{URL: u, OnPhase: func(p Phase) { told = append(told, p) }})
	if err != nil {
		t.Fatal(err)
	}
	resp.Release()
	want := []Phase{PhaseDNS, PhaseConnect, PhaseTLS, PhaseRequest, PhaseHeaders, PhaseBody}
	if !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if resp.Time.DNS <= 0 || resp.Time.Connect <= 0 || resp.Time.TLS <= 0 {
		t.Errorf("times %+v", resp.Time)
	}
}

func TestFault09ANameThatCannotBeLookedUpIsDNS(t *testing.T) {
	for _, tc := range []struct {
		name   string
		family dial.Family
		err    error
		says   string
		retry  bool
	}{
		{"NXDOMAIN", dial.Any, &net.DNSError{Err: "no such host", Name: "x.example", IsNotFound: true}, "no such host", false},
		{"time-out", dial.Any, &net.DNSError{Err: "i/o timeout", Name: "x.example", IsTimeout: true}, "timed out looking up the host", true},
		{"no address of the family", dial.IPv6, &net.AddrError{Err: "no suitable address found", Addr: "x.example"}, "no IPv6 address", false},
		{"SERVFAIL", dial.IPv6, &net.DNSError{Err: "server misbehaving", Name: "x.example", IsTemporary: true}, "server misbehaving", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClient(t, Options{Family: tc.family, Lookup: func(context.Context, string, string) ([]netip.Addr, error) { return nil, tc.err }})
			resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://x.example/")})
			e := failsWith(t, err, KindDNS, PhaseDNS)
			if e.Error() != tc.says || e.NotFound() == tc.retry || retried(resp, err) != tc.retry {
				t.Errorf("says %q, not found %v, retried %v", e, e.NotFound(), retried(resp, err))
			}
		})
	}
	c, u := stuck(t, PhaseDNS)
	_, err := c.Do(context.Background(), &Request{URL: u, Timeout: 20 * time.Millisecond})
	failsWith(t, err, KindDNS, PhaseDNS)
}

func TestAnAddressOfTheOtherFamilyIsDNSAndFinal(t *testing.T) {
	c := newClient(t, Options{Family: dial.IPv6})
	resp, err := c.Do(context.Background(), &Request{URL: mustURL(t, "http://127.0.0.1/")})
	if e := failsWith(t, err, KindDNS, PhaseConnect); e.Error() != "no IPv6 address" || retried(resp, err) {
		t.Errorf("says %q", e)
	}
}

func TestManyGoroutinesShareOneClient(t *testing.T) {
	u := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	c := newClient(t, Options{PerHost: 4})
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for j := range 50 {
				path := string(rune('a'+i)) + string(rune('a'+j%26))
				next, err := u.Resolve("/" + path)
				if err != nil {
					errs[i] = err
					return
				}
				resp, err := c.Do(context.Background(), &Request{URL: next})
				if err != nil {
					errs[i] = err
				} else if string(resp.Body) != "/"+path {
					errs[i] = errors.New("another's body: " + string(resp.Body))
				}
				resp.Release()
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}
