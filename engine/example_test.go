package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"crawl/engine"
	"crawl/frontier/list"
	"crawl/results"
)

func Example() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<title>Page %s</title>", r.URL.Path)
	}))
	defer srv.Close()

	ctx := context.Background()
	lines := list.New(ctx, []list.Source{{R: strings.NewReader(srv.URL + "/a\n" + srv.URL + "/b\n")}}, list.Options{})
	defer lines.Close()
	titles := results.NewOrdered(results.NewWriter(os.Stdout, titleOnly{}), results.Options{})
	sum, err := engine.Run(ctx, engine.Options{}, lines, titles)
	fmt.Println(sum.OK, "ok,", err)
	// Output:
	// Page /a
	// Page /b
	// 2 ok, <nil>
}

// titleOnly is a format of one's own.
type titleOnly struct{}

func (titleOnly) Append(dst []byte, r *results.Record) ([]byte, error) {
	return append(append(dst, r.Title...), '\n'), nil
}
