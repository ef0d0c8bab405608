package frontier

// Queue is a double-ended queue on a ring. The zero value is empty. It is not
// safe for concurrent use; every call is O(1).
type Queue[T any] struct {
	ring []T // its length is a power of two
	head int
	n    int
}

// keepRing is the size up to which an emptied ring is kept for reuse.
const keepRing = 64

// Len is the number of values.
func (q *Queue[T]) Len() int { return q.n }

// PushBack adds v at the tail.
func (q *Queue[T]) PushBack(v T) {
	q.grow()
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = v
	q.n++
}

// PushFront adds v at the head: the next to leave.
func (q *Queue[T]) PushFront(v T) {
	q.grow()
	q.head = (q.head - 1) & (len(q.ring) - 1)
	q.ring[q.head] = v
	q.n++
}

// Front shows the next value to leave; the queue must not be empty. The
// pointer is good until the next call.
func (q *Queue[T]) Front() *T { return &q.ring[q.head] }

// PopFront takes the head; the queue must not be empty.
func (q *Queue[T]) PopFront() T {
	var zero T
	v := q.ring[q.head]
	q.ring[q.head] = zero // let the collector have what it pointed to
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	if q.n == 0 && len(q.ring) > keepRing {
		q.ring, q.head = nil, 0 // a burst has grown it
	}
	return v
}

func (q *Queue[T]) grow() {
	if q.n < len(q.ring) {
		return
	}
	ring := make([]T, max(1, 2*len(q.ring))) // most hosts have one item
	for i := range q.n {
		ring[i] = q.ring[(q.head+i)&(len(q.ring)-1)]
	}
	q.ring, q.head = ring, 0
}
