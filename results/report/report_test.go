package report

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"crawl/results"
)

// viewOf is what the page of a file shows.
func viewOf(t *testing.T, file string) *view {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := New(Options{})
	if skipped, err := r.Read(t.Context(), file, f); err != nil || skipped.Lines != 0 {
		t.Fatalf("%+v, %v", skipped, err)
	}
	return r.view(noon)
}

// A run that was counted by hand.
func TestThePageSaysWhatTheRecordsSay(t *testing.T) {
	v := viewOf(t, "testdata/run.jsonl")
	for name, c := range map[string]struct{ got, want any }{
		"records":     {[]int64{v.Records, v.OK, v.Failed, v.Duplicates, v.Judged}, []int64{12, 6, 5, 1, 11}},
		"hosts":       {v.Hosts, int64(5)},
		"bytes":       {[]int64{v.Bytes, v.Wire}, []int64{9_510_015, 2_001_215}},
		"retries":     {[]int64{v.Retried, v.Retries}, []int64{2, 3}},
		"flags":       {[]int64{v.Truncated, v.FromCache}, []int64{1, 1}},
		"when":        {[]string{v.Start, v.End, v.Duration}, []string{"2026-01-02 12:00:00 UTC", "2026-01-02 12:01:32 UTC", "1 min 33 s"}},
		"statuses":    {v.Statuses, []statusCount{{200, 5}, {404, 2}, {304, 1}, {503, 1}}},
		"classes":     {names4(v.Classes.List), "2xx 5, 3xx 1, 4xx 2, 5xx 1, no answer 2"},
		"kinds":       {failures(v.Failures), "http 3 (headers 3), invalid_url 1, timeout 1 (headers 1)"},
		"phases":      {phases(v.Phases), "queue 2, dns 2, connect 1, tls 1, ttfb 8, download 4, parse 5, total 9"},
		"slow hosts":  {hostNames(v.Slowest), "slow.example, b.example:8443, a.example, c.example"},
		"failing":     {hostNames(v.Failing), "b.example:8443, slow.example"},
		"largest":     {pages(v.Largest)[:2], []string{"https://a.example/big", "https://a.example/"}},
		"slowest":     {pages(v.Long)[:2], []string{"https://slow.example/", "https://b.example:8443/busy"}},
		"redirects":   {[]int64{v.Redirected, v.Hops}, []int64{3, 5}},
		"chains":      {v.Chains, []counted{{"http://a.example → https://a.example", 2}, {"https://c.example (within)", 1}}},
		"targets":     {v.Targets, []counted{{"https://a.example/", 2}}},
		"longest":     {v.Longest[0].Hops, []hop{{"https://c.example/1", 301}, {"https://c.example/2", 302}, {"https://c.example/3", 307}, {"https://c.example/4", 200}}},
		"in charts":   {v.InCharts, int64(9)},
		"table":       {[]int64{v.Rows, v.RowsFailed}, []int64{12, 5}},
		"what came":   {breakdowns(v.Breakdowns), "Protocols HTTP/2.0 7 HTTP/1.1 2; Content types text/html 6 application/pdf 1 none 1 text/plain 1; Charsets utf-8 4 shift_jis 1; Changes changed 1 new 1; Depth 0 2 1 1"},
		"other hosts": {v.OtherHosts, int64(0)},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if total := v.Phases[len(v.Phases)-1]; total.P50 != "49.5 ms" || total.Max != "1 min 30 s" || total.P99 != "1 min 30 s" {
		t.Errorf("%+v", total)
	}
	if e := v.Failures[0].Examples; len(e) != 2 || e[0] != (example{"https://b.example:8443/gone", "404 Not Found"}) {
		t.Errorf("examples %v: one for each message", e)
	}
}

func names4(list []classCount) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, fmt.Sprint(c.Name, " ", c.N))
	}
	return strings.Join(parts, ", ")
}

