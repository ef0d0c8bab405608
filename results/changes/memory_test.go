package changes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"crawl/results"
)

// withTags gives a record validators, and a final URL.
func withTags(r *results.Record, etag, modified, final string) *results.Record {
	r.Basis.ETag, r.Basis.LastModified, r.FinalURL = etag, modified, final
	return r
}

// TestARequestAsksWithTheValidatorsOfItsLastAnswer, and only where that was a plain
// one that has them.
func TestARequestAsksWithTheValidatorsOfItsLastAnswer(t *testing.T) {
	tagged := func(outcome string) *results.Record { return withTags(record("u", outcome), `W/"a&b"`, date, "") }
	all := Validators{"u", `W/"a&b"`, date}
	for _, c := range []struct {
		name string
		runs []*results.Record
		want Validators
	}{
		{"both", []*results.Record{tagged("ok a")}, all},
		{"a tag alone", []*results.Record{withTags(record("u", "ok a"), "x", "", "")}, Validators{"u", "x", ""}},
		{"a date alone", []*results.Record{withTags(record("u", "ok a"), "", date, "")}, Validators{"u", "", date}},
		{"none", []*results.Record{record("u", "ok a")}, Validators{}},
		{"behind redirects", []*results.Record{withTags(record("u", "ok a"), "x", "", "v")}, Validators{"v", "x", ""}},
		{"after a 304", []*results.Record{tagged("ok a"), record("u", "304"), record("u", "304")}, all},
		{"renewed by a 304", []*results.Record{tagged("ok a"), withTags(record("u", "304"), "y", "", "")}, Validators{"u", "y", date}},
		{"dropped by an answer", []*results.Record{tagged("ok a"), record("u", "ok a")}, Validators{}},
		{"no plain answer", []*results.Record{withTags(record("u", "204"), "x", "", "")}, Validators{}},
		{"after a failure", []*results.Record{tagged("ok a"), record("u", "500")}, Validators{}},
		{"after no answer", []*results.Record{tagged("ok a"), record("u", "timeout"), record("u", "dns"), record("u", "robots")}, all},
		{"after an answer that broke off", []*results.Record{tagged("ok a"), record("u", "404 cut")}, Validators{}},
		{"after gone and no answer", []*results.Record{tagged("ok a"), record("u", "404"), record("u", "dns")}, Validators{}},
		{"after gone", []*results.Record{tagged("ok a"), record("u", "404")}, Validators{}},
		{"after what told nothing", []*results.Record{tagged("ok a"), record("u", "cancelled")}, all},
		{"too long a tag", []*results.Record{withTags(record("u", "ok a"), strings.Repeat("x", maxETag+1), "", "")}, Validators{}},
		{"too long a date", []*results.Record{withTags(record("u", "ok a"), "", strings.Repeat("x", maxLastModified+1), "")}, Validators{}},
		{"no text", []*results.Record{withTags(record("u", "ok a"), "\xff", "a\tb", "")}, Validators{}},
	} {
		path := seen(t)
		for _, r := range c.runs {
			run(t, path, 2, r)
		}
		m := open(t, path, 2)
		got, ok := m.Known(Request{URL: "u"})
		if ok != (c.want != Validators{}) || ok && got != c.want {
			t.Errorf("%s: %v, %v, want %v\n%s", c.name, got, ok, c.want, read(t, path))
		}
		for _, q := range []Request{{URL: "v"}, {URL: "u", Method: "HEAD"}, {URL: "u", Own: "x"}} {
			if got, ok := m.Known(q); ok {
				t.Errorf("%s: %v has the validators of another: %v", c.name, q, got)
			}
		}
	}
	// Not of another method than GET: RFC 9110 section 13.1.3.
	path, head := seen(t), tagged("ok a")
	head.Basis.Method = "HEAD"
	run(t, path, 2, head)
	if v, ok := open(t, path, 2).Known(Request{URL: "u", Method: "HEAD"}); ok {
		t.Error(v)
	}
}

