package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"crawl/extract"
	"crawl/fetch"
	"crawl/frontier"
	"crawl/results"
)

const (
	sickSeed    = 25
	healthy     = 1000 // lines
	well        = "healthy"
	concurrency = 32
	// heapBound is what the heap may grow by: as much as the bodies in flight, were
	// all of them of the greatest size. Some 80 MiB are seen.
	heapBound = sickBody * concurrency
	heapLeft  = 4 << 20 // what may be left of it after the run
)

// Every fault of rows 1 to 6 and 9 to 24 of faults.md in one run, mixed with a
// thousand healthy URLs, hosts that deny and sick robots.txt, with pauses between the
// requests to a host: each healthy one has its page, each sick one its kind, memory
// is flat, and the run ends on time.
//
// Rows 7 and 8 have a run of their own, since all servers here are on loopback, which
// -deny-private denies; and so has row 25, whose traps need links to be followed.
//
//	go test -run TestEveryFaultAtOnce -v ./engine
func TestEveryFaultAtOnce(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	s, n, bound := newServers(t), newNames(), patience()
	o := sickOptions(s, n)
	client, err := fetch.New(o.Fetch)
	if err != nil {
		t.Fatal(err)
	}
	robots := sickRobots(s)
	o.Fetcher = newGuest(client, robots)
	lines := everyLine(t, s, robots)
	t.Logf("%d lines, %d of them sick, shuffled by seed %d", len(lines), len(lines)-healthy, sickSeed)
	ctx, k := untilAllButLate(t, lines, bound)
	sink := newShown(k)

	memory := watchHeap()
	began := time.Now()
	sum, err := Run(ctx, o, sickList(t, ctx, lines), sink)
	took := time.Since(began)
	memory.stop()
	client.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("took %v of %v; %v", took.Round(time.Millisecond), bound, sum.String())
	if took > bound {
		t.Errorf("took %v, want at most %v", took, bound)
	}
	checkLines(t, lines, k.byIndex(t, len(lines)))
	sink.check(t)
	if n.asked["nxdomain.example"] != 1 || n.asked["servfail.example"] != tries {
		t.Errorf("row 9: %d look-ups of an unknown name, %d of one that fails", n.asked["nxdomain.example"], n.asked["servfail.example"])
	}
	k.recs, sink = nil, nil
	memory.check(t)
	s.close()
	eventually(t, "goroutines are left", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// untilAllButLate is a context whose deadline comes when only those lines have
// no record yet that would wait for an hour; and in any case after the bound,
// so that a run that hangs fails.
func untilAllButLate(t *testing.T, lines []sickLine, bound time.Duration) (context.Context, *keeper) {
	ctx, end := context.WithCancelCause(t.Context())
	hang := time.AfterFunc(bound, func() { end(context.DeadlineExceeded) })
	t.Cleanup(func() { hang.Stop(); end(nil) })
	left := 0
	for _, l := range lines {
		if l.kind != fetch.KindDeadline {
			left++
		}
	}
	return ctx, &keeper{onRec: func(*results.Record) error {
		if left--; left == 0 {
			end(context.DeadlineExceeded)
		}
		return nil
	}}
}

// patience is how long the run may take. A line takes its attempts, each as long
// as the time-out, with the waits between them; slots for all the slow ones are
// there twice over. The factor is for a loaded machine.
func patience() time.Duration {
	const wait = 3 * time.Second // the longest Retry-After that is waited for
	return 5 * (tries*sickTimeout + wait)
}

func sickOptions(s *servers, n *names) Options {
	return Options{
		Concurrency: concurrency, Retries: sickRetries, MaxRedirects: sickHops,
		Fetch:      fetch.Options{Timeout: sickTimeout, ConnectTimeout: sickConnect, MaxBody: sickBody, RootCAs: s.ca.pool(), Lookup: n.Lookup},
		Politeness: frontier.Politeness{Robots: true, HostDelay: time.Millisecond},
		Extract:    extract.Options{Links: true},
		Logger:     slog.New(slog.DiscardHandler),
		Rand:       func() float64 { return 0.5 },
	}
}

// everyLine starts all servers and gives the lines in a random order.
func everyLine(t *testing.T, s *servers, robots []sickLine) []sickLine {
	lines := slices.Concat(
		healthyLines(t, s), sickConnections(s), sickRedirects(s), sickMessages(s), sickHTTP2(s),
		sickTLS(t, s), sickNames(), sickCodings(t, s), sickBusy(s), sickPages(s), robots)
	rnd := rand.New(rand.NewPCG(sickSeed, 0))
	rnd.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return lines
}

// sickList is the list as a person would write it.
func sickList(t *testing.T, ctx context.Context, all []sickLine) frontier.Frontier {
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l.url + "\n")
	}
	return lines(t, ctx, b.String())
}

