package engine

import (
	"cmp"
	"context"
	"errors"
	"time"

	"crawl/fetch"
	"crawl/results/warc"
)

// doer makes the exchange of one flight, and archives it. It is for one call.
type doer struct {
	Fetcher
	to    *warc.Archive // nil: it is not archived
	began time.Time
	lost  *SinkError
}

func (r *run) doer(fl *flight) *doer {
	return &doer{Fetcher: r.o.Fetcher, to: r.o.Archive, began: fl.began}
}

// Do is the Fetcher's. The exchange is in the archive when it returns, unless lost
// says why it is not.
func (d *doer) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	if d.to == nil {
		return d.Fetcher.Do(ctx, req)
	}
	tap := d.to.Capture()
	defer tap.Discard()
	own := *req
	own.Tap = tap
	resp, err := d.Fetcher.Do(ctx, &own)
	if cutOffByUs(err) {
		return resp, err
	}
	if lost := d.to.Write(tap, warc.Exchange{
		URI: req.URL.Origin() + req.URL.RequestURI(), Date: d.began, IP: resp.IP, Truncated: truncated(resp, err),
	}); lost != nil {
		d.lost = &SinkError{lost}
	}
	return resp, err
}

// cutOffByUs says that an exchange ended only because the run did. What came of it is
// no answer: the line is not done, or recorded as cut off.
func cutOffByUs(err error) bool {
	kind := kindOf(err)
	return kind == fetch.KindCancelled || kind == fetch.KindDeadline
}

// truncated is why an answer was not read to its end.
func truncated(resp *fetch.Response, err error) warc.Reason {
	switch kind := cmp.Or(resp.Cut, kindOf(err)); {
	case resp.Whole:
		return ""
	case resp.Truncated || kind == fetch.KindTooLarge:
		return warc.Length
	case kind == fetch.KindTimeout:
		return warc.Time
	case kind == fetch.KindTruncated || kind == fetch.KindReset:
		return warc.Disconnect
	}
	return warc.Unspecified
}

func kindOf(err error) fetch.Kind {
	var e *fetch.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
