package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// chunks remembers each write, and fails with err once it has taken room bytes.
type chunks struct {
	writes []string
	room   int
	err    error
}

func (c *chunks) Write(p []byte) (int, error) {
	if c.room > 0 && len(p) > c.room {
		n := c.room
		c.writes = append(c.writes, string(p[:n]))
		return n, c.err
	}
	c.room -= len(p)
	c.writes = append(c.writes, string(p))
	return len(p), nil
}

// lines is a format for tests: the URL on a line; "bad" cannot be encoded.
type lines struct{}

var errBad = errors.New("no such value")

func (lines) Append(dst []byte, r *Record) ([]byte, error) {
	dst = append(append(dst, r.URL...), '\n')
	if r.URL == "bad" {
		return dst, errBad
	}
	return dst, nil
}

// list is a format with something around and between its records.
type list struct{ lines }

func (list) Head() string    { return "[\n" }
func (list) Between() string { return ",\n" }
func (list) Tail() string    { return "]\n" }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFrameWithoutRecordsIsLeftOutWhereNobodyWantsIt(t *testing.T) {
	for _, bare := range []bool{false, true} {
		for n, want := range []string{"[\n]\n", "[\nu\n]\n"} {
			out := &chunks{}
			w := NewWriter(out, list{})
			if bare {
				w.NoFrameAlone()
			}
			for range n {
				must(t, w.Write(&Record{URL: "u"}))
			}
			must(t, w.Close())
			if bare && n == 0 {
				want = ""
			}
			if got := strings.Join(out.writes, ""); got != want {
				t.Errorf("bare %v, %d records: %q, want %q", bare, n, got, want)
			}
		}
	}
}

func TestRecordsAreWrittenInBatchesAndNeverSplit(t *testing.T) {
	out := &chunks{}
	w := NewWriter(out, lines{})
	url := strings.Repeat("u", 999)
	for range 1000 {
		must(t, w.Write(&Record{URL: url}))
	}
	if n := len(out.writes); n != 15 {
		t.Errorf("%d writes of a million bytes before the flush, want 15", n)
	}
	must(t, w.Close())
	total := 0
	for i, s := range out.writes {
		if !strings.HasSuffix(s, "\n") || len(s)%1000 != 0 {
			t.Errorf("write %d splits a record", i)
		}
		total += len(s)
	}
	if total != 1_000_000 || w.Offset() != 1_000_000 {
		t.Errorf("%d bytes came, offset %d, want a million", total, w.Offset())
	}
}

func TestFlushWritesAtOnceAndAnEmptyOneNothing(t *testing.T) {
	out := &chunks{}
	w := NewWriter(out, lines{})
	must(t, w.Flush())
	must(t, w.Write(&Record{URL: "a"}))
	if len(out.writes) != 0 || w.Offset() != 0 || w.End() != 2 {
		t.Errorf("before the flush: %q, offset %d, end %d", out.writes, w.Offset(), w.End())
	}
	must(t, w.Flush())
	must(t, w.Flush())
	must(t, w.Close())
	if fmt.Sprintf("%q", out.writes) != `["a\n"]` || w.Offset() != 2 || w.End() != 2 {
		t.Errorf("after it: %q, offset %d, end %d", out.writes, w.Offset(), w.End())
	}
}

func TestARecordThatCannotBeEncodedLosesItselfAlone(t *testing.T) {
	for _, enc := range []Encoder{lines{}, list{}} {
		var out bytes.Buffer
		w := NewWriter(&out, enc)
		wants(t, w.Write(&Record{URL: "bad"}), errBad)
		must(t, w.Write(&Record{URL: "a"}))
		wants(t, w.Write(&Record{URL: "bad"}), errBad)
		must(t, w.Write(&Record{URL: "b"}))
		must(t, w.Close())
		if got := strings.Trim(strings.ReplaceAll(out.String(), ",", ""), "[]\n"); got != "a\n\nb" && got != "a\nb" {
			t.Errorf("%T: wrote %q", enc, out.String())
		}
	}
}

func TestAFramedFormatIsWholeWithAnyNumberOfRecords(t *testing.T) {
	for n, want := range []string{"[\n]\n", "[\n0\n]\n", "[\n0\n,\n1\n]\n", "[\n0\n,\n1\n,\n2\n]\n"} {
		var out bytes.Buffer
		w := NewWriter(&out, list{})
		for i := range n {
			must(t, w.Write(&Record{URL: fmt.Sprint(i)}))
			must(t, w.Flush())
		}
		must(t, w.Close())
		if out.String() != want {
			t.Errorf("%d records: %q, want %q", n, out.String(), want)
		}
	}
}

