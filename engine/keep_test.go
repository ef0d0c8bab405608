package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"crawl/fetch"
	"crawl/results"
)

// shelf is a Save that keeps bodies in memory, by file.
type shelf struct {
	mu     sync.Mutex
	bodies map[string]string
}

func (s *shelf) save(n results.Name, body []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bodies == nil {
		s.bodies = map[string]string{}
	}
	file := n.File()
	if _, twice := s.bodies[file]; twice {
		return "", fmt.Errorf("%s is saved twice", file)
	}
	s.bodies[file] = string(body)
	return file, nil
}

func digest(body string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(body))) }

// partial gives an error its body: what came before it.
type partial struct{ *web }

func (p partial) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	resp, err := p.web.Do(ctx, req)
	if err != nil && strings.Contains(req.URL.Path(), "half") {
		resp.Status, resp.Body, resp.Size = 200, []byte("half a"), 6
	}
	return resp, err
}

func TestEveryBodyIsSavedWhateverItsStatus(t *testing.T) {
	w := newWeb(map[string]page{
		"http://a.example/ok":       {body: "<title>Hello</title>"},
		"http://a.example/gone":     {status: 404, body: "not here"},
		"http://a.example/none":     {status: 204},
		"http://a.example/half":     {err: reset},
		"http://a.example/moved":    {status: 301, body: "moved", header: http.Header{"Location": {"http://b.example/Landed?x"}}},
		"http://b.example/":         {err: refused},
		"http://b.example/Landed?x": {body: "landed"},
	})
	s := &shelf{}
	o := opts(w)
	o.Fetcher, o.Save = partial{w}, s.save
	text := "http://a.example/ok\nhttp://a.example/gone\nhttp://a.example/none\nhttp://a.example/half\nhttp://a.example/moved\nhttp://b.example/\nhttp://a.example/ok\nmailto:x\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		const dir = "a.example_http/"
		for i, want := range []struct{ file, body string }{
			{dir + "ok~.html", "<title>Hello</title>"}, {dir + "gone~.html", "not here"}, {"", ""}, {dir + "half~.bin", "half a"}, {dir + "moved~.html", "landed"}, {}, {}, {},
		} {
			r := k.byIndex(t, 8)[i]
			sum := ""
			if r.Status != 0 {
				sum = digest(want.body)
			}
			if r.File != want.file || r.Digest != sum || s.bodies[r.File] != want.body {
				t.Errorf("%s: file %q, digest %q; want %q, %q; saved %q", r.URL, r.File, r.Digest, want.file, sum, s.bodies[want.file])
			}
		}
		if r := k.byIndex(t, 8)[0]; !r.OK || r.Title != "Hello" {
			t.Errorf("a saved page is not parsed: %+v", r)
		}
		if len(s.bodies) != 4 {
			t.Errorf("saved: %q", s.bodies)
		}
	})
}

func TestDigestsComeWithoutFilesAndNeitherUnasked(t *testing.T) {
	for _, asked := range []bool{true, false} {
		w := newWeb(map[string]page{"http://a.example/": {body: "x"}, "http://a.example/none": {}})
		o := opts(w)
		o.Digest = asked
		play(t, w, o, "http://a.example/\nhttp://a.example/none\n", func(t *testing.T, k *keeper, sum results.Summary) {
			for i, body := range []string{"x", ""} {
				want := ""
				if asked {
					want = digest(body)
				}
				if r := k.byIndex(t, 2)[i]; r.Digest != want || r.File != "" || !r.OK {
					t.Errorf("asked %v: %+v", asked, r)
				}
			}
		})
	}
}

// A body that broke off is not there any more: it has no digest rather than that
// of nothing.
func TestABodyThatBrokeOffHasNoDigest(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {err: &fetch.Error{Kind: fetch.KindTruncated, Phase: fetch.PhaseBody, Err: errors.New("early")}}})
	o := opts(w)
	o.Digest = true
	o.Fetcher = brokenOff{w}
	play(t, w, o, "http://a.example/\n", func(t *testing.T, k *keeper, _ results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Digest != "" || r.Size != 19 || r.Status != 200 {
			t.Errorf("%+v", r)
		}
	})
}

// brokenOff gives an error what was learnt before it, as fetch.Client does.
type brokenOff struct{ *web }

func (b brokenOff) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	resp, err := b.web.Do(ctx, req)
	if err != nil {
		resp.Status, resp.Size = 200, 19
	}
	return resp, err
}

func TestLinesThatDifferInMoreThanTheirURLHaveFilesOfTheirOwn(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {body: "x"}})
	s := &shelf{}
	o := opts(w)
	o.Save = s.save
	text := `http://a.example/
http://me:secret@a.example/
http://me:other@a.example/
{"url": "http://a.example/", "method": "POST"}
{"url": "http://a.example/", "headers": {"Accept": "text/plain"}}
{"url": "http://a.example/", "headers": {"Authorization": "Bearer x"}}
{"url": "http://a.example/", "headers": {"Authorization": "Bearer y"}, "method": "PUT"}
`
	play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 7)
		if len(s.bodies) != 7 || s.bodies["a.example_http/index.html"] == "" {
			t.Errorf("saved: %q", s.bodies)
		}
	})
}

