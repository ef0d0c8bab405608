package fetch

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch/dial"
)

// slowly has h serve connections to a client inside a synctest bubble: net.Pipe
// blocks durably, so time stands in for every wait. h begins with the request
// read; check makes the exchanges.
func slowly(t *testing.T, o Options, h func(net.Conn), check func(t *testing.T, get func() (*Response, error))) {
	t.Helper()
	u := mustURL(t, "http://pipe.example/")
	synctest.Test(t, func(t *testing.T) {
		if o.Timeout == 0 {
			o.Timeout = 10 * time.Minute
		}
		c := newClient(t, o)
		c.open = func(context.Context, dial.Call) (*dial.Conn, error) {
			near, far := net.Pipe()
			go func() {
				defer far.Close()
				_, _ = far.Read(make([]byte, 4096))
				h(far)
			}()
			return &dial.Conn{Conn: near}, nil
		}
		check(t, func() (*Response, error) { return c.Do(t.Context(), &Request{URL: u}) })
		c.Close()
		time.Sleep(2 * time.Second) // virtual: the server notices and ends
	})
}

// trickle sends a byte a second until nobody reads.
func trickle(c net.Conn) {
	for {
		if _, err := io.WriteString(c, "x"); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// endsByRate says that the exchange ended by the minimum rate, after one window.
func endsByRate(phase Phase) func(*testing.T, func() (*Response, error)) {
	return func(t *testing.T, get func() (*Response, error)) {
		start := time.Now()
		_, err := get()
		e := failsWith(t, err, KindTimeout, phase)
		if e.Error() != "slower than 100 B/s for 10s" || time.Since(start) != rateWindow {
			t.Errorf("says %q after %v", e, time.Since(start))
		}
	}
}

func TestFault03ATrickleEndsByTheMinimumRate(t *testing.T) {
	slowly(t, Options{}, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
		trickle(c)
	}, endsByRate(PhaseBody))
}

// A header that trickles is as slow as a body that does.
func TestFault03ATricklingHeaderEndsByTheMinimumRate(t *testing.T) {
	slowly(t, Options{}, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Slow: ")
		trickle(c)
	}, endsByRate(PhaseHeaders))
}

func TestABodyAtTheMinimumRateIsTaken(t *testing.T) {
	slowly(t, Options{}, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 12000\r\n\r\n")
		for range 100 { // a little more than 100 bytes a second for 100 s
			if _, err := c.Write(make([]byte, 120)); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}, func(t *testing.T, get func() (*Response, error)) {
		resp, err := get()
		if err != nil || resp.Size != 12_000 || resp.Time.Download != 99*time.Second {
			t.Errorf("%v; size %d in %v", err, resp.Size, resp.Time.Download)
		}
		resp.Release()
	})
}

// A server that has sent early hints, or says that it is processing, may think
// for longer than the minimum rate would allow.
func TestAServerMayThinkAfterAnInformationalResponse(t *testing.T) {
	slowly(t, Options{}, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
		time.Sleep(time.Minute)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
	}, func(t *testing.T, get func() (*Response, error)) {
		resp, err := get()
		if err != nil || string(resp.Body) != "done" {
			t.Errorf("%v, body %q", err, resp.Body)
		}
		resp.Release()
	})
}

func TestTheFirstByteHasALimitOfItsOwn(t *testing.T) {
	silent := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	slowly(t, Options{Timeout: time.Minute, FirstByte: 7 * time.Second}, silent, func(t *testing.T, get func() (*Response, error)) {
		start := time.Now()
		_, err := get()
		if e := failsWith(t, err, KindTimeout, PhaseHeaders); e.Error() != "timed out after 7s waiting for the answer" || time.Since(start) != 7*time.Second {
			t.Errorf("says %q after %v", e, time.Since(start))
		}
	})
}
