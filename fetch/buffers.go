package fetch

import "sync"

// buffer is one pooled piece of memory for a body.
type buffer struct{ b []byte }

const (
	smallestBuffer = 4 << 10
	largestPooled  = 16 << 20
	firstBuffer    = 1 << 20 // a Content-Length is believed up to here
)

// buffers keeps bodies' memory in classes of 4 KiB, 16 KiB … 16 MiB. Larger
// ones are left to the garbage collector. It may be used from any goroutine.
type buffers struct{ classes [7]sync.Pool }

// class is the index of the smallest class that holds n bytes; past the last
// one it is len(classes).
func class(n int64) (i int, size int64) {
	size = smallestBuffer
	for ; i < len(buffers{}.classes) && size < n; i++ {
		size <<= 2
	}
	return i, size
}

// get gives an empty buffer with room for at least n bytes.
func (p *buffers) get(n int64) *buffer {
	i, size := class(n)
	if i == len(p.classes) {
		return &buffer{make([]byte, 0, n)}
	}
	if b, ok := p.classes[i].Get().(*buffer); ok {
		return b
	}
	return &buffer{make([]byte, 0, size)}
}

// put takes a buffer back; nobody may use its bytes any more.
func (p *buffers) put(b *buffer) {
	i, size := class(int64(cap(b.b)))
	if i < len(p.classes) && int64(cap(b.b)) == size {
		b.b = b.b[:0]
		p.classes[i].Put(b)
	}
}

// grow moves what b holds into a buffer four times as large, or of limit+1
// bytes where that is less.
func (p *buffers) grow(b *buffer, limit int64) *buffer {
	larger := p.get(min(int64(cap(b.b))*4, max(limit, int64(cap(b.b))+1)))
	larger.b = append(larger.b, b.b...)
	p.put(b)
	return larger
}
