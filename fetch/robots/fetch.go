package robots

import (
	"context"
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

// Fetch gets the rules of u's origin: /robots.txt there, whatever u's path,
// with u's userinfo. It blocks for up to six exchanges and makes no retry; a
// failure is in the Rules (Unreachable), so that whoever keeps them by origin
// needs to keep nothing else. It may be called from any goroutine.
func Fetch(ctx context.Context, d Doer, u weburl.URL) Rules {
	target, err := u.Resolve("/robots.txt")
	if err != nil {
		return Failed(&fetch.Error{Op: "get", URL: u.String(), Kind: fetch.KindInvalidURL, Err: err})
	}
	st := fetch.State{URL: target, MaxRedirects: maxRedirects}
	for {
		rules, next := ask(ctx, d, st)
		if next.Action != fetch.Hop {
			return rules
		}
		st.Seen = append(st.Seen, st.URL.Identity())
		st.URL, st.Hops = next.URL, st.Hops+1
	}
}

// ask makes one exchange; a Hop's rules are not to be used.
func ask(ctx context.Context, d Doer, st fetch.State) (Rules, fetch.Decision) {
	resp, err := d.Do(ctx, &fetch.Request{URL: st.URL, MaxBody: MaxSize + 1})
	defer resp.Release()
	if err != nil {
		return Failed(err), fetch.Decision{}
	}
	return Parse(resp.Status, resp.Body), fetch.Next(resp, nil, st, time.Time{}, func() float64 { return 0 })
}
