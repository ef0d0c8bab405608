package engine

import (
	"context"
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
type gate struct {
	rules robots.Rules
	agent string
}

func (g gate) Allowed(u weburl.URL) error {
	if err := g.rules.Check(g.agent, u); err != nil {
		return err
	}
	return nil
}

func (g gate) Delay() time.Duration {
	d, _ := g.rules.CrawlDelay(g.agent)
	return d
}

// flyRobots is the task of one origin's robots.txt, asked once whatever waits
// for it. A failure that may pass is tried again as a URL's is.
func (r *run) flyRobots(c *loop.Ctx, fl *flight) (landing, error) {
	target := fl.item.Target
	rules, err := loop.Await(c, loop.RunInExecutor(r.l, r.io, func(ctx context.Context) (robots.Rules, error) {
		return robots.Fetch(ctx, r.o.Fetcher, target), nil
	}))
	if c.Err() != nil {
		return landing{}, c.Err()
	}
	if err != nil { // a panic
		rules = robots.Failed(err)
	}
	r.answered(rules.Status())
	now, key, origin := r.now(), target.HostPort(), target.Origin()
	life := robotsLife
	if v := rules.Verdict(); v == robots.DisallowAll || v == robots.Unreachable {
		st := fetch.State{URL: target, Retries: r.robotsTries[origin], MaxRetries: r.o.Retries}
		var cause error
		if e := rules.Err(); e != nil {
			cause = e
		}
		if d := fetch.Next(&fetch.Response{Status: rules.Status()}, cause, st, now, r.o.Rand); d.Action == fetch.Retry {
			r.robotsTries[origin]++
			r.bench.RetryRobots(now, key, now.Add(d.After))
			return landing{}, nil
		}
		life = robotsPause
	}
	delete(r.robotsTries, origin)
	r.bench.SetRules(now, key, origin, gate{rules, r.agent}, now.Add(life))
	return landing{}, nil
}

// deny gives an item that robots.txt forbids its record.
func (r *run) deny(it frontier.Item, why error) {
	rec := r.lost(it, fetch.PhaseRobots, why)
	r.emit(it, rec, frontier.Outcome{Verdict: verdict(rec)})
}

// answered notes whether an HTTP answer came.
func (r *run) answered(status int) {
	if status != 0 {
		r.sum.Answers++
	}
}
