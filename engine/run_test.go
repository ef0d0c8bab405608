package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
)

// play runs text over w in a bubble of virtual time and gives the records.
func play(t *testing.T, w *web, o Options, text string, check func(t *testing.T, k *keeper, sum results.Summary)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		f := lines(t, t.Context(), text)
		sum, err := Run(t.Context(), o, f, k)
		if err != nil {
			t.Errorf("run: %v", err)
		}
		if !k.closed {
			t.Error("the sink was not closed")
		}
		check(t, k, sum)
	})
}

// One line in, one record out, whatever becomes of it.
func TestEveryLineHasItsRecord(t *testing.T) {
	w := newWeb(map[string]page{
		"http://ok.example/":      {body: "<title>Hello &amp; welcome</title>", takes: 30 * time.Millisecond},
		"http://gone.example/":    {status: 404, body: "<title>Not here</title>"},
		"http://refused.example/": {err: refused},
	})
	text := "http://ok.example/\nmailto:x\nhttp://gone.example/\nHTTP://OK.example:80\nhttp://refused.example/\n"
	play(t, w, opts(w), text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 5)
		if r := recs[0]; !r.OK || r.Status != 200 || r.Title != "Hello & welcome" || r.Attempts != 1 || r.IP != "192.0.2.1" || r.Time.Total != 30*time.Millisecond {
			t.Errorf("the good one: %+v", r)
		}
		if r := recs[1]; r.OK || r.Error.Kind != "invalid_url" || r.URL != "mailto:x" || r.Input != "" || r.Attempts != 0 {
			t.Errorf("the bad line: %+v", r)
		}
		if r := recs[2]; r.OK || r.Error.Kind != "http" || r.Status != 404 || r.Title != "Not here" {
			t.Errorf("the 404: %+v", r)
		}
		if r := recs[3]; !r.Duplicate || r.DuplicateOf != 0 || r.Input != "HTTP://OK.example:80" {
			t.Errorf("the duplicate: %+v", r)
		}
		if r := recs[4]; r.OK || r.Error.Kind != "connect" || r.Status != 0 {
			t.Errorf("the refused one: %+v", r)
		}
		if sum.OK != 1 || sum.Failed != 3 || sum.Duplicates != 1 || sum.Tried != 3 || sum.Answers != 2 {
			t.Errorf("summary: %+v", sum)
		}
	})
}

// 10,000 URLs of a server that answers in 100 ms, 500 at a time, take 2 s; and
// ten thousand lines are never more than 500 requests.
func TestConcurrency(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {takes: 100 * time.Millisecond}})
	o := opts(w)
	o.Concurrency, o.Politeness.PerHost = 500, 500
	play(t, w, o, many(10_000, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 10_000)
		if sum.Elapsed < 2*time.Second || sum.Elapsed > 2200*time.Millisecond {
			t.Errorf("took %v of virtual time, want 2 s", sum.Elapsed)
		}
		if w.peak[""] != 500 {
			t.Errorf("%d requests at once, want 500", w.peak[""])
		}
	})
}

// A slow host never holds a slot that another could use.
func TestSlowHostHoldsNothing(t *testing.T) {
	w := newWeb(map[string]page{
		"slow.example": {takes: 10 * time.Second},
		"fast.example": {takes: 10 * time.Millisecond},
	})
	o := opts(w)
	o.Concurrency, o.Politeness.PerHost = 10, 3
	text := many(30, "http://slow.example/%d") + many(300, "http://fast.example/%d")
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 330)
		if w.peak["slow.example"] != 3 || w.peak["fast.example"] != 3 {
			t.Errorf("peaks %v, want 3 per host", w.peak)
		}
		fast := 0
		for i, r := range k.recs {
			if strings.Contains(r.URL, "fast") && k.at[i].Sub(k.recs[0].StartedAt) < 2*time.Second {
				fast++
			}
		}
		if fast != 300 {
			t.Errorf("%d of 300 fast pages came before the first slow one", fast)
		}
	})
}

// A failure that may pass is tried again after its back-off, and holds no slot
// meanwhile.
func TestRetry(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/flaky":  {err: reset, again: &page{body: "<title>Better</title>"}},
		"http://a.example/broken": {status: 500},
	})
	o := opts(w)
	o.Retries, o.Concurrency = 2, 1
	play(t, w, o, "http://a.example/flaky\nhttp://a.example/broken\nhttp://b.example/", func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 3)
		if r := recs[0]; !r.OK || r.Attempts != 2 || r.Title != "Better" || r.Time.Queue < 250*time.Millisecond {
			t.Errorf("flaky: %+v", r)
		}
		if r := recs[1]; r.OK || r.Attempts != 3 || r.Status != 500 {
			t.Errorf("broken: %+v", r)
		}
		if k.recs[0].URL != "http://b.example/" {
			t.Errorf("%s came first: a waiting retry held the only slot", k.recs[0].URL)
		}
		if want := 750 * time.Millisecond; sum.Elapsed < want || sum.Elapsed > want+50*time.Millisecond {
			t.Errorf("took %v, want the back-offs of 250 and 500 ms", sum.Elapsed)
		}
	})
}

