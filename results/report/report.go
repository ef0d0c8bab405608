package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"crawl/results"
)

const (
	// DefaultRows is how many records the table of the page holds at most.
	DefaultRows = 100_000

	maxNames   = 1000   // of different kinds, types and the like
	maxTargets = 50_000 // of different redirects
	maxPages   = 15     // of a list of pages
	examples   = 3      // of each kind of error
)

// Options are the choices of a Report. The zero value has the defaults.
type Options struct {
	// Rows is how many records the table holds at most; 0 is DefaultRows, less
	// than 0 is none. All other parts of the page are of all records.
	Rows int
}

// Report collects what a page shows of the records of one run or several. Make
// one with New. Its memory does not grow with the records, but for those of the
// table and for up to 100,000 hosts. It is for one goroutine.
type Report struct {
	sources []*source
	sum     results.Summary
	hosts   hosts

	statuses  map[int]int64
	failures  map[string]*failure
	protocols tally
	types     tally
	charsets  tally
	changes   tally
	depths    tally
	fromCache int64
	truncated int64
	retried   int64

	phases    [len(phaseNames)]histogram
	stretches stretches
	largest   greatest[page]
	slowest   greatest[page]
	redirects redirects
	rows      rows
}

// source is an input and what it had.
type source struct {
	Name    string
	Records int64
	Failed  int64
}

// failure is one kind of error.
type failure struct {
	Kind     string
	N        int64
	Examples []example
	phases   map[string]int64
}

type example struct{ URL, Message string }

// page is a record of a list of pages.
type page struct {
	URL       string
	Final     string
	Status    int
	Size      int64
	Wire      int64
	Type      string
	Truncated bool
	Failed    bool
	Time      results.Timing
}

// New makes an empty report.
func New(o Options) *Report {
	r := &Report{
		hosts:    hosts{byName: map[string]*host{}},
		statuses: map[int]int64{}, failures: map[string]*failure{},
		protocols: newTally(maxNames), types: newTally(maxNames), charsets: newTally(maxNames),
		changes: newTally(maxNames), depths: newTally(maxNames),
		largest: greatest[page]{limit: maxPages}, slowest: greatest[page]{limit: maxPages},
		redirects: newRedirects(),
		rows:      newRows(max(0, cmp.Or(o.Rows, DefaultRows))),
	}
	return r
}

// Records is how many the report has.
func (r *Report) Records() int64 { return r.sum.Lines() }

// Add adds one record, which is not kept.
func (r *Report) Add(rec *results.Record) {
	origin, path := split(rec.URL)
	media := mediaType(rec.ContentType)
	r.rows.add(rec, origin, path, media)
	if origin != "" {
		r.hosts.add(hostOf(origin), rec)
	}
	if rec.HasDepth {
		r.depths.add(strconv.Itoa(rec.Depth))
	}
	r.addFailure(rec)
	if rec.Duplicate {
		return
	}
	if rec.Status != 0 {
		r.statuses[min(max(rec.Status, 0), maxStatus)]++
		r.protocols.add(cmp.Or(cut(rec.Protocol, maxText), "unknown"))
		r.types.add(cmp.Or(media, "none"))
	}
	if rec.Charset != "" {
		r.charsets.add(strings.ToLower(cut(rec.Charset, maxText)))
	}
	if rec.Change != "" {
		r.changes.add(cut(rec.Change, maxText))
	}
	r.addFlags(rec)
	r.redirects.add(rec)
	r.addTime(rec)
	r.addPage(rec, media)
}

// addFailure counts a record in the totals, and under its kind if it failed.
func (r *Report) addFailure(rec *results.Record) {
	if !rec.Failed() {
		r.sum.Add(rec)
		return
	}
	counted := *rec
	counted.Error.Kind = cut(rec.Error.Kind, maxText)
	f := r.failures[counted.Error.Kind]
	if f == nil && len(r.failures) >= maxNames {
		counted.Error.Kind = "" // the set is closed; this file has other names
		f = r.failures[""]
	}
	r.sum.Add(&counted)
	if f == nil {
		f = &failure{Kind: counted.Error.Kind, phases: map[string]int64{}}
		r.failures[f.Kind] = f
	}
	f.N++
	if len(f.phases) < maxNames {
		f.phases[cut(rec.Error.Phase, maxText)]++
	}
	message := cut(rec.Error.Message, maxText)
	known := slices.ContainsFunc(f.Examples, func(e example) bool { return e.Message == message })
	if len(f.Examples) < examples && !known {
		f.Examples = append(f.Examples, example{cut(rec.URL, maxURL), message})
	}
}

func (r *Report) addFlags(rec *results.Record) {
	if rec.FromCache {
		r.fromCache++
	}
	if rec.Truncated {
		r.truncated++
	}
	if rec.Attempts > 1 {
		r.retried++
	}
}

// phaseNames are the parts of a record's time in their order, as the record has
// them, and what each is.
var phaseNames = [...]struct{ Name, What string }{
	{"queue", "all waiting: for the host's turn, between retries"},
	{"dns", "look-up of the address"},
	{"connect", "TCP connection"},
	{"tls", "TLS handshake"},
	{"ttfb", "from the request to the first byte of the answer"},
	{"download", "the rest of the answer"},
	{"parse", "title, links and fields"},
	{"total", "from the first request to the end, waits between included"},
}

// addTime counts where the time of a record went.
func (r *Report) addTime(rec *results.Record) {
	t := &rec.Time
	for i, d := range [...]time.Duration{t.Queue, t.DNS, t.Connect, t.TLS, t.TTFB, t.Download, t.Parse, t.Total} {
		if d > 0 {
			r.phases[i].add(d)
		}
	}
	if !rec.StartedAt.IsZero() {
		r.stretches.add(rec.StartedAt, t.Total, rec.OK)
	}
}

// addPage puts a record into the lists of the largest and slowest ones.
func (r *Report) addPage(rec *results.Record, media string) {
	large, slow := rec.Size > 0 && r.largest.wants(rec.Size), rec.Time.Total > 0 && r.slowest.wants(int64(rec.Time.Total))
	if !large && !slow {
		return
	}
	p := page{
		URL: cut(rec.URL, maxURL), Final: cut(rec.FinalURL, maxURL), Status: rec.Status, Size: rec.Size, Wire: rec.WireSize,
		Type: media, Truncated: rec.Truncated, Failed: rec.Failed(), Time: rec.Time,
	}
	if large {
		r.largest.put(p.Size, p)
	}
	if slow {
		r.slowest.put(int64(p.Time.Total), p)
	}
}

// kinds are the failures, the most frequent first.
func (r *Report) kinds() []*failure {
	var list []*failure
	for _, kind := range slices.Sorted(maps.Keys(r.failures)) {
		list = append(list, r.failures[kind])
	}
	slices.SortStableFunc(list, func(a, b *failure) int { return cmp.Compare(b.N, a.N) })
	return list
}

// Phases are where it failed, the most frequent first.
func (f *failure) Phases() []counted {
	t := tally{counts: f.phases}
	list, _ := t.most(5)
	return slices.DeleteFunc(list, func(c counted) bool { return c.Name == "" })
}

// mediaType is the type of a Content-Type header without its parameters.
func mediaType(header string) string {
	media, _, _ := strings.Cut(header, ";")
	return cut(strings.ToLower(strings.TrimSpace(media)), 100)
}
