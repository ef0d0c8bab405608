package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"crawl/extract"
	"crawl/fetch"
	"crawl/frontier"
	"crawl/loop"
	"crawl/results"
	"crawl/weburl"
)

// maxContentType bounds what a record keeps of the header.
const maxContentType = 1024

// maxLocation is that of a Location which is no URL.
const maxLocation = 2048

// base is what every record of an item has.
func base(it *frontier.Item) *results.Record {
	rec := &results.Record{
		Index: it.Index, HasIndex: it.Index >= 0, Line: it.Line,
		URL: it.URL.String(), Input: it.Input, Meta: it.Meta, Referrer: it.Referrer,
		StartedAt: it.Started,
	}
	if it.Invalid != nil {
		rec.URL = it.Input
	}
	if rec.Input == rec.URL {
		rec.Input = ""
	}
	if final := it.Target.String(); len(it.Hops) > 0 && final != rec.URL {
		rec.FinalURL = final
	}
	for _, h := range it.Hops {
		rec.Redirects = append(rec.Redirects, results.Redirect{URL: h.URL.String(), Status: h.Status})
	}
	if !it.Started.IsZero() {
		rec.Attempts = 1 + it.Retries
	}
	rec.Time.Queue = it.Waited
	return rec
}

// noteRecord is the record of a line that needs no request.
func noteRecord(it frontier.Item) (*results.Record, frontier.Verdict) {
	rec := base(&it)
	if it.Invalid == nil {
		rec.Duplicate, rec.DuplicateOf = true, it.DuplicateOf
		return rec, frontier.Duplicate
	}
	rec.Error = results.Failure{Kind: string(fetch.KindInvalidURL), Message: it.Invalid.Error()}
	var urlErr *weburl.Error
	if errors.As(it.Invalid, &urlErr) {
		rec.Error.Message = urlErr.Reason // the record has the text already
	}
	return rec, frontier.Failed
}

// record is the record of an exchange that was the last.
func (r *run) record(fl *flight, resp *fetch.Response, ferr *fetch.Error, p parsed) *results.Record {
	rec := base(&fl.item)
	rec.Status, rec.Protocol, rec.IP = resp.Status, resp.Protocol, resp.IP
	rec.Location = location(resp)
	rec.ContentType = resp.ContentType[:min(len(resp.ContentType), maxContentType)]
	rec.Size, rec.WireSize, rec.Truncated = resp.Size, resp.WireSize, resp.Truncated
	rec.Digest, rec.File = p.digest, p.file
	rec.OK = ferr == nil
	if ferr != nil {
		rec.Error = failure(ferr)
	}
	page := p.page
	rec.Title, rec.Description, rec.Lang = page.Title, page.Description, page.Lang
	rec.Canonical, rec.Refresh = page.Canonical, page.Refresh
	rec.Charset, rec.CharsetSource = page.Charset, page.CharsetSource
	if rec.Links = page.Links; rec.Links == nil && page.HTML && r.o.Extract.Links {
		rec.Links = []string{} // "no links" is an answer
	}
	rec.Fields = fields(r.o.Extract.Select, page)
	if p.err != nil && rec.OK {
		rec.OK, rec.Error = false, parseFailure(p.err)
	}
	t := resp.Time
	rec.Time.DNS, rec.Time.Connect, rec.Time.TLS, rec.Time.TTFB, rec.Time.Download = t.DNS, t.Connect, t.TLS, t.TTFB, t.Download
	rec.Time.Parse = p.took
	rec.Time.Total = r.since(fl.item.Started)
	return rec
}

// location is where a redirect leads that was the last answer: it was not to be
// followed, or could not be.
func location(resp *fetch.Response) string {
	to := resp.Header.Get("Location")
	if resp.Status < 300 || resp.Status > 399 || to == "" {
		return ""
	}
	if u, err := resp.URL.Resolve(to); err == nil {
		return u.String()
	}
	to = weburl.Redact(to)
	return strings.ToValidUTF8(to[:min(len(to), maxLocation)], "")
}

