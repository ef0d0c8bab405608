package sqlite

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"crawl/frontier"
)

// What failed is done again as if it were new, in the order in which it was found;
// its pages are given back, and a kill before the output is in its place is known.
func TestWhatFailedIsDoneAgain(t *testing.T) {
	dir := t.TempDir()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, dir, Options{})
	line := link(t, "http://a.example/line")
	line.Index, line.Line, line.Meta, line.Header = 0, 7, []byte("1"), http.Header{"X": {"y"}}
	ok := link(t, "http://a.example/ok")
	far := link(t, "http://b.example/far")
	far.Depth, far.Referrer, far.Foreign = 3, "http://a.example/ok", true
	_, err := s.Put(t.Context(), []frontier.Item{line})
	check(err)
	check(s.EndSeeds(t.Context()))
	_, err = s.Put(t.Context(), []frontier.Item{ok, far})
	check(err)
	b, err := s.Claim(t.Context(), 5, 5, 0)
	check(err)
	var outs []frontier.Outcome
	end := int64(0)
	for _, l := range b.Leases {
		for _, it := range l.Items {
			out := frontier.Outcome{Token: it.Token, ItemID: it.ID, Page: it.URL.Hostname(), Verdict: frontier.Failed, OutputEnd: end + 10}
			out.Place.At = end
			if it.URL == ok.URL {
				out.Verdict = frontier.OK
			}
			end += 10
			outs = append(outs, out)
		}
	}
	check(s.Settle(t.Context(), outs))
	check(s.Close())

	s = mustOpen(t, dir, Options{})
	starts, err := s.Failed(t.Context())
	check(err)
	if !slices.Equal(starts, []int64{0, 20}) {
		t.Errorf("records of the failed begin at %v", starts)
	}
	check(s.RetryFailed(t.Context(), 10))
	if got := s.Opened(); !got.Pruning || got.OutputEnd != 10 || got.Settled != (frontier.Verdicts{frontier.OK: 1}) || got.Pages != 1 {
		t.Errorf("then: %+v", got)
	}
	check(s.Close())

	s = mustOpen(t, dir, Options{})
	if !s.Opened().Pruning {
		t.Error("a kill before Pruned is not known")
	}
	check(s.Pruned(t.Context()))
	pages := map[string]int64{}
	check(s.EachPage(t.Context(), func(host string, n int64) { pages[host] = n }))
	if pages["a.example"] != 1 || pages["b.example"] != 0 {
		t.Errorf("pages: %v", pages)
	}
	_, err = s.Put(t.Context(), []frontier.Item{line})
	check(err)
	check(s.EndSeeds(t.Context()))
	b, err = s.Claim(t.Context(), 5, 5, 0)
	check(err)
	if len(b.Leases) != 2 {
		t.Fatalf("claimed: %+v", b)
	}
	got := b.Leases[0].Items[0]
	if got.Index != 0 || got.Line != 7 || string(got.Meta) != "1" || got.Header.Get("X") != "y" || got.Retries != 0 || !got.Started.IsZero() {
		t.Errorf("the line: %+v", got)
	}
	if got := b.Leases[1].Items[0]; got.Index != -1 || got.Depth != 3 || got.Referrer != far.Referrer || !got.Foreign {
		t.Errorf("the link: %+v", got)
	}
	check(s.Close())
	s = mustOpen(t, dir, Options{})
	if s.Opened().Pruning {
		t.Error("the output is in its place, and that is not known")
	}
}

// What had hops and retries begins at its own URL again.
func TestWhatFailedFarFromItsURLBeginsThere(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	_, err := s.Put(t.Context(), []frontier.Item{link(t, "http://a.example/")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, again := range []bool{true, false} {
		b, err := s.Claim(t.Context(), 5, 5, 0)
		if err != nil || len(b.Leases) != 1 {
			t.Fatalf("%+v, %v", b, err)
		}
		l := b.Leases[0]
		it := l.Items[0]
		out := frontier.Outcome{Token: it.Token, ItemID: it.ID, Verdict: frontier.Failed, Page: "a.example"}
		if again {
			far := it
			far.Target, far.Retries, far.Started = link(t, "http://b.example/").URL, 2, time.Unix(1e9, 0)
			far.Hops = []frontier.Hop{{URL: it.URL, Status: 302}}
			out.Again = &far
		}
		if err := s.Settle(t.Context(), []frontier.Outcome{out}); err != nil {
			t.Fatal(err)
		}
		if err := s.Release(t.Context(), l, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.RetryFailed(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b, err := s.Claim(t.Context(), 5, 5, 0)
	if err != nil || len(b.Leases) != 1 || b.Leases[0].Host != "a.example:80" {
		t.Fatalf("%+v, %v", b, err)
	}
	if it := b.Leases[0].Items[0]; it.Target != it.URL || len(it.Hops) != 0 || it.Retries != 0 || !it.Started.IsZero() {
		t.Errorf("%+v", it)
	}
}
