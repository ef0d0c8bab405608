package loop

// heapStore gives the least item first, ties in the order of arrival.
type heapStore[T any] struct {
	items   []queued[T]
	compare func(a, b T) int
}

func (s *heapStore[T]) len() int           { return len(s.items) }
func (s *heapStore[T]) unpop(it queued[T]) { s.push(it) }

func (s *heapStore[T]) before(a, b queued[T]) bool {
	c := s.compare(a.v, b.v)
	return c < 0 || c == 0 && a.seq < b.seq
}

func (s *heapStore[T]) push(it queued[T]) {
	s.items = append(s.items, it)
	i := len(s.items) - 1
	for i > 0 && s.before(it, s.items[(i-1)/2]) {
		s.items[i] = s.items[(i-1)/2]
		i = (i - 1) / 2
	}
	s.items[i] = it
}

func (s *heapStore[T]) pop() queued[T] {
	top, last := s.items[0], len(s.items)-1
	it := s.items[last]
	s.items[last] = queued[T]{}
	s.items = s.items[:last]
	i := 0
	for {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && s.before(s.items[child+1], s.items[child]) {
			child++
		}
		if !s.before(s.items[child], it) {
			break
		}
		s.items[i] = s.items[child]
		i = child
	}
	if last > 0 {
		s.items[i] = it
	}
	return top
}
