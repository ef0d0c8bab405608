package engine

import (
	"context"
	"errors"
	"time"

	"crawl/fetch"
	"crawl/fetch/robots"
	"crawl/frontier"
	"crawl/loop"
	"crawl/weburl"
)

const (
	// robotsLife is how long a robots.txt is good (RFC 9309 section 2.4).
	robotsLife = 24 * time.Hour
	// robotsPause is how long an origin whose robots.txt could not be had is
	// left in peace before it is asked for it again; its URLs get their records.
	robotsPause = time.Minute
)

// gate is what a workbench asks about an origin.
type gate struct{ robots.Rules }

func (g gate) Allowed(u weburl.URL) error {
	if err := g.Check(u); err != nil {
		return err
	}
	return nil
}

func (g gate) Delay() time.Duration {
	d, _ := g.CrawlDelay()
	return d
}

// errNoRoom is why an origin is refused whose rules the workbench does not take.
var errNoRoom = &fetch.Error{Op: "get", Kind: fetch.KindRobots, Phase: fetch.PhaseRobots,
	Err: errors.New("robots.txt is long, and so are those of too many other hosts to keep it")}

// flyRobots is the task of one request for an origin's robots.txt, which is asked
// once whatever waits for it. A failure that may pass is tried again as a URL's
// is; a redirect goes to the gate of the host that it leads to.
func (r *run) flyRobots(c *loop.Ctx, fl *flight) (landing, error) {
	req, it := request(fl), &fl.item
	d := r.doer(fl)
	a, err := loop.Await(c, loop.RunInExecutor(r.l, r.io, func(ctx context.Context) (robots.Answer, error) {
		return robots.Ask(ctx, d, r.agent, req), nil
	}))
	switch {
	case err != nil: // cancelled, or a panic
		return landing{}, err
	case d.lost != nil:
		return landing{}, d.lost
	}
	next := a.Next(r.state(it), r.now(), r.o.Rand)
	x := exchange{resp: a.Resp, err: a.Err}
	r.report(fl, x, next.Park)
	r.observeNext(fl, next, x)
	if next.Action == fetch.Hop {
		r.bench.HopRobots(r.now(), *hopped(*it, next, a.Resp.Status, r.now()))
	} else {
		r.answerRobots(it.URL, a.Rules, next)
	}
	return landing{}, nil
}

// answerRobots tells the workbench what an origin's robots.txt came to.
func (r *run) answerRobots(u weburl.URL, rules robots.Rules, d fetch.Decision) {
	switch now, why := r.now(), rules.Refusal(); {
	case d.Action == fetch.Retry:
		r.bench.RetryRobots(now, u.HostPort(), now.Add(d.After))
	case why != nil:
		r.observe(Event{Kind: RobotsFailed, Host: u.HostPort(), URL: u, Err: why})
		r.refuse(u, why, max(robotsPause, d.Park))
	default:
		if !r.bench.SetRules(now, u.HostPort(), u.Origin(), gate{rules}, now.Add(robotsLife)) {
			r.refuse(u, errNoRoom, robotsPause)
		}
	}
}

// refuse has nothing asked of u's origin for a while.
func (r *run) refuse(u weburl.URL, why error, life time.Duration) {
	r.bench.Refuse(r.now(), u.HostPort(), u.Origin(), why, r.now().Add(life))
}

// deny gives an item that is not to be asked its record, or has an origin refused
// whose robots.txt is not.
func (r *run) deny(pick frontier.Pick) {
	if pick.Robots {
		r.refuse(pick.Item.URL, robots.Failed(pick.Denied).Refusal(), robotsPause)
		return
	}
	if r.cutLink(pick.Item, pick.Denied) {
		return
	}
	var f found
	if !isLink(&pick.Item) { // its robots.txt may name sitemaps all the same
		f.links = r.sitemapsOf(&pick.Item)
	}
	rec := r.lost(pick.Item, fetch.PhaseRobots, pick.Denied)
	r.emit(pick.Item, rec, r.settling(pick.Item, verdict(rec), f))
}
