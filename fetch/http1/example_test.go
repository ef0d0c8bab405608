package http1_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	"crawl/fetch/http1"
)

func Example() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.URL)
	}))
	defer s.Close()
	nc, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	c := http1.NewConn(nc, http1.Options{})
	defer c.Close()
	for _, target := range []string{"/a", "/b?c"} {
		a, err := c.Do(&http1.Request{Method: "GET", Target: target, Host: "example.com"}, http1.Events{})
		if err != nil {
			fmt.Println(err)
			return
		}
		page, err := io.ReadAll(a.Body)
		fmt.Println(a.Status, a.Length, string(page), err, c.Reusable())
	}
	// Output:
	// 200 6 GET /a <nil> true
	// 200 8 GET /b?c <nil> true
}
