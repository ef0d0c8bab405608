package sqlite

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
	"crawl/frontier/memory"
)

// The store in memory and the one in a file give the same answers to whatever is
// asked of them, the IDs aside.
func TestTheStoresAreTheSame(t *testing.T) {
	rounds := uint64(25)
	if testing.Short() {
		rounds = 5
	}
	for round := range rounds {
		runSame(t, rand.New(rand.NewPCG(round, 7)), 400)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

func FuzzTheStoresAreTheSame(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint16(50))
	f.Add(uint64(3), uint64(9), uint16(300))
	f.Fuzz(func(t *testing.T, a, b uint64, steps uint16) {
		runSame(t, rand.New(rand.NewPCG(a, b)), int(steps%500))
	})
}

// same is the two stores, with what was leased of them.
type same struct {
	t      *testing.T
	rnd    *rand.Rand
	clock  *frontiertest.Clock
	mem    *memory.Store
	file   *Store
	leases [2][]frontier.Lease // Items: those that are not settled
	notes  [2][]frontier.Item
	index  int64
	seeded bool
	step   string
}

func runSame(t *testing.T, rnd *rand.Rand, steps int) {
	x := &same{t: t, rnd: rnd, clock: frontiertest.NewClock()}
	x.mem = memory.New(memory.Options{Now: x.clock.Now})
	defer x.mem.Close()
	x.file = mustOpen(t, t.TempDir(), Options{Now: x.clock.Now, Recent: 5})
	for i := range steps {
		if t.Failed() {
			return
		}
		x.step = fmt.Sprintf("step %d", i)
		switch n := rnd.IntN(20); {
		case n < 3:
			x.put()
		case n < 7:
			x.claim()
		case n < 12:
			x.settle()
		case n < 15:
			x.extend()
		case n < 17:
			x.release()
		case n < 19:
			x.clock.Advance(time.Duration(rnd.IntN(1_000_000_007)))
		case i > steps/4 && !x.seeded:
			x.seeded = true
			x.errs(x.mem.EndSeeds(t.Context()), x.file.EndSeeds(t.Context()))
		}
		x.stats()
	}
}

// item is a link of few, so that they come again.
func (x *same) item() frontier.Item {
	it := link(x.t, fmt.Sprintf("http://h%d.example/%d", x.rnd.IntN(6), x.rnd.IntN(60)))
	it.Depth, it.Referrer = x.rnd.IntN(4), "http://r.example/"
	return it
}

func (x *same) items() []frontier.Item {
	its := make([]frontier.Item, x.rnd.IntN(8))
	for i := range its {
		its[i] = x.item()
	}
	return its
}

func (x *same) put() {
	its := x.items()
	for i := range its {
		if !x.seeded && x.rnd.IntN(2) == 0 || x.rnd.IntN(100) == 0 {
			its[i].Index, its[i].Line, its[i].Depth = x.index, x.index+1, 0
			x.index++
			if x.rnd.IntN(8) == 0 {
				its[i].Invalid, its[i].Input = errors.New("bad"), "b:"+fmt.Sprint(x.rnd.IntN(3))
			}
		}
	}
	a, errA := x.mem.Put(x.t.Context(), its)
	b, errB := x.file.Put(x.t.Context(), its)
	x.errs(errA, errB)
	for i := range a {
		if a[i].New != b[i].New || (a[i].First == 0) != (b[i].First == 0) {
			x.t.Errorf("%s: put says %+v and %+v", x.step, a[i], b[i])
		}
	}
}

func (x *same) claim() {
	hosts, perHost := x.rnd.IntN(4), 1+x.rnd.IntN(5)
	a, errA := x.mem.Claim(x.t.Context(), hosts, perHost, 0)
	b, errB := x.file.Claim(x.t.Context(), hosts, perHost, 0)
	x.errs(errA, errB)
	if a.Done != b.Done || a.Wait != b.Wait || len(a.Leases) != len(b.Leases) {
		x.t.Errorf("%s: claim says %+v and %+v", x.step, a, b)
		return
	}
	x.sameItems(a.NoFetch, b.NoFetch)
	for i := range a.Leases {
		if a.Leases[i].Host != b.Leases[i].Host {
			x.t.Errorf("%s: leased %s and %s", x.step, a.Leases[i].Host, b.Leases[i].Host)
		}
		x.sameItems(a.Leases[i].Items, b.Leases[i].Items)
	}
	for i, batch := range []frontier.Batch{a, b} {
		x.leases[i] = append(x.leases[i], batch.Leases...)
		x.notes[i] = append(x.notes[i], batch.NoFetch...)
	}
}

func (x *same) extend() {
	if len(x.leases[0]) == 0 {
		return
	}
	n := x.rnd.IntN(4)
	a, errA := x.mem.Extend(x.t.Context(), x.leases[0], n)
	b, errB := x.file.Extend(x.t.Context(), x.leases[1], n)
	x.errs(errA, errB)
	for i := range a {
		x.sameItems(a[i].Items, b[i].Items)
		x.leases[0][i].Items = append(slices.Clip(x.leases[0][i].Items), a[i].Items...)
		x.leases[1][i].Items = append(slices.Clip(x.leases[1][i].Items), b[i].Items...)
	}
}

func (x *same) release() {
	if len(x.leases[0]) == 0 {
		return
	}
	n := x.rnd.IntN(len(x.leases[0]))
	delay := time.Duration(x.rnd.IntN(2) * x.rnd.IntN(1_000_000_007))
	x.errs(x.mem.Release(x.t.Context(), x.leases[0][n], delay), x.file.Release(x.t.Context(), x.leases[1][n], delay))
	if x.rnd.IntN(8) == 0 { // once more: refused
		x.errs(x.mem.Release(x.t.Context(), x.leases[0][n], 0), x.file.Release(x.t.Context(), x.leases[1][n], 0))
	}
	for i := range x.leases {
		x.leases[i] = slices.Delete(x.leases[i], n, n+1)
	}
}

// settle ends some of what is out, in a way that is the same for both.
func (x *same) settle() {
	var outs [2][]frontier.Outcome
	add := func(a, b frontier.Item) {
		oa := frontier.Outcome{Token: a.Token, ItemID: a.ID, Verdict: verdicts[x.rnd.IntN(len(verdicts))]}
		ob := oa
		ob.Token, ob.ItemID = b.Token, b.ID
		if x.rnd.IntN(3) == 0 {
			oa.Links = x.items()
			ob.Links = oa.Links
		}
		if a.Token != 0 && x.rnd.IntN(4) == 0 {
			a.Retries++
			b.Retries++
			if x.rnd.IntN(2) == 0 {
				a.NotBefore = x.clock.Now().Add(time.Duration(x.rnd.IntN(1_000_000_007)))
			}
			if x.rnd.IntN(2) == 0 {
				a.Target = x.item().URL
			}
			b.NotBefore, b.Target = a.NotBefore, a.Target
			oa.Again, ob.Again = &a, &b
		}
		outs[0], outs[1] = append(outs[0], oa), append(outs[1], ob)
	}
	for n := range x.leases[0] {
		for len(x.leases[0][n].Items) > 0 && x.rnd.IntN(2) == 0 {
			at := x.rnd.IntN(len(x.leases[0][n].Items))
			add(x.leases[0][n].Items[at], x.leases[1][n].Items[at])
			for i := range x.leases {
				x.leases[i][n].Items = slices.Delete(x.leases[i][n].Items, at, at+1)
			}
		}
	}
	for len(x.notes[0]) > 0 && x.rnd.IntN(2) == 0 {
		add(x.notes[0][0], x.notes[1][0])
		x.notes[0], x.notes[1] = x.notes[0][1:], x.notes[1][1:]
	}
	if len(outs[0]) > 0 && x.rnd.IntN(8) == 0 { // refused first, as a whole
		bad := frontier.Outcome{Token: 1 << 60, ItemID: 1}
		x.errs(x.mem.Settle(x.t.Context(), append(slices.Clip(outs[0]), bad)), x.file.Settle(x.t.Context(), append(slices.Clip(outs[1]), bad)))
	}
	x.errs(x.mem.Settle(x.t.Context(), outs[0]), x.file.Settle(x.t.Context(), outs[1]))
}

func (x *same) stats() {
	a, errA := x.mem.Stats(x.t.Context())
	b, errB := x.file.Stats(x.t.Context())
	x.errs(errA, errB)
	for _, st := range []*frontier.Stats{&a, &b} {
		slices.SortFunc(st.Parked, func(p, q frontier.Parked) int { return cmp.Compare(p.Host, q.Host) })
		for i := range st.Parked {
			st.Parked[i].Until = st.Parked[i].Until.UTC()
		}
	}
	if !reflect.DeepEqual(a, b) {
		x.t.Errorf("%s: stats %+v and %+v", x.step, a, b)
	}
}

func (x *same) sameItems(a, b []frontier.Item) {
	describe := func(its []frontier.Item) string {
		var text strings.Builder
		for _, it := range its {
			fmt.Fprintf(&text, "%s>%s index %d line %d dup %d depth %d retries %d before %d bad %v; ",
				it.URL, it.Target, it.Index, it.Line, it.DuplicateOf, it.Depth, it.Retries, it.NotBefore.UnixNano(), it.Invalid)
		}
		return text.String()
	}
	if da, db := describe(a), describe(b); da != db {
		x.t.Errorf("%s: items\n%s\nand\n%s", x.step, da, db)
	}
}

// errs compares two errors by what a caller can tell.
func (x *same) errs(a, b error) {
	if (a == nil) != (b == nil) || errors.Is(a, frontier.ErrFenced) != errors.Is(b, frontier.ErrFenced) || errors.Is(a, frontier.ErrFixed) != errors.Is(b, frontier.ErrFixed) {
		x.t.Errorf("%s: errors %v and %v", x.step, a, b)
	}
}

// verdicts are those of which both stores make the same: what was cancelled is gone
// with the memory.
var verdicts = []frontier.Verdict{frontier.OK, frontier.Failed, frontier.Duplicate, frontier.NoRecord}
