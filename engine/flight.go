package engine

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"crawl/extract"
	"crawl/fetch"
	"crawl/fetch/robots"
	"crawl/frontier"
	"crawl/loop"
	"crawl/results"
)

// flight is one request on its way.
type flight struct {
	item   frontier.Item
	robots bool   // it is for the robots.txt of item.URL's origin
	host   string // HostPort of item.Target
	began  time.Time
	due    time.Time                   // of a retry; zero: it is none
	phase  atomic.Pointer[fetch.Phase] // set by the I/O worker
	slot   bool                        // the host's slot was given back
}

// landing is what became of a flight: a record, or an item to ask again.
type landing struct {
	rec     *results.Record
	verdict frontier.Verdict
	again   *frontier.Item
	found
}

// exchange is what the I/O worker brings: both, since an error comes with what
// was learnt before it.
type exchange struct {
	resp *fetch.Response
	err  error
	lost *SinkError // in place of all else: it could not be archived
	held bool       // it was asked whether the last run's answer holds, and it does
}

// parsed is what the parser brings.
type parsed struct {
	kept
	found
	page    *extract.Page
	err     error      // of a selector that could not be answered
	unsaved *SinkError // in place of all else: the body could not be kept
	took    time.Duration
}

// fly is the task of one URL: await the exchange, decide, await the parse.
func (r *run) fly(c *loop.Ctx, fl *flight) (landing, error) {
	it := &fl.item
	req := request(fl)
	req.OnPhase = func(p fetch.Phase) { fl.phase.Store(&p) }
	x, err := loop.Await(c, loop.RunInExecutor(r.l, r.io, func(ctx context.Context) (exchange, error) {
		d, asked := r.doer(fl), r.askIfHeld(it, req)
		resp, err := d.Do(ctx, req)
		return exchange{resp, err, d.lost, asked && err == nil && resp.Status == http.StatusNotModified}, nil
	}))
	switch {
	case c.Err() != nil:
		return landing{}, c.Err()
	case err != nil: // a panic in the fetcher
		x = exchange{resp: &fetch.Response{URL: it.Target}, err: err}
	case x.lost != nil:
		return landing{}, x.lost
	}
	r.freeSlot(fl)
	st := r.state(it)
	st.Conditional = x.resp.Status == http.StatusNotModified && r.isConditional(req)
	if x.held {
		st.Accept = nil // which takes a 304
	}
	d := fetch.Next(x.resp, x.err, st, r.now(), r.o.Rand)
	r.report(fl, x, d.Park)
	var cuts frontier.Cuts
	if d.Action == fetch.Hop {
		if cut := r.leaves(it, d.URL); cut != frontier.CutNone { // the redirect is the answer
			cuts[cut]++
			st.MaxRedirects = 0
			d = fetch.Next(x.resp, x.err, st, r.now(), r.o.Rand)
		}
	}
	r.observeNext(fl, d, x)
	switch d.Action {
	case fetch.Hop:
		x.resp.Release()
		return landing{again: hopped(*it, d, x.resp.Status, r.now())}, nil
	case fetch.Retry:
		again := retried(*it, x.resp, r.now(), d.After)
		x.resp.Release()
		return landing{again: again}, nil
	}
	r.pump() // the host's slot is free while this one is parsed
	if it.Sitemap {
		return r.readSitemap(c, fl, x, d)
	}
	reach := r.reached(it, x.resp)
	p, err := r.parse(c, fl, x, r.follows(it, x, d.Err != nil))
	if err != nil {
		return landing{}, err // its body may still be read by the parser: not released
	}
	rec := r.record(fl, x.resp, d.Err, p)
	if r.o.Changes != nil {
		basis(rec, x, p)
	}
	p.cuts.Add(cuts)
	p.reach = reach
	if mayLead(it, x.resp) {
		p.links = append(p.links, r.sitemapsOf(it)...)
	}
	x.resp.Release()
	return landing{rec: rec, verdict: verdict(rec), found: p.found}, nil
}

// parse awaits the parsing of a body on the executor pool, and before it what is
// kept of it. Its error means that there is no record. follow says that its links
// are wanted.
func (r *run) parse(c *loop.Ctx, fl *flight, x exchange, follow bool) (parsed, error) {
	resp := x.resp
	if len(resp.Body) == 0 {
		k, _ := r.keep(&fl.item, x) // with no body it writes nothing
		return parsed{kept: k, page: &extract.Page{}}, nil
	}
	phase := fetch.PhaseParse
	fl.phase.Store(&phase)
	var k kept // survives a panic in the parser
	p, err := loop.Await(c, loop.RunInExecutor(r.l, r.parsers, func(context.Context) (parsed, error) {
		var unsaved *SinkError
		if k, unsaved = r.keep(&fl.item, x); unsaved != nil {
			return parsed{unsaved: unsaved}, nil // no error of the job: one run tells its first only
		}
		began := time.Now()
		o := r.o.Extract
		o.Follow = follow
		page, err := extract.Parse(resp.Body, resp.ContentType, resp.URL, o)
		p := parsed{kept: k, page: page, err: err, took: time.Since(began)}
		if follow {
			p.found = r.judged(&fl.item, resp.URL, page.Follow, frontier.Item{Depth: fl.item.Depth + 1})
		}
		return p, nil
	}))
	switch {
	case c.Err() != nil:
		return parsed{}, c.Err()
	case p.unsaved != nil:
		return parsed{}, p.unsaved
	case err != nil: // a panic in the parser: the page is lost, the record is not
		return parsed{kept: k, page: &extract.Page{}, err: err}, nil
	}
	return p, nil
}

