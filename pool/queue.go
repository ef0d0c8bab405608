package pool

// An item is a function that waits for a worker, and its job, if it has one.
type item struct {
	fn  func()
	job *Job
}

// queue is a growing ring of items.
type queue struct {
	items []item
	head  int
	n     int
}

func (q *queue) len() int { return q.n }

func (q *queue) push(it item) {
	if q.n == len(q.items) {
		grown := make([]item, max(16, 2*q.n))
		n := copy(grown, q.items[q.head:])
		copy(grown[n:], q.items[:q.head])
		q.items, q.head = grown, 0
	}
	i := q.head + q.n
	if i >= len(q.items) {
		i -= len(q.items)
	}
	q.items[i] = it
	q.n++
}

func (q *queue) pop() (it item, ok bool) {
	if q.n == 0 {
		return item{}, false
	}
	it, q.items[q.head] = q.items[q.head], item{}
	if q.head++; q.head == len(q.items) {
		q.head = 0
	}
	if q.n--; q.n == 0 && len(q.items) > 4096 {
		*q = queue{} // a burst is over: give its memory back
	}
	return it, true
}
