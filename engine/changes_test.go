package engine

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"crawl/fetch"
	"crawl/results"
	"crawl/results/changes"
)

// feedRun is one run with a change feed; it returns what was told, in the order of
// the lines, and what each URL was asked with: "If-None-Match If-Modified-Since".
func feedRun(t *testing.T, path string, w *web, o Options, text string) (told []results.Record, asked map[string]string) {
	t.Helper()
	w.requests = nil
	synctest.Test(t, func(t *testing.T) {
		m, err := changes.Open(path, changes.Options{FailAfter: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Abort()
		k := &keeper{}
		o.Changes = m
		_, err = Run(t.Context(), o, lines(t, t.Context(), text), m.Feed(k))
		if err := errors.Join(err, m.Commit()); err != nil {
			t.Fatal(err)
		}
		told = k.recs
	})
	slices.SortFunc(told, func(a, b results.Record) int { return int(a.Index - b.Index) })
	asked = map[string]string{}
	for _, req := range w.requests {
		conditions := strings.TrimSpace(strings.Join(req.Header["If-None-Match"], ",") + " " + strings.Join(req.Header["If-Modified-Since"], ","))
		asked[req.URL.String()] = conditions
	}
	return told, asked
}

// words are what was told, as "change URL".
func words(recs []results.Record) (list []string) {
	for _, r := range recs {
		list = append(list, r.Change+" "+r.URL)
	}
	return list
}

// tagged serves pages that have an ETag and a date, and says 304 to who knows it.
func tagged(pages map[string]page) *web {
	w := newWeb(pages)
	w.serve = func(req *fetch.Request) (page, bool) {
		p, ok := pages[req.URL.String()]
		if tag := p.header.Get("Etag"); tag != "" && req.Header.Get("If-None-Match") == tag {
			return page{status: 304, header: p.header}, true
		}
		return p, ok
	}
	return w
}

func tag(v string) http.Header {
	return http.Header{"Etag": {v}, "Last-Modified": {"Wed, 21 Oct 2015 07:28:00 GMT"}}
}

const sinceThen = " Wed, 21 Oct 2015 07:28:00 GMT"

// TestAPageThatHasNotChangedIsNotSentAgain, and nothing is told of it; one that has is
// told with its record.
func TestAPageThatHasNotChangedIsNotSentAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	pages := map[string]page{
		"http://a.example/tagged": {body: "<title>One</title>a", header: tag(`"1"`)},
		"http://a.example/plain":  {body: "<title>Two</title>a<!-- 1 -->"},
		"http://a.example/dated":  {body: "x", header: http.Header{"Last-Modified": {sinceThen[1:]}}},
	}
	const text = "http://a.example/tagged\nhttp://a.example/plain\nhttp://a.example/dated\nhttp://a.example/plain\n"
	w := tagged(pages)
	o := opts(w)
	told, asked := feedRun(t, path, w, o, text)
	if len(told) != 3 || told[0].Change != "new" || told[0].Digest == "" || told[0].FromCache || told[0].Title != "One" {
		t.Fatalf("first: %q", words(told))
	}
	for url, with := range asked {
		if with != "" {
			t.Errorf("%s is asked with %q in the first run", url, with)
		}
	}
	pages["http://a.example/plain"] = page{body: "<title>Two</title> a <!-- 2 --><script>2</script>"}
	if told, asked = feedRun(t, path, w, o, text); len(told) != 0 {
		t.Errorf("second: %q", words(told))
	}
	if asked["http://a.example/tagged"] != `"1"`+sinceThen || asked["http://a.example/plain"] != "" || asked["http://a.example/dated"] != sinceThen[1:] {
		t.Errorf("asked: %q", asked)
	}
	pages["http://a.example/tagged"] = page{body: "<title>Three</title>a", header: tag(`"2"`)}
	told, _ = feedRun(t, path, w, o, text)
	if !slices.Equal(words(told), []string{"changed http://a.example/tagged"}) || told[0].Title != "Three" {
		t.Errorf("third: %q", words(told))
	}
}

// TestAPageThatIsBackAsItWasSaysSo: nobody answered for a while, and then a 304 came.
func TestAPageThatIsBackAsItWasSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	pages := map[string]page{"http://a.example/": {body: "a", header: tag("1")}}
	w := tagged(pages)
	feedRun(t, path, w, opts(w), "http://a.example/")
	pages["http://a.example/"] = page{err: refused}
	feedRun(t, path, w, opts(w), "http://a.example/")
	pages["http://a.example/"] = page{body: "a", header: tag("1")}
	told, _ := feedRun(t, path, w, opts(w), "http://a.example/")
	if len(told) != 1 || told[0].Change != "recovered" || !told[0].FromCache || !told[0].OK || told[0].Status != 304 || told[0].Digest != "" {
		t.Errorf("%+v", told)
	}
}