// Hops are recorded, pass every gate again, and end somewhere.
func TestRedirects(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/start": to("/next"),
		"http://a.example/next":  to("http://b.example/end"),
		"http://b.example/end":   {body: "<title>End</title>"},
		"http://a.example/loop":  to("/loop2"),
		"http://a.example/loop2": to("/loop"),
		"http://a.example/file":  to("file:///etc/passwd"),
		"http://a.example/walk":  to("http://b.example/private"),
		"http://b.example/robots.txt": {
			body: "User-agent: *\nDisallow: /private",
		},
	})
	o := opts(w)
	o.Politeness.Robots = true
	text := "http://a.example/start\nhttp://a.example/loop\nhttp://a.example/file\nhttp://a.example/walk\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 4)
		if r := recs[0]; !r.OK || r.FinalURL != "http://b.example/end" || r.Title != "End" || r.Attempts != 1 ||
			fmt.Sprint(r.Redirects) != "[{http://a.example/start 302} {http://a.example/next 302}]" {
			t.Errorf("the chain: %+v", r)
		}
		for i, kind := range map[int]string{1: "redirect_limit", 2: "redirect_scheme", 3: "robots"} {
			if recs[i].OK || recs[i].Error.Kind != kind {
				t.Errorf("line %d: %+v, want %s", i, recs[i].Error, kind)
			}
		}
		if w.count("http://b.example/private") != 0 {
			t.Error("a hop went where robots.txt forbids")
		}
	})
}

// Where a meta refresh leads is told, and not followed.
func TestRefreshIsRecorded(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/": {body: `<meta http-equiv=refresh content="0; url=next">`}})
	play(t, w, opts(w), "http://a.example/", func(t *testing.T, k *keeper, sum results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Refresh != "http://a.example/next" || len(w.asked) != 1 || len(r.Redirects) != 0 {
			t.Errorf("%+v after %v", r, w.asked)
		}
	})
}

// The first record of a pipe comes before its last line.
func TestPipeStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{})
		r, in := io.Pipe()
		f := list.New(t.Context(), []list.Source{{Name: "-", R: r}}, list.Options{})
		defer f.Close()
		k := &keeper{}
		done := make(chan error)
		go func() {
			_, err := Run(t.Context(), opts(w), f, k)
			done <- err
		}()
		for i := range 3 {
			fmt.Fprintf(in, "http://a.example/%d\n", i)
			time.Sleep(time.Second)
			synctest.Wait()
			if len(k.recs) != i+1 {
				t.Fatalf("after %d lines: %d records", i+1, len(k.recs))
			}
		}
		in.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// slowStore is a frontier whose Claim takes its time, before it looks.
type slowStore struct {
	frontier.Frontier
	takes time.Duration
}

func (s slowStore) Claim(ctx context.Context, hosts, perHost int, lease time.Duration) (frontier.Batch, error) {
	time.Sleep(s.takes)
	return s.Frontier.Claim(ctx, hosts, perHost, lease)
}

// A host that has used up its items while the store was being asked for others is
// given its next ones, also where nothing new comes any more.
func TestNoLineIsForgottenWhileTheStoreIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"http://a.example/robots.txt": {takes: 100 * time.Millisecond, status: 501}})
		o := opts(w)
		o.Politeness.Robots = true
		n := frontier.Stock(o.Politeness.PerHost) + 50
		k := &keeper{}
		f := lines(t, t.Context(), many(n, "http://a.example/%d"))
		if _, err := Run(t.Context(), o, slowStore{f, time.Second}, k); err != nil {
			t.Error(err)
		}
		k.byIndex(t, n)
	})
}

// A panic costs one record, not the run.
func TestPanicCostsOneRecord(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/1": {panics: true}})
	play(t, w, opts(w), many(3, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 3)
		if recs[1].Error.Kind != "internal" || !recs[0].OK || !recs[2].OK {
			t.Errorf("%+v", recs)
		}
	})
}

// What was read of a list that breaks is fetched; then the error comes.
func TestBrokenList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, k := newWeb(nil), &keeper{}
		broken := errors.New("disk on fire")
		r := io.MultiReader(strings.NewReader("http://a.example/\n"), iotest.ErrReader(broken))
		f := list.New(t.Context(), []list.Source{{Name: "list.txt", R: r, Regular: true}}, list.Options{})
		defer f.Close()
		_, err := Run(t.Context(), opts(w), f, k)
		if !errors.Is(err, broken) || len(k.recs) != 1 {
			t.Errorf("%v after %d records", err, len(k.recs))
		}
	})
}

// In input order, dispatch never waits for order.
func TestInputOrderDoesNotStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"http://a.example/0": {takes: 5 * time.Second}, "a.example": {takes: 100 * time.Millisecond}})
		o := opts(w)
		o.Concurrency = 8
		var out strings.Builder
		sink := results.NewOrdered(results.NewWriter(&out, results.JSONL{}), results.Options{})
		sum, err := Run(t.Context(), o, lines(t, t.Context(), many(200, "http://a.example/%d")), sink)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSpace(out.String()), "\n")
		for i, line := range got {
			if !strings.Contains(line, fmt.Sprintf(`"index":%d,`, i)) {
				t.Fatalf("line %d is %s", i, line)
			}
		}
		if len(got) != 200 || sum.Elapsed > 5100*time.Millisecond {
			t.Errorf("%d records in %v; the slow first line must not stall the others", len(got), sum.Elapsed)
		}
	})
}

func TestOptionsValidate(t *testing.T) {
	err := Options{Concurrency: -1, Retries: -1}.Validate()
	if err == nil || !strings.Contains(err.Error(), "concurrency") || !strings.Contains(err.Error(), "retries") {
		t.Errorf("%v: want all faults joined", err)
	}
	if _, err := Run(context.Background(), Options{Parsers: -1}, nil, nil); err == nil {
		t.Error("a run with bad options started")
	}
}