// TestKnownMayBeAskedByMany while records are written.
func TestKnownMayBeAskedByMany(t *testing.T) {
	path := seen(t)
	var recs []*results.Record
	for i := range 200 {
		recs = append(recs, withTags(record(fmt.Sprint("u", i), "ok a"), fmt.Sprintf("%q", fmt.Sprint("u", i)), "", ""))
	}
	run(t, path, 2, recs...)
	m := open(t, path, 2)
	feed := m.Feed(&told{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				if v, ok := m.Known(Request{URL: fmt.Sprint("u", i)}); !ok || v.ETag != fmt.Sprintf("%q", fmt.Sprint("u", i)) {
					t.Errorf("u%d: %v", i, v)
				}
			}
		})
	}
	for _, r := range recs {
		must(t, feed.Write(r))
	}
	wg.Wait()
	must(t, m.Commit())
}

// TestWhatIsNotMetIsKept: lines that a run did not come to, or that left the list.
func TestWhatIsNotMetIsKept(t *testing.T) {
	path := seen(t)
	run(t, path, 2, record("a", "ok a"), record("b", "ok b"), record("c", "404"))
	before := strings.Split(read(t, path), "\n")
	if got := run(t, path, 2, record("b", "ok x"), record("a", "cancelled")); !slices.Equal(got, []string{"changed b"}) {
		t.Error(got)
	}
	after := strings.Split(read(t, path), "\n")
	if len(after) != len(before) || !slices.Contains(after, before[1]) || !slices.Contains(after, before[3]) {
		t.Errorf("before:\n%q\nafter:\n%q", before, after)
	}
	if got := run(t, path, 2); len(got) != 0 { // an empty list
		t.Error(got)
	}
	if got := run(t, path, 2, record("a", "ok a"), record("b", "ok x"), record("c", "404")); !slices.Equal(got, []string{"failing c"}) {
		t.Error(got)
	}
}

// TestEntriesStayInTheirOrder, as long as nothing is asked for.
func TestEntriesStayInTheirOrder(t *testing.T) {
	path := seen(t)
	var recs []*results.Record
	for i := range 50 {
		recs = append(recs, record(fmt.Sprint("u", i), "ok a"))
	}
	run(t, path, 2, recs...)
	before := read(t, path)
	run(t, path, 2)
	if read(t, path) != before {
		t.Error("the file is another, after nothing")
	}
}

// TestRequestsOfOneHashAreToldApart: a hash is not the request.
func TestRequestsOfOneHashAreToldApart(t *testing.T) {
	path := seen(t)
	run(t, path, 2, record("a", "ok a"), record("b", "404"), record("c", "ok c"))
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	x := newIndex(f)
	x.hash = func(Request) uint64 { return 7 }
	_, err = x.load(path)
	must(t, err)
	for url, content := range map[string]string{"a": sum("a"), "b": "", "c": sum("c"), "d": ""} {
		e, at, err := x.find(Request{URL: url})
		if err != nil || e.URL != url || e.Content != content || (at < 0) != (url == "d") {
			t.Errorf("%s: %+v at %d (%v)", url, e, at, err)
		}
	}
}

// TestAnAbortedRunHasNotBeen: the file is as it was, and no other is beside it.
func TestAnAbortedRunHasNotBeen(t *testing.T) {
	path := seen(t)
	m := open(t, path, 2)
	must(t, m.Feed(&told{}).Write(record("a", "ok a")))
	m.Abort()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	run(t, path, 2, record("a", "ok a"))
	before := read(t, path)
	m = open(t, path, 2)
	must(t, m.Feed(&told{}).Write(record("a", "ok b")))
	m.Abort()
	m.Abort()
	if read(t, path) != before {
		t.Error("an aborted run has written")
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Error(files)
	}
	if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("the mode is %v (%v), want 0600", info.Mode(), err)
	}
}

