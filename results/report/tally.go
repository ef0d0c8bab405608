package report

import (
	"cmp"
	"maps"
	"slices"
)

// tally counts names. Those beyond limit different ones are counted together,
// so that a file full of new names takes no more memory.
type tally struct {
	limit  int
	counts map[string]int64
	others int64
}

func newTally(limit int) tally { return tally{limit: limit, counts: map[string]int64{}} }

func (t *tally) add(name string) {
	if _, known := t.counts[name]; !known && len(t.counts) >= t.limit {
		t.others++
		return
	}
	t.counts[name]++
}

// counted is a name and how often it came.
type counted struct {
	Name string
	N    int64
}

// most are the n most frequent names, those of the same count by name, and the
// sum of all others.
func (t *tally) most(n int) (list []counted, others int64) {
	for _, name := range slices.Sorted(maps.Keys(t.counts)) {
		list = append(list, counted{name, t.counts[name]})
	}
	slices.SortStableFunc(list, func(a, b counted) int { return cmp.Compare(b.N, a.N) })
	others = t.others
	for len(list) > n {
		others += list[len(list)-1].N
		list = list[:len(list)-1]
	}
	return list, others
}

// greatest keeps the limit elements of the greatest rank; of the same rank the
// earlier ones.
type greatest[T any] struct {
	limit int
	ranks []int64 // descending
	list  []T
}

// wants says that put would keep an element of this rank.
func (g *greatest[T]) wants(rank int64) bool {
	return len(g.list) < g.limit || g.limit > 0 && rank > g.ranks[g.limit-1]
}

func (g *greatest[T]) put(rank int64, v T) {
	if !g.wants(rank) {
		return
	}
	at, _ := slices.BinarySearchFunc(g.ranks, rank, func(r, rank int64) int {
		if r >= rank {
			return -1
		}
		return 1
	})
	g.ranks, g.list = slices.Insert(g.ranks, at, rank), slices.Insert(g.list, at, v)
	if len(g.list) > g.limit {
		g.ranks, g.list = g.ranks[:g.limit], g.list[:g.limit]
	}
}
