package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/results"
	"crawl/results/changes"
)

// requestOf is what a line is known by from run to run: not by what it may hold of
// secrets, but by a salted hash of it.
func (r *run) requestOf(it *frontier.Item) changes.Request {
	q := changes.Request{URL: it.URL.String(), Method: it.Method}
	if q.Method == http.MethodGet {
		q.Method = ""
	}
	if it.Invalid != nil { // it may have the text of a line that is a URL
		return changes.Request{URL: it.Input, Own: "invalid"}
	}
	if _, _, named := it.URL.User(); named || len(it.Header) > 0 {
		q.Own = r.o.Changes.Own(it.Identity())
	}
	return q
}

// conditions are the headers by which a line or the whole run may say for itself
// what it wants to know (RFC 9110 sections 13.1 and 14.2).
var conditions = [...]string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range"}

// askIfHeld makes a request ask whether the answer of the last run still holds, if
// that came from the very URL that is asked. It blocks on the disk.
func (r *run) askIfHeld(it *frontier.Item, req *fetch.Request) bool {
	if r.o.Changes == nil || r.crawl != nil {
		return false
	}
	for _, name := range conditions {
		if _, own := req.Header[name]; own {
			return false
		}
		if _, own := r.o.Fetch.Header[name]; own {
			return false
		}
	}
	v, known := r.o.Changes.Known(r.requestOf(it))
	if !known || v.URL != req.URL.String() {
		return false
	}
	header := req.Header.Clone() // the item's own stays as it is
	if header == nil {
		header = http.Header{}
	}
	if v.ETag != "" {
		header.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		header.Set("If-Modified-Since", v.LastModified)
	}
	req.Header = header
	return true
}

// isConditional says that a request is sent with what a 304 may answer, whoever
// wants to know it: the line, the run, or the feed.
func (r *run) isConditional(req *fetch.Request) bool {
	for _, name := range [...]string{"If-None-Match", "If-Modified-Since"} {
		values, own := req.Header[name]
		if !own {
			values = r.o.Fetch.Header[name]
		}
		if len(values) > 0 {
			return true
		}
	}
	return false
}

// basis gives a record what the next run has to know of its answer.
func basis(rec *results.Record, x exchange, p parsed) {
	b := &rec.Basis
	b.ETag, b.LastModified = x.resp.Header.Get("ETag"), x.resp.Header.Get("Last-Modified")
	switch {
	case x.held:
		rec.FromCache, rec.Digest = true, "" // the body is where it was, not here
	case rec.Status == http.StatusNotModified:
	case rec.Location != "":
		sum := sha256.Sum256([]byte(rec.Location))
		b.Content = hex.EncodeToString(sum[:])
	case p.page.HTML:
		b.Content = hex.EncodeToString(p.page.Content[:])
	default:
		b.Content = rec.Digest
	}
}