func TestAFilesNameHoldsNoSecretNotEvenHashed(t *testing.T) {
	name := func(text string) (file string) {
		w, s := newWeb(map[string]page{"a.example": {body: "x"}}), &shelf{}
		o := opts(w)
		o.Save = s.save
		play(t, w, o, text, func(t *testing.T, k *keeper, sum results.Summary) { file = k.byIndex(t, 1)[0].File })
		return file
	}
	for _, c := range [][2]string{
		{"http://me:secret@a.example/", "http://you:other@a.example/"},
		{`{"url": "http://a.example/", "headers": {"Cookie": "a"}}`, `{"url": "http://a.example/", "headers": {"Authorization": "b"}}`},
	} {
		if a, b := name(c[0]), name(c[1]); a != b {
			t.Errorf("%q and %q tell %q from %q", a, b, c[0], c[1])
		}
	}
	if a, b := name(`{"url": "http://a.example/", "method": "GET"}`), name("http://a.example/"); a != b {
		t.Errorf("GET by name: %q and %q", a, b)
	}
}

func TestAnErrorOfTheDiskEndsTheRun(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {body: "x", takes: time.Second}})
	o := opts(w)
	o.Concurrency = 2
	saved := 0
	var mu sync.Mutex
	o.Save = func(n results.Name, body []byte) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if saved++; saved > 3 {
			return "", syscall.ENOSPC
		}
		return n.File(), nil
	}
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		f := lines(t, t.Context(), many(100, "http://a.example/%d"))
		sum, err := Run(t.Context(), o, f, k)
		var unsaved *SinkError
		if !errors.As(err, &unsaved) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error %v", err)
		}
		if sum.Elapsed > 5*time.Second || len(w.asked) > 10 {
			t.Errorf("the run went on for %v and %d requests", sum.Elapsed, len(w.asked))
		}
		// The third may be on its way when the fourth ends the run.
		if sum.OK < 2 || sum.OK > 3 || sum.Lines()+sum.Unrecorded != 100 {
			t.Errorf("%d ok, %d recorded, %d not", sum.OK, sum.Lines(), sum.Unrecorded)
		}
		for _, r := range k.recs {
			if (r.File == "") == r.OK {
				t.Errorf("%s: ok %v, file %q", r.URL, r.OK, r.File)
			}
		}
		if !k.closed {
			t.Error("the sink was not closed")
		}
	})
}

// The parser whose save fails when the run has ended for another's has nothing to
// add: a full disk is told once.
func TestAnErrorOfTheDiskIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := opts(newWeb(map[string]page{"a.example": {body: "x"}}))
		o.Parsers = 8
		o.Save = func(results.Name, []byte) (string, error) {
			time.Sleep(time.Millisecond) // both fail in the same turn of the loop
			return "", syscall.ENOSPC
		}
		var log strings.Builder
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		_, err := Run(t.Context(), o, lines(t, t.Context(), many(8, "http://a.example/%d")), &keeper{})
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error %v", err)
		}
		time.Sleep(time.Second)
		if log.Len() > 0 {
			t.Errorf("logged: %s", log.String())
		}
	})
}

// While one body is slow to save, other lines go on.
func TestASlowDiskHoldsOneParserAndNotTheLoop(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {body: "x"}})
	o := opts(w)
	o.Parsers = 2
	o.Save = func(n results.Name, body []byte) (string, error) {
		if n.Path == "/0" {
			time.Sleep(time.Hour)
		}
		return n.File(), nil
	}
	play(t, w, o, many(20, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		k.byIndex(t, 20)
		for i := range k.recs[:19] {
			if k.at[i].Sub(k.at[0]) > time.Minute {
				t.Errorf("record %d came after %v", i, k.at[i].Sub(k.at[0]))
			}
		}
		if last := k.recs[19]; last.Index != 0 || last.Time.Parse > time.Minute {
			t.Errorf("the slow one: %+v", last)
		}
	})
}

func TestAPanicWhileSavingCostsOneRecord(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {body: "x"}})
	o := opts(w)
	o.Save = func(n results.Name, body []byte) (string, error) {
		if n.Path == "/1" {
			panic("a fault of ours")
		}
		return n.File(), nil
	}
	play(t, w, o, many(3, "http://a.example/%d"), func(t *testing.T, k *keeper, sum results.Summary) {
		recs := k.byIndex(t, 3)
		if r := recs[1]; r.OK || r.Error.Kind != "internal" || r.File != "" || r.Status != 200 {
			t.Errorf("%+v", r)
		}
		if !recs[0].OK || !recs[2].OK {
			t.Errorf("the others: %+v, %+v", recs[0], recs[2])
		}
	})
}