// checkLines checks the records, row after row, each sick one by name.
func checkLines(t *testing.T, lines []sickLine, recs []results.Record) {
	for row := range 28 {
		for i := range lines {
			switch l := &lines[i]; {
			case l.row != row:
			case l.name == well:
				l.check(t, &recs[i])
			default:
				t.Run(fmt.Sprintf("Fault%02d/%s", row, l.name), func(t *testing.T) { l.check(t, &recs[i]) })
			}
		}
	}
}

// check holds a record to what its line is to come to.
func (l *sickLine) check(t *testing.T, r *results.Record) {
	t.Helper()
	where := r.URL
	if got := fetch.Kind(r.Error.Kind); got != l.kind || r.OK != (l.kind == "") {
		t.Errorf("%s: kind %q (%s, in %s), want %q", where, got, r.Error.Message, r.Error.Phase, l.kind)
	}
	// On a machine without time for us a well line may run into the time-out.
	starved := r.Attempts > 1 && r.Time.Total > sickTimeout
	want := max(l.attempts, 1)
	if l.attempts == noAttempts {
		want = 0
	}
	if r.Attempts != want && !starved {
		t.Errorf("%s: %d attempts, want %d", where, r.Attempts, want)
	}
	status := l.status
	if l.kind == "" {
		status = 200
	}
	if status != 0 && r.Status != status {
		t.Errorf("%s: status %d, want %d", where, r.Status, status)
	}
	if r.Title != l.title {
		t.Errorf("%s: title %q, want %q", where, r.Title, l.title)
	}
	if r.Truncated != l.truncated || len(r.Redirects) != l.redirects || len(r.Links) < l.links {
		t.Errorf("%s: truncated %v, %d redirects, %d links; want %v, %d, %d", where, r.Truncated, len(r.Redirects), len(r.Links), l.truncated, l.redirects, l.links)
	}
	if r.Truncated && r.Size != sickBody {
		t.Errorf("%s: cut at %d bytes, want %d", where, r.Size, sickBody)
	}
	fitsSchema(t, r)
	if l.kind != "" && (r.Error.Message == "" || r.Error.Phase == "" && l.kind != fetch.KindInvalidURL) {
		t.Errorf("%s: message %q, phase %q", where, r.Error.Message, r.Error.Phase)
	}
}

// shown is a sink that also writes what people and programs are shown, since no
// control character may reach them: faults.md row 24.
type shown struct {
	*keeper
	jsonl, text bytes.Buffer
	out         []*results.Writer
}

func newShown(k *keeper) *shown {
	s := &shown{keeper: k}
	s.out = []*results.Writer{results.NewWriter(&s.jsonl, results.JSONL{}), results.NewWriter(&s.text, results.Text{})}
	return s
}

func (s *shown) Write(r *results.Record) error {
	for _, w := range s.out {
		if err := w.Write(r); err != nil {
			return err
		}
	}
	return s.keeper.Write(r)
}

func (s *shown) Close() error {
	for _, w := range s.out {
		if err := w.Close(); err != nil {
			return err
		}
	}
	return s.keeper.Close()
}

// check looks for what a terminal would obey, and what would break a line.
func (s *shown) check(t *testing.T) {
	t.Helper()
	for name, out := range map[string]*bytes.Buffer{"jsonl": &s.jsonl, "text": &s.text} {
		lines := strings.SplitAfter(out.String(), "\n")
		if lines = lines[:len(lines)-1]; len(lines) != len(s.recs) {
			t.Errorf("%s: %d lines for %d records", name, len(lines), len(s.recs))
		}
		for _, line := range lines {
			if i := strings.IndexFunc(line[:len(line)-1], unicode.IsControl); i >= 0 || !utf8.ValidString(line) {
				t.Errorf("%s: a control character or invalid UTF-8 at %d of %q", name, i, line)
			}
			if name == "jsonl" && !json.Valid([]byte(line)) {
				t.Errorf("no JSON: %q", line)
			}
		}
	}
}
