package results

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Options are the room's settings. The zero value is the documented default.
type Options struct {
	// HoldMemory is how many bytes of encoded records may wait for their turn
	// in memory before they go to a temporary file; 0 is 64 MiB.
	HoldMemory int64
	// HoldDir is where that file is made; "" is os.TempDir().
	HoldDir string
}

// Validate reports settings that cannot be meant.
func (o Options) Validate() error {
	if o.HoldMemory < 0 {
		return fmt.Errorf("hold memory of %d bytes: want 0 for the default, or more", o.HoldMemory)
	}
	return nil
}

const defaultHoldMemory = 64 << 20

// heldCost is what a waiting record takes in memory beside its bytes.
const heldCost = 64

// ErrTwice is wrapped by the error of a Write or Skip whose index had its
// record before. The second one is dropped.
var ErrTwice = errors.New("the index had its record already")

// Ordered is a Sink that puts records into the order of their indexes, without
// gaps from 0. A record whose turn has come is handed on at once; one that is
// early is encoded and waits: in memory up to Options.HoldMemory, beyond that
// in a temporary file that is gone with the process, however it ends. Nobody
// upstream waits for order. Records without an index pass through at once.
//
// What waits is written to the file as runs sorted by index and merged from
// there, so that memory holds one position a run and not one a record: ten
// million records behind one slow host cost the disk, not the process. It is
// for one goroutine.
type Ordered struct {
	w     *Writer
	opts  Options
	next  int64            // the index whose turn it is
	held  map[int64][]byte // encoded records that wait in memory; empty: skipped
	bytes int64            // what held costs
	file  *holdFile        // those that wait on disk; nil until there are any
	buf   []byte           // an early record is encoded here
}

// NewOrdered returns an Ordered that encodes and writes by way of w. Closing
// it closes w.
func NewOrdered(w *Writer, opts Options) *Ordered {
	if opts.HoldMemory == 0 {
		opts.HoldMemory = defaultHoldMemory
	}
	return &Ordered{w: w, opts: opts, held: map[int64][]byte{}}
}

// Write implements Sink. A record that cannot be encoded gives its turn away,
// so that those behind it do not wait for ever. If the temporary file cannot
// be written, the record stays in memory and Close still writes it.
func (o *Ordered) Write(r *Record) error {
	switch {
	case !r.HasIndex:
		return o.w.Write(r)
	case r.Index < o.next:
		return fmt.Errorf("record %d: %w", r.Index, ErrTwice)
	case r.Index == o.next:
		o.next++
		return errors.Join(o.w.Write(r), o.drain())
	}
	if o.w.err != nil {
		return o.w.err
	}
	buf, err := o.w.enc.Append(o.buf[:0], r)
	if err != nil {
		return errors.Join(fmt.Errorf("encode the record of %s: %w", r.URL, err), o.Skip(r.Index))
	}
	if cap(buf) <= keepCap {
		o.buf = buf
	}
	return o.hold(r.Index, slices.Clone(buf))
}

// Skip says that the index will have no record, so that nothing waits for it.
func (o *Ordered) Skip(index int64) error {
	if index < o.next {
		return fmt.Errorf("record %d: %w", index, ErrTwice)
	}
	if index > o.next {
		return o.hold(index, nil)
	}
	o.next++
	return o.drain()
}

// Flush implements Sink: what is out of its wait is written.
func (o *Ordered) Flush() error { return o.w.Flush() }

// Close implements Sink. What still waits is written in the order of the
// indexes, past those that never came: after an interrupt the output is in
// order and has gaps.
func (o *Ordered) Close() error {
	var faults []error
	early := slices.Sorted(maps.Keys(o.held))
	for o.w.err == nil {
		for len(early) > 0 && early[0] < o.next {
			early = early[1:]
		}
		turn := o.file.head()
		if len(early) > 0 {
			turn = min(turn, early[0])
		}
		if turn == noHead {
			break
		}
		o.next = max(o.next, turn)
		if err := o.drain(); err != nil {
			faults = append(faults, err)
		}
	}
	faults = append(faults, o.w.Close(), o.file.close())
	return errors.Join(faults...)
}

// drain hands on what waits, as long as it is the turn of it.
func (o *Ordered) drain() error {
	var faults []error
	for o.w.err == nil {
		if p, ok := o.held[o.next]; ok {
			delete(o.held, o.next)
			o.bytes -= int64(len(p)) + heldCost
			if err := o.pass(p); err != nil {
				faults = append(faults, err)
			}
			continue
		}
		if o.file.head() > o.next {
			break
		}
		index, p, err := o.file.take()
		if err == nil && index < o.next {
			err = fmt.Errorf("record %d: %w", index, ErrTwice)
		}
		if err == nil {
			err = o.pass(p)
		}
		if err != nil { // of ten million there may be no fault
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// pass hands on the record whose turn it is; an empty one was skipped.
func (o *Ordered) pass(p []byte) error {
	o.next++
	if len(p) == 0 {
		return nil
	}
	return o.w.WriteEncoded(p)
}

// hold lets an encoded record wait, which is the caller's no more.
func (o *Ordered) hold(index int64, p []byte) error {
	if _, twice := o.held[index]; twice {
		return fmt.Errorf("record %d: %w", index, ErrTwice)
	}
	o.held[index] = p
	o.bytes += int64(len(p)) + heldCost
	if o.bytes <= o.opts.HoldMemory {
		return nil
	}
	if o.file == nil {
		f, err := newHoldFile(o.opts.HoldDir)
		if err != nil {
			return err
		}
		o.file = f
	}
	if err := o.file.put(o.held); err != nil {
		return err
	}
	clear(o.held)
	o.bytes = 0
	return nil
}
