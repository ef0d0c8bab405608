package journal

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
)

// TestWhatIsDoneStaysDone: through a kill, which is to leave it without Close.
func TestWhatIsDoneStaysDone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "state")
	j, found := open(t, dir)
	if found != (Found{}) || j.Known() || !j.Empty() {
		t.Fatalf("a new state holds %+v", found)
	}
	finish(t, j, frontier.OK, urls(j, 0, 3)...)
	finish(t, j, frontier.Failed, urls(j, 3, 5)...)
	j.held.lock.Close() // as the end of its process does

	j, found = open(t, dir)
	defer j.Close()
	if found != (Found{OK: 3, Failed: 2, End: 50}) || found.Done() != 5 || !j.Known() || j.Empty() {
		t.Errorf("found %+v", found)
	}
	if got := fates(j, urls(j, 0, 7)...); got != "dddddnn" || j.Met() != 5 {
		t.Errorf("lines are %s, %d were met", got, j.Met())
	}
}

// TestADuplicateNeverMarksItsRequestDone: its entry is written at once, and its
// request may be open still.
func TestADuplicateNeverMarksItsRequestDone(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	a := func(index int64) frontier.Item { return line(j, index, "http://a.example/") }
	finish(t, j, frontier.Duplicate, a(1))
	check(t, j.Close())

	j, found := open(t, dir)
	if found.Duplicates != 1 || fates(j, a(0), a(1), a(2)) != "ndr" {
		t.Errorf("%+v, or the request counts as made", found)
	}
	finish(t, j, frontier.OK, a(0))
	check(t, j.Close())

	j, _ = open(t, dir)
	defer j.Close()
	if got := fates(j, a(0), a(1), a(2)); got != "ddr" {
		t.Errorf("then it is %s", got)
	}
}

// TestLinesMatchAsOftenAsTheyAreDone: an invalid line's record is every such
// line's own, and so is a duplicate's.
func TestLinesMatchAsOftenAsTheyAreDone(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	bad, url := line(j, 0, "mailto:x"), line(j, 1, "http://a.example/")
	if bad.Invalid == nil {
		t.Fatal("the line is to be none")
	}
	finish(t, j, frontier.Failed, bad, bad)
	finish(t, j, frontier.OK, url)
	finish(t, j, frontier.Duplicate, url, url, url)
	check(t, j.Close())
	j, found := open(t, dir)
	defer j.Close()
	if found != (Found{OK: 1, Failed: 2, Duplicates: 3, End: 60}) {
		t.Errorf("found %+v", found)
	}
	if got := fates(j, bad, url, bad, url, url, bad, url, url); got != "dddddndr" {
		t.Errorf("lines are %s", got)
	}
}

// TestADuplicateRefersToTheRecordThatIsThere: to the index that it has in the
// output, whatever became of the list since.
func TestADuplicateRefersToTheRecordThatIsThere(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.OK, line(j, 7, "http://a.example/"))
	check(t, j.Close())
	j, _ = open(t, dir)
	defer j.Close()
	its := []frontier.Item{line(j, 0, "http://a.example/"), line(j, 1, "http://a.example/"), line(j, 2, "http://b.example/"), line(j, 3, "http://b.example/")}
	for i := range its {
		j.Meet(&its[i])
	}
	if its[1].DuplicateOf != 7 || its[3].DuplicateOf != 2 {
		t.Errorf("duplicates of %d and %d, want 7 and 2", its[1].DuplicateOf, its[3].DuplicateOf)
	}
}

// TestIdentity: what tells requests apart tells lines apart, and a bad line's text
// is no request's.
func TestIdentity(t *testing.T) {
	j, _ := open(t, t.TempDir())
	defer j.Close()
	plain := line(j, 0, "http://a.example/")
	head := plain
	head.Method = "HEAD"
	bad := frontier.Item{Input: plain.URL.Identity(), Invalid: errors.New("no")}
	keys := []uint64{plain.Key, j.Key(&head), j.Key(&bad), line(j, 0, "http://me:pw@a.example/").Key}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 4 {
		t.Error("two lines have one key")
	}
	if line(j, 5, "HTTP://A.example:80/").Key != plain.Key {
		t.Error("one request has two keys")
	}
}

