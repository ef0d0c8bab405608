package engine

import (
	"errors"
	"net/http"
	"time"

	"crawl/fetch"
	"crawl/frontier"
)

// report tells the workbench what an exchange showed of its host, and for how
// long the host wants to be left alone, if it said so.
func (r *run) report(fl *flight, x exchange, park time.Duration) {
	if x.resp.Status != 0 {
		r.sum.Answers++
	} else if isBlocked(x.err) {
		r.sum.Tried-- // nothing was sent
	}
	now := r.now()
	r.hosts.Add(fl.host, now.Sub(fl.began))
	if park > 0 {
		r.bench.Park(now, fl.host, now.Add(park))
		r.observe(Event{Kind: HostParked, Host: fl.host, Status: x.resp.Status, Until: now.Add(park)})
	}
	if r.bench.Report(now, fl.host, health(x, park > 0), fl.began, x.err) {
		r.observe(Event{Kind: HostGivenUp, Host: fl.host, Err: x.err})
	}
}

// health is what an exchange says of its host. A failed one counts by its kind,
// even if a header came before: a host whose bodies never end is as good as
// unreachable.
func health(x exchange, parked bool) frontier.Health {
	switch {
	case x.err != nil:
		return failureHealth(x.err)
	case x.resp.Status == http.StatusTooManyRequests, x.resp.Status == http.StatusServiceUnavailable:
		if parked {
			return frontier.Troubled // it says itself what is to be done
		}
		return frontier.Overloaded
	case x.resp.Status >= 500:
		return frontier.Troubled
	}
	return frontier.Healthy
}

func isBlocked(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && e.Kind == fetch.KindBlockedAddress
}

func failureHealth(err error) frontier.Health {
	var e *fetch.Error
	if !errors.As(err, &e) {
		return frontier.Unknown // a fault of ours
	}
	switch e.Kind {
	case fetch.KindConnect, fetch.KindTimeout:
		return frontier.Unreachable
	case fetch.KindTLS, fetch.KindReset, fetch.KindTruncated, fetch.KindTooLarge, fetch.KindProtocol, fetch.KindDecode:
		return frontier.Troubled // somebody is there
	}
	return frontier.Unknown
}
