package robots

import (
	"context"
	"maps"
	"net/http"
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

// Doer makes one exchange; *fetch.Client is one.
type Doer interface {
	Do(context.Context, *fetch.Request) (*fetch.Response, error)
}

// maxRedirects is how many hops a robots.txt may take (RFC 9309 section 2.3.1.2).
const maxRedirects = 5

// Answer is what one exchange for a robots.txt brought.
type Answer struct {
	Rules Rules           // void where Next says Hop
	Resp  *fetch.Response // without its body; never nil
	Err   error           // of the exchange; Rules tells of it too
}

// Ask makes one exchange for the robots.txt at req.URL, whatever the path, and
// judges what comes, for agent, a product token. It reads no more of a body than
// MaxSize. It blocks, follows no redirect, makes no retry, and may be called from
// any goroutine.
func Ask(ctx context.Context, d Doer, agent string, req *fetch.Request) Answer {
	own := *req
	own.MaxBody = MaxSize + 1 // one byte tells that there is more
	own.Header = unconditional(req.Header)
	resp, err := d.Do(ctx, &own)
	defer resp.Release()
	if err != nil {
		return Answer{Failed(err), resp, err}
	}
	return Answer{Parse(agent, resp.Status, resp.Body), resp, nil}
}

// unconditional is a request's header with which the whole file comes, whatever a
// client sends for pages: a 304 or a part of it would be no rules.
func unconditional(h http.Header) http.Header {
	own := http.Header{}
	maps.Copy(own, h)
	for _, name := range []string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"} {
		own[name] = nil
	}
	return own
}

// Next decides what follows, as fetch.Next does: five redirects are followed,
// and tried again is what leaves the origin without rules, a 5xx or a failure
// that may pass. Of st it needs URL, Seen, Hops, Retries and MaxRetries. With
// Done the Rules are what robots.txt came to. It is pure.
func (a Answer) Next(st fetch.State, now time.Time, rnd func() float64) fetch.Decision {
	st.MaxRedirects = maxRedirects
	st.Accept = func(status int) bool { return status <= 499 }
	return fetch.Next(a.Resp, a.Err, st, now, rnd)
}

// Fetch gets the rules of u's origin for agent, a product token: /robots.txt
// there, whatever u's path, with u's userinfo. It blocks for up to six exchanges
// and makes no retry; a failure is in the Rules (Unreachable), so that whoever
// keeps them by origin needs to keep nothing else. It may be called from any
// goroutine.
//
// It follows redirects by itself, to whatever host they lead. Who owes other
// hosts more than that goes step by step, by Ask and Next.
func Fetch(ctx context.Context, d Doer, agent string, u weburl.URL) Rules {
	target, err := u.Resolve("/robots.txt")
	if err != nil {
		return Failed(&fetch.Error{Op: "get", URL: u.String(), Kind: fetch.KindInvalidURL, Err: err})
	}
	st := fetch.State{URL: target}
	foreign, sealed := false, false
	for {
		sealed = sealed || st.URL.Scheme() == "https"
		a := Ask(ctx, d, agent, &fetch.Request{URL: st.URL, Foreign: foreign, LeftTLS: sealed})
		next := a.Next(st, time.Time{}, func() float64 { return 0 })
		if next.Action != fetch.Hop {
			return a.Rules
		}
		foreign = foreign || next.CrossOrigin
		st.Seen = append(st.Seen, st.URL.Identity())
		st.URL, st.Hops = next.URL, st.Hops+1
	}
}
