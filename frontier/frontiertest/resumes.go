package frontiertest

import (
	"slices"
	"testing"
	"time"

	"crawl/frontier"
)

// resumePromises are those of a store that outlives its process.
var resumePromises = []promise{
	{"what was settled stays so, and all else is offered again", resumed},
	{"what waits for its time keeps it, and what was done so far", resumedWaiting},
	{"seeds that are put again are the same lines", resumedSeeds},
	{"a seed that was a link of an earlier run is done for its line", seedAfterLink},
	{"links that waited for the seeds wait on", resumedHeld},
	{"what was cancelled is another run's to do", resumedCancelled},
}

func resumedCancelled(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1", "http://a.example/2", "")
	x.end()
	b := x.claim(1, 1)
	it := b.Leases[0].Items[0]
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Verdict: frontier.Cancelled},
		frontier.Outcome{ItemID: b.NoFetch[0].ID, Verdict: frontier.Cancelled})
	if st := x.stats(); st.Settled != (frontier.Verdicts{}) || st.Leased != 0 {
		t.Errorf("after the cancelling: %+v", st)
	}
	x.reopen()
	x.end()
	b = x.claim(5, 5)
	x.want("after the reopening", b.Leases[0].Items, "http://a.example/1", "http://a.example/2")
	if len(b.NoFetch) != 1 {
		t.Errorf("the bad line came %d times", len(b.NoFetch))
	}
}

func resumed(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1", "http://a.example/2", "http://b.example/1", "http://a.example/3", "", "")
	x.end()
	b := x.claim(2, 2)
	x.page(b.Leases[0].Items[0], "http://c.example/", "http://a.example/4")
	failed := done(b.Leases[1].Items[0])
	failed.Verdict = frontier.Failed
	x.settle(failed, frontier.Outcome{ItemID: b.NoFetch[0].ID, Verdict: frontier.Failed})
	before := x.stats()
	last := b.Leases[1]

	x.reopen()
	after := x.stats()
	if after.Read != before.Read || after.Settled != before.Settled || after.Queued != before.Queued+before.Leased || after.Leased != 0 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if err := x.f.Settle(x.ctx, []frontier.Outcome{done(b.Leases[0].Items[1])}); !isFenced(err) {
		t.Errorf("a lease of the last run settles: %v", err)
	}
	x.end()
	if added := x.links("http://a.example/1", "http://c.example/"); added[0].New || added[1].New {
		t.Errorf("what was known is new: %+v", added)
	}
	b = x.claim(5, 5)
	if len(b.NoFetch) != 1 || b.NoFetch[0].Index != 5 || len(b.Leases) != 2 {
		t.Fatalf("after the reopening: %+v", b)
	}
	if got := b.Leases[0].Token; got <= last.Token {
		t.Errorf("token %d comes after %d", got, last.Token)
	}
	if err := x.f.Release(x.ctx, last, 0); !isFenced(err) {
		t.Errorf("a lease of the last run is released: %v", err)
	}
	x.want("the first host", b.Leases[0].Items, "http://a.example/2", "http://a.example/3", "http://a.example/4")
	x.want("the second", b.Leases[1].Items, "http://c.example/")
	x.settle(frontier.Outcome{ItemID: b.NoFetch[0].ID, Verdict: frontier.Failed})
	for _, l := range b.Leases {
		for _, it := range l.Items {
			x.settle(done(it))
		}
	}
	x.finished()
	x.reopen()
	x.end()
	x.finished()
}

func resumedWaiting(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1", "http://b.example/1", "http://b.example/2")
	x.end()
	b := x.claim(2, 5)
	it := b.Leases[0].Items[0]
	it.Retries, it.NotBefore, it.Last.Status = 1, x.clock.Now().Add(time.Minute), 503
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &it})
	x.check(x.f.Release(x.ctx, b.Leases[0], 0))
	x.check(x.f.Release(x.ctx, b.Leases[1], time.Hour))

	x.reopen()
	x.end()
	if b := x.claim(5, 5); len(b.Leases) > 0 || b.Wait != time.Minute {
		t.Fatalf("after the reopening: %d leases, wait %v", len(b.Leases), b.Wait)
	}
	x.clock.Advance(time.Minute)
	l := x.claimOne(5)
	x.want("at its time", l.Items, "http://a.example/1")
	sameItem(t, "it", l.Items[0], it)
	if p := x.stats().Parked; len(p) != 1 || p[0].Host != "b.example:80" || !p[0].Until.Equal(x.clock.Now().Add(59*time.Minute)) {
		t.Errorf("parked: %v", p)
	}
	x.clock.Advance(time.Hour)
	x.want("after the pause", x.claimOne(5).Items, "http://b.example/1", "http://b.example/2")
}

func resumedSeeds(t *testing.T, x *crawl) {
	lines := []string{"http://a.example/1", "", "http://a.example/1", "http://a.example/2", "", "http://a.example/1"}
	x.seeds(0, lines[:5]...)
	x.all()
	for range 2 {
		x.reopen()
		for i, a := range x.seeds(0, lines[:5]...) {
			if a.New {
				t.Errorf("seed %d is new", i)
			}
		}
		if b := x.claim(5, 5); len(b.Leases)+len(b.NoFetch) > 0 {
			t.Fatalf("put again, and handed out: %+v", b)
		}
	}
	x.seeds(5, append(lines[5:], "", "http://a.example/3")...)
	x.end()
	urls, noFetch := x.all()
	var index []int64
	for _, it := range noFetch {
		index = append(index, it.Index)
	}
	if !slices.Equal(urls, []string{"http://a.example/3"}) || !slices.Equal(index, []int64{5, 6}) {
		t.Errorf("of the new lines: %q, and without a fetch %v", urls, index)
	}
	if st := x.stats(); st.Read != 8 {
		t.Errorf("read %d, want 8", st.Read)
	}
	x.finished()
}

func seedAfterLink(t *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/")
	x.end()
	x.page(x.claimOne(1).Items[0], "http://b.example/")
	x.all()
	x.reopen()
	added := x.seeds(0, "http://a.example/", "http://b.example/", "http://b.example/")
	x.end()
	if added[0].New || !added[1].New || added[2].New {
		t.Errorf("put says %+v, want known, new, known", added)
	}
	urls, noFetch := x.all()
	if !slices.Equal(urls, []string{"http://b.example/"}) || len(noFetch) != 1 || noFetch[0].DuplicateOf != 1 {
		t.Errorf("handed out: %q, %+v", urls, noFetch)
	}
}

func resumedHeld(_ *testing.T, x *crawl) {
	x.seeds(0, "http://a.example/1")
	l := x.claimOne(1)
	x.page(l.Items[0], "http://a.example/link", "http://a.example/2")
	x.reopen()
	x.seeds(0, "http://a.example/1", "http://a.example/2")
	x.want("the seed", x.claimOne(1).Items, "http://a.example/2")
	x.end()
	x.reopen()
	x.end()
	x.want("all", x.claimOne(9).Items, "http://a.example/2", "http://a.example/link")
}
