//go:build linux

package fetch

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// exchanges makes count GETs with workers at once and reports each failure.
func exchanges(t testing.TB, n *nginx, c *Client, count, workers int) {
	t.Helper()
	var wg sync.WaitGroup
	turns := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range turns {
				resp, err := c.Do(t.Context(), &Request{URL: n.url(t, "/page.html")})
				if err != nil || resp.Status != 200 || string(resp.Body) != "a page" {
					t.Errorf("request %d: status %d, body %q, error %v", i, resp.Status, resp.Body, err)
				}
				resp.Release()
			}
		})
	}
	for i := range count {
		turns <- i
	}
	close(turns)
	wg.Wait()
}

// deserted waits until nginx has closed every connection but the one that asks.
func (n *nginx) deserted(t testing.TB) {
	t.Helper()
	eventually(t, "nginx closes its idle connections", func() bool {
		c := n.client(t, Options{})
		defer c.Close()
		return strings.Contains(string(get(t, c, &Request{URL: n.url(t, "/status")}).Body), "Active connections: 1 ")
	})
}

func TestFault19ConnectionsThatNginxClosedWhileIdleAreReplacedSilently(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel() // they wait
			n := serveNginx(t, site{
				listen: p.listen,
				server: "keepalive_timeout 1s;",
				files:  map[string]string{"page.html": "a page"},
			})
			c := n.client(t, p.options)
			exchanges(t, n, c, 8, 4)
			before := n.connections(t, 8)
			n.deserted(t)
			exchanges(t, n, c, 1, 1)
			if after := n.connections(t, 9); after != before+1 {
				t.Errorf("%d connections after %d, want one more", after, before)
			}
		})
	}
}

// A connection of nginx ends after three requests: by Connection: close, and by
// GOAWAY over HTTP/2.
func TestFault19ConnectionsThatNginxEndsAfterSomeRequestsLoseNone(t *testing.T) {
	for _, p := range protocols {
		for _, workers := range []int{1, 8} {
			t.Run(fmt.Sprintf("%s, %d at once", p.name, workers), func(t *testing.T) {
				n := serveNginx(t, site{
					listen: p.listen,
					server: "keepalive_requests 3;",
					files:  map[string]string{"page.html": "a page"},
				})
				exchanges(t, n, n.client(t, p.options), 30, workers)
				conns := n.connections(t, 30)
				if conns < 10 || workers == 1 && conns != 10 {
					t.Errorf("%d connections for 30 requests", conns)
				}
			})
		}
	}
}

func TestFault18MoreFetchesThanNginxAllowsStreamsShareOneConnection(t *testing.T) {
	n := serveNginx(t, site{
		listen: "ssl http2",
		server: "http2_max_concurrent_streams 8;",
		files:  map[string]string{"page.html": "a page"},
	})
	c := n.client(t, Options{})
	exchanges(t, n, c, 1, 1) // now it is known that the server speaks HTTP/2, and its limit
	exchanges(t, n, c, 200, 100)
	if conns := n.connections(t, 201); conns != 1 {
		t.Errorf("%d connections", conns)
	}
}

// Nothing is known of the server when all begin.
func TestFault18FetchesThatBeginAtOnceAllSucceed(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			n := serveNginx(t, site{
				listen: p.listen,
				server: "http2_max_concurrent_streams 8;",
				files:  map[string]string{"page.html": "a page"},
			})
			exchanges(t, n, n.client(t, p.options), 100, 100)
			n.connections(t, 100)
		})
	}
}