// TestANotModifiedIsOkWhateverIsAccepted: it is the answer of before that was.
func TestANotModifiedIsOkWhateverIsAccepted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	w := tagged(map[string]page{"http://a.example/": {body: "a", header: tag("1")}, "http://a.example/odd": {status: 304}})
	o := opts(w)
	o.Accept = func(status int) bool { return status == 200 }
	for n, want := range [][]string{{"new http://a.example/", "failing http://a.example/odd"}, nil, nil} {
		told, _ := feedRun(t, path, w, o, "http://a.example/\nhttp://a.example/odd\n")
		if !slices.Equal(words(told), want) {
			t.Errorf("run %d: %q", n+1, words(told))
		}
	}
	// What is not judged by a feed shows it: the record is ok, and not from here.
	synctest.Test(t, func(t *testing.T) {
		m, err := changes.Open(path, changes.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Abort()
		k := &keeper{}
		o.Changes = m
		if _, err := Run(t.Context(), o, lines(t, t.Context(), "http://a.example/\n"), k); err != nil {
			t.Fatal(err)
		}
		if r := k.byIndex(t, 1)[0]; !r.OK || !r.FromCache || r.Status != 304 || r.Digest != "" || r.Basis.Content != "" {
			t.Errorf("%+v", r)
		}
	})
}

// TestANotModifiedThatNobodyAskedForIsAFailure, in a feed and without one; who asks
// by a header of the line or of the run has it as an answer.
func TestANotModifiedThatNobodyAskedForIsAFailure(t *testing.T) {
	w := newWeb(map[string]page{"http://a.example/": {status: 304}})
	for _, c := range []struct {
		text   string
		header http.Header
		ok     bool
	}{
		{"http://a.example/", nil, false},
		{`{"url": "http://a.example/", "headers": {"If-Match": "1"}}`, nil, false},
		{`{"url": "http://a.example/", "headers": {"if-none-match": "1"}}`, nil, true},
		{"http://a.example/", http.Header{"If-None-Match": {"1"}}, true},
		{"http://a.example/", http.Header{"If-Modified-Since": {sinceThen[1:]}}, true},
		{"http://a.example/", http.Header{"If-None-Match": nil}, false}, // which is not sent
	} {
		o := opts(w)
		o.Fetch.Header = c.header
		synctest.Test(t, func(t *testing.T) {
			k := &keeper{}
			if _, err := Run(t.Context(), o, lines(t, t.Context(), c.text), k); err != nil {
				t.Fatal(err)
			}
			if r := k.byIndex(t, 1)[0]; r.OK != c.ok || r.Status != 304 || r.OK == (r.Error.Kind == "protocol") {
				t.Errorf("%s, %v: %+v", c.text, c.header, r)
			}
		})
		told, _ := feedRun(t, filepath.Join(t.TempDir(), "seen"), w, o, c.text)
		if len(told) != 1 || told[0].OK != c.ok || (told[0].Change == "new") != c.ok {
			t.Errorf("%s, %v: told %q", c.text, c.header, words(told))
		}
	}
	// A server gone mad, of a page that was ok: it is failing, and neither new nor back.
	path, pages := filepath.Join(t.TempDir(), "seen"), map[string]page{"http://a.example/": {body: "a"}}
	w = newWeb(pages)
	feedRun(t, path, w, opts(w), "http://a.example/")
	pages["http://a.example/"] = page{status: 304}
	for n, want := range [][]string{{"failing http://a.example/"}, nil} {
		if told, _ := feedRun(t, path, w, opts(w), "http://a.example/"); !slices.Equal(words(told), want) {
			t.Errorf("run %d: %q", n+1, words(told))
		}
	}
}

