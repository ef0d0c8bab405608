package list

import (
	"fmt"
	"io"
	"os"
)

// blockSize is what is written and read at once. Each host with lines that wait
// outside memory has up to two blocks in memory, its first and its last.
const blockSize = 1 << 10

// blocks is a temporary file of blocks, made with the first one. A block that was
// read is free for the next, so the file is never larger than what waited at
// once. It is not safe for concurrent use.
type blocks struct {
	create func() (blockFile, error)
	f      blockFile
	n      uint32 // of blocks in the file
	free   []uint32
}

// blockFile is what is asked of the file.
type blockFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// write stores p, one block, and returns its number.
func (b *blocks) write(p []byte) (uint32, error) {
	if b.f == nil {
		f, err := b.create()
		if err != nil {
			return 0, fmt.Errorf("a file for lines that wait for their hosts: %w", err)
		}
		b.f = f
	}
	at := b.n
	if n := len(b.free); n > 0 {
		at = b.free[n-1]
	}
	if _, err := b.f.WriteAt(p, int64(at)*blockSize); err != nil {
		return 0, fmt.Errorf("lines that wait for their hosts: %w", err)
	}
	if at == b.n {
		b.n++
	} else {
		b.free = b.free[:len(b.free)-1]
	}
	return at, nil
}

// read appends the block to p and frees it.
func (b *blocks) read(at uint32, p []byte) ([]byte, error) {
	var block [blockSize]byte
	if _, err := b.f.ReadAt(block[:], int64(at)*blockSize); err != nil {
		return p, fmt.Errorf("lines that wait for their hosts: %w", err)
	}
	b.free = append(b.free, at)
	return append(p, block[:]...), nil
}

// close lets go of the file.
func (b *blocks) close() {
	if b.f != nil {
		_ = b.f.Close() // nobody needs it any more
	}
}

// tempFile is a temporary file that is gone once it is closed.
type tempFile struct {
	*os.File
	removed bool
}

// createTemp makes one in os.TempDir(), and takes its name away at once where the
// system allows that, so that no kill leaves it behind.
func createTemp() (blockFile, error) {
	f, err := os.CreateTemp("", "crawl-list-*")
	if err != nil {
		return nil, err
	}
	return &tempFile{f, os.Remove(f.Name()) == nil}, nil
}

func (f *tempFile) Close() error {
	err := f.File.Close()
	if !f.removed {
		_ = os.Remove(f.Name())
	}
	return err
}
