package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"time"

	"crawl/extract"
	"crawl/fetch"
	"crawl/frontier"
	"crawl/results"
	"crawl/results/changes"
	"crawl/results/warc"
)

// Options of a run. The zero value has the documented defaults.
type Options struct {
	Concurrency int // requests in flight; 0: 64
	Parsers     int // executor workers that parse; 0: the number of CPUs
	Politeness  frontier.Politeness

	Fetch        fetch.Options
	Retries      int                   // per line, over all its hops; 0: none
	MaxRedirects int                   // 0: a 3xx is recorded as it is
	Accept       func(status int) bool // what counts as ok; nil: 2xx and 3xx

	Extract extract.Options

	// Crawl has links followed; nil: what the frontier holds is all there is.
	Crawl *Crawl

	// Digest gives each record the sha256 of its body; Save implies it.
	Digest bool
	// Save keeps the body of a line's last answer, if it is not empty, whatever
	// its status, and gives the file for its record. It is called on parser
	// workers, several at once, and must not keep body. Its error ends the run,
	// as a SinkError. nil: none is saved.
	Save func(n results.Name, body []byte) (file string, err error)
	// Archive keeps every exchange that had an answer, hops, retries and those for
	// robots.txt included, before anything is made of it, but none that the run's own
	// end cut off. An error of it ends the run, as a SinkError. Its owner closes it,
	// after Run. It wants Fetch.HTTP1, or a Fetcher of the like. nil: none is kept.
	Archive *warc.Archive

	// Changes is what earlier runs saw, nil for nothing: a page that was met before is
	// asked for with its validators, unless links are followed, which only the page
	// has, and records have what its Feed judges them by, and their digest. The sink
	// is to be that Feed; its owner commits it, after Run.
	Changes *changes.Memory

	// Resumable says that another run will go on where this one ends: what is cut off
	// gets no record but counts as unrecorded, and no more than twice Concurrency of
	// the lines that were asked for are not settled yet, whatever happens.
	Resumable bool

	// Grace is how long a run may take to end after ctx is done; 0: 2 s.
	Grace time.Duration

	// Logger is told of faults of ours, such as a panic and its stack; nil:
	// slog.Default.
	Logger *slog.Logger
	// Monitor is given a look into this run while it goes on; nil: nobody looks.
	Monitor *Monitor
	// Observe is told of what happens on the way. It is called on the loop's
	// goroutine, which it must not hold up; nil: nobody is told.
	Observe func(Event)

	// Fetcher makes the exchanges; nil: a fetch.Client made from Fetch.
	Fetcher Fetcher
	// Now is the clock, which must carry a monotonic reading for spans to be
	// right; nil: time.Now.
	Now func() time.Time
	// Rand gives numbers in [0, 1) for jitter; nil: math/rand/v2.
	Rand func() float64
}

// Fetcher makes one exchange, as fetch.Client does: Do blocks, may be called
// from any goroutine, ends soon after ctx does, and never returns a nil
// Response.
type Fetcher interface {
	Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error)
}

// Defaults of Options.
const (
	DefaultConcurrency = 64
	DefaultGrace       = 2 * time.Second
)

// Validate reports all faults, joined.
func (o Options) Validate() error {
	var errs []error
	for name, n := range map[string]int{"concurrency": o.Concurrency, "parsers": o.Parsers, "retries": o.Retries, "redirects": o.MaxRedirects} {
		if n < 0 {
			errs = append(errs, fmt.Errorf("%s: %d is below zero", name, n))
		}
	}
	if o.Grace < 0 {
		errs = append(errs, fmt.Errorf("grace: %v is below zero", o.Grace))
	}
	if o.Crawl != nil {
		errs = append(errs, o.Crawl.validate())
	}
	return errors.Join(append(errs, o.Politeness.Validate(), o.Fetch.Validate())...)
}

// withDefaults fills in what is zero.
func (o Options) withDefaults() (Options, error) {
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Parsers == 0 {
		o.Parsers = runtime.NumCPU()
	}
	if o.Politeness.PerHost == 0 {
		o.Politeness.PerHost = frontier.DefaultPerHost
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Changes != nil {
		o.Digest, o.Extract.Content = true, true
	}
	if o.Fetcher == nil {
		if o.Fetch.PerHost == 0 {
			o.Fetch.PerHost = o.Politeness.PerHost
		}
		client, err := fetch.New(o.Fetch)
		if err != nil {
			return o, err
		}
		o.Fetcher = client
	}
	return o, nil
}