// freeSlot gives the host's slot back, once.
func (r *run) freeSlot(fl *flight) {
	if !fl.slot {
		fl.slot = true
		r.bench.Finish(r.now(), fl.host)
	}
}

// land gives a flight its record, or sends its item back.
func (r *run) land(fl *flight, t *loop.Task[landing]) {
	r.freeSlot(fl)
	ld, err := t.Result()
	var unkept *SinkError
	if errors.As(err, &unkept) {
		r.fail(err)
		return
	}
	if fl.robots {
		if err != nil { // cancelled, or a fault of ours: nobody may wait for it
			r.refuse(fl.item.URL, robots.Failed(err).Refusal(), robotsPause)
		}
		return // it is answered; the items that waited come by themselves
	}
	switch {
	case err != nil:
		r.cancelled(fl.item, r.lost(fl.item, fl.where(), err))
	case ld.again == nil:
		r.emit(fl.item, ld.rec, r.settling(fl.item, ld.verdict, ld.found))
	case r.stopping:
		r.cancelled(fl.item, r.lost(*ld.again, fetch.PhaseQueue, r.cutOff(fetch.PhaseQueue)))
	case !r.bench.Requeue(r.now(), *ld.again):
		out := r.settling(fl.item, frontier.OK, found{})
		out.Again = ld.again
		r.emit(fl.item, nil, out)
	}
}

// cancelled gives an item its record that has lost its exchange; a sitemap has
// none.
func (r *run) cancelled(it frontier.Item, rec *results.Record) {
	v := verdict(rec)
	if it.Sitemap {
		rec = nil
	}
	r.emit(it, rec, r.settling(it, v, found{}))
}

// where is the phase that a flight is in.
func (fl *flight) where() fetch.Phase {
	if p := fl.phase.Load(); p != nil {
		return *p
	}
	return fetch.PhaseConnect
}

// request is the exchange that a flight is for. What is bound to the line's origin
// does not leave it.
func request(fl *flight) *fetch.Request {
	it := &fl.item
	req := &fetch.Request{
		Method: method(it), URL: it.Target, Header: it.Header, Timeout: it.Timeout,
		Foreign: it.Foreign, LeftTLS: leftTLS(fl), Due: fl.due,
	}
	if it.Foreign && it.Header != nil {
		req.Header = it.Header.Clone()
		req.Header.Del("Authorization")
		req.Header.Del("Cookie")
		req.Header.Del("Host")
	}
	return req
}

// leftTLS says that a request may be a step from https to http. Of a line all steps
// are known; of a link to another origin, and of robots.txt, they are not.
func leftTLS(fl *flight) bool {
	it := &fl.item
	switch {
	case !it.Foreign:
		return false
	case fl.robots, isLink(it), it.URL.Scheme() == "https":
		return true
	}
	return slices.ContainsFunc(it.Hops, func(h frontier.Hop) bool { return h.URL.Scheme() == "https" })
}

func method(it *frontier.Item) string {
	switch {
	case it.Ask != "":
		return it.Ask
	case it.Method != "":
		return it.Method
	}
	return http.MethodGet
}

// state is what the decision has to know of an item.
func (r *run) state(it *frontier.Item) fetch.State {
	st := fetch.State{
		Method: method(it), URL: it.Target,
		Retries: it.Retries, MaxRetries: r.o.Retries,
		Hops: len(it.Hops), MaxRedirects: r.o.MaxRedirects,
		Accept: r.o.Accept, Cookies: r.o.Fetch.Cookies,
	}
	for i, h := range it.Hops {
		if i > 0 {
			st.ChainLen += len(h.URL.Identity())
		}
		if h.Cookies { // what was asked before was asked without them
			st.Seen = nil
		} else if h.Method == st.Method {
			st.Seen = append(st.Seen, h.URL.Identity())
		}
	}
	if len(it.Hops) > 0 {
		st.ChainLen += len(it.Target.Identity())
	}
	return st
}

// hopped is the item as it goes on to a redirect's target. Its header stays, since
// the line is known by it.
func hopped(it frontier.Item, d fetch.Decision, status int, now time.Time) *frontier.Item {
	it.Hops = append(it.Hops[:len(it.Hops):len(it.Hops)], frontier.Hop{URL: it.Target, Method: method(&it), Status: status, Cookies: d.Cookies})
	it.Target, it.Ask, it.NotBefore, it.Since = d.URL, d.Method, now, now
	it.Foreign = it.Foreign || d.CrossOrigin
	return &it
}

// retried is the item as it is asked again after a while.
func retried(it frontier.Item, resp *fetch.Response, now time.Time, after time.Duration) *frontier.Item {
	it.Again = true
	it.Last = frontier.Answer{Status: resp.Status, Protocol: resp.Protocol, IP: resp.IP}
	it.NotBefore, it.Since = now.Add(after), now
	return &it
}
