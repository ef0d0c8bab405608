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

	// Waiting, if set, keeps what waits beyond the end of the process, for a run
	// that may be killed and go on later, by way of Resume. It stays open.
	Waiting *Waiting
	// Turn is the index whose turn is first.
	Turn int64
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
	place Place            // of the record that Write took last
}

// NewOrdered returns an Ordered that encodes and writes by way of w. Closing
// it closes w.
func NewOrdered(w *Writer, opts Options) *Ordered {
	if opts.HoldMemory == 0 {
		opts.HoldMemory = defaultHoldMemory
	}
	return &Ordered{w: w, opts: opts, next: opts.Turn, held: map[int64][]byte{}}
}

// Write implements Sink. A record that cannot be encoded gives its turn away,
// so that those behind it do not wait for ever. If the temporary file cannot
// be written, the record stays in memory and Close still writes it.
func (o *Ordered) Write(r *Record) error {
	late := o.opts.Waiting != nil && r.HasIndex && (r.Index < o.next || o.held[r.Index] != nil)
	switch {
	case !r.HasIndex, late:
		return o.handOn(r)
	case r.Index < o.next:
		return fmt.Errorf("record %d: %w", r.Index, ErrTwice)
	case r.Index == o.next:
		o.next++
		return o.handOn(r)
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
	return o.keep(r.Index, slices.Clone(buf))
}

// handOn writes a record, and those that waited for it alone.
func (o *Ordered) handOn(r *Record) error {
	err := o.w.Write(r)
	at := o.w.last
	err = errors.Join(err, o.drain())
	o.place = Place{At: at, End: o.w.End(), Turn: o.next}
	return err
}

// keep lets an encoded record wait, beyond the end of the process if there is a
// Waiting. It is the caller's no more.
func (o *Ordered) keep(index int64, p []byte) error {
	o.place = Place{Held: true, End: o.w.End(), Turn: o.next}
	if o.opts.Waiting != nil {
		var err error
		if o.place.At, err = o.opts.Waiting.put(index, p); err != nil {
			return err
		}
	}
	return o.hold(index, p)
}

// Place implements Placer. Only with Options.Waiting can a record that is held be
// found again.
func (o *Ordered) Place() Place { return o.place }

// Resume takes back an encoded record that waited when the last run ended, which
// is the caller's no more. It is called before the first Write, in any order of
// the indexes.
func (o *Ordered) Resume(index int64, p []byte) error { return o.hold(index, p) }

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
func (o *Ordered) Flush() error {
	if o.opts.Waiting != nil {
		if err := o.opts.Waiting.flush(); err != nil {
			return err
		}
	}
	return o.w.Flush()
}

// Close implements Sink. What still waits is written in the order of the
// indexes, past those that never came: after an interrupt the output is in
// order and has gaps. With Options.Waiting it is left to the next run.
func (o *Ordered) Close() error {
	var err error
	if o.opts.Waiting == nil {
		err = o.Release()
	}
	return errors.Join(err, o.w.Close(), o.file.close())
}

// Release writes what still waits, in the order of the indexes, past those that
// never came.
func (o *Ordered) Release() error {
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
	o.place = Place{At: o.w.last, End: o.w.End(), Turn: o.next}
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
		switch {
		case err == nil && index == o.next:
			err = o.pass(p)
		case err == nil && o.opts.Waiting != nil: // two runs knew it under one index
			err = o.w.WriteEncoded(p)
		case err == nil:
			err = fmt.Errorf("record %d: %w", index, ErrTwice)
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
