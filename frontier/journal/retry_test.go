package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crawl/frontier"
)

// tape is an output of ten bytes a record, as Load's Retry and Commit have it.
type tape struct {
	records, next []string
	at            int
	fail          error
}

func (o *tape) output(retry bool) Output {
	out := Output{Length: func() int64 { return int64(10 * len(o.records)) }, Held: func(Entry) bool { return true }}
	if retry {
		o.next = []string{}
		out.Retry = func(keep bool) (int64, error) {
			if keep {
				o.next = append(o.next, o.records[o.at])
			}
			o.at++
			return int64(10 * len(o.next)), o.fail
		}
	}
	written := false
	out.Retried = func() error { written = true; return o.fail }
	out.Commit = func() error {
		if retry && !written {
			return errors.New("it is not written yet")
		}
		if o.next != nil {
			o.records, o.next, o.at = o.next, nil, 0
		}
		return o.fail
	}
	return out
}

// TestRetryForgetsWhatFailed: of the lines and of the output, and nothing else.
func TestRetryForgetsWhatFailed(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	its := urls(j, 0, 4)
	bad := line(j, 4, "mailto:x")
	finish(t, j, frontier.Failed, its[2], bad)
	finish(t, j, frontier.OK, its[1], its[0])
	finish(t, j, frontier.Duplicate, its[1])
	finish(t, j, frontier.Failed, its[3])
	check(t, j.Close())

	o := &tape{records: []string{"2", "bad", "1", "0", "dup", "3"}}
	j, found := load(t, dir, o.output(true))
	if found != (Found{OK: 2, Duplicates: 1, End: 30}) || !slices.Equal(o.records, []string{"1", "0", "dup"}) {
		t.Errorf("found %+v, output %q", found, o.records)
	}
	if got := fates(j, append(its, bad, its[1], its[1])...); got != "ddnnndr" {
		t.Errorf("lines are %s", got)
	}
	check(t, j.Append(Entry{Key: its[2].Key, Index: 2, At: 30, End: 40}))
	check(t, j.Close())
	j, found = load(t, dir, Output{Length: lengthOf(20)})
	if found != (Found{OK: 2, End: 20}) {
		t.Errorf("of 20 bytes: %+v", found) // the places are those of the new output
	}
	check(t, j.Close())
}

// TestARetryThatCannotBeMadeIsGivenUp: and the journal stays as it was.
func TestARetryThatCannotBeMadeIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.Failed, urls(j, 0, 2)...)
	check(t, j.Close())
	full, abandoned := errors.New("no space left on device"), 0
	out := Output{Abandon: func() { abandoned++ }, Retry: func(bool) (int64, error) { return 0, full }}
	j = must(Open(dir, Options{Settings: settings("jsonl")}))(t)
	if _, err := j.Load(out); !errors.Is(err, full) || abandoned != 1 {
		t.Errorf("%v; it was given up %d times", err, abandoned)
	}
	check(t, j.Close())
	out.Retry = func(bool) (int64, error) { return 0, nil }
	j = must(Open(dir, Options{Settings: settings("jsonl")}))(t)
	if found := must(j.Load(out))(t); found.Done() != 0 || abandoned != 1 {
		t.Errorf("with room %+v; it was given up %d times", found, abandoned)
	}
	check(t, j.Close())
}

// TestRetryOfAPipe: where no output can be rewritten, only the lines are
// forgotten.
func TestRetryOfAPipe(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.Failed, urls(j, 0, 2)...)
	finish(t, j, frontier.OK, urls(j, 2, 3)...)
	check(t, j.Close())
	j, found := load(t, dir, Output{Retry: func(bool) (int64, error) { return 0, nil }})
	defer j.Close()
	if found.OK != 1 || found.Failed != 0 || fates(j, urls(j, 0, 3)...) != "nnd" {
		t.Errorf("found %+v", found)
	}
}

// inOrder makes a journal of lines that ended in the order 2, 0, 1, 4, 5 and
// stand, or wait, in input order: of 0, 1, 2 is written, 4 and 5 wait. Lines 2
// and 5 failed.
func inOrder(t *testing.T, dir string) []frontier.Item {
	t.Helper()
	j, _ := open(t, dir)
	its := urls(j, 0, 7)
	check(t, j.Append(
		Entry{Key: its[2].Key, Index: 2, Held: true, At: 0, Verdict: frontier.Failed},
		Entry{Key: its[0].Key, Index: 0, At: 0, End: 10, Turn: 1},
		Entry{Key: its[1].Key, Index: 1, At: 10, End: 30, Turn: 3},
		Entry{Key: its[4].Key, Index: 4, Held: true, At: 7, End: 30, Turn: 3},
		Entry{Key: its[5].Key, Index: 5, Held: true, At: 14, End: 30, Turn: 3, Verdict: frontier.Failed},
	))
	check(t, j.Close())
	return its
}

// TestInInputOrderTheRestWaits: which records are still to come follows from the
// last entry's turn, wherever the journal ends.
func TestInInputOrderTheRestWaits(t *testing.T) {
	for n, want := range []string{"turn 0 end 0:", "turn 0 end 0: 2@0", "turn 1 end 10: 2@0", "turn 3 end 30:", "turn 3 end 30: 4@7", "turn 3 end 30: 4@7 5@14"} {
		dir := t.TempDir()
		inOrder(t, dir)
		check(t, os.Truncate(filepath.Join(dir, "journal"), headSize+int64(n)*entrySize))
		var held strings.Builder
		j, found := load(t, dir, Output{Length: lengthOf(1000), Held: func(e Entry) bool {
			fmt.Fprintf(&held, " %d@%d", e.Index, e.At)
			return true
		}})
		j.Close()
		if got := fmt.Sprintf("turn %d end %d:%s", found.Turn, found.End, held.String()); got != want || found.Done() != int64(n) {
			t.Errorf("%d entries: %s (%d done), want %s", n, got, found.Done(), want)
		}
	}
}

