package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"crawl/engine"
	"crawl/results"
)

// Look returns the counts of a run, as engine.Monitor has them. After an error the
// last ones stay.
type Look func(ctx context.Context) (engine.Counts, error)

// lookTime bounds a look.
const lookTime = time.Second

// collector gathers the numbers of a run when they are asked for.
type collector struct {
	look Look

	mu   sync.Mutex
	last engine.Counts
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("crawl_"+name, help, labels, nil)
}

// The names are a contract with dashboards.
var (
	lines     = desc("lines_total", "Lines that have their record, by outcome: ok, failed or duplicate.", "outcome")
	failures  = desc("failures_total", "Failed lines by kind of error.", "kind")
	statuses  = desc("statuses_total", "Records with an answer, by class of its status.", "class")
	requests  = desc("requests_total", "Requests that were started, those for robots.txt, retries and redirects included.")
	answers   = desc("answers_total", "HTTP answers of any status.")
	retries   = desc("retries_total", "Attempts beyond the first of a record.")
	redirects = desc("redirects_total", "Redirects that were followed.")
	bytes     = desc("body_bytes_total", "Bytes of bodies, decoded.")
	wireBytes = desc("wire_bytes_total", "Bytes of bodies on the wire.")
	inFlight  = desc("in_flight", "Requests in flight, and pages that are parsed.")
	queued    = desc("queued", "Lines that wait for their host; the list may have more.")
	elapsed   = desc("run_seconds", "How long the run takes by now.")
)

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{lines, failures, statuses, requests, answers, retries, redirects, bytes, wireBytes, inFlight, queued, elapsed} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	n := c.counts()
	count := func(d *prometheus.Desc, v int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge := func(d *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	s := &n.Summary
	count(lines, s.OK, "ok")
	count(lines, s.Failed, "failed")
	count(lines, s.Duplicates, "duplicate")
	for kind, v := range s.Kinds {
		count(failures, v, kind)
	}
	for class, v := range s.Classes {
		name := "other"
		if class > 0 {
			name = string(rune('0'+class)) + "xx"
		}
		count(statuses, v, name)
	}
	count(requests, s.Tried)
	count(answers, s.Answers)
	count(retries, s.Retries)
	count(redirects, s.Redirects)
	count(bytes, s.Bytes)
	count(wireBytes, s.WireBytes)
	gauge(inFlight, float64(n.InFlight))
	gauge(queued, float64(n.Queued))
	gauge(elapsed, n.Elapsed.Seconds())
}

// counts takes a look, or returns the last one.
func (c *collector) counts() engine.Counts {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	n, err := c.look(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil && n.Elapsed >= c.last.Elapsed { // looks may overtake each other
		c.last = n
	}
	return c.last
}

// times are the histograms of records.
type times struct{ total, ttfb prometheus.Histogram }

func newTimes() times {
	histogram := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "crawl_" + name, Help: help,
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300},
		})
	}
	return times{
		total: histogram("record_seconds", "From the first request of a line to its record."),
		ttfb:  histogram("ttfb_seconds", "From the request to the first byte of the last answer."),
	}
}

func (t *times) observe(r *results.Record) {
	if r.Time.Total > 0 {
		t.total.Observe(r.Time.Total.Seconds())
	}
	if r.Time.TTFB > 0 {
		t.ttfb.Observe(r.Time.TTFB.Seconds())
	}
}
