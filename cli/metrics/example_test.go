package metrics_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"

	"crawl/cli/metrics"
	"crawl/engine"
	"crawl/results"
)

func ExampleServe() {
	look := func(context.Context) (engine.Counts, error) {
		return engine.Counts{InFlight: 3, Summary: results.Summary{Tried: 42}}, nil
	}
	s, err := metrics.Serve(":0", look)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close(context.Background())
	resp, err := http.Get("http://" + s.Addr() + "/metrics")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	for text := bufio.NewScanner(resp.Body); text.Scan(); {
		if strings.HasPrefix(text.Text(), "crawl_requests_total") {
			fmt.Println(text.Text())
		}
	}
	// Output: crawl_requests_total 42
}