// TestTheFileIsForPeopleToo: an entry stands there as it would be written down.
func TestTheFileIsForPeopleToo(t *testing.T) {
	path := seen(t)
	must(t, os.WriteFile(path, []byte(header), 0o600))
	r := withTags(record("https://example.com/?a=1&b=2", "ok a"), `"x"`, "Wed, 21 Oct 2015 07:28:00 GMT", "https://www.example.com/")
	run(t, path, 2, r, record("mailto:x", "invalid_url"))
	want := header2 +
		`{"url":"https://example.com/?a=1&b=2","state":"ok","status":200,"content":"` + sum("a") + `","final_url":"https://www.example.com/","etag":"\"x\"","last_modified":"Wed, 21 Oct 2015 07:28:00 GMT"}
{"url":"mailto:x","failed":1}
{"entries":2}
`
	if got := read(t, path); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestAFileThatIsNoneIsRefused: by name, line and reason; it stays, and nothing is
// begun anew.
func TestAFileThatIsNoneIsRefused(t *testing.T) {
	const ok = `{"url":"u","state":"ok","status":200}` + "\n"
	for _, c := range []struct {
		text string
		line int64
		says string
	}{
		{"", 0, "is empty"},
		{"my notes\n", 1, "does not begin the memory of a change feed"},
		{ok, 1, "does not begin"},
		{`{"format":"crawl changes","version":3,"salt":""}`, 1, "has version 3, and this program writes 2"},
		{`{"format":"crawl changes","salt":""}`, 1, "has version 0, and this program writes 2"},
		{`{"format":"crawl changes","version":1,"salt":"00"}`, 1, "has no salt"},
		{header + "\n", 2, "is no JSON object"},
		{header + ok + ok[:20], 3, "is no JSON object"},
		{header + ok + ok[1:], 3, "is no JSON object"},
		{header + "[]\n", 2, "is no JSON object"},
		{header + ok + ok[:len(ok)-1] + ok, 3, "is no JSON object"},
		{header + ok + "\x00\x00\x00\x00", 3, "is no JSON object"},
		{header + "{}\n", 2, "has no url"},
		{header + `{"url":"u","state":"fine"}`, 2, "has a state that is none"},
		{header + `{"url":"u","state":"ok"}`, 2, "was ok, and has no status"},
		{header + `{"url":"u","state":"gone"}`, 2, "was ok, and has no status"},
		{header + `{"url":"u","failed":-1}`, 2, "has a number that cannot be"},
		{header + `{"url":"u","status":7}`, 2, "has a number that cannot be"},
		{header + `{"url":"u","failed":99999999999999999999}`, 2, "is no JSON object"},
		{header + `{"url":"u","content":"abc"}`, 2, "has a content that is no sha256"},
		{header + `{"url":"u","content":"abcd"}`, 2, "has a content that is no sha256"},
		{header + `{"url":"u","etag":"a\r\nX: y"}`, 2, "has a validator that cannot be sent"},
		{header + `{"url":"u","last_modified":"a\u0000"}`, 2, "has a validator that cannot be sent"},
		{header + `{"url":"u","own":"a b"}`, 2, "has a space in method or own"},
		{header2, 0, `was cut off after 0 entries (to go on with these, add a last line {"entries":0})`},
		{header2 + ok + ok, 0, `was cut off after 2 entries (to go on with these, add a last line {"entries":2})`},
		{header2 + ok + `{"entries":2}`, 0, `has 1 entries, and its last line says 2 (to go on with these, make that {"entries":1})`},
		{header2 + ok + ok + `{"entries":1}`, 0, "has 2 entries, and its last line says 1"},
		{header + ok + `{"entries":2}`, 0, "has 1 entries, and its last line says 2"},
		{header2 + ok + `{"entries":1}` + "\n" + ok, 3 + 1, "stands after the last one"},
		{header2 + ok + `{"entries":1}` + "\n" + `{"entries":1}`, 3 + 1, "stands after the last one"},
		{header2 + ok + `{"entries":1}` + "\n" + header2, 3 + 1, "stands after the last one"},
		{header2 + ok + `{"entries":"1"}`, 3, "has no url"},
		{header2 + ok + `{"entries":null}`, 3, "has no url"},
		{header2 + ok + `{"entries":1`, 3, "is no JSON object"},
		{header + `{"url":"` + strings.Repeat("u", maxLine) + `"}`, 2, "is longer than 2 MiB"},
	} {
		path := seen(t)
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		_, err := Open(path, Options{})
		var format *FormatError
		if !errors.As(err, &format) || format.Path != path || format.Line != c.line || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.80q: %v, want line %d, %s", c.text, err, c.line, c.says)
		}
		if read(t, path) != c.text {
			t.Errorf("%.80q is another now", c.text)
		}
		if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
			t.Error(files)
		}
	}
}

