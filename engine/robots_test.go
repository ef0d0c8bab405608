package engine

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/frontier/list"
	"crawl/results"
)

// robots.txt is asked once per origin, however many lines wait for it; where it
// cannot be had, the lines say why.
func TestRobots(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/robots.txt": {takes: time.Second, body: "User-agent: *\nDisallow: /no"},
		"http://b.example/robots.txt": {status: 503},
		"http://c.example/robots.txt": {err: refused},
		"http://d.example/robots.txt": {status: 500, again: &page{status: 404}},
	})
	o := opts(w)
	o.Politeness.Robots, o.Retries = true, 1
	text := many(1000, "http://a.example/%d") + "http://a.example/no\nhttp://b.example/\nhttp://c.example/\nhttp://d.example/\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 1004)
		if n := w.count("http://a.example/robots.txt"); n != 1 {
			t.Errorf("robots.txt was asked %d times", n)
		}
		if sum.OK != 1001 {
			t.Errorf("%d ok, want 1001", sum.OK)
		}
		for i, want := range map[int]results.Failure{
			1000: {Kind: "robots", Phase: "robots"},
			1001: {Kind: "robots", Phase: "robots"},
			1002: {Kind: "connect", Phase: "robots"},
		} {
			if got := recs[i].Error; got.Kind != want.Kind || got.Phase != want.Phase || got.Message == "" || recs[i].Attempts != 0 {
				t.Errorf("line %d: %+v, want %+v", i, recs[i], want)
			}
		}
		if !recs[1003].OK || w.count("http://d.example/robots.txt") != 2 {
			t.Errorf("a robots.txt that failed once is tried again: %+v", recs[1003])
		}
	})
}

// robotsOf is opts with robots.txt obeyed.
func robotsOf(w *web) Options {
	o := opts(w)
	o.Politeness.Robots = true
	return o
}

// A robots.txt elsewhere goes through the gate of the host there: it waits for a
// slot and for the end of a pause, and holds no slot of its own host meanwhile,
// nor of the run; but it waits for no rate, no delay and no rules.
func TestRobotsElsewhereGoesThroughTheGateThere(t *testing.T) {
	late := func(p page) page { p.takes = time.Second; return p }
	w := newWeb(map[string]page{
		"http://a.example/robots.txt":    late(to("http://busy.example/a.txt")),
		"http://b.example/robots.txt":    late(to("http://parked.example/b.txt")),
		"http://busy.example/a.txt":      {body: "User-agent: *\nDisallow: /no"},
		"http://parked.example/b.txt":    {body: "User-agent: *\nDisallow: /no"},
		"http://busy.example/0":          {takes: 10 * time.Second},
		"http://parked.example/0":        {status: 429, header: http.Header{"Retry-After": {"20"}}},
		"busy.example":                   {takes: 3 * time.Second},
		"c.example":                      {takes: 3 * time.Second},
		"d.example":                      {takes: 30 * time.Second},
		"e.example":                      {takes: 3 * time.Second},
		"http://e.example/robots.txt":    late(page{}),
		"http://busy.example/robots.txt": {body: "User-agent: *\nDisallow: /a.txt"},
	})
	o := robotsOf(w)
	o.Concurrency, o.Politeness.PerHost, o.Politeness.HostDelay = 5, 1, time.Minute
	text := "http://busy.example/0\nhttp://parked.example/0\nhttp://a.example/yes\nhttp://a.example/no\n" +
		"http://b.example/yes\nhttp://b.example/no\nhttp://c.example/\nhttp://busy.example/1\nhttp://d.example/\nhttp://e.example/\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 10)
		began := recs[0].StartedAt
		for i, kind := range []string{"", "http", "", "robots", "", "robots", "", ""} {
			if recs[i].Error.Kind != kind {
				t.Errorf("line %d: %+v, want %q", i, recs[i], kind)
			}
		}
		for url, want := range map[string]time.Duration{
			"http://busy.example/a.txt":   10 * time.Second, // when the slot is free, whatever the delay
			"http://parked.example/b.txt": 20 * time.Second,
			"http://c.example/":           0,
			"http://d.example/":           time.Second,
			"http://e.example/":           time.Second,
			"http://busy.example/1":       time.Minute,
		} {
			if at := w.at[url]; len(at) != 1 || at[0].Sub(began) < want || at[0].Sub(began) > want+50*time.Millisecond {
				t.Errorf("%s was asked for after %v, want %v", url, at[0].Sub(began), want)
			}
		}
		if w.peak["busy.example"] != 1 {
			t.Errorf("%d at once", w.peak["busy.example"])
		}
	})
}

