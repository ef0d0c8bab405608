package results

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// prune keeps a line for each y, and writes that out.
func prune(t *testing.T, p *Pruner, keep string) (end int64) {
	t.Helper()
	for _, c := range keep {
		var err error
		end, err = p.Next(c == 'y')
		must(t, err)
	}
	must(t, p.Finish())
	return end
}

// TestAPrunedFileHasTheLinesThatWereKept: of any length, and with the mode it had;
// until Commit it is as it was.
func TestAPrunedFileHasTheLinesThatWereKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	long := strings.Repeat("x", 3*batch)
	text := "one\n" + long + "\ntwo\n" + long + "\nthree\n"
	must(t, os.WriteFile(path, []byte(text), 0o640))
	p, err := NewPruner(path)
	must(t, err)
	if end := prune(t, p, "ynnyy"); end != int64(len("one\n")+len(long)+1+len("three\n")) {
		t.Errorf("%d bytes were kept", end)
	}
	holds(t, path, text)
	must(t, p.Commit())
	holds(t, path, "one\n"+long+"\nthree\n")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	only(t, dir, "out")
	must(t, p.Commit()) // it was done before
	p.Discard()
	holds(t, path, "one\n"+long+"\nthree\n")
}

// TestACommitIsMadeUpFor: by the next run, which finds what the killed one left.
func TestACommitIsMadeUpFor(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, strings.Repeat("o", 240))
	must(t, os.WriteFile(path, []byte("one\ntwo\n"), 0o600))
	p, err := NewPruner(path)
	must(t, err)
	prune(t, p, "ny")
	again, err := NewPruner(path)
	must(t, err)
	must(t, again.Commit())
	holds(t, path, "two\n")
}

// TestADiscardedPruningIsGone: finished or not, and what a killed run left is never
// in the way.
func TestADiscardedPruningIsGone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	must(t, os.WriteFile(path, []byte("one\ntwo\n"), 0o600))
	for _, keep := range []string{"", "y", "yn"} {
		killed, err := NewPruner(path)
		must(t, err)
		prune(t, killed, "yy")
		p, err := NewPruner(path)
		must(t, err)
		for _, c := range keep {
			_, err := p.Next(c == 'y')
			must(t, err)
		}
		p.Discard()
		only(t, dir, "out")
	}
	holds(t, path, "one\ntwo\n")
}

// TestALineThatIsNotWhole: is told, as is a file that is not there.
func TestALineThatIsNotWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	must(t, os.WriteFile(path, []byte("one\ntw"), 0o600))
	p, err := NewPruner(path)
	must(t, err)
	_, err = p.Next(true)
	must(t, err)
	_, err = p.Next(true)
	var at *fs.PathError
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.As(err, &at) || at.Path != path {
		t.Errorf("error %v", err)
	}
	p.Discard()
	must(t, os.Remove(path))
	p, err = NewPruner(path)
	must(t, err)
	_, err = p.Next(true)
	wants(t, err, fs.ErrNotExist)
	must(t, p.Finish())
}

// TestAPrunedFileKeepsItsHead: whichever records go, all of them included.
func TestAPrunedFileKeepsItsHead(t *testing.T) {
	for keep, want := range map[string]string{"yy": "head\none\ntwo\n", "ny": "head\ntwo\n", "nn": "head\n", "": "head\none\ntwo\n"} {
		path := filepath.Join(t.TempDir(), "out")
		must(t, os.WriteFile(path, []byte("head\none\ntwo\n"), 0o600))
		p, err := NewPruner(path)
		must(t, err)
		p.Headed = true
		if end := prune(t, p, keep); keep != "" && end != int64(len(want)) {
			t.Errorf("%q: %d bytes were kept", keep, end)
		}
		must(t, p.Commit())
		holds(t, path, want)
	}
}

// Records are taken out by where they begin, whatever their length, and the head
// stays.
func TestRecordsAreTakenOutByTheirPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	long := strings.Repeat("x", 2*batch)
	text := "head\nfirst\n" + long + "\nthird\nlast\n"
	places := map[string]int64{"first": 5, "long": 11, "third": int64(11 + len(long) + 1), "last": int64(11 + len(long) + 7)}
	for _, c := range []struct {
		without []string
		want    string
	}{
		{nil, text},
		{[]string{"first", "third"}, "head\n" + long + "\nlast\n"},
		{[]string{"long", "last"}, "head\nfirst\nthird\n"},
		{[]string{"first", "long", "third", "last"}, "head\n"},
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := NewPruner(path)
		if err != nil {
			t.Fatal(err)
		}
		p.Headed = true
		var starts []int64
		for _, name := range c.without {
			starts = append(starts, places[name])
		}
		end, err := p.Without(starts)
		if err != nil || end != int64(len(c.want)) {
			t.Errorf("without %q: %d bytes, want %d, %v", c.without, end, len(c.want), err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Error("the file changed before Commit")
		}
		if err := p.Commit(); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("without %q: %.40q", c.without, got)
		}
	}

	p, err := NewPruner(path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Discard()
	if _, err := p.Without([]int64{2}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("where no record begins: %v", err)
	}
}
