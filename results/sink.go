package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Sink takes the records of a run, one by one, each once. A sink belongs to
// one goroutine (the engine's sink goroutine) and its calls may block on disk
// or on a pipe's reader: that is what slows a run down to its output.
//
// After an error of the output every later call returns it again. It wraps the
// cause, so that errors.Is finds syscall.EPIPE and syscall.ENOSPC, and names
// the path where there is one.
type Sink interface {
	// Write takes one record and may hold it back. The record and what it
	// points to are the caller's again when Write returns.
	Write(r *Record) error
	// Flush hands on what is held back only for the sake of batches. Records
	// that wait for their turn go on waiting.
	Flush() error
	// Close writes all that is left and ends the output. No call may follow.
	// It does not close what lies beneath, which the caller opened.
	Close() error
}

// Place says where a record stands that a sink has taken.
type Place struct {
	// Held says that it waits for its turn in a Waiting, outside the output.
	Held bool
	At   int64 // where it begins: in the output, or in the Waiting
	End  int64 // the output's length once it and what it let out are written
	Turn int64 // the index whose turn is next, in input order; otherwise 0
}

// Placer is what a Sink may be besides: Place is that of the record which Write
// took last, once Flush has returned.
type Placer interface {
	Place() Place
}

// Encoder is a format: it appends one whole record, its line end included. An
// encoder judges a record by itself, because records are encoded before they
// are put in order: what stands before, between and after them is a Framer's.
// On an error what was appended is dropped, and other records may follow.
type Encoder interface {
	Append(dst []byte, r *Record) ([]byte, error)
}

// Framer is what an Encoder may be besides, when its format is more than a
// sequence of records: a header line, an array. Head comes once before the
// first record (also when none follows), Between between two, Tail at Close.
type Framer interface {
	Head() string
	Between() string
	Tail() string
}

var (
	_ Sink = (*Writer)(nil)
	_ Sink = (*Ordered)(nil)

	_ Placer = (*Writer)(nil)
	_ Placer = (*Ordered)(nil)
)

// batch is how many bytes of records make one write: enough that the price of
// a system call does not count, little enough to sit in a cache.
const batch = 64 << 10

// keepCap is the largest buffer that a Writer keeps after a write; one giant
// record must not hold its memory for the rest of the run.
const keepCap = 1 << 20

// Writer encodes records and writes them in batches of about 64 KiB. A record
// is never split over two writes. It is for one goroutine.
type Writer struct {
	w     io.Writer
	enc   Encoder
	frame Framer // nil for plain sequences

	buf     []byte // whole records that are not written yet
	offset  int64  // bytes that w took
	records int64  // records that went into buf, ever, or stood before
	opened  bool   // the head is in buf or written
	bare    bool   // no records, no frame
	last    int64  // where the record taken last begins
	prompt  bool   // every record is written at once
	err     error  // the first error of w; nothing is written after it
}

// NewWriter returns a Writer that encodes with enc and writes to w. Neither
// Flush nor Close closes w.
func NewWriter(w io.Writer, enc Encoder) *Writer {
	frame, _ := enc.(Framer)
	return &Writer{w: w, enc: enc, frame: frame, buf: make([]byte, 0, batch+batch/4)}
}

// NewWriterAt is NewWriter for an output that has offset bytes already, of whole
// records: offsets count from its beginning, and it has its head.
func NewWriterAt(w io.Writer, enc Encoder, offset int64) *Writer {
	writer := NewWriter(w, enc)
	if writer.offset = offset; offset > 0 {
		writer.Opened()
	}
	return writer
}

// Opened says that the output has its head and records already, in a place that
// w does not count. It is called before the first Write.
func (w *Writer) Opened() { w.records, w.opened = 1, true }

// Prompt lets every record be written at once instead of in batches, for a person
// who looks on. It is called before the first Write.
func (w *Writer) Prompt() { w.prompt = true }

// NoFrameAlone leaves an output empty that gets no records: without the head and the
// tail of its format. It is called before the first Write.
func (w *Writer) NoFrameAlone() { w.bare = true }

// Write implements Sink. An error of the encoder loses this record alone, an
// error of the output is final.
func (w *Writer) Write(r *Record) error {
	if w.err != nil {
		return w.err
	}
	before := len(w.buf)
	buf := w.lead()
	start := len(buf)
	buf, err := w.enc.Append(buf, r)
	if err != nil {
		w.buf = buf[:before]
		return fmt.Errorf("encode the record of %s: %w", r.URL, err)
	}
	return w.took(buf, start)
}

// WriteEncoded takes one whole record that this Writer's encoder encoded
// before. p is the caller's again when it returns.
func (w *Writer) WriteEncoded(p []byte) error {
	if w.err != nil {
		return w.err
	}
	buf := w.lead()
	return w.took(append(buf, p...), len(buf))
}

// lead returns the buffer with what goes before the next record appended.
func (w *Writer) lead() []byte {
	if w.frame == nil {
		return w.buf
	}
	if w.records > 0 {
		return append(w.buf, w.frame.Between()...)
	}
	if !w.opened {
		return append(w.buf, w.frame.Head()...)
	}
	return w.buf
}

// took makes buf, grown by one record from start on, the buffer.
func (w *Writer) took(buf []byte, start int) error {
	w.last = w.offset + int64(start)
	w.buf = buf
	w.records++
	w.opened = true
	if len(w.buf) < batch && !w.prompt {
		return nil
	}
	return w.Flush()
}

// Flush implements Sink: it writes every record taken so far.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.buf) == 0 {
		return w.err
	}
	n, err := w.w.Write(w.buf)
	if n < len(w.buf) && err == nil {
		err = io.ErrShortWrite
	}
	w.offset += int64(n)
	if err != nil {
		w.err = w.named(err)
		w.buf = nil
		return w.err
	}
	w.buf = w.buf[:0]
	if cap(w.buf) > keepCap {
		w.buf = make([]byte, 0, batch+batch/4)
	}
	return nil
}

// Close implements Sink: it ends the format and flushes.
func (w *Writer) Close() error {
	if w.err == nil && w.frame != nil && (w.opened || !w.bare) {
		if !w.opened {
			w.buf = append(w.buf, w.frame.Head()...)
		}
		w.opened = true
		w.buf = append(w.buf, w.frame.Tail()...)
	}
	return w.Flush()
}

// Offset is how many bytes the output has taken so far, also after a write
// that failed half-way.
func (w *Writer) Offset() int64 { return w.offset }

// End is the offset at which the record taken last ends, or will end once it
// is written. A record is whole in the output as soon as Offset has reached
// what End said after it.
func (w *Writer) End() int64 { return w.offset + int64(len(w.buf)) }

// Place implements Placer.
func (w *Writer) Place() Place { return Place{At: w.last, End: w.End()} }

// named says where an error of the output happened, unless it says so itself.
func (w *Writer) named(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return err
	}
	if f, ok := w.w.(interface{ Name() string }); ok {
		return &fs.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	return fmt.Errorf("write output: %w", err)
}