// TestFresh: nothing is known any more, and other settings are welcome.
func TestFresh(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.OK, urls(j, 0, 3)...)
	old := urls(j, 0, 1)[0].Key
	check(t, j.Close())
	j = must(Open(dir, Options{Settings: settings("text"), Fresh: true}))(t)
	if j.Known() || !j.Empty() {
		t.Error("a fresh state is known")
	}
	found, err := j.Load(Output{})
	if err != nil || found != (Found{}) || fates(j, urls(j, 0, 3)...) != "nnn" {
		t.Errorf("fresh: %+v, %v", found, err)
	}
	if urls(j, 0, 1)[0].Key == old {
		t.Error("a fresh state has the old key")
	}
	check(t, j.Close())
	if j, err = Open(dir, Options{Settings: settings("text")}); err != nil {
		t.Fatal(err)
	}
	j.Close()
}

// TestAChangedSettingIsNamed: with what it was, and nothing is touched.
func TestAChangedSettingIsNamed(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.OK, urls(j, 0, 1)...)
	check(t, j.Close())
	for _, s := range [][]Setting{settings("text"), settings("jsonl")[:1], append(settings("jsonl"), Setting{"-fields", "url"})} {
		_, err := Open(dir, Options{Settings: s})
		var changed *ChangedError
		if !errors.As(err, &changed) || changed.Dir != dir || changed.Was == changed.Is {
			t.Errorf("%v: %v", s, err)
		}
	}
	if _, err := Open(dir, Options{Settings: settings("text")}); err.Error() != "-format text: "+dir+" was made with jsonl" {
		t.Error(err)
	}
	if j, found := open(t, dir); found.OK != 1 {
		t.Errorf("afterwards %+v", found)
	} else {
		j.Close()
	}
}

// TestWhatIsNoState: is left as it is.
func TestWhatIsNoState(t *testing.T) {
	for name, text := range map[string]string{
		"meta":    `{"version":2,"key":"00"}`,
		"meta ":   `{"version":1,"key":"00"}`,
		"meta  ":  "something else",
		"journal": "the journal of somebody's travels",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, strings.TrimSpace(name))
		check(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := Open(dir, Options{Fresh: true})
		var foreign *ForeignError
		if !errors.As(err, &foreign) || foreign.Path != path && foreign.Path != dir || !strings.HasPrefix(err.Error(), foreign.Path) {
			t.Errorf("%s: %v", text, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%s became %q, %v", text, got, err)
		}
	}
	dir := t.TempDir()
	j, _ := open(t, dir)
	check(t, j.Close())
	check(t, os.WriteFile(filepath.Join(dir, "journal"), []byte("the journal of somebody's travels"), 0o600))
	j = must(Open(dir, Options{Settings: settings("jsonl")}))(t)
	defer j.Close()
	var foreign *ForeignError
	if _, err := j.Load(Output{}); !errors.As(err, &foreign) {
		t.Errorf("a journal that is none: %v", err)
	}
}

// TestSyncIsPaced: what entries speak of is brought to the disk before them, every
// five seconds and at the end.
func TestSyncIsPaced(t *testing.T) {
	now := time.Unix(1e9, 0)
	synced := 0
	j := must(Open(t.TempDir(), Options{Now: func() time.Time { return now }, Before: func() error { synced++; return nil }}))(t)
	must(j.Load(Output{}))(t)
	for i, step := range []time.Duration{0, 4 * time.Second, 2 * time.Second, 4 * time.Second, 1 * time.Second} {
		now = now.Add(step)
		finish(t, j, frontier.OK, urls(j, i, i+1)...)
		if want := []int{0, 0, 1, 1, 2}[i]; synced != want {
			t.Errorf("after entry %d it was synced %d times, want %d", i, synced, want)
		}
	}
	check(t, j.Close())
	if synced != 3 {
		t.Errorf("at the end %d times", synced)
	}
}

// TestAnOutputThatCannotBeSynced: is told, and nothing more is noted.
func TestAnOutputThatCannotBeSynced(t *testing.T) {
	now, broken := time.Unix(1e9, 0), errors.New("disk on fire")
	j := must(Open(t.TempDir(), Options{Now: func() time.Time { return now }, Before: func() error { return broken }}))(t)
	must(j.Load(Output{}))(t)
	now = now.Add(time.Minute)
	for range 2 {
		if err := j.Append(Entry{End: 10}); !errors.Is(err, broken) {
			t.Errorf("append: %v", err)
		}
	}
	if err := j.Close(); !errors.Is(err, broken) {
		t.Errorf("close: %v", err)
	}
}

// TestAnAppendThatFailsIsNotBelieved: the error names the file, and what was
// before is still there.
func TestAnAppendThatFailsIsNotBelieved(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.OK, urls(j, 0, 2)...)
	j.f.Close()
	j.f = must(os.Open(filepath.Join(dir, "journal")))(t) // that cannot be written
	err := j.Append(Entry{Index: 2, End: 30})
	var path *fs.PathError
	if !errors.As(err, &path) || path.Path != filepath.Join(dir, "journal") {
		t.Errorf("append: %v", err)
	}
	if again := j.Append(Entry{Index: 3, End: 40}); !errors.Is(again, err) {
		t.Errorf("and again: %v", again)
	}
	j.Close()
	j, found := open(t, dir)
	defer j.Close()
	if found.OK != 2 {
		t.Errorf("afterwards %+v", found)
	}
}

