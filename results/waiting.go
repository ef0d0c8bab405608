package results

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// Waiting is a file of records that wait for their turn, which outlives the
// process: an Ordered puts them there, and the Ordered of the next run takes them
// back. Nothing in it is taken away while a run lasts. It is for one goroutine,
// and its calls block on the disk.
type Waiting struct {
	f   *os.File
	out *bufio.Writer
	end int64 // of what was put, written or not
}

// A record in the file is its index, its length and a CRC-32C of both and of its
// bytes, and then its bytes.
const waitingHeader = 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrNotWaiting is wrapped by the error of Take where no such record stands.
var ErrNotWaiting = errors.New("no record waits there")

// OpenWaiting opens the file at path, or makes it.
func OpenWaiting(path string) (*Waiting, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	w := &Waiting{f: f}
	w.from(info.Size())
	return w, nil
}

// from lets the next record begin at end.
func (w *Waiting) from(end int64) {
	w.end = end
	w.out = bufio.NewWriterSize(io.NewOffsetWriter(w.f, end), batch)
}

// put appends a record and returns where it begins. It is in the system's hands
// after flush.
func (w *Waiting) put(index int64, p []byte) (at int64, err error) {
	at = w.end
	header := waitingHead(index, p)
	w.out.Write(header[:]) // a bufio.Writer keeps its error
	if _, err = w.out.Write(p); err != nil {
		return at, w.fault(err)
	}
	w.end += waitingHeader + int64(len(p))
	return at, nil
}

func (w *Waiting) flush() error { return w.fault(w.out.Flush()) }

// Take returns the record with this index that begins at at, and where it ends.
func (w *Waiting) Take(at, index int64) (p []byte, end int64, err error) {
	var header [waitingHeader]byte
	if _, err := w.f.ReadAt(header[:], at); err != nil {
		return nil, 0, w.fault(errors.Join(ErrNotWaiting, err))
	}
	size := int64(binary.LittleEndian.Uint32(header[8:]))
	end = at + waitingHeader + size
	if int64(binary.LittleEndian.Uint64(header[:])) != index || end > w.end {
		return nil, 0, w.fault(ErrNotWaiting)
	}
	p = make([]byte, size)
	if _, err := w.f.ReadAt(p, at+waitingHeader); err != nil {
		return nil, 0, w.fault(errors.Join(ErrNotWaiting, err))
	}
	if header != waitingHead(index, p) {
		return nil, 0, w.fault(ErrNotWaiting)
	}
	return p, end, nil
}

func waitingHead(index int64, p []byte) (header [waitingHeader]byte) {
	binary.LittleEndian.PutUint64(header[:], uint64(index))
	binary.LittleEndian.PutUint32(header[8:], uint32(len(p)))
	sum := crc32.Update(crc32.Checksum(header[:12], castagnoli), castagnoli, p)
	binary.LittleEndian.PutUint32(header[12:], sum)
	return header
}

// Cut takes away what follows end, and lets the file grow from there.
func (w *Waiting) Cut(end int64) error {
	w.from(end)
	return w.f.Truncate(end)
}

// Sync brings what was put to the disk.
func (w *Waiting) Sync() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.fault(onDisk(w.f))
}

// Close closes the file, which stays.
func (w *Waiting) Close() error { return errors.Join(w.flush(), w.f.Close()) }

func (w *Waiting) fault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("records that wait for their turn: %w", err)
}
