package engine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
)

func TestHostRateSpacesStarts(t *testing.T) {
	w := newWeb(map[string]page{})
	o := opts(w)
	o.Politeness.HostRate = rate.Limit(2)
	play(t, w, o, many(5, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		for i := 1; i < len(w.asked); i++ {
			if gap := w.at[w.asked[i]][0].Sub(w.at[w.asked[i-1]][0]); gap < 500*time.Millisecond {
				t.Errorf("request %d came %v after the one before", i, gap)
			}
		}
		if sum.Elapsed > 2100*time.Millisecond {
			t.Errorf("5 requests at 2/s took %v", sum.Elapsed)
		}
	})
}

// Retry-After parks the whole host, and nobody else.
func TestFault20RetryAfterParksTheWholeHost(t *testing.T) {
	w := newWeb(map[string]page{
		"http://busy.example/0": {status: 429, header: http.Header{"Retry-After": {"60"}}, again: &page{}},
		"busy.example":          {},
		"other.example":         {},
	})
	o := opts(w)
	o.Retries, o.Politeness.PerHost = 2, 1
	text := many(3, "http://busy.example/%d") + many(3, "http://other.example/%d")
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 6)
		for i, r := range recs[:3] {
			if !r.OK || r.Time.Queue < 59*time.Second {
				t.Errorf("busy %d: ok %v, waited %v", i, r.OK, r.Time.Queue)
			}
		}
		for i, r := range recs[3:] {
			if !r.OK || r.Time.Queue > time.Second {
				t.Errorf("other %d: ok %v, waited %v", i, r.OK, r.Time.Queue)
			}
		}
		if recs[0].Attempts != 2 {
			t.Errorf("busy 0: %d attempts", recs[0].Attempts)
		}
	})
}

// gaps are the times between neighbours.
func gaps(at []time.Time) (ds []time.Duration) {
	for i := 1; i < len(at); i++ {
		ds = append(ds, at[i].Sub(at[i-1]))
	}
	return ds
}

// A delay runs from start to start with one request in flight, whoever asks for
// it; the longest holds, for hops and retries too, but not for robots.txt.
func TestDelaysRunFromStartToStart(t *testing.T) {
	for _, tc := range []struct {
		name  string
		file  string // robots.txt
		delay time.Duration
		rate  rate.Limit
		want  time.Duration
	}{
		{name: "Crawl-delay", file: "User-agent: *\nCrawl-delay: 2", want: 2 * time.Second},
		{name: "host-delay", delay: 1500 * time.Millisecond, want: 1500 * time.Millisecond},
		{name: "Crawl-delay the longer", file: "User-agent: *\nCrawl-delay: 2", delay: time.Second, want: 2 * time.Second},
		{name: "host-delay the longer", file: "User-agent: *\nCrawl-delay: 2", delay: 3 * time.Second, want: 3 * time.Second},
		{name: "host-rate the longer", file: "User-agent: *\nCrawl-delay: 2", rate: 0.25, want: 4 * time.Second},
		{name: "another agent's", file: "User-agent: other\nCrawl-delay: 20", delay: time.Second, want: time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWeb(map[string]page{
				"http://a.example/robots.txt": {body: tc.file, takes: 100 * time.Millisecond},
				"http://a.example/1":          to("/hop"),
				"http://a.example/2":          {err: reset, again: &page{}},
				"a.example":                   {takes: 700 * time.Millisecond},
			})
			o := opts(w)
			o.Retries, o.Politeness.Robots, o.Politeness.HostDelay, o.Politeness.HostRate = 1, true, tc.delay, tc.rate
			play(t, w, o, many(4, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
				if k.byIndex(t, 4); sum.OK != 4 {
					t.Errorf("%+v", sum)
				}
				at := w.starts("a.example")
				if len(at) != 6 || slices.Min(gaps(at)) < tc.want || w.peak["a.example"] != 1 {
					t.Errorf("gaps %v, %d at once; want %v and one", gaps(at), w.peak["a.example"], tc.want)
				}
				if first := at[0].Sub(w.at["http://a.example/robots.txt"][0]); first != 100*time.Millisecond {
					t.Errorf("the first page came %v after robots.txt was asked for", first)
				}
				if want := 5*tc.want + 800*time.Millisecond; sum.Elapsed > want+50*time.Millisecond {
					t.Errorf("it took %v, want %v", sum.Elapsed, want)
				}
			})
		})
	}
}

