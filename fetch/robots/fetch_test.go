package robots

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

// site serves h and gives a URL deep inside it.
func site(t *testing.T, h http.HandlerFunc) (*fetch.Client, weburl.URL) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := fetch.New(fetch.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, mustURL(t, s.URL+"/deep/page?q=1")
}

func TestTheFileOfTheOriginIsFetched(t *testing.T) {
	c, u := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.RequestURI != "/robots.txt" {
			t.Errorf("asked for %s", r.RequestURI)
		}
		_, _ = io.WriteString(w, "user-agent: *\ndisallow: /deep\n")
	})
	r := Fetch(context.Background(), c, "x", u)
	if r.Verdict() != Found || r.Status() != 200 || r.Allowed(u) {
		t.Errorf("%v, status %d, allowed %v", r.Verdict(), r.Status(), r.Allowed(u))
	}
}

func TestUpToFiveRedirectsAreFollowed(t *testing.T) {
	for hops, want := range map[int]Verdict{0: Found, 1: Found, 5: Found, 6: AllowAll, 100: AllowAll} {
		var asked atomic.Int32
		c, u := site(t, func(w http.ResponseWriter, r *http.Request) {
			n := int(asked.Add(1)) - 1
			if n < hops {
				http.Redirect(w, r, fmt.Sprintf("/hop%d", n), http.StatusFound)
				return
			}
			_, _ = io.WriteString(w, "user-agent: *\ndisallow: /\n")
		})
		r := Fetch(context.Background(), c, "x", u)
		if r.Verdict() != want || int(asked.Load()) != min(hops, 5)+1 {
			t.Errorf("%d hops: %v after %d requests", hops, r.Verdict(), asked.Load())
		}
	}
}

func TestARedirectToNowhereIsNoFile(t *testing.T) {
	for _, location := range []string{"/robots.txt", "ftp://x.example/", "http://", ""} {
		c, u := site(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusMovedPermanently)
		})
		if r := Fetch(context.Background(), c, "x", u); r.Verdict() != AllowAll || r.Err() != nil {
			t.Errorf("%q: %v, %v", location, r.Verdict(), r.Err())
		}
	}
}

func TestAnAnswerThatIsAFaultOfTheServerForbidsEverything(t *testing.T) {
	c, u := site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	r := Fetch(context.Background(), c, "x", u)
	if e := r.Check(u); e == nil || e.Kind != fetch.KindRobots || r.Verdict() != DisallowAll {
		t.Errorf("%v, %v", r.Verdict(), e)
	}
}

