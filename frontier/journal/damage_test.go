package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
)

// TestATornTailIsCut: at whatever byte the end came, what is whole before it
// counts, and the journal can be written on. A power cut may leave zeros.
func TestATornTailIsCut(t *testing.T) {
	for _, zeros := range []bool{false, true} {
		for at := int64(0); at < headSize+3*entrySize; at += 5 {
			if at < headSize && zeros {
				continue // it is no journal any more, see below
			}
			dir := t.TempDir()
			j, _ := open(t, dir)
			finish(t, j, frontier.OK, urls(j, 0, 3)...)
			check(t, j.Close())
			path := filepath.Join(dir, "journal")
			check(t, os.Truncate(path, at))
			if zeros {
				check(t, os.Truncate(path, headSize+5*entrySize))
			}
			whole := max(0, at-headSize) / entrySize
			j, found := open(t, dir)
			if found.OK != whole || found.End != 10*whole {
				t.Fatalf("byte %d (zeros: %v): %+v", at, zeros, found)
			}
			finish(t, j, frontier.OK, urls(j, 3, 4)...)
			check(t, j.Close())
			if j, found = open(t, dir); found.OK != whole+1 {
				t.Fatalf("byte %d (zeros: %v), and one more: %+v", at, zeros, found)
			}
			j.Close()
		}
	}
}

// TestASectorThatAPowerCutLeftOutIsCut: disks do not write in order.
func TestASectorThatAPowerCutLeftOutIsCut(t *testing.T) {
	const sector = 512
	dir := t.TempDir()
	j, _ := open(t, dir)
	finish(t, j, frontier.OK, urls(j, 0, 30)...)
	check(t, j.Close())
	path := filepath.Join(dir, "journal")
	p := must(os.ReadFile(path))(t)
	clear(p[sector : 2*sector])
	check(t, os.WriteFile(path, p, 0o600))
	j, found := open(t, dir)
	if want := (sector - headSize) / entrySize; found.OK != want {
		t.Errorf("%+v, want %d", found, want)
	}
	j.Close()
}

// TestADamagedJournalIsToldAndLeftAlone: what no torn write leaves is not cut off,
// as the output would be with it. What is cut off by hand is done again.
func TestADamagedJournalIsToldAndLeftAlone(t *testing.T) {
	for at := headSize; at < headSize+3*entrySize-1; at += 5 {
		dir := t.TempDir()
		j, _ := open(t, dir)
		finish(t, j, frontier.OK, urls(j, 0, 3)...)
		check(t, j.Close())
		whole := (at - headSize) / entrySize
		path := filepath.Join(dir, "journal")
		p, err := os.ReadFile(path)
		check(t, err)
		p[at] ^= 0x55
		switch last := headSize + (whole+1)*entrySize - 1; {
		case whole == 2:
			p[last] |= 1 // where a zero is as if torn
		case at != last:
			p[last] = 0 // as a checksum may end
		}
		check(t, os.WriteFile(path, p, 0o600))
		j = must(Open(dir, Options{Settings: settings("jsonl")}))(t)
		_, err = j.Load(Output{Length: lengthOf(30)})
		j.Close()
		var damaged *ForeignError
		if want := fmt.Sprintf("damaged after %d of its 3 entries; cut to %d bytes", whole, headSize+whole*entrySize); !errors.As(err, &damaged) || !strings.Contains(err.Error(), want) {
			t.Fatalf("byte %d: %v, want %q", at, err, want)
		}
		if now := must(os.ReadFile(path))(t); !bytes.Equal(now, p) {
			t.Fatalf("byte %d: it was changed", at)
		}
		check(t, os.Truncate(path, headSize+whole*entrySize))
		j, found := open(t, dir)
		if found.OK != whole {
			t.Errorf("byte %d: cut by hand, %+v", at, found)
		}
		j.Close()
	}
}

// TestAStateThatIsTakenAway: a journal without its name would be of no use to the
// next run.
func TestAStateThatIsTakenAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file keeps its name there")
	}
	for name, replace := range map[string]func(path string) error{
		"removed":  os.Remove,
		"replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		dir, now := t.TempDir(), time.Unix(1e9, 0)
		j := must(Open(dir, Options{Settings: settings("jsonl"), Now: func() time.Time { return now }}))(t)
		must(j.Load(Output{}))(t)
		check(t, replace(filepath.Join(dir, "journal")))
		now = now.Add(syncEvery)
		err := j.Append(Entry{Key: 1})
		var at *os.PathError
		if !errors.Is(err, ErrRemoved) || !errors.As(err, &at) || at.Path != filepath.Join(dir, "journal") {
			t.Errorf("%s: %v", name, err)
		}
		if err := j.Close(); !errors.Is(err, ErrRemoved) {
			t.Errorf("%s: closed, %v", name, err)
		}
	}
}

// TestAnOutputThatLacksRecords: their entries are dropped, and their lines done
// again.
func TestAnOutputThatLacksRecords(t *testing.T) {
	for _, c := range []struct {
		length int64
		whole  func(int64) bool
		want   int64
	}{
		{30, nil, 3},
		{29, nil, 2},
		{1000, nil, 3},
		{0, nil, 0},
		{-1, nil, 3}, // it cannot be cut back
		{30, func(end int64) bool { return end <= 20 }, 2},
		{30, func(end int64) bool { return false }, 0},
	} {
		dir := t.TempDir()
		j, _ := open(t, dir)
		finish(t, j, frontier.OK, urls(j, 0, 3)...)
		check(t, j.Close())
		j, found := load(t, dir, Output{Length: lengthOf(c.length), Whole: c.whole})
		if found.OK != c.want || found.End != 10*c.want {
			t.Errorf("length %d: %+v, want %d", c.length, found, c.want)
		}
		if got := fates(j, urls(j, 0, 3)...); got != "dddnnn"[3-c.want:6-c.want] {
			t.Errorf("length %d: lines are %s", c.length, got)
		}
		check(t, j.Close())
		if j, found = open(t, dir); found.OK != c.want {
			t.Errorf("length %d: afterwards %+v", c.length, found)
		}
		j.Close()
	}
}