// A host that says 429 or 503 and not until when is asked half as much, without
// a pause, until it can bear it; then a little more.
func TestAnOverloadedHostIsAskedHalfAsMuch(t *testing.T) {
	const bears = 3
	w, fails := newWeb(nil), 0
	var peaks []int // the requests at once, for every twenty
	w.serve = func(req *fetch.Request) (page, bool) {
		if req.URL.Hostname() != "a.example" {
			return page{takes: 100 * time.Millisecond}, true
		}
		if len(w.asked)%20 == 1 {
			peaks = append(peaks, 0)
		}
		n := w.inFlight["a.example"]
		peaks[len(peaks)-1] = max(peaks[len(peaks)-1], n)
		if n > bears {
			fails++
			return page{takes: 100 * time.Millisecond, status: []int{429, 503}[n%2]}, true
		}
		return page{takes: 100 * time.Millisecond}, true
	}
	o := opts(w)
	o.Retries, o.Politeness.PerHost = 5, 16
	play(t, w, o, many(400, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		if k.byIndex(t, 400); sum.OK != 400 {
			t.Errorf("%+v", sum)
		}
		if peaks[0] != 16 || slices.Max(peaks[2:]) > bears+1 || slices.Max(peaks[2:]) < bears {
			t.Errorf("at once: %v; the host bears %d", peaks, bears)
		}
		if fails > 50 {
			t.Errorf("%d requests were too many for it", fails)
		}
		if sum.Elapsed > 25*time.Second { // 400 by two or three at 100 ms each
			t.Errorf("it took %v", sum.Elapsed)
		}
	})
}

// A volley that was in flight when the host was halved halves it once.
func TestAVolleyHalvesOnce(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {takes: time.Second}})
	w.serve = func(req *fetch.Request) (page, bool) {
		return page{status: 503, takes: time.Second + time.Duration(len(w.asked))*time.Millisecond}, len(w.asked) <= 8
	}
	o := opts(w)
	o.Politeness.PerHost = 8
	play(t, w, o, many(12, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 12)
		if at := w.starts("a.example"); at[11].Sub(at[8]) > 10*time.Millisecond {
			t.Errorf("starts %v: the last four go together, as eight halved once", gaps(at))
		}
	})
}

// One that says until when has its pause, and its due after that.
func TestRetryAfterHalvesNothing(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/0": {status: 429, header: http.Header{"Retry-After": {"10"}}, takes: 100 * time.Millisecond},
		"a.example":          {takes: time.Second},
	})
	o := opts(w)
	o.Politeness.PerHost = 8
	play(t, w, o, many(16, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 16)
		if at := w.starts("a.example"); at[15].Sub(at[8]) > 10*time.Millisecond || at[8].Sub(at[0]) != 10100*time.Millisecond {
			t.Errorf("gaps %v: want eight, a pause, and eight", gaps(at))
		}
	})
}

