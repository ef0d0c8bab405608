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
	// Lines is how many there were, blank ones not counted; of a JSON array, its
	// elements.
	Lines int64
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

// Read adds the records of one output of a run, JSON Lines or a JSON array,
// under a name that the page shows. Anything else in it is passed over and
// counted. It blocks while src does. An error is src's, or why ctx ended; what
// was read before it is in the report.
func (r *Report) Read(ctx context.Context, name string, src io.Reader) (Skipped, error) {
	in := &input{report: r, source: &source{Name: name}}
	r.sources = append(r.sources, in.source)
	br := bufio.NewReaderSize(src, 256<<10)
	if bom, _ := br.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = br.Discard(3) // it is there
	}
	first, err := firstByte(br)
	switch {
	case err == io.EOF:
		return in.skipped, nil
	case err != nil:
		return in.skipped, err
	case first == '[':
		err = in.array(ctx, br)
	default:
		err = in.lines(ctx, br)
	}
	return in.skipped, err
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

// take adds one object, which stands at a line.
func (in *input) take(line int64, object []byte) {
	rec, err := decode(object)
	if err != nil {
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
			in.take(n, line)
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

// array reads one JSON array. What follows a fault of its syntax cannot be told
// apart any more, and counts as one element that is no record.
func (in *input) array(ctx context.Context, br *bufio.Reader) error {
	bounded := &io.LimitedReader{R: br, N: maxLine}
	source := &faulty{r: bounded}
	dec := json.NewDecoder(source)
	_, _ = dec.Token() // the bracket is there
	n := int64(1)
	for ; dec.More(); n++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		bounded.N = maxLine
		var element json.RawMessage
		if err := dec.Decode(&element); err != nil {
			return in.broken(n, source.err, bounded.N == 0, err)
		}
		in.take(n, element)
	}
	if _, err := dec.Token(); err != nil {
		return in.broken(n, source.err, bounded.N == 0, err)
	}
	return nil
}

// broken is the end of an array that has none: fault is the reader's, if there
// was one, err the decoder's.
func (in *input) broken(n int64, fault error, long bool, err error) error {
	switch {
	case fault != nil:
		return fault
	case long:
		err = errLong
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
