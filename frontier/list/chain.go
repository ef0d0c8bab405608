package list

import (
	"encoding/binary"

	"crawl/frontier"
)

// chain is a queue of byte strings, of which all but the ends lies in blocks of
// a file. The zero value is empty; less than a block never touches the file.
type chain struct {
	head   []byte                 // what comes next
	blocks frontier.Queue[uint32] // what comes then
	tail   []byte                 // what came last, less than a block
}

// push adds rec. Where it returns an error rec is added all the same, in memory.
func (c *chain) push(b *blocks, rec []byte) error {
	c.tail = binary.AppendUvarint(c.tail, uint64(len(rec)))
	c.tail = append(c.tail, rec...)
	for len(c.tail) >= blockSize {
		at, err := b.write(c.tail[:blockSize])
		if err != nil {
			return err
		}
		c.blocks.PushBack(at)
		c.tail = append(c.tail[:0], c.tail[blockSize:]...)
	}
	return nil
}

// pop takes the oldest, which must be there. It is good until the next call.
func (c *chain) pop(b *blocks) ([]byte, error) {
	for {
		if n, k := binary.Uvarint(c.head); k > 0 && n <= uint64(len(c.head)-k) {
			rec := c.head[k : k+int(n)]
			c.head = c.head[k+int(n):]
			return rec, nil
		}
		if err := c.fill(b); err != nil {
			return nil, err
		}
	}
}

// fill makes the head longer by a block, or by the tail.
func (c *chain) fill(b *blocks) error {
	if c.blocks.Len() == 0 {
		c.head, c.tail = append(c.head, c.tail...), nil
		return nil
	}
	head, err := b.read(*c.blocks.Front(), c.head)
	if err == nil {
		c.head = head
		c.blocks.PopFront()
	}
	return err
}

// empty says that nothing is queued.
func (c *chain) empty() bool { return len(c.head)+len(c.tail)+c.blocks.Len() == 0 }