func TestATransportFailureKeepsItsKind(t *testing.T) {
	c, u := site(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	r := Fetch(context.Background(), c, "x", u)
	e := r.Check(u)
	if e == nil || e.Kind != fetch.KindReset || e.Phase != fetch.PhaseRobots || r.Verdict() != Unreachable {
		t.Errorf("%v, %+v", r.Verdict(), e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if e := Fetch(ctx, c, "x", u).Err(); e == nil || e.Kind != fetch.KindCancelled {
		t.Errorf("cancelled: %v", e)
	}
}

// doer answers in place of a client.
type doer func(*fetch.Request) (*fetch.Response, error)

func (d doer) Do(_ context.Context, r *fetch.Request) (*fetch.Response, error) { return d(r) }

func TestNoMoreIsReadThanIsUsed(t *testing.T) {
	Fetch(context.Background(), doer(func(r *fetch.Request) (*fetch.Response, error) {
		if r.MaxBody != MaxSize+1 { // one byte tells that there is more
			t.Errorf("asks for %d bytes", r.MaxBody)
		}
		return &fetch.Response{URL: r.URL, Status: 404}, nil
	}), "x", mustURL(t, "http://foo.bar/"))
}

// What a run sends for its pages would leave it without rules here.
func TestTheWholeFileIsAskedForWhateverPagesAreAskedBy(t *testing.T) {
	const body = "user-agent: *\ndisallow: /deep\n"
	_, u := site(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"1"`)
		if r.Header.Get("X-Other") != "stays" {
			t.Errorf("the header is %v", r.Header)
		}
		http.ServeContent(w, r, "robots.txt", time.Unix(1e9, 0), strings.NewReader(body))
	})
	h := http.Header{"If-None-Match": {`"1"`}, "If-Modified-Since": {"Wed, 21 Oct 2015 07:28:00 GMT"}, "Range": {"bytes=0-3"}, "X-Other": {"stays"}}
	all, err := fetch.New(fetch.Options{Timeout: 5 * time.Second, Header: h})
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	for name, req := range map[string]*fetch.Request{"for all": {URL: u}, "of a line": {URL: u, Header: h}} {
		if a := Ask(context.Background(), all, "x", req); a.Rules.Verdict() != Found || a.Rules.Allowed(u) {
			t.Errorf("%s: %v, status %d, %v", name, a.Rules.Verdict(), a.Resp.Status, a.Err)
		}
		if name == "of a line" && len(req.Header["Range"]) != 1 {
			t.Error("the request was changed")
		}
	}
}

func TestAnEndlessFileIsCut(t *testing.T) {
	c, u := site(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "user-agent: *\ndisallow: /deep\n")
		line := strings.Repeat("disallow: /filler-of-some-length\n", 1000)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, line); err != nil {
				return
			}
		}
	})
	if r := Fetch(context.Background(), c, "x", u); r.Verdict() != Found || r.Allowed(u) {
		t.Errorf("%v", r.Verdict())
	}
}

// Credentials that are meant for an origin do not leave it with a redirect, and
// do not come back either.
func TestAHopToAnotherOriginIsForeign(t *testing.T) {
	foreign := ""
	hops := map[string]string{
		"http://foo.bar/robots.txt":  "/moved",
		"http://foo.bar/moved":       "https://foo.bar/robots.txt",
		"https://foo.bar/robots.txt": "http://foo.bar/back",
		"http://foo.bar/back":        "/again",
	}
	Fetch(context.Background(), doer(func(r *fetch.Request) (*fetch.Response, error) {
		foreign += fmt.Sprintf("%s %v %v\n", r.URL, r.Foreign, r.LeftTLS)
		if to, ok := hops[r.URL.String()]; ok {
			return &fetch.Response{URL: r.URL, Status: 301, Header: http.Header{"Location": {to}}}, nil
		}
		return &fetch.Response{URL: r.URL, Status: 200}, nil
	}), "x", mustURL(t, "http://foo.bar/x"))
	if want := "http://foo.bar/robots.txt false false\nhttp://foo.bar/moved false false\nhttps://foo.bar/robots.txt true true\nhttp://foo.bar/back true true\nhttp://foo.bar/again true true\n"; foreign != want {
		t.Errorf("%s", foreign)
	}
}

// One step at a time: what is asked again, what is followed, what is final, and
// what the whole host is asked to wait.
func TestWhatFollowsAStep(t *testing.T) {
	u := mustURL(t, "http://foo.bar/robots.txt")
	half := func() float64 { return 0.5 }
	for _, tc := range []struct {
		name    string
		status  int
		header  http.Header
		err     error
		st      fetch.State
		action  fetch.Action
		after   time.Duration
		park    time.Duration
		verdict Verdict
	}{
		{name: "a file", status: 200, verdict: Found},
		{name: "none", status: 404, verdict: AllowAll},
		{name: "too many requests", status: 429, verdict: AllowAll},
		{name: "and a pause", status: 429, header: http.Header{"Retry-After": {"7"}}, park: 7 * time.Second, verdict: AllowAll},
		{name: "a fault of the server", status: 500, action: fetch.Retry, after: 250 * time.Millisecond, verdict: DisallowAll},
		{name: "the last of them", status: 500, st: fetch.State{Retries: 2}, verdict: DisallowAll},
		{name: "busy", status: 503, header: http.Header{"Retry-After": {"60"}}, action: fetch.Retry, after: time.Minute, park: time.Minute, verdict: DisallowAll},
		{name: "busy at last", status: 503, header: http.Header{"Retry-After": {"60"}}, st: fetch.State{Retries: 2}, park: time.Minute, verdict: DisallowAll},
		{name: "not implemented", status: 501, verdict: DisallowAll},
		{name: "no connection", err: &fetch.Error{Kind: fetch.KindConnect}, action: fetch.Retry, after: 250 * time.Millisecond, verdict: Unreachable},
		{name: "no certificate", err: &fetch.Error{Kind: fetch.KindTLS}, verdict: Unreachable},
		{name: "elsewhere", status: 302, header: http.Header{"Location": {"/x"}}, action: fetch.Hop, verdict: AllowAll},
		{name: "the fifth hop", status: 302, header: http.Header{"Location": {"/x"}}, st: fetch.State{Hops: 4}, action: fetch.Hop, verdict: AllowAll},
		{name: "the sixth", status: 302, header: http.Header{"Location": {"/x"}}, st: fetch.State{Hops: 5}, verdict: AllowAll},
	} {
		t.Run(tc.name, func(t *testing.T) {
			asked, due := false, time.Unix(1, 0)
			a := Ask(context.Background(), doer(func(r *fetch.Request) (*fetch.Response, error) {
				asked = r.Due.Equal(due) && r.URL == u
				return &fetch.Response{URL: r.URL, Status: tc.status, Header: tc.header}, tc.err
			}), "x", &fetch.Request{URL: u, Due: due})
			tc.st.URL, tc.st.MaxRetries = u, 2
			d := a.Next(tc.st, time.Unix(0, 0), half)
			if !asked || a.Resp.Status != tc.status || a.Err != tc.err || a.Rules.Verdict() != tc.verdict {
				t.Errorf("%+v", a)
			}
			if d.Action != tc.action || d.After != tc.after || d.Park != tc.park {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestAFileThatIsCutShortIsNotSaidToLackItsHeader(t *testing.T) {
	c, u := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "user-agent: *")
	})
	err := Fetch(context.Background(), c, "x", u).Err()
	if err == nil || err.Kind != fetch.KindTruncated || err.Phase != fetch.PhaseRobots || err.Error() != "the answer ended early" {
		t.Errorf("got %v", err)
	}
}
