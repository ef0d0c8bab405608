package warc

import (
	"crypto/sha256"
	"hash"
)

// Capture gathers one exchange. It is for one goroutine at a time; its methods keep
// nothing that they are given, and block where a large body goes to a temporary
// file, whose errors Write tells.
type Capture struct {
	a               *Archive
	request, header []byte
	body            spool     // as it came
	block, payload  hash.Hash // of header and body; of the body without its framing
	size            int64     // of the payload
	out             spool     // the records, as they go into the file
}

// Capture gives an empty one. It should be given back by Discard.
func (a *Archive) Capture() *Capture {
	if c, ok := a.captures.Get().(*Capture); ok {
		return c
	}
	return &Capture{a: a, block: sha256.New(), payload: sha256.New()}
}

// Answer takes the request, and the header of its answer, each whole, from the first
// line to the empty one. What the Capture had before is forgotten.
func (c *Capture) Answer(request, header []byte) {
	c.clear()
	c.request = append(c.request, request...)
	c.header = append(c.header, header...)
	c.block.Write(header)
}

// Wire takes the next piece of the body as it came, framing and all.
func (c *Capture) Wire(p []byte) {
	c.block.Write(p)
	_, _ = c.body.Write(p)
}

// Payload takes the next piece of the body without its transfer coding.
func (c *Capture) Payload(p []byte) {
	c.payload.Write(p)
	c.size += int64(len(p))
}

// Discard gives the Capture back. It must not be used after it.
func (c *Capture) Discard() {
	c.clear()
	c.a.captures.Put(c)
}

// maxKept is the largest header whose buffer is kept for the next exchange.
const maxKept = 16 << 10

func (c *Capture) clear() {
	c.request, c.header = emptied(c.request), emptied(c.header)
	c.body.clear()
	c.out.clear()
	c.block.Reset()
	c.payload.Reset()
	c.size = 0
}

func emptied(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}

// repeatable says that the payload may be referred to, and may refer to another.
func (c *Capture) repeatable(e Exchange) bool { return c.size > 0 && e.Truncated == "" }

// digest is that of the payload.
func (c *Capture) digest() (sum [sha256.Size]byte) {
	c.payload.Sum(sum[:0])
	return sum
}
