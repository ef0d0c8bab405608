package frontier

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A Queue behaves as a slice does.
func TestQueueIsASlice(t *testing.T) {
	var q Queue[int]
	var model []int
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		switch rnd.IntN(4) {
		case 0, 1:
			q.PushBack(i)
			model = append(model, i)
		case 2:
			q.PushFront(i)
			model = slices.Insert(model, 0, i)
		default:
			if len(model) == 0 {
				continue
			}
			if f := *q.Front(); f != model[0] {
				t.Fatalf("front %d, want %d", f, model[0])
			}
			if v := q.PopFront(); v != model[0] {
				t.Fatalf("popped %d, want %d", v, model[0])
			}
			model = model[1:]
		}
		if q.Len() != len(model) {
			t.Fatalf("len %d, want %d", q.Len(), len(model))
		}
	}
}

type thing struct {
	name string
	Turn
}

func TestTurns(t *testing.T) {
	var ts Turns[*thing]
	a, b, c, d := &thing{name: "a"}, &thing{name: "b"}, &thing{name: "c"}, &thing{name: "d"}
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	next := func(s int) string {
		x, ok := ts.Next(at(s))
		if !ok {
			return ""
		}
		return x.name
	}
	ts.Set(a, at(5), at(0))
	ts.Set(b, at(5), at(0)) // the same time: behind a
	ts.Set(c, at(9), at(0))
	ts.Set(d, at(0), at(0))
	if w := ts.Wait(at(0)); w != 5*time.Second {
		t.Errorf("wait %v", w)
	}
	if got := next(0) + next(0); got != "d" {
		t.Errorf("at 0: %q", got)
	}
	ts.Set(c, at(1), at(0)) // moved forward
	ts.Unset(b)
	ts.Unset(b) // not in: nothing
	if got := next(5) + next(5) + next(5); got != "ca" {
		t.Errorf("at 5: %q", got)
	}
	ts.PutBack(a)
	ts.Set(b, at(5), at(5))
	ts.Set(a, at(4), at(5)) // it was ready and keeps its turn
	if got := next(5) + next(5); got != "ab" {
		t.Errorf("at 5 again: %q", got)
	}
	if w := ts.Wait(at(9)); w != 0 {
		t.Errorf("nothing waits, and wait is %v", w)
	}
}

// Turns behave as two sorted lists do, whatever moves between them.
func TestTurnsAreTwoSortedLists(t *testing.T) {
	var ts Turns[*thing]
	var all []*thing
	for range 20 {
		all = append(all, &thing{})
	}
	var readyNow, later []*thing // the model
	at := map[*thing]time.Time{}
	rnd := rand.New(rand.NewPCG(3, 4))
	now := start
	gone := func(x *thing) {
		readyNow = slices.DeleteFunc(readyNow, func(o *thing) bool { return o == x })
		later = slices.DeleteFunc(later, func(o *thing) bool { return o == x })
	}
	for range 20_000 {
		x := all[rnd.IntN(len(all))]
		switch rnd.IntN(4) {
		case 0:
			when := now.Add(time.Duration(rnd.IntN(5)-1) * time.Second)
			switch {
			case when.After(now) && !(slices.Contains(later, x) && at[x].Equal(when)):
				gone(x)
				at[x] = when
				later = append(later, x)
				slices.SortStableFunc(later, func(a, b *thing) int { return at[a].Compare(at[b]) })
			case !when.After(now) && !slices.Contains(readyNow, x):
				gone(x)
				readyNow = append(readyNow, x)
			}
			ts.Set(x, when, now)
		case 1:
			gone(x)
			ts.Unset(x)
		case 2:
			now = now.Add(time.Duration(rnd.IntN(2)) * time.Second)
		default:
			for len(later) > 0 && !at[later[0]].After(now) {
				readyNow, later = append(readyNow, later[0]), later[1:]
			}
			got, ok := ts.Next(now)
			if ok != (len(readyNow) > 0) || ok && got != readyNow[0] {
				t.Fatalf("next: %p, %v; want the first of %v", got, ok, readyNow)
			}
			if ok && rnd.IntN(2) == 0 {
				ts.PutBack(got)
			} else if ok {
				readyNow = readyNow[1:]
			}
		}
	}
}

func TestPolitenessValidate(t *testing.T) {
	for _, p := range []Politeness{{PerHost: -1}, {Rate: -1}, {HostRate: -1}, {HostDelay: -1}, {MaxErrors: -1}} {
		if err := p.Validate(); err == nil {
			t.Errorf("%+v: a limit below zero was taken", p)
		}
	}
	if err := (Politeness{}).Validate(); err != nil {
		t.Error(err)
	}
}
