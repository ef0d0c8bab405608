package frontier

import (
	"container/heap"
	"time"
)

// Turns keeps things that may go now, first come first served, and things that
// wait for their time. A thing whose time comes goes behind those that were
// ready before. The zero value is empty. It is not safe for concurrent use;
// Next and Wait are O(1), a move in or out of the waiting ones is O(log n).
type Turns[T Turner] struct {
	ready   Queue[T]
	waiting byTime[T]
	seq     uint64
}

// Turner is a thing that can stand in a Turns: it embeds a Turn.
type Turner interface {
	comparable
	turn() *Turn
}

// Turn is where a thing stands. The zero value is nowhere; a thing stands in
// one Turns at most.
type Turn struct {
	place place
	at    time.Time // with place waiting
	seq   uint64    // equal times keep the order in which they were set
	pos   int       // in the heap
}

func (t *Turn) turn() *Turn { return t }

type place uint8

const (
	nowhere place = iota
	ready
	waiting
)

// Set lets x go at a moment. What is ready keeps its turn as long as it stays
// ready.
func (ts *Turns[T]) Set(x T, at, now time.Time) {
	t := x.turn()
	if t.place != waiting || !t.at.Equal(at) {
		ts.seq++
		t.seq = ts.seq
	}
	switch {
	case at.After(now) && t.place == waiting:
		t.at = at
		heap.Fix(&ts.waiting, t.pos)
	case at.After(now):
		ts.Unset(x)
		t.place, t.at = waiting, at
		heap.Push(&ts.waiting, x)
	case t.place != ready:
		ts.Unset(x)
		t.place = ready
		ts.ready.PushBack(x)
	}
}

// Unset takes x out, if it is in.
func (ts *Turns[T]) Unset(x T) {
	t := x.turn()
	switch t.place {
	case ready:
		ts.ready.Remove(func(o T) bool { return o == x })
	case waiting:
		heap.Remove(&ts.waiting, t.pos)
	}
	t.place = nowhere
}

// Next takes out the thing whose turn it is at now.
func (ts *Turns[T]) Next(now time.Time) (x T, ok bool) {
	for len(ts.waiting) > 0 && !ts.waiting[0].turn().at.After(now) {
		ts.Set(ts.waiting[0], now, now)
	}
	if ts.ready.Len() == 0 {
		return x, false
	}
	x = ts.ready.PopFront()
	x.turn().place = nowhere
	return x, true
}

// PutBack returns what Next gave to the head of the ready ones.
func (ts *Turns[T]) PutBack(x T) {
	x.turn().place = ready
	ts.ready.PushFront(x)
}

// Wait is how long it takes until the first waiting thing may go; 0 if none
// waits.
func (ts *Turns[T]) Wait(now time.Time) time.Duration {
	if len(ts.waiting) == 0 {
		return 0
	}
	return max(1, ts.waiting[0].turn().at.Sub(now))
}

// byTime is a heap by time.
type byTime[T Turner] []T

func (b byTime[T]) Len() int { return len(b) }
func (b byTime[T]) Less(i, j int) bool {
	x, y := b[i].turn(), b[j].turn()
	if x.at.Equal(y.at) {
		return x.seq < y.seq
	}
	return x.at.Before(y.at)
}
func (b byTime[T]) Swap(i, j int) {
	b[i], b[j] = b[j], b[i]
	b[i].turn().pos, b[j].turn().pos = i, j
}
func (b *byTime[T]) Push(x any) {
	t := x.(T)
	t.turn().pos = len(*b)
	*b = append(*b, t)
}
func (b *byTime[T]) Pop() any {
	var zero T
	old := *b
	x := old[len(old)-1]
	old[len(old)-1] = zero
	*b = old[:len(old)-1]
	return x
}