func TestAnErrorOfTheOutputIsFinalAndKeepsItsCause(t *testing.T) {
	out := &chunks{room: 3, err: syscall.ENOSPC}
	w := NewWriter(out, lines{})
	must(t, w.Write(&Record{URL: "aaaa"}))
	wants(t, w.Flush(), syscall.ENOSPC)
	if w.Offset() != 3 {
		t.Errorf("offset %d after a write that broke off at 3", w.Offset())
	}
	wants(t, w.Write(&Record{URL: "b"}), syscall.ENOSPC)
	wants(t, w.WriteEncoded([]byte("b\n")), syscall.ENOSPC)
	wants(t, w.Flush(), syscall.ENOSPC)
	wants(t, w.Close(), syscall.ENOSPC)
	if len(out.writes) != 1 {
		t.Errorf("wrote on after an error: %q", out.writes)
	}
}

func TestAShortWriteIsAnError(t *testing.T) {
	w := NewWriter(&chunks{room: 1}, lines{})
	must(t, w.Write(&Record{URL: "aaaa"}))
	wants(t, w.Flush(), io.ErrShortWrite)
}

func TestAReaderThatWentAwayIsABrokenPipe(t *testing.T) {
	r, p, err := os.Pipe()
	must(t, err)
	defer p.Close()
	w := NewWriter(p, lines{})
	must(t, w.Write(&Record{URL: "a"}))
	must(t, w.Flush())
	r.Close()
	must(t, w.Write(&Record{URL: "b"}))
	wants(t, w.Close(), syscall.EPIPE)
}

func TestAFullDeviceIsNamed(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	w := NewWriter(f, lines{})
	must(t, w.Write(&Record{URL: "a"}))
	err = w.Close()
	wants(t, err, syscall.ENOSPC)
	if err == nil || !strings.Contains(err.Error(), "/dev/full") {
		t.Errorf("%v does not name the path", err)
	}
}

// nameless is a writer with a name whose errors lack it.
type nameless struct{ chunks }

func (*nameless) Name() string { return "some/path" }

func TestAnErrorWithoutAPathGetsOne(t *testing.T) {
	w := NewWriter(&nameless{chunks{room: 1, err: syscall.EIO}}, lines{})
	must(t, w.Write(&Record{URL: "aaaa"}))
	err := w.Flush()
	wants(t, err, syscall.EIO)
	if err == nil || !strings.Contains(err.Error(), "some/path") {
		t.Errorf("%v does not name the path", err)
	}
}

func TestAGiantRecordDoesNotKeepItsMemory(t *testing.T) {
	w := NewWriter(io.Discard, lines{})
	must(t, w.Write(&Record{URL: strings.Repeat("u", 4<<20)}))
	if cap(w.buf) > keepCap {
		t.Errorf("a buffer of %d bytes is kept", cap(w.buf))
	}
}

func BenchmarkWriter(b *testing.B) {
	w := NewWriter(io.Discard, JSONL{})
	r := samples()[1]
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(r); err != nil {
			b.Fatal(err)
		}
	}
}

func TestARecordIsOKOrFailedOrADuplicate(t *testing.T) {
	for _, tt := range []struct {
		r    Record
		want bool
	}{{Record{OK: true}, false}, {Record{}, true}, {Record{Duplicate: true}, false}} {
		if tt.r.Failed() != tt.want {
			t.Errorf("%+v: failed %v", tt.r, tt.r.Failed())
		}
	}
}

// TestOnATerminalEveryRecordIsWrittenAtOnce: no batch is waited for.
func TestOnATerminalEveryRecordIsWrittenAtOnce(t *testing.T) {
	out := &chunks{}
	w := NewWriter(out, list{})
	w.Prompt()
	for i := range 3 {
		must(t, w.Write(&Record{URL: "a"}))
		if len(out.writes) != i+1 {
			t.Errorf("%d writes after %d records", len(out.writes), i+1)
		}
	}
	must(t, w.Close())
	if got := strings.Join(out.writes, ""); got != "[\na\n,\na\n,\na\n]\n" {
		t.Errorf("wrote %q", got)
	}
}
