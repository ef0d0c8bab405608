package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"crawl/frontier"
)

// Output is what Load has to know of the output.
type Output struct {
	// Length is how long it is now; nil: it cannot be cut back, as a pipe.
	Length func() int64
	// Whole says whether a record ends at end; nil: one does.
	Whole func(end int64) bool
	// Held takes back a record that waits for its turn, and says whether it was
	// whole. nil: none is.
	Held func(Entry) bool
	// Retry, if set, forgets the lines that failed. It is called for each record of
	// the output, in order, and says how long the output is that is made of those to
	// keep, beside the first.
	Retry func(keep bool) (end int64, err error)
	// Retried brings that output to the disk; nil: there is nothing to do.
	Retried func() error
	// Abandon gives that output up, where it cannot be made; nil: there is nothing to
	// do.
	Abandon func()
	// Commit puts that output in place of the first. It is called again after a
	// kill that came between, and must bear that. nil: there is nothing to do.
	Commit func() error
}

// Found is what Load found to be done.
type Found struct {
	OK, Failed, Duplicates int64
	Tried, Answered        bool  // any of the lines was asked for, or had an answer
	End                    int64 // of the output that goes with it: cut it back to that
	Turn                   int64 // the index whose turn is next, in input order
}

// Done is how many lines are.
func (f Found) Done() int64 { return f.OK + f.Failed + f.Duplicates }

// head begins the file.
const head = "crawl journal 1\n"

const headSize = int64(len(head))

// Load reads what is done, cuts off what is not whole, and makes the state ready
// for Append. It takes about a second for four million lines, and 17 bytes of
// memory for each.
func (j *Journal) Load(out Output) (Found, error) {
	if !j.held.known {
		if err := j.begin(); err != nil {
			return Found{}, err
		}
	}
	if err := j.finishRetry(out); err != nil {
		return Found{}, err
	}
	if err := j.open(); err != nil {
		return Found{}, err
	}
	found, err := j.cut(out)
	if err == nil && out.Retry != nil {
		if err = j.retry(out, found); err == nil {
			found, err = j.cut(Output{})
		}
	}
	if err == nil {
		err = j.fill(out, &found)
	}
	j.synced = j.o.Now()
	return found, err
}