// TestAMarkEndsTheWait: records that were let out at the end wait no more.
func TestAMarkEndsTheWait(t *testing.T) {
	dir := t.TempDir()
	inOrder(t, dir)
	j, _ := open(t, dir)
	check(t, j.Mark(50, 7))
	check(t, j.Close())
	j, found := load(t, dir, Output{Length: lengthOf(50), Held: func(e Entry) bool {
		t.Errorf("%d waits", e.Index)
		return true
	}})
	defer j.Close()
	if found != (Found{OK: 3, Failed: 2, End: 50, Turn: 7}) {
		t.Errorf("found %+v", found)
	}
}

// TestARecordThatWaitedAndIsGone: its line is done again, for good.
func TestARecordThatWaitedAndIsGone(t *testing.T) {
	dir := t.TempDir()
	its := inOrder(t, dir)
	j, found := load(t, dir, Output{Length: lengthOf(30), Held: func(e Entry) bool { return e.Index != 4 }})
	if found != (Found{OK: 2, Failed: 2, End: 30, Turn: 3}) || fates(j, its...) != "dddnndn" {
		t.Errorf("found %+v", found)
	}
	check(t, j.Append(Entry{Key: its[3].Key, Index: 3, At: 30, End: 40, Turn: 4}))
	check(t, j.Close())
	j, found = open(t, dir)
	defer j.Close()
	if found != (Found{OK: 3, Failed: 2, End: 40, Turn: 4}) || fates(j, its...) != "ddddndn" {
		t.Errorf("and then %+v", found)
	}
}

// TestRetryInInputOrder: the records are told in the order of the output, and
// those that wait go on waiting.
func TestRetryInInputOrder(t *testing.T) {
	dir := t.TempDir()
	its := inOrder(t, dir)
	o := &tape{records: []string{"0", "1", "2"}}
	out := o.output(true)
	var held []int64
	out.Held = func(e Entry) bool { held = append(held, e.Index, e.At); return true }
	j, found := load(t, dir, out)
	defer func() { j.Close() }()
	if found != (Found{OK: 3, End: 20, Turn: 3}) || !slices.Equal(o.records, []string{"0", "1"}) || !slices.Equal(held, []int64{4, 7}) {
		t.Errorf("found %+v, output %q, held %v", found, o.records, held)
	}
	if got := fates(j, its...); got != "ddnndnn" {
		t.Errorf("lines are %s", got)
	}
	check(t, j.Close())
	if j, found = load(t, dir, o.output(false)); found != (Found{OK: 3, End: 20, Turn: 3}) {
		t.Errorf("at the next start %+v", found)
	}
}

// TestRetryOfAllKeepsTheTurn: what comes late is known as late.
func TestRetryOfAllKeepsTheTurn(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	check(t, j.Append(Entry{Key: 5, Verdict: frontier.Failed, End: 10, Turn: 1}))
	check(t, j.Close())
	o := &tape{records: []string{"0"}}
	j, found := load(t, dir, o.output(true))
	defer j.Close()
	if found != (Found{Turn: 1}) || len(o.records) != 0 {
		t.Errorf("found %+v, output %q", found, o.records)
	}
}

// TestARetryThatIsKilled: at whatever moment, the output and the journal go
// together again at the next start, with a retry or without.
func TestARetryThatIsKilled(t *testing.T) {
	killed := errors.New("killed")
	for _, c := range []struct {
		name  string
		spoil func(o *tape, out *Output, dir string)
		found Found
	}{
		{"while the output is rewritten", func(o *tape, out *Output, dir string) { o.fail = killed }, Found{OK: 2, Failed: 2, End: 40}},
		{"before the output is replaced", func(o *tape, out *Output, dir string) { out.Commit = func() error { return killed } }, Found{OK: 2, End: 20}},
		{"before the journal is replaced", func(o *tape, out *Output, dir string) {
			commit := out.Commit
			out.Commit = func() error { _ = commit(); return killed }
		}, Found{OK: 2, End: 20}},
	} {
		dir := t.TempDir()
		j, _ := open(t, dir)
		its := urls(j, 0, 4)
		finish(t, j, frontier.Failed, its[0])
		finish(t, j, frontier.OK, its[1])
		finish(t, j, frontier.Failed, its[2])
		finish(t, j, frontier.OK, its[3])
		check(t, j.Close())
		o := &tape{records: []string{"0", "1", "2", "3"}}
		out := o.output(true)
		c.spoil(o, &out, dir)
		j = must(Open(dir, Options{Settings: settings("jsonl")}))(t)
		if _, err := j.Load(out); !errors.Is(err, killed) {
			t.Fatalf("%s: %v", c.name, err)
		}
		j.held.lock.Close()
		o.fail = nil
		// What remains of it is the new output, if it was written whole.
		rest := o.output(false)
		j, found := load(t, dir, rest)
		if found != c.found || int64(10*len(o.records)) != found.End {
			t.Errorf("killed %s: %+v, output %q", c.name, found, o.records)
		}
		j.Close()
	}
}