// TestAValidatorIsSentToTheURLThatGaveIt, behind redirects too, and to no other.
func TestAValidatorIsSentToTheURLThatGaveIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	pages := map[string]page{
		"http://a.example/": to("http://b.example/landed"), "http://b.example/landed": {body: "b", header: tag("b")},
		"http://c.example/": {body: "c", header: tag("c")},
	}
	w := tagged(pages)
	const text = "http://a.example/\nhttp://c.example/\n"
	feedRun(t, path, w, opts(w), text)
	told, asked := feedRun(t, path, w, opts(w), text)
	if len(told) != 0 || asked["http://a.example/"] != "" || asked["http://b.example/landed"] != "b"+sinceThen {
		t.Errorf("told %q, asked %q", words(told), asked)
	}
	// They lead elsewhere now: what b said is not for d, nor what c said.
	pages["http://a.example/"] = to("http://d.example/")
	pages["http://c.example/"] = to("http://d.example/")
	pages["http://d.example/"] = page{body: "b", header: tag("d")}
	told, asked = feedRun(t, path, w, opts(w), text)
	if asked["http://d.example/"] != "" || !slices.Equal(words(told), []string{"changed http://c.example/"}) {
		t.Errorf("told %q, asked %q", words(told), asked)
	}
}

// TestWhoAsksForHimselfIsNotSpokenFor: a condition of the line, or of the run, is
// sent as it is; and other methods have none.
func TestWhoAsksForHimselfIsNotSpokenFor(t *testing.T) {
	w := tagged(map[string]page{"http://a.example/": {body: "a", header: tag("1")}})
	for _, c := range []struct {
		text   string
		header http.Header
		want   string
	}{
		{"http://a.example/", nil, "1" + sinceThen},
		{`{"url": "http://a.example/", "headers": {"x-other": "y"}}`, nil, "1" + sinceThen},
		{`{"url": "http://a.example/", "headers": {"if-none-match": "mine"}}`, nil, "mine"},
		{`{"url": "http://a.example/", "headers": {"Range": "bytes=0-9"}}`, nil, ""},
		{"http://a.example/", http.Header{"If-Modified-Since": {"then"}}, ""},
		{`{"url": "http://a.example/", "method": "HEAD"}`, nil, ""},
		{`{"url": "http://a.example/", "method": "POST"}`, nil, ""},
	} {
		path, o := filepath.Join(t.TempDir(), "seen"), opts(w)
		o.Fetch.Header = c.header
		feedRun(t, path, w, o, c.text)
		if _, asked := feedRun(t, path, w, o, c.text); asked["http://a.example/"] != c.want {
			t.Errorf("%s: %q, want %q", c.text, asked["http://a.example/"], c.want)
		}
	}
}

