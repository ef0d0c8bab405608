package report

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is how long a record may be: it holds with any -max-body, and bounds
// the memory for a file that has no lines.
const maxLine = 64 << 20

// Skipped is what of an input was no record.
type Skipped struct {
	// Lines is how many there were, blank ones not counted; where Elements is set,
	// they are the elements of a JSON array, or objects that stand on several lines.
	Lines    int64
	Elements bool
	// Torn says that the end of the input is cut off, as a killed run leaves it: its
	// last line or element, which is not among Lines, or the end of what gzip packed.
	Torn bool
	// First is the first of them, counted from 1, and Why says what is wrong with
	// it, in words for people.
	First int64
	Why   error
}

func (s *Skipped) add(line int64, why error) {
	if s.Lines++; s.Lines == 1 {
		s.First, s.Why = line, why
	}
}

// errLong is of a line that is passed over, unread.
var errLong = fmt.Errorf("it is longer than %d MiB", maxLine>>20)

// Read adds the records of one output of a run, under a name that the page shows:
// JSON Lines, a JSON array or JSON objects that stand on several lines, packed by
// gzip (RFC 1952) or not. Anything else in it is passed over and counted. It blocks
// while src does. An error is src's, gzip's, a *FormatError, or why ctx ended; what
// was read before it is in the report.
func (r *Report) Read(ctx context.Context, name string, src io.Reader) (Skipped, error) {
	in := &input{report: r, source: &source{Name: cut(name, maxURL)}}
	r.sources = append(r.sources, in.source)
	br, packed, err := unpacked(src)
	if err == nil {
		err = in.read(ctx, br)
	}
	if packed && errors.Is(err, io.ErrUnexpectedEOF) {
		in.skipped.Torn, err = true, nil
	}
	return in.skipped, err
}

// read reads what is not packed.
func (in *input) read(ctx context.Context, br *bufio.Reader) error {
	if bom, _ := br.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = br.Discard(3) // it is there
	}
	first, err := firstByte(br)
	switch {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case first == '[':
		return in.values(ctx, br, true)
	}
	head, _ := br.Peek(4 << 10) // what there is
	switch err := known(head); {
	case err != nil:
		return err
	case isSpread(head):
		return in.values(ctx, br, false)
	}
	return in.lines(ctx, br)
}

// firstByte is the first one that is no white space, left unread. Only spaces in
// front of it are taken, so that lines are counted right.
func firstByte(br *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		head, err := br.Peek(n)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return ' ', nil
		case err != nil:
			return 0, err
		case !bytes.ContainsRune([]byte(" \t\r\n"), rune(head[n-1])):
			return head[n-1], nil
		}
	}
}

// input is one that is being read.
type input struct {
	report  *Report
	source  *source
	skipped Skipped
}

// take adds one object, which stands at a line; last is that nothing comes behind
// it, not even the end of the line.
func (in *input) take(line int64, object []byte, last bool) {
	rec, err := decode(object)
	if err != nil {
		var broken *json.SyntaxError
		if last && object[0] == '{' && errors.As(err, &broken) && broken.Offset >= int64(len(object)) {
			in.skipped.Torn = true
			return
		}
		in.skipped.add(line, err)
		return
	}
	in.source.Records++
	if rec.Failed() {
		in.source.Failed++
	}
	in.report.Add(rec)
}

// lines reads JSON Lines.
func (in *input) lines(ctx context.Context, br *bufio.Reader) error {
	var line []byte
	for n := int64(1); ; n++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var long bool
		var err error
		line, long, err = readLine(br, line[:0])
		if err != nil && err != io.EOF {
			return err
		}
		switch {
		case long:
			in.skipped.add(n, errLong)
		case len(bytes.TrimSpace(line)) > 0:
			in.take(n, bytes.TrimSpace(line), err == io.EOF)
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readLine appends the next line to buf. Of one that is too long it keeps
// nothing.
func readLine(br *bufio.Reader, buf []byte) (line []byte, long bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if long = long || len(buf)+len(part) > maxLine; long {
			buf = buf[:0]
		} else {
			buf = append(buf, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, long, err
		}
	}
}

// values reads the elements of one JSON array, or objects one after another. What
// follows a fault of the syntax cannot be told apart any more, and counts as one
// element that is no record.
func (in *input) values(ctx context.Context, br *bufio.Reader, inArray bool) error {
	in.skipped.Elements = true
	bounded := &io.LimitedReader{R: br, N: maxLine}
	source := &faulty{r: bounded}
	dec := json.NewDecoder(source)
	if inArray {
		_, _ = dec.Token() // the bracket is there
	}
	n := int64(1)
	for ; !inArray || dec.More(); n++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		bounded.N = maxLine
		var element json.RawMessage
		err := dec.Decode(&element)
		if err == io.EOF && !inArray && source.err == nil && bounded.N > 0 {
			return nil
		}
		if err != nil {
			return in.broken(n, source.err, bounded.N == 0, err)
		}
		in.take(n, element, false)
	}
	if _, err := dec.Token(); err != nil {
		return in.broken(n, source.err, bounded.N == 0, err)
	}
	return nil
}

// broken is where an array or an object has no end: fault is the reader's, if there
// was one, err the decoder's.
func (in *input) broken(n int64, fault error, long bool, err error) error {
	switch {
	case fault != nil:
		return fault
	case long:
		err = errLong
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		in.skipped.Torn = true
		return nil
	}
	in.skipped.add(n, err)
	return nil
}

// faulty keeps the error of its reader, which a json.Decoder mixes with its own.
type faulty struct {
	r   io.Reader
	err error
}

func (f *faulty) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}