// TestTheJournalIsAModelOfWhatWasDone: whatever list of few URLs, whatever was
// done of it, in whatever order, in three runs: a line is met as done as often as
// it was.
func TestTheJournalIsAModelOfWhatWasDone(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		texts := []string{"http://a.example/", "http://b.example/", "mailto:x", "http://c.example/", "ftp://d"}
		list := make([]string, 1+rnd.IntN(40))
		for i := range list {
			list[i] = texts[rnd.IntN(len(texts))]
		}
		records := make([]int, len(list))
		for range 3 {
			j, _ := open(t, dir)
			var open []frontier.Item
			verdicts := map[int64]frontier.Verdict{}
			for i, text := range list {
				it := line(j, int64(i), text)
				switch j.Meet(&it) {
				case Repeat:
					verdicts[it.Index] = frontier.Duplicate
					open = append(open, it)
				case New:
					verdicts[it.Index] = frontier.OK
					open = append(open, it)
				}
			}
			var notes []frontier.Item // they come in the list's order, whenever they come
			for _, it := range open {
				if it.Invalid != nil || verdicts[it.Index] == frontier.Duplicate {
					notes = append(notes, it)
				}
			}
			rnd.Shuffle(len(open), func(a, b int) { open[a], open[b] = open[b], open[a] })
			for _, it := range open[:rnd.IntN(len(open)+1)] {
				if it.Invalid != nil || verdicts[it.Index] == frontier.Duplicate {
					it, notes = notes[0], notes[1:]
				}
				finish(t, j, verdicts[it.Index], it)
				records[it.Index]++
			}
			check(t, j.Close())
		}
		j, found := open(t, dir)
		left := map[string]int{}
		for i, text := range list {
			it := line(j, int64(i), text)
			if j.Meet(&it) != Done {
				left[text]++
			}
			left[text] -= 1 - records[i]
			if records[i] > 1 {
				t.Fatalf("seed %d: line %d has %d records", seed, i, records[i])
			}
		}
		for text, n := range left {
			if n != 0 {
				t.Fatalf("seed %d: of %s, %d lines too many are left", seed, text, n)
			}
		}
		if j.Met() != found.Done() {
			t.Fatalf("seed %d: %d lines met, %d done", seed, j.Met(), found.Done())
		}
		j.Close()
	}
}