// begin makes a new state: first without entries, then known.
func (j *Journal) begin() error {
	for _, name := range []string{"journal", "journal.next"} {
		if err := os.Remove(j.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return j.held.Begin()
}

// open opens the file and sees to its head.
func (j *Journal) open() error {
	if j.f != nil {
		j.f.Close() // it was only read
	}
	var err error
	if j.f, err = os.OpenFile(j.path("journal"), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	got := make([]byte, headSize)
	n, err := io.ReadFull(j.f, got)
	switch {
	case err == nil && string(got) == head:
		return nil
	case err == nil || string(got[:n]) != head[:n]:
		return &ForeignError{j.f.Name(), "is no journal"}
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	_, err = j.f.WriteAt([]byte(head), 0) // it was killed at birth
	return err
}

// errEnough ends each.
var errEnough = errors.New("the rest is not wanted")

// cut finds the entries that are whole and whose records the output has, and cuts
// the rest off.
func (j *Journal) cut(out Output) (Found, error) {
	var found Found
	j.requests = 0
	n, length := int64(0), int64(math.MaxInt64)
	if out.Length != nil {
		length = out.Length()
	}
	err := j.each(math.MaxInt64, func(e Entry) error {
		if e.End > length {
			return errEnough
		}
		n++
		if e.first() {
			j.requests++
		}
		found.End, found.Turn = e.End, e.Turn
		return nil
	})
	if err == nil {
		err = j.damage(n)
	}
	if err != nil && err != errEnough {
		return Found{}, err
	}
	for ; n > 0 && out.Length != nil && out.Whole != nil && found.End > 0 && !out.Whole(found.End); n-- {
		found.End, found.Turn = 0, 0
		if n > 1 {
			e, err := j.entry(n - 2)
			if err != nil {
				return Found{}, err
			}
			found.End, found.Turn = e.End, e.Turn
		}
	}
	j.size = headSize + n*entrySize
	return found, j.f.Truncate(j.size)
}

// damage is why what follows n whole entries must not be cut off: it was not torn.
// A write that a kill or a full disk ends leaves less than an entry, and a power cut
// zeros, which go on in the next entry: the last byte of one is of a checksum, and says
// little alone. Whatever else stands there, a person is to know of it.
func (j *Journal) damage(n int64) error {
	p, at := make([]byte, 2*entrySize), headSize+n*entrySize
	got, err := j.f.ReadAt(p, at)
	if got >= entrySize && len(bytes.Trim(p[entrySize-1:got], "\x00")) > 0 {
		return &ForeignError{j.f.Name(), fmt.Sprintf("is damaged after %d of its %d entries; cut to %d bytes it is whole",
			n, j.entries(), at)}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// entry is the one at position i, which was whole before.
func (j *Journal) entry(i int64) (Entry, error) {
	p := make([]byte, entrySize)
	if _, err := j.f.ReadAt(p, headSize+i*entrySize); err != nil {
		return Entry{}, err
	}
	e, _ := parseEntry(p)
	return e, nil
}

// each calls f for the entries, in order, up to the first that is not whole and
// to the byte at end. It returns the first error of f.
func (j *Journal) each(end int64, f func(Entry) error) error {
	r := bufio.NewReaderSize(io.NewSectionReader(j.f, headSize, end-headSize), 1<<20)
	for {
		p, err := r.Peek(entrySize)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		e, ok := parseEntry(p)
		if !ok {
			return nil
		}
		if err := f(e); err != nil {
			return err
		}
		_, _ = r.Discard(entrySize) // they were peeked at
	}
}

// fill notes and counts what is done. A line whose record should wait for its
// turn and is gone is taken out of the journal.
func (j *Journal) fill(out Output, found *Found) error {
	j.lines = newLines(j.held.key, j.requests)
	lost := func(e Entry) bool {
		return !e.mark && e.Held && e.Index >= found.Turn && (out.Held == nil || !out.Held(e))
	}
	gone := false
	batch := make([]Entry, 0, 256) // taken in at once: their places lie far apart in memory
	err := j.each(j.size, func(e Entry) error {
		switch {
		case e.mark:
			return nil
		case lost(e):
			gone = true
			return nil
		}
		found.count(e)
		if batch = append(batch, e); len(batch) == cap(batch) {
			j.lines.note(batch)
			batch = batch[:0]
		}
		return nil
	})
	j.lines.note(batch)
	if err != nil || !gone {
		return err
	}
	return j.forget(lost)
}

func (f *Found) count(e Entry) {
	f.Tried = f.Tried || e.Tried
	f.Answered = f.Answered || e.Answered
	switch e.Verdict {
	case frontier.OK:
		f.OK++
	case frontier.Failed:
		f.Failed++
	case frontier.Duplicate:
		f.Duplicates++
	}
}

// forget writes the journal anew without the entries that are lost: each is asked
// about again, as they may be too many to keep.
func (j *Journal) forget(lost func(Entry) bool) error {
	err := replaceFile(j.path("journal"), func(f *os.File) error {
		w := newWriter(f)
		err := j.each(j.size, func(e Entry) error {
			if !lost(e) {
				w.put(e)
			}
			return nil
		})
		return errors.Join(err, w.Flush())
	})
	if err != nil {
		return err
	}
	if err := j.open(); err != nil {
		return err
	}
	_, err = j.cut(Output{})
	return err
}

// Waiting calls f for the records that wait for their turn, in the order of their
// places, until it returns an error. It may be called between Load and Append.
func (j *Journal) Waiting(turn int64, f func(Entry) error) error {
	return j.each(j.size, func(e Entry) error {
		if e.Held && e.Index >= turn {
			return f(e)
		}
		return nil
	})
}

// writer writes a journal anew.
type writer struct {
	*bufio.Writer
	buf []byte
}

func newWriter(f *os.File) *writer {
	w := &writer{Writer: bufio.NewWriterSize(f, 1<<20)}
	w.WriteString(head) // it keeps its error for Flush
	return w
}

func (w *writer) put(e Entry) {
	w.buf = e.append(w.buf[:0])
	w.Write(w.buf)
}
