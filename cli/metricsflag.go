package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"crawl/cli/metrics"
	"crawl/engine"
	"crawl/results"
)

// address is the value of -metrics.
type address struct{ s *string }

func (v address) String() string { return "" }
func (v address) Type() string   { return "ADDR" }
func (v address) Set(s string) error {
	full, err := metrics.Address(s)
	if err == nil {
		*v.s = full
	}
	return err
}

// closeTime is how long an answer that is being given may keep a run that is over.
const closeTime = 500 * time.Millisecond

// serveMetrics begins to serve -metrics, if it is given: observe is to see each
// record, nil for none.
func (o *options) serveMetrics(stderr io.Writer) (observe func(*results.Record), stop func(), err error) {
	if o.voice.metrics == "" {
		return nil, func() {}, nil
	}
	o.engine.Monitor = &engine.Monitor{}
	s, err := metrics.Serve(o.voice.metrics, o.engine.Monitor.Counts)
	if err != nil {
		return nil, nil, fmt.Errorf("-metrics: %w", err)
	}
	text := fmt.Sprintf("metrics are at http://%s/metrics", s.Addr())
	if s.Profiles() {
		text += ", profiles at /debug/pprof/"
	}
	notice(o, stderr, text)
	return s.Observe, func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		s.Close(ctx)
	}, nil
}
