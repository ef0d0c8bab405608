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
	r := Fetch(context.Background(), c, u)
	if r.Verdict() != Found || r.Status() != 200 || r.Allowed("x", u) {
		t.Errorf("%v, status %d, allowed %v", r.Verdict(), r.Status(), r.Allowed("x", u))
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
		r := Fetch(context.Background(), c, u)
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
		if r := Fetch(context.Background(), c, u); r.Verdict() != AllowAll || r.Err() != nil {
			t.Errorf("%q: %v, %v", location, r.Verdict(), r.Err())
		}
	}
}

func TestAnAnswerThatIsAFaultOfTheServerForbidsEverything(t *testing.T) {
	c, u := site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	r := Fetch(context.Background(), c, u)
	if e := r.Check("x", u); e == nil || e.Kind != fetch.KindRobots || r.Verdict() != DisallowAll {
		t.Errorf("%v, %v", r.Verdict(), e)
	}
}

func TestATransportFailureKeepsItsKind(t *testing.T) {
	c, u := site(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	r := Fetch(context.Background(), c, u)
	e := r.Check("x", u)
	if e == nil || e.Kind != fetch.KindReset || e.Phase != fetch.PhaseRobots || r.Verdict() != Unreachable {
		t.Errorf("%v, %+v", r.Verdict(), e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if e := Fetch(ctx, c, u).Err(); e == nil || e.Kind != fetch.KindCancelled {
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
	}), mustURL(t, "http://foo.bar/"))
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
	if r := Fetch(context.Background(), c, u); r.Verdict() != Found || r.Allowed("x", u) {
		t.Errorf("%v", r.Verdict())
	}
}
