package sqlite

import (
	"maps"
	"slices"
	"testing"

	"crawl/frontier"
	"crawl/weburl"
)

// The limits of a crawl count over all its runs: pages of the run and of each
// host, once for an item that was asked several times; where seeds led; what was
// cut.
func TestLimitsCountOverAllRuns(t *testing.T) {
	dir := t.TempDir()
	check := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, dir, Options{})
	_, err := s.Put(t.Context(), []frontier.Item{link(t, "http://a.example/1"), link(t, "http://a.example/2"), link(t, "http://b.example/1")})
	check(t, err)
	check(t, s.EndSeeds(t.Context()))
	b, err := s.Claim(t.Context(), 5, 5, 0)
	check(t, err)
	reach, err := weburl.Parse("https://user:secret@www.a.example/home")
	check(t, err)
	first, second, other := b.Leases[0].Items[0], b.Leases[0].Items[1], b.Leases[1].Items[0]
	check(t, s.Settle(t.Context(), []frontier.Outcome{
		{Token: first.Token, ItemID: first.ID, Page: "a.example", Reach: reach, Cuts: frontier.Cuts{frontier.CutScope: 2, frontier.CutPages: 1}},
		{Token: second.Token, ItemID: second.ID, Page: "a.example", Again: &second},
		{Token: other.Token, ItemID: other.ID, Verdict: frontier.NoRecord, Cuts: frontier.Cuts{frontier.CutScope: 1}},
	}))
	check(t, s.Close())

	s = mustOpen(t, dir, Options{})
	check(t, s.EndSeeds(t.Context()))
	b, err = s.Claim(t.Context(), 5, 5, 0)
	check(t, err)
	again := b.Leases[0].Items[0]
	check(t, s.Settle(t.Context(), []frontier.Outcome{{Token: again.Token, ItemID: again.ID, Page: "a.example"}}))
	check(t, s.Close())

	s = mustOpen(t, dir, Options{})
	defer s.Close()
	got := s.Opened()
	if got.Pages != 2 || got.Cuts != (frontier.Cuts{frontier.CutScope: 3, frontier.CutPages: 1}) || got.Settled != (frontier.Verdicts{frontier.OK: 2, frontier.NoRecord: 1}) {
		t.Errorf("opened: %+v", got)
	}
	pages := map[string]int64{}
	check(t, s.EachPage(t.Context(), func(host string, n int64) { pages[host] = n }))
	if !maps.Equal(pages, map[string]int64{"a.example": 2}) {
		t.Errorf("pages by host: %v", pages)
	}
	var ends []string
	check(t, s.EachReach(t.Context(), func(u weburl.URL) { ends = append(ends, u.Identity()) }))
	if !slices.Equal(ends, []string{reach.Identity()}) {
		t.Errorf("seeds ended at %q", ends)
	}
}