// A host that fails by connect or by time-out, often and for long enough, is
// given up: its lines have that kind at once, those that come later too, and hops
// to it; other hosts go on.
func TestADeadHostIsGivenUp(t *testing.T) {
	w := newWeb(map[string]page{
		"dead.example":        {takes: 2 * time.Second, err: refused},
		"http://a.example/":   {takes: 2 * time.Minute},
		"http://a.example/to": {takes: 2 * time.Minute, status: 302, header: http.Header{"Location": {"http://dead.example/hop"}}},
	})
	o := opts(w)
	o.Retries, o.Politeness.PerHost, o.Politeness.MaxErrors = 2, 1, 30
	text := many(500, "http://dead.example/%d") + "http://a.example/\nhttp://a.example/to\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 502)
		if n := len(w.starts("dead.example")); n != 30 {
			t.Errorf("%d requests to the dead host, want 30", n)
		}
		gave := 0
		for i, r := range slices.Concat(recs[:500], recs[501:]) {
			if r.Error.Kind != "connect" {
				t.Fatalf("line %d: %+v", i, r.Error)
			}
			if r.Error.Message == "host given up after 30 failures in a row: connection refused" && r.Error.Phase == "queue" {
				gave++
			}
		}
		if gave < 480 || !recs[500].OK || len(recs[501].Redirects) != 1 || recs[501].Attempts != 1 {
			t.Errorf("%d lines by the way; %+v; %+v", gave, recs[500], recs[501])
		}
		if sum.Elapsed > 5*time.Minute {
			t.Errorf("it took %v", sum.Elapsed)
		}
	})
}

// What gives no host up: failures that come all at once, an answer among them,
// failures of another kind, and a limit of none.
func TestWhatGivesNoHostUp(t *testing.T) {
	timeout := &fetch.Error{Kind: fetch.KindTimeout, Phase: fetch.PhaseHeaders, Err: errors.New("timed out")}
	for name, tc := range map[string]struct {
		takes time.Duration
		err   func(n int) *fetch.Error
		limit int
		lost  bool
	}{
		"time-outs do":     {2 * time.Second, func(int) *fetch.Error { return timeout }, 30, true},
		"both kinds":       {2 * time.Second, func(n int) *fetch.Error { return []*fetch.Error{timeout, refused}[n%2] }, 30, true},
		"in a moment":      {0, func(int) *fetch.Error { return refused }, 30, false},
		"an answer":        {2 * time.Second, func(n int) *fetch.Error { return []*fetch.Error{refused, nil}[min(1, n%25/24)] }, 30, false},
		"a reset":          {2 * time.Second, func(n int) *fetch.Error { return []*fetch.Error{refused, reset}[min(1, n%25/24)] }, 30, false},
		"no limit":         {2 * time.Second, func(int) *fetch.Error { return refused }, 0, false},
		"unknown to DNS":   {2 * time.Second, func(int) *fetch.Error { return &fetch.Error{Kind: fetch.KindDNS} }, 30, false},
		"DNS counts not":   {2 * time.Second, func(n int) *fetch.Error { return []*fetch.Error{refused, {Kind: fetch.KindDNS}}[min(1, n%25/24)] }, 30, true},
		"broken addresses": {2 * time.Second, func(int) *fetch.Error { return &fetch.Error{Kind: fetch.KindBlockedAddress} }, 30, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWeb(nil)
			w.serve = func(*fetch.Request) (page, bool) {
				return page{takes: tc.takes, err: tc.err(len(w.asked))}, true
			}
			o := opts(w)
			o.Politeness.PerHost, o.Politeness.MaxErrors = 1, tc.limit
			play(t, w, o, many(100, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
				k.byIndex(t, 100)
				if lost := len(w.asked) < 100; lost != tc.lost {
					t.Errorf("%d requests: given up %v", len(w.asked), lost)
				}
			})
		})
	}
}

// Failures of its robots.txt give a host up too.
func TestAHostIsGivenUpForItsRobots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"http://a.example/robots.txt": {err: refused}})
		r, in := io.Pipe()
		f := list.New(t.Context(), []list.Source{{Name: "-", R: r}}, list.Options{})
		defer f.Close()
		go func() { // a line every ten seconds, for an hour
			for i := range 360 {
				fmt.Fprintf(in, "http://a.example/%d\n", i)
				time.Sleep(10 * time.Second)
			}
			in.Close()
		}()
		o := opts(w)
		o.Retries, o.Politeness.Robots, o.Politeness.MaxErrors = 2, true, 30
		k := &keeper{}
		if _, err := Run(t.Context(), o, f, k); err != nil {
			t.Fatal(err)
		}
		recs := k.byIndex(t, 360)
		if len(w.asked) != 30 {
			t.Errorf("%d requests for robots.txt, want 30", len(w.asked))
		}
		if first, last := recs[0].Error, recs[359].Error; first.Kind != "connect" || first.Phase != "robots" ||
			last.Kind != "connect" || last.Phase != "queue" || !strings.Contains(last.Message, "host given up") {
			t.Errorf("%+v, then %+v", first, last)
		}
	})
}

