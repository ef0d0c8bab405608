package frontier

import (
	"container/heap"
	"time"
)

// Turns keeps things that may go now, first come first served, and things that
// wait for their time. A thing whose time comes goes behind those that were
// ready before. The zero value is empty. It is not safe for concurrent use;
// Wait is O(1), every other call O(log n).
type Turns[T Turner] struct {
	ready   turnHeap[T] // by the order in which they became ready
	waiting turnHeap[T] // by their time
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
	at    time.Time // zero unless it waits
	seq   uint64    // equal times keep the order in which they were set
	pos   int       // in its heap
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
	to := waiting
	if !at.After(now) {
		to, at = ready, time.Time{}
	}
	t := x.turn()
	if t.place == to && t.at.Equal(at) {
		return
	}
	ts.Unset(x)
	ts.seq++
	t.place, t.at, t.seq = to, at, ts.seq
	heap.Push(ts.heap(to), x)
}

// Unset takes x out, if it is in.
func (ts *Turns[T]) Unset(x T) {
	if t := x.turn(); t.place != nowhere {
		heap.Remove(ts.heap(t.place), t.pos)
		t.place = nowhere
	}
}

// Next takes out the thing whose turn it is at now.
func (ts *Turns[T]) Next(now time.Time) (x T, ok bool) {
	for len(ts.waiting) > 0 && !ts.waiting[0].turn().at.After(now) {
		ts.Set(ts.waiting[0], now, now)
	}
	if len(ts.ready) == 0 {
		return x, false
	}
	x = heap.Pop(&ts.ready).(T)
	x.turn().place = nowhere
	return x, true
}

// PutBack returns what Next gave to the head of the ready ones.
func (ts *Turns[T]) PutBack(x T) {
	x.turn().place = ready
	heap.Push(&ts.ready, x) // its seq is still the lowest
}

// Wait is how long it takes until the first waiting thing may go; 0 if none
// waits.
func (ts *Turns[T]) Wait(now time.Time) time.Duration {
	if len(ts.waiting) == 0 {
		return 0
	}
	return max(1, ts.waiting[0].turn().at.Sub(now))
}

func (ts *Turns[T]) heap(p place) *turnHeap[T] {
	if p == ready {
		return &ts.ready
	}
	return &ts.waiting
}

// turnHeap is a heap by time, then by the order in which they were set.
type turnHeap[T Turner] []T

func (b turnHeap[T]) Len() int { return len(b) }
func (b turnHeap[T]) Less(i, j int) bool {
	x, y := b[i].turn(), b[j].turn()
	if x.at.Equal(y.at) {
		return x.seq < y.seq
	}
	return x.at.Before(y.at)
}
func (b turnHeap[T]) Swap(i, j int) {
	b[i], b[j] = b[j], b[i]
	b[i].turn().pos, b[j].turn().pos = i, j
}
func (b *turnHeap[T]) Push(x any) {
	t := x.(T)
	t.turn().pos = len(*b)
	*b = append(*b, t)
}
func (b *turnHeap[T]) Pop() any {
	var zero T
	old := *b
	x := old[len(old)-1]
	old[len(old)-1] = zero
	*b = old[:len(old)-1]
	return x
}