func failures(list []*failure) string {
	var parts []string
	for _, f := range list {
		s := fmt.Sprint(f.Kind, " ", f.N)
		for _, p := range f.Phases() {
			s += fmt.Sprintf(" (%s %d)", p.Name, p.N)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

func phases(list []phaseChart) string {
	var parts []string
	for _, p := range list {
		parts = append(parts, fmt.Sprint(p.Name, " ", p.N))
	}
	return strings.Join(parts, ", ")
}

func hostNames(list []*host) string {
	var parts []string
	for _, h := range list {
		parts = append(parts, h.Name)
	}
	return strings.Join(parts, ", ")
}

func pages(list []page) []string {
	var urls []string
	for _, p := range list {
		urls = append(urls, p.URL)
	}
	return urls
}

func breakdowns(list []breakdownView) string {
	var parts []string
	for _, b := range list {
		s := b.Name
		for _, c := range b.List {
			s += fmt.Sprint(" ", c.Name, " ", c.N)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// Where the flags left the verdict out, error and status tell it.
func TestARecordWithoutItsVerdictIsJudged(t *testing.T) {
	for text, want := range map[string]string{
		`{"url":"x","status":200}`:                          "ok",
		`{"url":"x","status":301}`:                          "ok",
		`{"url":"x","status":404}`:                          "failed",
		`{"url":"x","status":200,"error":{"kind":"reset"}}`: "failed",
		`{"url":"x"}`:                                       "failed",
		`{"url":"x","status":404,"ok":true}`:                "ok",
		`{"url":"x","status":200,"ok":false}`:               "failed",
		`{"url":"x","duplicate_of":0}`:                      "duplicate",
	} {
		r, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := map[bool]string{true: "failed"}[r.Failed()]; r.OK != (want == "ok") || r.Duplicate != (want == "duplicate") || got == "failed" != (want == "failed") {
			t.Errorf("%s: %+v, want %s", text, r, want)
		}
	}
}

// A report of what was decoded is one of what was encoded: every field that a
// page shows comes back.
func TestARecordComesBackFromItsJSON(t *testing.T) {
	r := results.Record{
		Index: 3, HasIndex: true, Line: 4, URL: "https://a.example/", FinalURL: "https://b.example/", Status: 404,
		Error: results.Failure{Kind: "http", Message: "404", Phase: "headers"}, Title: "Gone", ContentType: "text/html", Charset: "utf-8",
		Size: 5, WireSize: 6, Truncated: true, Protocol: "HTTP/2.0", Attempts: 2, Redirects: []results.Redirect{{URL: "https://a.example/", Status: 301}},
		Depth: 1, HasDepth: true, FromCache: true, Change: "new", StartedAt: noon,
		Time: results.Timing{Queue: 1e6, DNS: 2e6, Connect: 3e6, TLS: 4e6, TTFB: 5e6, Download: 6e6, Parse: 7e6, Total: 8e6},
	}
	got, err := decode(results.AppendJSON(nil, &r))
	if err != nil || !reflect.DeepEqual(*got, r) {
		t.Errorf("%+v, %v\nwant %+v", got, err, r)
	}
}

// The table keeps the failed records first, each group in the order in which it
// came, and its data says what they are.
func TestTheTableKeepsTheFailedOnes(t *testing.T) {
	list := func(limit int) string {
		r := New(Options{Rows: limit})
		for i := range 10 {
			rec := results.Record{URL: fmt.Sprintf("http://a/%d", i), OK: i%3 != 0, Status: 200, Title: "the same title", Time: results.Timing{Total: time.Second}}
			if !rec.OK {
				rec.Error = results.Failure{Kind: "reset", Message: "reset by peer"}
			}
			r.Add(&rec)
		}
		var b strings.Builder
		if err := r.rows.write(&b, r.rows.kept()); err != nil {
			t.Fatal(err)
		}
		var data struct {
			Origins, Verdicts []string
			Path, Text        []any
			Verdict, Time     []int
			Rows              int
		}
		if err := json.Unmarshal([]byte(b.String()), &data); err != nil {
			t.Fatal(err)
		}
		all, failed := r.rows.count()
		return fmt.Sprint(data.Path, data.Verdict, data.Text, data.Rows == len(data.Time), all, failed)
	}
	for limit, want := range map[int]string{
		-1: "[][][]true0 0",
		2:  "[/0 /3][3 3][reset by peer 0]true2 2",
		6:  "[/0 /1 /2 /3 /6 /9][3 0 0 3 3 3][reset by peer the same title 1 0 0 0]true6 4",
		0:  "[/0 /1 /2 /3 /4 /5 /6 /7 /8 /9][3 0 0 3 0 0 3 0 0 3][reset by peer the same title 1 0 1 1 0 1 1 0]true10 4",
	} {
		if got := list(limit); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%d rows: %s, want %s", limit, got, want)
		}
	}
}

// What is named without end takes no memory without end, and no count is lost.
func TestNewNamesWithoutEndAreCountedTogether(t *testing.T) {
	r := New(Options{Rows: -1})
	const n = maxHosts + 500
	for i := range n {
		name := fmt.Sprint("n", i)
		r.Add(&results.Record{
			URL: "http://" + name + "/", Status: 200, ContentType: name, Charset: name, Protocol: name, Change: name, Depth: i, HasDepth: true,
			Error: results.Failure{Kind: name, Message: name, Phase: name}, Redirects: []results.Redirect{{URL: "http://" + name + "/", Status: 301}},
		})
	}
	v := r.view(noon)
	if len(r.hosts.byName) != maxHosts || v.OtherHosts != 500 || !v.MoreHosts {
		t.Errorf("%d hosts, %d others", len(r.hosts.byName), v.OtherHosts)
	}
	sum := int64(0)
	for _, f := range r.failures {
		sum += f.N
	}
	if sum != n || len(r.failures) > maxNames+1 || len(r.sum.Kinds) > maxNames+1 {
		t.Errorf("%d failures of %d kinds", sum, len(r.failures))
	}
	for _, b := range v.Breakdowns {
		if b.All != n {
			t.Errorf("%s: %d", b.Name, b.All)
		}
	}
	if len(r.redirects.byHosts.counts) > maxTargets {
		t.Error("more redirects than there is room for")
	}
}

// A chain of a thousand hops is not shown in full, and says how long it is.
func TestALongChainIsCut(t *testing.T) {
	rec := results.Record{URL: "http://a/0", FinalURL: "http://a/end", Status: 200}
	for i := range 1000 {
		rec.Redirects = append(rec.Redirects, results.Redirect{URL: fmt.Sprint("http://a/", i), Status: 302})
	}
	r := New(Options{})
	r.Add(&rec)
	c := r.redirects.longest.list[0]
	if len(c.Hops) != maxHops+1 || c.Len() != 1000 || c.Hops[maxHops] != (hop{"http://a/end", 200}) || len(rec.Redirects) != 1000 {
		t.Errorf("%d hops of %d, the last %v", len(c.Hops), c.Len(), c.Hops[len(c.Hops)-1])
	}
}