// What an exchange says of its host.
func TestHealth(t *testing.T) {
	for _, tc := range []struct {
		status int
		kind   fetch.Kind
		err    error
		parked bool
		want   frontier.Health
	}{
		{status: 200, want: frontier.Healthy},
		{status: 304, want: frontier.Healthy},
		{status: 404, want: frontier.Healthy},
		{status: 500, want: frontier.Troubled},
		{status: 502, want: frontier.Troubled},
		{status: 429, want: frontier.Overloaded},
		{status: 503, want: frontier.Overloaded},
		{status: 429, parked: true, want: frontier.Troubled},
		{status: 503, parked: true, want: frontier.Troubled},
		{status: 200, kind: fetch.KindTimeout, want: frontier.Unreachable},
		{kind: fetch.KindTimeout, want: frontier.Unreachable},
		{kind: fetch.KindConnect, want: frontier.Unreachable},
		{kind: fetch.KindTLS, want: frontier.Troubled},
		{kind: fetch.KindReset, want: frontier.Troubled},
		{status: 503, kind: fetch.KindTruncated, want: frontier.Troubled},
		{kind: fetch.KindProtocol, want: frontier.Troubled},
		{kind: fetch.KindDNS, want: frontier.Unknown},
		{kind: fetch.KindCancelled, want: frontier.Unknown},
		{kind: fetch.KindDeadline, want: frontier.Unknown},
		{kind: fetch.KindBlockedAddress, want: frontier.Unknown},
		{kind: fetch.KindInternal, want: frontier.Unknown},
		{err: errors.New("a panic"), want: frontier.Unknown},
	} {
		x := exchange{resp: &fetch.Response{Status: tc.status}, err: tc.err}
		if tc.kind != "" {
			x.err = fmt.Errorf("wrapped: %w", &fetch.Error{Kind: tc.kind})
		}
		if got := health(x, tc.parked); got != tc.want {
			t.Errorf("%+v: %d", tc, got)
		}
	}
}

// A request says that it is a retry, and that a hop has left its line's origin,
// also for the rest of the line.
func TestRequestsSayWhatTheyAre(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/":     to("/same"),
		"http://a.example/same": to("https://a.example/"),
		"https://a.example/":    {err: reset, again: &page{status: 302, header: http.Header{"Location": {"http://a.example/back"}}}},
		"http://a.example/back": {status: 500, again: &page{status: 302, header: http.Header{"Location": {"/end"}}}},
	})
	o := opts(w)
	o.Retries, o.Politeness.PerHost = 2, 1
	play(t, w, o, "http://a.example/", func(t *testing.T, k *keeper, sum results.Summary) {
		var got []string
		for _, req := range w.requests {
			got = append(got, fmt.Sprintf("%s foreign=%v again=%v left=%v", req.URL, req.Foreign, !req.Due.IsZero(), req.LeftTLS))
		}
		want := []string{
			"http://a.example/ foreign=false again=false left=false",
			"http://a.example/same foreign=false again=false left=false",
			"https://a.example/ foreign=true again=false left=false",
			"https://a.example/ foreign=true again=true left=false",
			"http://a.example/back foreign=true again=false left=true",
			"http://a.example/back foreign=true again=true left=true",
			"http://a.example/end foreign=true again=false left=true",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s", strings.Join(got, "\n"))
		}
		if r := k.byIndex(t, 1)[0]; !r.OK || r.Attempts != 3 || sum.Tried != 7 {
			t.Errorf("%+v, %+v", r, sum)
		}
	})
}
