package list

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrChanged says that a regular file was changed while it was read: lines that
// were to be read again are not there any more.
var ErrChanged = errors.New("the list was changed while it was read")

// backlog is the lines of one host that were read and do not wait in memory, in
// the order of the list: of a file that can be read again only where they stand,
// of a pipe their text.
type backlog struct {
	n           int // lines
	chain       chain
	first, last stretch // being read back, and still growing: before and after the chain
}

// stretch is lines that follow each other in a file that can be read again, none
// of another host or for a record only between them.
type stretch struct {
	source   int
	at, size int64 // of their bytes
	line     int64 // of the first, in its file
	index    int64 // of the first
	n        int64
}

// The kinds of records in a chain, each told by its first number.
const (
	kindText = iota
	kindStretch
)

// put adds a line behind the others of its host, and returns how many bytes it
// took. Where it returns an error the line is added all the same.
func (b *backlog) put(f *blocks, e entry, readable bool) (took int, err error) {
	b.n++
	s := &b.last
	if readable && s.n > 0 && s.source == e.source && s.index+s.n == e.index {
		s.size = e.end - s.at
		s.n++
		return 0, nil
	}
	if s.n > 0 {
		rec := appendNumbers(nil, kindStretch, int64(s.source), s.at, s.size, s.line, s.index, s.n)
		took, err = len(rec), b.chain.push(f, rec)
		b.last = stretch{}
	}
	if readable {
		b.last = stretch{source: e.source, at: e.at, size: e.end - e.at, line: e.line, index: e.index, n: 1}
		return took, err
	}
	rec := append(appendNumbers(nil, kindText, int64(e.source), e.line, e.index), e.text...)
	return took + len(rec), errors.Join(err, b.chain.push(f, rec))
}

// take removes up to n lines, the oldest first, and calls use for each; freed is
// how many bytes that gave back.
func (b *backlog) take(f *blocks, n int, again func(*stretch, int) (int, error), use func(entry) error) (freed int, err error) {
	for n > 0 && b.n > 0 {
		took := 1
		switch {
		case b.first.n > 0:
			if took, err = again(&b.first, n); err != nil {
				return freed, err
			}
		case b.chain.empty():
			b.first, b.last = b.last, stretch{}
			continue
		default:
			rec, err := b.chain.pop(f)
			if err != nil {
				return freed, err
			}
			freed += len(rec)
			kind, rec := number(rec)
			if kind == kindStretch {
				b.first = parseStretch(rec)
				continue
			}
			if err := use(parseText(rec)); err != nil {
				return freed, err
			}
		}
		b.n -= took
		n -= took
	}
	return freed, nil
}

func parseStretch(rec []byte) (s stretch) {
	var source int64
	for _, v := range []*int64{&source, &s.at, &s.size, &s.line, &s.index, &s.n} {
		*v, rec = number(rec)
	}
	s.source = int(source)
	return s
}

func parseText(rec []byte) (e entry) {
	var source int64
	for _, v := range []*int64{&source, &e.line, &e.index} {
		*v, rec = number(rec)
	}
	e.source, e.text = int(source), rec
	return e
}

// appendNumbers adds numbers from 0 to what number reads.
func appendNumbers(p []byte, vs ...int64) []byte {
	for _, v := range vs {
		p = binary.AppendUvarint(p, uint64(v))
	}
	return p
}

// number reads the first number of rec and returns the rest; we wrote it.
func number(rec []byte) (int64, []byte) {
	v, k := binary.Uvarint(rec)
	return int64(v), rec[max(0, k):]
}

// load brings up to n waiting lines of h back to its queue. The caller holds mu.
func (l *List) load(h *hostQueue, n int) error {
	use := func(e entry) error {
		it := l.item(e)
		if it.Invalid != nil || it.URL.HostPort() != h.key {
			return fmt.Errorf("%s: line %d: %w", l.sources[e.source].Name, e.line, ErrChanged)
		}
		l.away--
		h.queue.PushBack(it)
		return nil
	}
	again := func(s *stretch, n int) (int, error) { return l.readAgain(s, n, use) }
	freed, err := h.backlog.take(&l.blocks, n, again, use)
	l.waiting -= int64(freed)
	l.found = min(l.found, l.waiting)
	l.room.Broadcast()
	return err
}

// readAgain reads up to n lines of s and cuts them off it. The caller holds mu.
func (l *List) readAgain(s *stretch, n int, use func(entry) error) (took int, err error) {
	source := l.sources[s.source]
	l.again.Reset(sips{io.NewSectionReader(source.R.(io.ReaderAt), s.at, s.size)})
	for took < n && s.n > 0 {
		text, long, size, err := readLine(l.again)
		switch {
		case err != nil && err != io.EOF:
			return took, fmt.Errorf("%s: %w", source.Name, err)
		case size == 0:
			return took, fmt.Errorf("%s: line %d: %w", source.Name, s.line, ErrChanged)
		}
		if text = bytes.TrimSpace(text); isEntry(text) {
			if err := use(entry{text: text, long: long, source: s.source, line: s.line, index: s.index}); err != nil {
				return took, err
			}
			s.index++
			s.n--
			took++
		}
		s.at += size
		s.size -= size
		s.line++
	}
	return took, nil
}

// sips reads no more at once than a few lines need.
type sips struct{ r io.Reader }

func (s sips) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), 4<<10)]) }
