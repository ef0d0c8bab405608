package sqlite

// lru keeps the values that were used last, up to a number of them. It is exact:
// what it holds is true, what it has dropped is in the file.
type lru[K comparable, V any] struct {
	size  int
	place map[K]int32
	ring  []slot[K, V] // ring[0] is no value: its next was used last, its prev first
}

type slot[K comparable, V any] struct {
	key        K
	value      V
	prev, next int32
}

func newLRU[K comparable, V any](size int) *lru[K, V] {
	return &lru[K, V]{size: size, place: map[K]int32{}, ring: make([]slot[K, V], 1)}
}

// get returns the value of key and counts as a use.
func (l *lru[K, V]) get(key K) (v V, ok bool) {
	i, ok := l.place[key]
	if !ok {
		return v, false
	}
	l.unlink(i)
	l.link(i)
	return l.ring[i].value, true
}

// put sets it, and drops the value that was not used for longest if there is no
// room.
func (l *lru[K, V]) put(key K, value V) {
	i, ok := l.place[key]
	switch {
	case ok:
		l.unlink(i)
	case len(l.place) < l.size:
		i = int32(len(l.ring))
		l.ring = append(l.ring, slot[K, V]{})
	default:
		i = l.ring[0].prev
		l.unlink(i)
		delete(l.place, l.ring[i].key)
	}
	l.ring[i].key, l.ring[i].value = key, value
	l.place[key] = i
	l.link(i)
}

// link makes i the one that was used last.
func (l *lru[K, V]) link(i int32) {
	first := l.ring[0].next
	l.ring[i].prev, l.ring[i].next = 0, first
	l.ring[first].prev, l.ring[0].next = i, i
}

func (l *lru[K, V]) unlink(i int32) {
	prev, next := l.ring[i].prev, l.ring[i].next
	l.ring[prev].next, l.ring[next].prev = next, prev
}
