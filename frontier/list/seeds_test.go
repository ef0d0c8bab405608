package list

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"crawl/frontier"
	"crawl/frontier/memory"
)

// seeded is a store that text fills, once it is all in.
func seeded(t *testing.T, ctx context.Context, o SeedOptions, sources ...Source) (*Seeds, *memory.Store) {
	t.Helper()
	store := memory.New(memory.Options{})
	s := Seed(ctx, sources, store, o)
	t.Cleanup(func() {
		s.Close()
		store.Close()
	})
	return s, store
}

// ready waits until the store may be claimed from.
func ready(t *testing.T, s *Seeds) frontier.Batch {
	t.Helper()
	for {
		b, err := s.Claim(t.Context(), 10, 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		if b.Done || len(b.Leases)+len(b.NoFetch) > 0 {
			return b
		}
		<-b.More
	}
}

// Every line is in the store before the first is handed out, as a list would give
// it: with index, line and method, bad ones and repeated ones for a record only.
func TestAStoreIsSeededByAList(t *testing.T) {
	var each []string
	o := SeedOptions{Method: "HEAD", Each: func(it *frontier.Item) { each = append(each, it.URL.Path()) }}
	s, _ := seeded(t, t.Context(), o,
		Source{R: strings.NewReader("\xef\xbb\xbf# comment\n\nhttp://a.example/1\r\nmailto:x\nhttp://a.example/1\n"), Regular: true},
		Source{R: strings.NewReader(`{"url": "http://a.example/2", "method": "GET", "meta": 7}`), NoLines: true, Regular: true})
	b := ready(t, s)
	if len(b.Leases) != 1 || len(b.Leases[0].Items) != 2 || len(b.NoFetch) != 2 {
		t.Fatalf("%+v", b)
	}
	one, two := b.Leases[0].Items[0], b.Leases[0].Items[1]
	if one.Index != 0 || one.Line != 3 || one.Method != "HEAD" || one.URL.Path() != "/1" {
		t.Errorf("the first: %+v", one)
	}
	if two.Index != 3 || two.Line != 0 || two.Method != "GET" || string(two.Meta) != "7" {
		t.Errorf("the object: %+v", two)
	}
	if bad, again := b.NoFetch[0], b.NoFetch[1]; bad.Index != 1 || bad.Invalid == nil || again.Index != 2 || again.DuplicateOf != 0 {
		t.Errorf("for a record only: %+v", b.NoFetch)
	}
	if !slices.Equal(each, []string{"/1", "/1", "/2"}) {
		t.Errorf("told of %q", each)
	}
	st, err := s.Stats(t.Context())
	if unread, whole := s.Skim(t.Context()); err != nil || st.Read != 4 || unread != 0 || !whole {
		t.Errorf("read %d, unread %d (whole %v), %v", st.Read, unread, whole, err)
	}
}

// While a pipe is open nothing is handed out: its next line may be a page that
// another one links to.
func TestSeedsOfAPipeWaitForItsEnd(t *testing.T) {
	r, w := io.Pipe()
	s, _ := seeded(t, t.Context(), SeedOptions{}, Source{R: r})
	fmt.Fprintf(w, "http://a.example/1\n")
	b, err := s.Claim(t.Context(), 10, 10, 0)
	if err != nil || b.Done || b.More == nil || len(b.Leases) > 0 {
		t.Fatalf("while it is open: %+v, %v", b, err)
	}
	fmt.Fprintf(w, "http://b.example/1\n")
	w.Close()
	<-b.More
	if b := ready(t, s); len(b.Leases) != 2 {
		t.Errorf("after its end: %+v", b)
	}
}

// After an interrupt what is in the store can be had, and the rest of a file is
// counted.
func TestSeedsAfterAnInterruptAreCounted(t *testing.T) {
	const lines = 3*seedsAtOnce + 7
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	o := SeedOptions{Each: func(*frontier.Item) {
		if n++; n == 2*seedsAtOnce+3 {
			cancel()
		}
	}}
	store := memory.New(memory.Options{})
	defer store.Close()
	var text strings.Builder
	for i := range lines {
		fmt.Fprintf(&text, "http://a.example/%d\n", i)
	}
	s := Seed(ctx, []Source{{R: strings.NewReader(text.String()), Regular: true}}, store, o)
	defer s.Close()
	b := ready(t, s)
	unread, whole := s.Skim(t.Context())
	st, _ := s.Stats(t.Context())
	if !whole || st.Read+unread != lines || st.Read < 2*seedsAtOnce {
		t.Errorf("%d read and %d unread of %d (whole %v)", st.Read, unread, lines, whole)
	}
	for _, it := range b.Leases[0].Items {
		if err := s.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID, Verdict: frontier.Cancelled}}); err != nil {
			t.Fatal(err)
		}
	}
}

// A pipe is not waited for after an interrupt, nor when the run has ended; what came
// through it is handed out.
func TestSeedsOfAPipeAfterAnInterrupt(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := seeded(t, ctx, SeedOptions{}, Source{R: r})
	fmt.Fprintf(w, "http://a.example/1\n")
	fmt.Fprintf(w, "# the line before is taken in once this one is read\n")
	cancel()
	if _, whole := s.Skim(t.Context()); whole {
		t.Error("an open pipe is said to be counted")
	}
	if b := ready(t, s); len(b.Leases) != 1 || len(b.Leases[0].Items) != 1 {
		t.Errorf("of the line that came: %+v", b)
	}
}

// A list that cannot be read to its end is told once what came before is done.
func TestSeedsOfABrokenList(t *testing.T) {
	broken := errors.New("broken")
	text := io.MultiReader(strings.NewReader("http://a.example/1\n"), iotest.ErrReader(broken))
	s, _ := seeded(t, t.Context(), SeedOptions{}, Source{Name: "list.txt", R: text, Regular: true})
	it := ready(t, s).Leases[0].Items[0]
	if err := s.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID}}); err != nil {
		t.Fatal(err)
	}
	if b, err := s.Claim(t.Context(), 1, 1, 0); !b.Done || !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "list.txt: ") {
		t.Errorf("done %v, %v", b.Done, err)
	}
}