// TestWhatPeopleDoToTheFileIsUnderstood: they take out lines, put one in twice, lose
// the last line's end, add members of their own, and write long URLs.
func TestWhatPeopleDoToTheFileIsUnderstood(t *testing.T) {
	path := seen(t)
	long := "https://example.com/" + strings.Repeat("long/", 200_000)
	entry := func(url, content string) string {
		return fmt.Sprintf(`{"url":%q,"state":"ok","status":200,"content":%q,"note":"mine"}`, url, sum(content)) + "\n"
	}
	must(t, os.WriteFile(path, []byte(header+entry("a", "old")+entry("b", "b")+entry(long, "l")+entry("a", "a")+strings.TrimSuffix(entry("c", "c"), "\n")), 0o600))
	for range 2 {
		if got := run(t, path, 2, record("a", "ok a")); len(got) != 0 {
			t.Errorf("%.80q", got)
		}
	}
	if n := strings.Count(read(t, path), `"url":"a"`); n != 1 {
		t.Errorf("the entry stands there %d times", n)
	}
	if text := read(t, path); !strings.HasSuffix(text, "}\n") {
		t.Errorf("the last line has no end: %q", text[len(text)-9:])
	}
	if got := run(t, path, 2, record("b", "ok b"), record(long, "ok l"), record("c", "ok c"), record("d", "ok d")); !slices.Equal(got, []string{"new d"}) {
		t.Errorf("%.80q", got)
	}
}

// TestAPathThatCannotBeAMemoryIsRefused before anything is done.
func TestAPathThatCannotBeAMemoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	var path *fs.PathError
	var format *FormatError
	if _, err := Open(dir, Options{}); !errors.As(err, &path) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "no", "seen"), Options{}); !errors.As(err, &path) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	if runtime.GOOS != "windows" {
		for _, name := range []string{"/dev/null", "/dev/stdout"} {
			if _, err := Open(name, Options{}); !errors.As(err, &format) || err.Error() != name+" is no regular file" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := Open(filepath.Join(dir, "seen"), Options{FailAfter: -1}); err == nil {
		t.Error("-1 runs are accepted")
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error(files)
	}
}

// TestAnErrorOfTheOutputIsTold, and the memory can still be given up.
func TestAnErrorOfTheOutputIsTold(t *testing.T) {
	fault := errors.New("the reader is gone")
	m := open(t, seen(t), 1)
	if err := m.Feed(&told{fault: fault}).Write(record("a", "ok a")); !errors.Is(err, fault) {
		t.Error(err)
	}
}

// TestAFileWrittenOverWhileInUseIsTold instead of a wrong word.
func TestAFileWrittenOverWhileInUseIsTold(t *testing.T) {
	path := seen(t)
	run(t, path, 2, record("a", "ok a"))
	m := open(t, path, 2)
	must(t, os.WriteFile(path, []byte(strings.Repeat("x", 400)), 0o600))
	if err := m.Feed(&told{}).Write(record("a", "ok a")); err == nil || !strings.Contains(err.Error(), "written over") {
		t.Error(err)
	}
	if _, ok := m.Known(Request{URL: "a"}); ok {
		t.Error("it is known")
	}
}
