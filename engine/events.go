package engine

import (
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

// EventKind is what an Event tells.
type EventKind uint8

// The events of a run.
const (
	// HostParked: Host wants to be left alone until Until, by Retry-After.
	HostParked EventKind = iota + 1
	// HostGivenUp: nothing more is asked of Host, for Err.
	HostGivenUp
	// Retrying: URL is asked again after After, for Err, or for Status.
	Retrying
	// Redirected: URL answered Status, and Target is asked next.
	Redirected
	// RobotsFailed: the robots.txt URL could not be had, for Err, and nothing of
	// its origin is asked for a while.
	RobotsFailed
)

// Event is something that happened to a host or a URL on its way, which no record
// tells, or not yet.
type Event struct {
	Kind   EventKind
	Host   string // and port
	URL    weburl.URL
	Target weburl.URL
	Status int
	After  time.Duration
	Until  time.Time
	Err    error
}

// observe tells Options.Observe of an event.
func (r *run) observe(e Event) {
	if r.o.Observe != nil {
		r.o.Observe(e)
	}
}

// observeNext tells of a decision, unless it is the last one.
func (r *run) observeNext(fl *flight, d fetch.Decision, x exchange) {
	if r.o.Observe == nil || d.Action == fetch.Done {
		return
	}
	e := Event{Kind: Retrying, Host: fl.host, URL: fl.item.Target, Status: x.resp.Status, After: d.After, Err: x.err}
	if d.Action == fetch.Hop {
		e.Kind, e.Target = Redirected, d.URL
	}
	r.o.Observe(e)
}
