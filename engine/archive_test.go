package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/results"
	"crawl/results/warc"
	"crawl/results/warc/warctest"
)

// wired is a web whose exchanges go over a wire that can be tapped.
type wired struct{ *web }

func (w wired) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	resp, err := w.web.Do(ctx, req)
	if resp.Status == 0 && err != nil {
		return resp, err
	}
	body := string(resp.Body)
	req.Tap.Answer([]byte("GET "+req.URL.RequestURI()+" HTTP/1.1\r\nHost: "+req.URL.Host()+"\r\n\r\n"),
		fmt.Appendf(nil, "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n", resp.Status, len(body)))
	req.Tap.Wire([]byte(body))
	req.Tap.Payload([]byte(body))
	resp.Whole = err == nil
	return resp, err
}

func newArchive(t *testing.T) (a *warc.Archive, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "site.warc.gz")
	a, err := warc.Create(path, warc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, path
}

// archived lists the answers of an archive, "STATUS URI". One without any is not there.
func archived(t *testing.T, a *warc.Archive, path string) (all []string) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	records, err := warctest.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Type == "response" || r.Type == "revisit" {
			all = append(all, fmt.Sprintf("%d %s", r.Status, r.Fields["WARC-Target-URI"]))
		}
	}
	return all
}

// Every exchange is archived by itself, whatever it was for: the page, a hop, an
// attempt that was retried, a robots.txt; and none that had no answer.
func TestEveryExchangeWithAnAnswerIsArchived(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/":      {body: "<title>Hello</title>"},
		"http://a.example/moved": to("http://b.example/landed?x#y"),
		"http://b.example/landed?x": {status: 503, body: "busy", again: &page{
			body: "landed",
		}},
		"http://b.example/robots.txt":       to("http://b.example/moved/robots.txt"),
		"http://b.example/moved/robots.txt": {body: "User-agent: *\nDisallow: /private"},
		"http://c.example/":                 {err: refused},
	})
	a, path := newArchive(t)
	o := opts(w)
	o.Fetcher, o.Archive, o.Retries, o.Politeness.Robots = wired{w}, a, 1, true
	text := "http://me:secret@a.example/\nhttp://a.example/moved\nhttp://b.example/private\nhttp://c.example/\nmailto:x\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 5)
	})
	got := archived(t, a, path)
	slices.Sort(got)
	want := []string{
		"200 http://a.example/", "200 http://b.example/landed?x", "200 http://b.example/moved/robots.txt",
		"302 http://a.example/moved", "302 http://b.example/robots.txt",
		"404 http://a.example/robots.txt", "404 http://c.example/robots.txt", "503 http://b.example/landed?x",
	}
	if !slices.Equal(got, want) {
		t.Errorf("archived:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// By the time a line has its record, its exchange is in the archive: what is told as
// done is there, whenever the run is killed.
func TestAnExchangeIsArchivedBeforeItsRecordIsWritten(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {body: "x", takes: time.Second}})
	a, path := newArchive(t)
	o := opts(w)
	o.Fetcher, o.Archive = wired{w}, a
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{onRec: func(r *results.Record) error {
			records, err := warctest.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			if !slices.ContainsFunc(records, func(w warctest.Record) bool { return w.Fields["WARC-Target-URI"] == r.URL }) {
				t.Errorf("%s is not there", r.URL)
			}
			return nil
		}}
		o.Concurrency = 1
		if _, err := Run(t.Context(), o, lines(t, t.Context(), many(5, "http://a.example/%d")), k); err != nil {
			t.Error(err)
		}
	})
}

// answered is a fetcher whose exchanges end so, after the header of the answer came.
type answered struct {
	wired
	err error
}

func (f answered) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	resp, _ := f.wired.Do(ctx, req)
	resp.Whole = false
	return resp, f.err
}

func TestWhatTheEndOfTheRunCutOffIsNotArchived(t *testing.T) {
	for _, kind := range []fetch.Kind{fetch.KindCancelled, fetch.KindDeadline} {
		w := newWeb(map[string]page{"a.example": {body: "half"}})
		a, path := newArchive(t)
		o := opts(w)
		o.Fetcher, o.Archive = answered{wired{w}, &fetch.Error{Kind: kind, Err: context.Canceled}}, a
		play(t, w, o, "http://a.example/\n", func(t *testing.T, k *keeper, _ results.Summary) { k.byIndex(t, 1) })
		if got := archived(t, a, path); len(got) > 0 {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

func TestAnAnswerThatIsNotWholeSaysWhy(t *testing.T) {
	for _, tc := range []struct {
		resp fetch.Response
		kind fetch.Kind
		want warc.Reason
	}{
		{fetch.Response{Whole: true}, "", ""},
		{fetch.Response{Whole: true}, fetch.KindDecode, ""},
		{fetch.Response{Truncated: true}, "", warc.Length},
		{fetch.Response{}, fetch.KindTooLarge, warc.Length},
		{fetch.Response{}, fetch.KindTimeout, warc.Time},
		{fetch.Response{}, fetch.KindTruncated, warc.Disconnect},
		{fetch.Response{}, fetch.KindReset, warc.Disconnect},
		{fetch.Response{Cut: fetch.KindTooLarge}, fetch.KindDecode, warc.Length},
		{fetch.Response{Cut: fetch.KindTimeout}, fetch.KindDecode, warc.Time},
		{fetch.Response{Cut: fetch.KindTruncated}, "", warc.Disconnect},
		{fetch.Response{Cut: fetch.KindProtocol}, fetch.KindDecode, warc.Unspecified},
		{fetch.Response{}, fetch.KindProtocol, warc.Unspecified},
		{fetch.Response{}, "", warc.Unspecified},
	} {
		var err error
		if tc.kind != "" {
			err = fmt.Errorf("wrapped: %w", &fetch.Error{Kind: tc.kind})
		}
		if got := truncated(&tc.resp, err); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

func TestAnArchiveThatCannotBeWrittenEndsTheRun(t *testing.T) {
	for _, robots := range []bool{false, true} {
		w := newWeb(map[string]page{"a.example": {body: "x", takes: time.Second}})
		a, path := newArchive(t)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		o := opts(w)
		o.Fetcher, o.Archive, o.Concurrency, o.Politeness.Robots = wired{w}, a, 2, robots
		synctest.Test(t, func(t *testing.T) {
			k := &keeper{}
			sum, err := Run(t.Context(), o, lines(t, t.Context(), many(100, "http://a.example/%d")), k)
			var unkept *SinkError
			if !errors.As(err, &unkept) || !errors.Is(err, fs.ErrClosed) || !strings.Contains(err.Error(), path) {
				t.Errorf("robots %v: %v", robots, err)
			}
			if robots && len(w.asked) > 1 || len(w.asked) > 4 || sum.OK > 0 {
				t.Errorf("robots %v: the run went on: %v", robots, w.asked)
			}
		})
	}
}
