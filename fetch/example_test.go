package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		_, _ = io.WriteString(w, "hello")
	}))
	defer server.Close()

	client, err := fetch.New(fetch.Options{UserAgent: "mybot/1.0 (+https://example.com/bot)"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	u, err := weburl.Parse(server.URL + "/old")
	if err != nil {
		fmt.Println(err)
		return
	}

	st := fetch.State{URL: u, MaxRetries: 2, MaxRedirects: 10}
	for {
		resp, err := client.Do(context.Background(), &fetch.Request{Method: st.Method, URL: st.URL})
		next := fetch.Next(resp, err, st, time.Now(), func() float64 { return 0.5 })
		fmt.Printf("%s %s: %d %q, then %s\n", st.URL.Path(), resp.Protocol, resp.Status, resp.Body, next.Action)
		resp.Release()
		switch next.Action {
		case fetch.Done:
			return
		case fetch.Retry:
			st.Retries++ // a scheduler would wait for next.After first
		case fetch.Hop:
			st.Seen = append(st.Seen, st.URL.Identity())
			st.URL, st.Method, st.Hops = next.URL, next.Method, st.Hops+1
		}
	}
	// Output:
	// /old HTTP/1.1: 301 "<a href=\"/new\">Moved Permanently</a>.\n\n", then hop
	// /new HTTP/1.1: 200 "hello", then done
}

// A failure says its kind, where it happened and, in words, why.
func ExampleError() {
	server := httptest.NewServer(http.NotFoundHandler())
	u, _ := weburl.Parse("http://user:secret@" + server.Listener.Addr().String() + "/")
	server.Close() // nobody listens there any more

	client, _ := fetch.New(fetch.Options{})
	defer client.Close()
	resp, err := client.Do(context.Background(), &fetch.Request{URL: u})
	next := fetch.Next(resp, err, fetch.State{URL: u}, time.Now(), nil)
	fmt.Println(next.Err.Kind, next.Err.Phase, next.Err.Attempts, next.Err)
	// Output:
	// connect connect 1 connection refused
}