// However many robots.txt lead to one host, it is asked no more at once than any.
func TestManyRobotsThatLeadToOneHost(t *testing.T) {
	w := newWeb(nil)
	w.serve = func(req *fetch.Request) (page, bool) {
		switch u := req.URL; {
		case u.Hostname() == "hub.example":
			return page{takes: 100 * time.Millisecond, body: "User-agent: *\nDisallow: /no"}, true
		case u.Path() == "/robots.txt":
			return to("http://hub.example/for/" + u.Hostname()), true
		}
		return page{}, true
	}
	o := robotsOf(w)
	o.Concurrency, o.Politeness.PerHost = 64, 3
	text := many(300, "http://h%d.example/yes") + many(300, "http://h%d.example/no")
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 600)
		if sum.OK != 300 || sum.Kinds["robots"] != 300 || w.peak["hub.example"] != 3 {
			t.Errorf("%+v; %d at once", sum, w.peak["hub.example"])
		}
		if sum.Tried != 900 || sum.Answers != 900 {
			t.Errorf("%d requests, %d answers", sum.Tried, sum.Answers)
		}
	})
}

// Five redirects are followed; more, or a loop, are no file. Credentials do not
// leave the origin.
func TestRedirectsOfRobots(t *testing.T) {
	deny := page{body: "User-agent: *\nDisallow: /"}
	w := newWeb(map[string]page{
		"http://five.example/robots.txt": to("/1"),
		"http://five.example/1":          to("https://five.example/2"),
		"https://five.example/2":         to("http://five.example/3"),
		"http://five.example/3":          to("http://other.example/4"),
		"http://other.example/4":         to("http://five.example/5"),
		"http://five.example/5":          deny,

		"http://six.example/robots.txt": to("http://six2.example/1"),
		"http://six2.example/1":         to("http://six.example/2"),
		"http://six.example/2":          to("/3"),
		"http://six.example/3":          to("/4"),
		"http://six.example/4":          to("/5"),
		"http://six.example/5":          to("/6"),
		"http://six.example/6":          deny,

		"http://loop.example/robots.txt":  to("http://loop2.example/robots.txt"),
		"http://loop2.example/robots.txt": to("http://loop.example/robots.txt"),
		"http://file.example/robots.txt":  to("file:///etc/passwd"),
	})
	o := robotsOf(w)
	text := "http://five.example/\nhttp://six.example/\nhttp://loop.example/\nhttp://file.example/\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 4)
		if recs[0].Error.Kind != "robots" || !recs[1].OK || !recs[2].OK || !recs[3].OK {
			t.Errorf("%+v", recs)
		}
		if n := w.count("http://six.example/5") + w.count("http://six.example/6"); n != 1 {
			t.Errorf("%d requests after the fourth hop, want one", n)
		}
		var foreign []string
		for _, req := range w.requests {
			if req.URL.Path() != "/" && req.Foreign && strings.HasSuffix(req.URL.Hostname(), "five.example") {
				foreign = append(foreign, req.URL.String())
			}
		}
		if want := []string{"https://five.example/2", "http://five.example/3", "http://five.example/5"}; !slices.Equal(foreign, want) {
			t.Errorf("foreign: %v", foreign)
		}
	})
}

// The robots.txt of an origin that a line's hop led to is foreign like the hop.
func TestRobotsOfAForeignOrigin(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/": to("http://b.example/")})
	play(t, w, robotsOf(w), "http://a.example/", func(t *testing.T, k *keeper, sum results.Summary) {
		for _, req := range w.requests {
			if want := req.URL.Hostname() == "b.example"; req.Foreign != want {
				t.Errorf("%s: foreign %v", req.URL, req.Foreign)
			}
		}
	})
}

