package metrics

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"crawl/engine"
	"crawl/results"
)

// get asks a server, and returns the status and the body.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func serve(t *testing.T, look Look) *Server {
	t.Helper()
	s, err := Serve(":0", look)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

var counts = engine.Counts{
	Elapsed: 12 * time.Second, InFlight: 64, Queued: 300,
	Summary: results.Summary{
		OK: 970, Failed: 25, Duplicates: 5, Kinds: map[string]int64{"http": 20, "timeout": 5}, Classes: [6]int64{0: 1, 2: 960, 3: 10, 4: 20},
		Bytes: 12 << 20, WireBytes: 4_300_000, Retries: 12, Redirects: 30, Tried: 1040, Answers: 1020,
	},
}

func TestMetricsAreTheCountsOfTheRun(t *testing.T) {
	s := serve(t, func(context.Context) (engine.Counts, error) { return counts, nil })
	s.Observe(&results.Record{Time: results.Timing{Total: 2 * time.Second, TTFB: 20 * time.Millisecond}})
	s.Observe(&results.Record{Duplicate: true}) // took no time
	status, text := get(t, "http://"+s.Addr()+"/metrics")
	if status != 200 {
		t.Fatalf("status %d: %s", status, text)
	}
	for _, want := range []string{
		`crawl_lines_total{outcome="ok"} 970`, `crawl_lines_total{outcome="failed"} 25`, `crawl_lines_total{outcome="duplicate"} 5`,
		`crawl_failures_total{kind="http"} 20`, `crawl_failures_total{kind="timeout"} 5`,
		`crawl_statuses_total{class="2xx"} 960`, `crawl_statuses_total{class="other"} 1`, `crawl_statuses_total{class="5xx"} 0`,
		"crawl_requests_total 1040", "crawl_answers_total 1020", "crawl_retries_total 12", "crawl_redirects_total 30",
		"crawl_body_bytes_total 1.2582912e+07", "crawl_wire_bytes_total 4.3e+06",
		"crawl_in_flight 64", "crawl_queued 300", "crawl_run_seconds 12",
		"crawl_record_seconds_count 1", "crawl_record_seconds_sum 2", `crawl_ttfb_seconds_bucket{le="0.025"} 1`, `crawl_ttfb_seconds_bucket{le="0.01"} 0`,
		"go_goroutines ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
}

// Once the run is over, and before it began, the last counts stay.
func TestTheLastCountsStay(t *testing.T) {
	var mu sync.Mutex
	var err error = engine.ErrNotRunning
	n := counts
	s := serve(t, func(context.Context) (engine.Counts, error) {
		mu.Lock()
		defer mu.Unlock()
		return n, err
	})
	set := func(c engine.Counts, e error) {
		mu.Lock()
		defer mu.Unlock()
		n, err = c, e
	}
	shows := func(want string) {
		t.Helper()
		if _, text := get(t, "http://"+s.Addr()+"/metrics"); !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	shows("crawl_requests_total 0")
	set(counts, nil)
	shows("crawl_requests_total 1040")
	set(engine.Counts{}, engine.ErrNotRunning)
	shows("crawl_requests_total 1040")
	set(engine.Counts{Elapsed: time.Second}, nil) // an old look that comes late
	shows("crawl_requests_total 1040")
}

func TestProfilesAreServed(t *testing.T) {
	s := serve(t, func(context.Context) (engine.Counts, error) { return counts, nil })
	for path, want := range map[string]string{"/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "goroutine profile:", "/debug/pprof/symbol": "num_symbols"} {
		if status, text := get(t, "http://"+s.Addr()+path); status != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: status %d, %.100s", path, status, text)
		}
	}
	if status, _ := get(t, "http://"+s.Addr()+"/"); status != 404 {
		t.Errorf("/: status %d", status)
	}
}

// An answer that takes long does not keep Close.
func TestCloseIsBoundedByItsContext(t *testing.T) {
	began := make(chan struct{})
	s, err := Serve("127.0.0.1:0", func(ctx context.Context) (engine.Counts, error) {
		close(began)
		<-ctx.Done() // after lookTime
		return engine.Counts{}, ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		if resp, err := http.Get("http://" + s.Addr() + "/metrics"); err == nil {
			resp.Body.Close()
		}
	}()
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Close(ctx)
	<-asked
	if _, err := http.Get("http://" + s.Addr() + "/metrics"); err == nil {
		t.Error("it answers still")
	}
}

func TestAnAddressWithoutAHostIsLoopback(t *testing.T) {
	for text, want := range map[string]string{
		"9090": "127.0.0.1:9090", ":9090": "127.0.0.1:9090", "0.0.0.0:9090": "0.0.0.0:9090", "[::1]:9090": "[::1]:9090",
		"localhost:0": "localhost:0", ":0": "127.0.0.1:0", "http": "127.0.0.1:http",
		"": "", ":": "", "host:": "", "99999": "", "::1": "", "a:b:c": "", "no such port": "",
	} {
		got, err := Address(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	if _, err := Serve("nowhere:port:x", nil); err == nil {
		t.Error("served at no address")
	}
	s := serve(t, func(context.Context) (engine.Counts, error) { return counts, nil })
	if _, err := Serve(s.Addr(), nil); err == nil {
		t.Error("served twice at one address")
	}
}
