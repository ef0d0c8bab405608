package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"maps"
	"slices"
	"time"
)

// The page's parts, which go into it whole: it loads nothing.
var (
	//go:embed page.html
	pageHTML string
	//go:embed style.css
	styleCSS string
	//go:embed script.js
	scriptJS string
)

// How long the lists of the page are.
const (
	listed    = 20 // hosts
	breakdown = 12 // types, charsets and so on
	kinds     = 30 // of errors: more than there are, but in the file of a stranger
)

// WriteHTML writes the page: one HTML file that loads nothing and has no use for
// a network. made is the time that it names as its own. It blocks on w, whose
// error it returns.
func (r *Report) WriteHTML(w io.Writer, made time.Time) error {
	t, err := template.New("").Funcs(template.FuncMap{
		"count": count, "numbered": numbered, "size": size, "span": span, "share": share, "web": isWeb,
		"statusText": statusText, "style": func() template.CSS { return template.CSS(styleCSS) },
	}).Parse(pageHTML)
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, "page", r.view(made)); err != nil {
		return err
	}
	if _, err := io.WriteString(w, `<script id="data" type="application/json">`); err != nil {
		return err
	}
	if err := r.rows.write(w, r.rows.kept()); err != nil {
		return err
	}
	_, err = io.WriteString(w, "</script>\n<script>"+scriptJS+"</script>\n</body>\n</html>\n")
	return err
}

// policy is the page's Content-Security-Policy: its own script and style, by
// their hashes, and nothing else from anywhere.
func policy() string {
	return "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; script-src " + hashed(scriptJS) + "; style-src " + hashed(styleCSS)
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// view is what the template shows.
type view struct {
	Policy  string
	Made    string
	Sources []*source

	Records, OK, Failed, Duplicates int64
	Judged                          int64 // all but duplicates
	Hosts                           int64
	MoreHosts                       bool
	Bytes, Wire                     int64
	Start, End, Duration, Rate      string
	Apart                           string // from the first stretch to the last, if there are several
	Retried, Retries                int64
	Truncated, FromCache            int64

	Classes       classChart
	Statuses      []statusCount
	Failures      []*failure
	OtherFailures int64 // of further kinds
	Timelines     []*timeChart
	InCharts      int64
	Phases        []phaseChart
	Ticks         []tick

	Slowest, Failing []*host
	OtherHosts       int64
	Largest, Long    []page
	Redirected, Hops int64
	Chains, Targets  []counted
	Longest          []chain
	Breakdowns       []breakdownView

	Rows, RowsFailed int64
}

type statusCount struct {
	Code int
	N    int64
}

// breakdownView is one of the short lists of what came.
type breakdownView struct {
	Name   string
	List   []counted
	Others int64
	All    int64
}

// view makes what the page shows.
func (r *Report) view(made time.Time) *view {
	s := &r.sum
	v := &view{
		Policy: policy(), Made: moment(made), Sources: r.sources,
		Records: s.Lines(), OK: s.OK, Failed: s.Failed, Duplicates: s.Duplicates, Judged: s.OK + s.Failed,
		Hosts: int64(len(r.hosts.byName)), MoreHosts: r.hosts.others > 0, OtherHosts: r.hosts.others,
		Bytes: s.Bytes, Wire: s.WireBytes,
		Retried: r.retried, Retries: s.Retries, Truncated: r.truncated, FromCache: r.fromCache,
		Classes: r.classes(), Failures: r.kinds(),
		Slowest: r.hosts.slowest(listed), Failing: r.hosts.failing(listed),
		Largest: r.largest.list, Long: r.slowest.list,
		Redirected: r.redirects.chains, Hops: r.redirects.hops, Longest: r.redirects.longest.list,
	}
	for len(v.Failures) > kinds {
		last := len(v.Failures) - 1
		v.OtherFailures += v.Failures[last].N
		v.Failures = v.Failures[:last]
	}
	v.Phases, v.Ticks = r.phaseCharts()
	v.Chains, _ = r.redirects.byHosts.most(breakdown)
	v.Targets, _ = r.redirects.targets.most(breakdown)
	v.Targets = slices.DeleteFunc(v.Targets, func(c counted) bool { return c.N < 2 })
	for _, code := range slices.Sorted(maps.Keys(r.statuses)) {
		v.Statuses = append(v.Statuses, statusCount{code, r.statuses[code]})
	}
	slices.SortStableFunc(v.Statuses, func(a, b statusCount) int { return cmp.Compare(b.N, a.N) })
	for _, t := range r.stretches.list {
		c := t.chart()
		v.Timelines, v.InCharts = append(v.Timelines, c), v.InCharts+c.Records
	}
	if n := len(r.stretches.list); n > 0 {
		start, end := time.UnixMicro(r.stretches.list[0].start), time.UnixMicro(r.stretches.list[n-1].end)
		v.Start, v.End = moment(start), moment(end)
		v.Duration, v.Rate = span(r.stretches.active()), perSecond(float64(v.InCharts), r.stretches.active())
		if n > 1 {
			v.Apart = span(end.Sub(start))
		}
	}
	for _, b := range []struct {
		name string
		of   *tally
	}{{"Protocols", &r.protocols}, {"Content types", &r.types}, {"Charsets", &r.charsets}, {"Changes", &r.changes}, {"Depth", &r.depths}} {
		list, others := b.of.most(breakdown)
		all := others
		for _, c := range list {
			all += c.N
		}
		if all > 0 {
			v.Breakdowns = append(v.Breakdowns, breakdownView{b.name, list, others, all})
		}
	}
	v.Rows, v.RowsFailed = r.rows.count()
	return v
}