// TestEveryLineIsKnownByWhatItIs: credentials and headers of its own make it another,
// also after it was led to another origin; no secret is in the file.
func TestEveryLineIsKnownByWhatItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	pages := map[string]page{"http://a.example/": {body: "a", header: tag("1")}, "http://a.example/hop": to("http://b.example/"), "http://b.example/": {body: "b"}}
	w := tagged(pages)
	const text = `http://a.example/
http://me:hush@a.example/
http://you:hush@a.example/
{"url": "http://a.example/", "headers": {"X-Key": "hush"}}
{"url": "http://a.example/hop", "headers": {"Authorization": "hush"}}
{"url": "http://a.example/hop", "headers": {"Authorization": "hush-too"}}
{"url": "http://a.example/hop"}
{"url": "http://a.example/", "method": "HUSH SECRET"}
mailto:x
mailto:x
`
	told, _ := feedRun(t, path, w, opts(w), text)
	if len(told) != 10 {
		t.Errorf("first: %q", words(told))
	}
	for _, req := range w.requests {
		if req.URL.Hostname() == "b.example" && req.Header.Get("Authorization") != "" {
			t.Error("b.example is sent what is meant for a.example")
		}
	}
	if told, _ = feedRun(t, path, w, opts(w), text); len(told) != 0 {
		t.Errorf("second: %q", words(told))
	}
	if told, _ = feedRun(t, path, w, opts(w), `{"url": "http://a.example/", "method": "get"}`); len(told) != 0 {
		t.Errorf("GET by name: %q", words(told))
	}
	file, err := os.ReadFile(path)
	if n := strings.Count(string(file), "\n"); n != 1+10+1 {
		t.Errorf("%d lines in the file:\n%s", n, file)
	}
	if err != nil || strings.Contains(string(file), "hush") || strings.Contains(string(file), `me:`) {
		t.Errorf("%s (%v)", file, err)
	}
	pages["http://b.example/"] = page{body: "c"}
	if told, _ = feedRun(t, path, w, opts(w), text); len(told) != 3 || told[0].Change != "changed" {
		t.Errorf("third: %q", words(told))
	}
}

// TestWhatIsNoPageIsJudgedByItsBytes, and a redirect that is not followed by where it
// leads.
func TestWhatIsNoPageIsJudgedByItsBytes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	pages := map[string]page{"http://a.example/data": {body: "{ }"}, "http://a.example/moved": to("/one"), "http://a.example/empty": {}}
	w := tagged(pages)
	o := opts(w)
	o.Fetcher, o.MaxRedirects = asData{w}, 0
	const text = "http://a.example/data\nhttp://a.example/moved\nhttp://a.example/empty\n"
	for n, want := range []int{3, 0} {
		if told, _ := feedRun(t, path, w, o, text); len(told) != want {
			t.Errorf("run %d: %q", n+1, words(told))
		}
	}
	pages["http://a.example/data"] = page{body: "{}"}
	pages["http://a.example/moved"] = to("/two")
	told, _ := feedRun(t, path, w, o, text)
	if !slices.Equal(words(told), []string{"changed http://a.example/data", "changed http://a.example/moved"}) || told[0].Digest != digest("{}") {
		t.Errorf("%q", words(told))
	}
}

// TestWithLinksToFollowPagesAreAskedForWhole: a 304 has no links.
func TestWithLinksToFollowPagesAreAskedForWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen")
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			m, err := changes.Open(path, changes.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := newSite(1, map[string]page{"http://a.example/": {body: `<a href="/b">`, header: tag("1")}, "http://a.example/b": {header: tag("2")}})
			s.o.Changes = m
			s.crawl(t, t.Context(), "http://a.example/")
			s.want(t, "0 http://a.example/ 200", "1 http://a.example/b 200")
			for _, req := range s.requests {
				if req.Header != nil {
					t.Errorf("%s is asked with %v", req.URL, req.Header)
				}
			}
			for i := range s.keep.recs {
				if err := m.Feed(&keeper{}).Write(&s.keep.recs[i]); err != nil {
					t.Fatal(err)
				}
			}
			if err := m.Commit(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// asData serves everything as what is no text.
type asData struct{ *web }

func (a asData) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	resp, err := a.web.Do(ctx, req)
	resp.ContentType = "application/octet-stream"
	return resp, err
}