// A robots.txt elsewhere that fails is tried again from its origin on; and what
// cannot be had there cannot be had.
func TestRobotsElsewhereThatFails(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/robots.txt": to("http://flaky.example/"),
		"http://flaky.example/":       {err: reset, again: &page{body: "User-agent: *\nDisallow: /no"}},
		"http://b.example/robots.txt": to("http://dead.example/"),
		"dead.example":                {err: refused},
	})
	o := robotsOf(w)
	o.Retries = 2
	play(t, w, o, "http://a.example/\nhttp://a.example/no\nhttp://b.example/\nhttp://b.example/2\n", func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 4)
		if !recs[0].OK || recs[1].Error.Kind != "robots" || recs[2].Error.Kind != "connect" || recs[3].Error.Phase != "robots" {
			t.Errorf("%+v", recs)
		}
		var got []string
		for i, req := range w.requests {
			if req.URL.Hostname() != "b.example" && req.URL.Hostname() != "dead.example" {
				got = append(got, fmt.Sprintf("%s again=%v", w.asked[i], !req.Due.IsZero()))
			}
		}
		if want := []string{"http://a.example/robots.txt again=false", "http://flaky.example/ again=false",
			"http://a.example/robots.txt again=true", "http://flaky.example/ again=false", "http://a.example/ again=false"}; !slices.Equal(got, want) {
			t.Errorf("%s", strings.Join(got, "\n"))
		}
		if n := w.count("http://dead.example/"); n != 3 {
			t.Errorf("%d requests to the dead host", n)
		}
	})
}

// drip gives a line of host h every d, and says when it gave it.
func drip(h string, n int, d time.Duration) (r io.Reader, gave *[]time.Time) {
	pr, pw := io.Pipe()
	gave = new([]time.Time)
	go func() {
		for i := range n {
			*gave = append(*gave, time.Now())
			fmt.Fprintf(pw, "http://%s/%d\n", h, i)
			time.Sleep(d)
		}
		pw.Close()
	}()
	return pr, gave
}

// An origin whose robots.txt answers 5xx is asked for it once, retries aside,
// and again no sooner than after a minute, or what it asks for: what waits then,
// or comes meanwhile, has its record at once.
func TestRobotsThatAnswers5xx(t *testing.T) {
	for _, tc := range []struct {
		name    string
		answer  page
		retries int
		perTry  int           // requests for each try
		between time.Duration // the tries
		late    time.Duration // a record, at most
	}{
		{"plain", page{status: 500}, 0, 1, time.Minute, 0},
		{"with retries", page{status: 500}, 2, 3, time.Minute, 750 * time.Millisecond},
		{"not one to retry", page{status: 501}, 2, 1, time.Minute, 0},
		{"short Retry-After", page{status: 503, header: http.Header{"Retry-After": {"7"}}}, 0, 1, time.Minute, 0},
		{"long Retry-After", page{status: 503, header: http.Header{"Retry-After": {"150"}}}, 0, 1, 150 * time.Second, 0},
		{"Retry-After and a retry", page{status: 503, header: http.Header{"Retry-After": {"150"}}}, 1, 2, 150 * time.Second, 150 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWeb(map[string]page{"http://a.example/robots.txt": tc.answer})
				o := robotsOf(w)
				o.Retries = tc.retries
				slow, gave := drip("a.example", 40, 10*time.Second)
				f := list.New(t.Context(), []list.Source{{R: strings.NewReader(many(1000, "http://a.example/x%d"))}, {R: slow}}, list.Options{})
				defer f.Close()
				k := &keeper{}
				if _, err := Run(t.Context(), o, f, k); err != nil {
					t.Fatal(err)
				}
				recs := k.byIndex(t, 1040)
				asked := w.at["http://a.example/robots.txt"]
				if len(w.asked) != len(asked) || len(asked)%tc.perTry != 0 {
					t.Errorf("%d requests, %d for robots.txt", len(w.asked), len(asked))
				}
				for i := tc.perTry; i < len(asked); i += tc.perTry {
					if gap := asked[i].Sub(asked[i-1]); gap < tc.between || gap > tc.between+10*time.Second {
						t.Errorf("it was asked for again after %v", gap)
					}
				}
				for i := range recs {
					if e := recs[i].Error; e.Kind != "robots" || e.Phase != "robots" || !strings.Contains(e.Message, fmt.Sprint(tc.answer.status)) {
						t.Fatalf("line %d: %+v", i, e)
					}
				}
				for i, at := range k.at {
					came := asked[0]
					if n := int(k.recs[i].Index) - 1000; n >= 0 {
						came = (*gave)[n]
					}
					if late := at.Sub(came); late > tc.late+50*time.Millisecond {
						t.Errorf("record %d came %v after its line", k.recs[i].Index, late)
					}
				}
			})
		})
	}
}

