package list

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"crawl/frontier"
	"crawl/frontier/journal"
)

func openJournal(t *testing.T, dir string) (*journal.Journal, journal.Found) {
	t.Helper()
	j, err := journal.Open(dir, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := j.Load(journal.Output{})
	if err != nil {
		t.Fatal(err)
	}
	return j, found
}

// settleSome claims all there is, once it is read, and settles what verdict has a
// word for; it returns the indexes of what was handed out.
func settleSome(t *testing.T, l *List, verdict func(frontier.Item) (frontier.Verdict, bool)) (handed []int64) {
	t.Helper()
	<-l.stopped
	for {
		b, err := l.Claim(t.Context(), 100, 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		its := b.NoFetch
		for _, lease := range b.Leases {
			its = append(its, lease.Items...)
		}
		if len(its) == 0 {
			return handed
		}
		for _, it := range its {
			handed = append(handed, it.Index)
			if v, ok := verdict(it); ok {
				o := frontier.Outcome{Token: it.Token, ItemID: it.ID, Verdict: v, OutputEnd: 10, Place: frontier.Place{At: it.Index, Turn: 3}}
				if err := l.Settle(t.Context(), []frontier.Outcome{o}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

const journalled = `http://a.example/1
mailto:x
http://b.example/2
http://a.example/1
{"url":"http://a.example/3","headers":{"Authorization":"x"}}
mailto:x
http://a.example/1
`

// TestLinesThatAreDoneAreReadAndNoMore: whatever they are, those with a record
// are handed out never again, and the others as before.
func TestLinesThatAreDoneAreReadAndNoMore(t *testing.T) {
	dir := t.TempDir()
	handed := ""
	for run, done := range []string{"134", "0", "5", "26", "", ""} { // which indexes end in each run
		j, found := openJournal(t, dir)
		if found.Done() != []int64{0, 3, 4, 5, 7, 7}[run] {
			t.Fatalf("run %d finds %+v", run, found)
		}
		l := New(t.Context(), lines(journalled), Options{Journal: j, Window: 100})
		got := settleSome(t, l, func(it frontier.Item) (frontier.Verdict, bool) {
			if it.Invalid == nil && it.Token == 0 && it.DuplicateOf != 0 {
				t.Errorf("run %d: %d doubles %d", run, it.Index, it.DuplicateOf)
			}
			switch {
			case !strings.Contains(done, fmt.Sprint(it.Index)):
				return frontier.Cancelled, run%2 == 0 // to be done by another run, as if it had not been
			case it.Invalid != nil:
				return frontier.Failed, true
			case it.Token == 0:
				return frontier.Duplicate, true
			}
			return frontier.OK, true
		})
		if st, _ := l.Stats(t.Context()); st.Read != 7-found.Done() || int64(len(got)) != st.Read {
			t.Errorf("run %d: %d lines were handed out, %d read, of %d", run, len(got), st.Read, 7-found.Done())
		}
		handed += fmt.Sprint(len(got), " ")
		l.Close()
		if j.Met() != found.Done() {
			t.Errorf("run %d: %d lines were met, %d are done", run, j.Met(), found.Done())
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if handed != "7 4 3 2 0 0 " {
		t.Errorf("handed out: %s", handed)
	}
}

// TestALineIsKnownByWhatItWas: also where it was asked again without the headers
// that belong to its first origin.
func TestALineIsKnownByWhatItWas(t *testing.T) {
	dir := t.TempDir()
	text := `{"url":"http://a.example/3","headers":{"Authorization":"x"}}`
	for _, want := range []int{1, 0} {
		j, _ := openJournal(t, dir)
		l := New(t.Context(), lines(text), Options{Journal: j})
		asked := false
		handed := settleSome(t, l, func(it frontier.Item) (frontier.Verdict, bool) {
			if !asked {
				asked = true
				it.Header = nil
				o := frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &it}
				if err := l.Settle(t.Context(), []frontier.Outcome{o}); err != nil {
					t.Fatal(err)
				}
				b, err := l.Extend(t.Context(), []frontier.Lease{{Host: it.Host, Token: it.Token}}, 1)
				if err != nil || len(b) != 1 || len(b[0].Items) != 1 {
					t.Fatalf("asked again: %+v, %v", b, err)
				}
			}
			return frontier.OK, true
		})
		if len(handed) != want {
			t.Errorf("%d lines were handed out, want %d", len(handed), want)
		}
		l.Close()
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatTheJournalCannotTakeIsNotSettled: the error comes back, and the items
// are still out.
func TestWhatTheJournalCannotTakeIsNotSettled(t *testing.T) {
	j, _ := openJournal(t, t.TempDir())
	l := New(t.Context(), lines("http://a.example/"), Options{Journal: j})
	defer l.Close()
	waitRead(t, l, 1)
	b, err := l.Claim(t.Context(), 1, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	j.Close() // so that it takes nothing more
	it := b.Leases[0].Items[0]
	if err := l.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID}}); err == nil {
		t.Error("it was settled")
	}
	if st, _ := l.Stats(t.Context()); st.Leased != 1 || st.Settled != (frontier.Verdicts{}) {
		t.Errorf("%+v", st)
	}
}

// TestSkimCountsWhatIsLeft: not what is done.
func TestSkimCountsWhatIsLeft(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, "http://a.example/%d\n", i)
	}
	j, _ := openJournal(t, dir)
	l := New(t.Context(), lines(text.String()), Options{Journal: j, Window: 1000})
	settleSome(t, l, func(it frontier.Item) (frontier.Verdict, bool) {
		return frontier.OK, it.Index >= 300 || it.Index == 7
	})
	l.Close()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, _ = openJournal(t, dir)
	defer j.Close()
	ctx, cancel := context.WithCancel(t.Context())
	l = New(ctx, lines(text.String()), Options{Journal: j, Window: 100})
	defer l.Close()
	waitRead(t, l, 100)
	cancel()
	if n, whole := l.Skim(t.Context()); n != 199 || !whole {
		t.Errorf("skimmed %d (whole %v), want 199", n, whole)
	}
}

// TestCount: as many entries as a list reads, whatever the text; a pipe's are
// unknown.
func TestCount(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		texts := []string{anyList(rnd), "\xef\xbb\xbf# no entry\n\n" + anyList(rnd), "\xef\xbb\xbfhttp://a.example/"}
		var sources []Source
		for _, text := range texts {
			sources = append(sources, Source{R: strings.NewReader(text), Regular: true})
		}
		n, ok := Count(sources)
		l := New(t.Context(), sources, Options{}) // they are read from where they stood
		all, err := drain(t, l)
		l.Close()
		if !ok || err != nil || n != int64(len(all)) {
			t.Fatalf("seed %d: %d entries counted (%v), %d read, %v", seed, n, ok, len(all), err)
		}
	}
	if _, ok := Count([]Source{{R: io.MultiReader(strings.NewReader("x"))}}); ok {
		t.Error("the entries of a pipe were counted")
	}
	if _, ok := Count([]Source{{R: brokenFile{strings.NewReader("x")}, Regular: true}}); ok {
		t.Error("what cannot be read was counted")
	}
}

// brokenFile can be read at no place.
type brokenFile struct{ *strings.Reader }

func (brokenFile) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk on fire") }
