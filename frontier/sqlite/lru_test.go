package sqlite

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// An lru is a list of pairs of which the last used stands first.
func TestLRUIsAList(t *testing.T) {
	const size = 8
	type pair struct{ key, value int }
	l := newLRU[int, int](size)
	var model []pair
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		key := rnd.IntN(12)
		at := slices.IndexFunc(model, func(p pair) bool { return p.key == key })
		if rnd.IntN(2) == 0 {
			v, ok := l.get(key)
			if ok != (at >= 0) || ok && v != model[at].value {
				t.Fatalf("step %d: get(%d) = %d, %v; the model is %v", i, key, v, ok, model)
			}
			if ok {
				p := model[at]
				model = slices.Insert(slices.Delete(model, at, at+1), 0, p)
			}
			continue
		}
		l.put(key, i)
		if at >= 0 {
			model = slices.Delete(model, at, at+1)
		}
		model = slices.Insert(model, 0, pair{key, i})
		model = model[:min(size, len(model))]
		if len(l.place) != len(model) || len(l.ring) > size+1 {
			t.Fatalf("step %d: %d values in a ring of %d, want %d", i, len(l.place), len(l.ring), len(model))
		}
	}
}