// lost is the record of an item that ended without an exchange, or whose
// exchange was cut off in phase.
func (r *run) lost(it frontier.Item, phase fetch.Phase, err error) *results.Record {
	rec := base(&it)
	rec.Status, rec.Protocol, rec.IP = it.Last.Status, it.Last.Protocol, it.Last.IP
	rec.Time.Total = r.since(it.Started)
	var (
		ferr    *fetch.Error
		givenUp *frontier.GivenUpError
		limit   *frontier.CutError
		badURL  *weburl.Error
		cancel  *loop.CancelError
	)
	switch {
	case errors.As(err, &givenUp) && errors.As(err, &ferr):
		rec.Error = results.Failure{Kind: string(ferr.Kind), Message: givenUp.Error(), Phase: string(fetch.PhaseQueue)}
	case errors.As(err, &ferr):
		rec.Error = failure(ferr)
	case errors.As(err, &limit):
		rec.Error = results.Failure{Kind: string(fetch.KindScope), Message: limit.Error(), Phase: string(fetch.PhaseQueue)}
	case errors.As(err, &cancel), errors.Is(err, context.Canceled):
		rec.Error = failure(r.cutOff(phase))
	case errors.As(err, &badURL):
		rec.Error = results.Failure{Kind: string(fetch.KindInvalidURL), Message: badURL.Error(), Phase: string(phase)}
	default:
		rec.Error = results.Failure{Kind: string(fetch.KindInternal), Message: err.Error(), Phase: string(phase)}
	}
	return rec
}

// cutOff is why a stopping run leaves what is in phase.
func (r *run) cutOff(phase fetch.Phase) *fetch.Error {
	if r.overdue {
		return &fetch.Error{Kind: fetch.KindDeadline, Phase: phase, Err: context.DeadlineExceeded}
	}
	return &fetch.Error{Kind: fetch.KindCancelled, Phase: phase, Err: context.Canceled}
}

func (r *run) since(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return r.now().Sub(t)
}

func failure(e *fetch.Error) results.Failure {
	return results.Failure{Kind: string(e.Kind), Message: e.Error(), Phase: string(e.Phase)}
}

// parseFailure says why the selectors of a page have no answer.
func parseFailure(err error) results.Failure {
	kind := fetch.KindInternal
	var sel *extract.SelectError
	if errors.As(err, &sel) {
		kind = fetch.KindDecode // the page cannot be read as a tree
	}
	return results.Failure{Kind: string(kind), Message: err.Error(), Phase: string(fetch.PhaseParse)}
}

// fields are the selected fields that were found, in the order of their flags.
func fields(sels []extract.Selector, page *extract.Page) []results.Field {
	var fs []results.Field
	for _, sel := range sels {
		switch v := page.Fields[sel.Name()].(type) {
		case string:
			fs = append(fs, results.Field{Name: sel.Name(), Value: v})
		case []string:
			fs = append(fs, results.Field{Name: sel.Name(), Values: v})
		}
	}
	return fs
}

// reached says whether the line of a record was asked for, or the robots.txt that
// speaks for it, and whether anybody answered.
func reached(rec *results.Record) (tried, answered bool) {
	tried = rec.Attempts > 0 || rec.Error.Phase == string(fetch.PhaseRobots)
	return tried && rec.Error.Kind != string(fetch.KindBlockedAddress),
		rec.Status != 0 || rec.Error.Kind == string(fetch.KindRobots)
}

// verdict is how the frontier counts a record.
func verdict(rec *results.Record) frontier.Verdict {
	switch {
	case rec.Duplicate:
		return frontier.Duplicate
	case rec.OK:
		return frontier.OK
	case rec.Error.Kind == string(fetch.KindCancelled), rec.Error.Kind == string(fetch.KindDeadline):
		return frontier.Cancelled
	}
	return frontier.Failed
}