// A robots.txt is good for a day.
func TestRobotsIsKeptForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"http://a.example/robots.txt": {body: "User-agent: *\nDisallow: /no"}})
		slow, _ := drip("a.example", 60, time.Hour)
		f := list.New(t.Context(), []list.Source{{R: slow}}, list.Options{})
		defer f.Close()
		k := &keeper{}
		if _, err := Run(t.Context(), robotsOf(w), f, k); err != nil {
			t.Fatal(err)
		}
		k.byIndex(t, 60)
		if at := w.at["http://a.example/robots.txt"]; len(at) != 3 || slices.Min(gaps(at)) < 24*time.Hour {
			t.Errorf("asked for at %v", at)
		}
	})
}

// A 429 for robots.txt is no file, and its pause is the host's.
func TestRobotsThatAnswers429(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/robots.txt": {status: 429, header: http.Header{"Retry-After": {"30"}}},
	})
	o := robotsOf(w)
	o.Retries = 2
	play(t, w, o, "http://a.example/", func(t *testing.T, k *keeper, sum results.Summary) {
		if r := k.byIndex(t, 1)[0]; !r.OK || r.StartedAt.Sub(w.at["http://a.example/robots.txt"][0]) != 30*time.Second || len(w.asked) != 2 {
			t.Errorf("%+v; %v", r, w.asked)
		}
	})
}

// A panic in the fetch of a robots.txt costs its origin's lines their pages, and
// nobody else's.
func TestAPanicForRobots(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/robots.txt": {panics: true}})
	play(t, w, robotsOf(w), "http://a.example/\nhttp://b.example/\n", func(t *testing.T, k *keeper, sum results.Summary) {
		if recs := k.byIndex(t, 2); recs[0].Error.Kind != "internal" || recs[0].Error.Phase != "robots" ||
			!strings.Contains(recs[0].Error.Message, "a fault of ours") || !recs[1].OK {
			t.Errorf("%+v", recs)
		}
	})
}

// An origin whose robots.txt has no URL, since the userinfo alone is as long as
// one may be.
func TestRobotsWithoutAURL(t *testing.T) {
	w := newWeb(nil)
	line := "http://" + strings.Repeat("u", 64<<10-len("http://@a.example/")) + "@a.example/"
	play(t, w, robotsOf(w), line+"\nhttp://a.example/\n", func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 2)
		if e := recs[0].Error; e.Kind != "invalid_url" || e.Phase != "robots" || strings.Contains(e.Message, "uuu") || !recs[1].OK {
			t.Errorf("%+v", e)
		}
	})
}

// Where other hosts keep all the memory that there is for robots.txt, a long one is
// not kept: its lines say so. A short one is, as ever.
func TestALongRobotsThatThereIsNoRoomFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const late = 500 * time.Millisecond // when the others have work
		w := newWeb(map[string]page{
			"http://long.example/robots.txt":  {takes: late, body: "User-agent: *\n" + many(1000, "Disallow: /no/%d")},
			"http://short.example/robots.txt": {takes: late, body: "User-agent: *\nDisallow: /no\n" + many(1000, "# Disallow: /no/%d")},
		})
		k := &keeper{}
		r := pondering(t, t.Context(), w, k, 10, "http://long.example/\nhttp://short.example/\nhttp://short.example/no\n")
		r.setRules(t, ponderous{takes: 20 * time.Millisecond, size: 128 << 20 / 10})
		if _, err := r.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		recs := k.byIndex(t, 103)
		if e := recs[0].Error; e.Kind != "robots" || e.Phase != "robots" || !strings.Contains(e.Message, "long") {
			t.Errorf("%+v", e)
		}
		if !recs[1].OK || recs[2].Error.Message != "disallowed by robots.txt" {
			t.Errorf("%+v\n%+v", recs[1], recs[2])
		}
	})
}

// A URL that robots.txt makes too dear to judge is denied, and says why.
func TestRobotsWithTooManyPatterns(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/robots.txt": {body: "User-agent: *\n" + many(20_000, "Allow: *a%db\nDisallow: /a$")}})
	text := "http://a.example/" + strings.Repeat("a", 60_000) + "\nhttp://a.example/a\nhttp://a.example/b\n"
	play(t, w, robotsOf(w), text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 3)
		if e := recs[0].Error; e.Kind != "robots" || e.Phase != "robots" || !strings.Contains(e.Message, "too many patterns") {
			t.Errorf("%+v", e)
		}
		if recs[1].Error.Message != "disallowed by robots.txt" || !recs[2].OK {
			t.Errorf("%+v\n%+v", recs[1], recs[2])
		}
	})
}
