package cli

import (
	"fmt"
	"sync/atomic"

	"crawl/fetch"
	"crawl/results"
)

// brief is text for a terminal, where the lines that an interrupted run never
// began are counted and not shown one by one: thousands of rows that all say the
// same would scroll away what was done. Files and pipes have every record.
type brief struct {
	results.Text
	width  func() int // of the terminal, now; nil: any
	hidden atomic.Int64
}

// Append implements results.Encoder.
func (b *brief) Append(dst []byte, r *results.Record) ([]byte, error) {
	if kind := fetch.Kind(r.Error.Kind); r.Attempts == 0 && (kind == fetch.KindCancelled || kind == fetch.KindDeadline) {
		b.hidden.Add(1)
		return dst, nil
	}
	text := b.Text
	if b.width != nil {
		text.Width = b.width()
	}
	return text.Append(dst, r)
}

// omitted says how many were not shown, if any.
func (b *brief) omitted() string {
	if b == nil {
		return ""
	}
	switch n := b.hidden.Load(); n {
	case 0:
		return ""
	case 1:
		return "1 line was not begun; a file or a pipe has its record"
	default:
		return fmt.Sprintf("%s lines were not begun; a file or a pipe has their records", grouped(n))
	}
}
