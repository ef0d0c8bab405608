package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestAGrownOutputGoesOnWhereItWasCut: what was whole stays, and the file is never
// another.
func TestAGrownOutputGoesOnWhereItWasCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	g, err := Grow(path)
	must(t, err)
	if g.Length() != 0 || g.Name() != path || !g.Whole(0) || g.Whole(1) {
		t.Errorf("a new file has %d bytes", g.Length())
	}
	g.Write([]byte("one\n"))
	g.Write([]byte("two\nthr"))
	holds(t, path, "one\ntwo\nthr") // and each byte is there at once
	must(t, g.Sync())
	must(t, g.Close())
	before, err := os.Stat(path)
	must(t, err)

	g, err = Grow(path)
	must(t, err)
	for end, want := range []bool{true, false, false, false, true, false, false, false, true, false, false, false, false} {
		if g.Whole(int64(end)) != want {
			t.Errorf("a line ends at %d: %v", end, !want)
		}
	}
	if g.Whole(-1) {
		t.Error("a line ends at -1")
	}
	must(t, g.Cut(8))
	g.Write([]byte("four\n"))
	must(t, g.Close())
	holds(t, path, "one\ntwo\nfour\n")
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("it is another file (%v)", err)
	}
}

// TestAGrownOutputIsAppendedTo: without a cut, too.
func TestAGrownOutputIsAppendedTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	must(t, os.WriteFile(path, []byte("old\n"), 0o600))
	g, err := Grow(path)
	must(t, err)
	w := NewWriterAt(g, JSONL{}, g.Length())
	must(t, w.Write(&Record{URL: "x"}))
	if p := w.Place(); p.At != 4 || p.End != w.End() || p.End <= 4 {
		t.Errorf("the record stands at %+v", p)
	}
	must(t, w.Close())
	must(t, g.Close())
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "old\n{") || int64(len(text)) != w.Offset() {
		t.Errorf("%q, %v, offset %d", text, err, w.Offset())
	}
}

// framed is a format with a head.
type framed struct{}

func (framed) Append(dst []byte, r *Record) ([]byte, error) {
	return append(append(dst, r.URL...), '\n'), nil
}
func (framed) Head() string    { return "head\n" }
func (framed) Between() string { return "" }
func (framed) Tail() string    { return "" }

// TestAHeadComesOnce: not again where a file grows on.
func TestAHeadComesOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	for range 2 {
		g, err := Grow(path)
		must(t, err)
		w := NewWriterAt(g, framed{}, g.Length())
		must(t, w.Write(&Record{URL: "x"}))
		must(t, w.Close())
		must(t, g.Close())
	}
	holds(t, path, "head\nx\nx\n")
}

// TestAWriteThatFailsLeavesNoHalfRecord: the error names the path, and nothing is
// written after it.
func TestAWriteThatFailsLeavesNoHalfRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	g, err := Grow(path)
	must(t, err)
	g.Write([]byte("one\n"))
	real := g.f
	defer real.Close()
	g.f, err = os.Open(path) // cannot be written
	must(t, err)
	defer g.f.Close()
	for range 2 {
		_, err := g.Write([]byte("two\n"))
		var at *fs.PathError
		if !errors.As(err, &at) || at.Path != path {
			t.Errorf("error %v", err)
		}
	}
	holds(t, path, "one\n")
}

// TestWhatCannotGrow: a device, a FIFO, a directory; none of them is opened.
func TestWhatCannotGrow(t *testing.T) {
	dir := t.TempDir()
	_, err := Grow(dir)
	wants(t, err, syscall.EISDIR)
	if _, err = Grow(filepath.Join(dir, "missing", "out")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that is not there: %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for _, path := range []string{"/dev/null", "/dev/stdout"} {
		_, err := Grow(path)
		wants(t, err, ErrNotRegular)
	}
}

// TestAGrownOutputBehindALink: the link stays one.
func TestAGrownOutputBehindALink(t *testing.T) {
	dir := t.TempDir()
	link, path := filepath.Join(dir, "link"), filepath.Join(dir, "out")
	if err := os.Symlink("out", link); err != nil {
		t.Skip(err)
	}
	g, err := Grow(link)
	must(t, err)
	g.Write([]byte("one\ntwo\n"))
	p, err := NewPruner(link)
	must(t, err)
	prune(t, p, "ny")
	must(t, p.Commit())
	must(t, g.Reopen())
	g.Write([]byte("three\n"))
	must(t, g.Close())
	holds(t, path, "two\nthree\n")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is one no more (%v)", err)
	}
}

// TestAHeadIsNotRepeatedWhereOthersCount: an output that cannot be looked at, such as
// a pipe, has its head all the same.
func TestAHeadIsNotRepeatedWhereOthersCount(t *testing.T) {
	out := &chunks{}
	w := NewWriter(out, framed{})
	w.Opened()
	must(t, w.Write(&Record{URL: "x"}))
	must(t, w.Close())
	if got := strings.Join(out.writes, ""); got != "x\n" || w.Offset() != 2 {
		t.Errorf("wrote %q, offset %d", got, w.Offset())
	}
}

// TestAPlaceIsThatOfTheRecordAlone: the head and what stands between are before it.
func TestAPlaceIsThatOfTheRecordAlone(t *testing.T) {
	w := NewWriter(&chunks{}, list{})
	for i, want := range []Place{{At: 2, End: 4}, {At: 6, End: 8}, {At: 10, End: 12}} {
		if i == 2 {
			must(t, w.WriteEncoded([]byte("x\n")))
		} else {
			must(t, w.Write(&Record{URL: "x"}))
		}
		if got := w.Place(); got != want {
			t.Errorf("record %d: %+v, want %+v", i, got, want)
		}
	}
}
