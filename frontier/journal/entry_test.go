package journal

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"crawl/frontier"
)

// TestAnEntryComesBackAsItWent.
func TestAnEntryComesBackAsItWent(t *testing.T) {
	for _, e := range []Entry{
		{},
		{Key: math.MaxUint64, Index: 1<<38 - 1, Verdict: frontier.Failed, Invalid: true, At: math.MaxInt64, End: math.MaxInt64, Turn: 7},
		{Key: 1, Verdict: frontier.Duplicate, Held: true},
		{mark: true, End: 5, Turn: 3},
		{Tried: true},
		{Answered: true},
	} {
		p := e.append([]byte("x"))[1:]
		got, ok := parseEntry(p)
		if !ok || got != e || len(p) != entrySize {
			t.Errorf("%+v came back as %+v, %v, from %d bytes", e, got, ok, len(p))
		}
	}
}

// TestZerosAreNoEntry: a power cut may leave them in place of what was written.
func TestZerosAreNoEntry(t *testing.T) {
	if _, ok := parseEntry(make([]byte, entrySize)); ok {
		t.Error("they are one")
	}
}

// FuzzParseEntry: whatever a file holds, an entry is only what was written as one.
func FuzzParseEntry(f *testing.F) {
	f.Add(Entry{Key: 9, Index: 1, End: 20}.append(nil), byte(0))
	f.Add(Entry{Held: true, Invalid: true, Turn: 3}.append(nil), byte(47))
	f.Add(make([]byte, entrySize), byte(3))
	f.Fuzz(func(t *testing.T, p []byte, at byte) {
		if len(p) < entrySize {
			return
		}
		p = p[:entrySize]
		e, ok := parseEntry(p)
		if !ok {
			return
		}
		if e.Index < 0 || e.At < 0 || e.End < 0 || e.Turn < 0 || e.Verdict > frontier.Duplicate {
			t.Errorf("%+v is no entry", e)
		}
		if again, ok := parseEntry(e.append(nil)); !ok || again != e {
			t.Errorf("%+v became %+v", e, again)
		}
		torn := bytes.Clone(p)
		torn[int(at)%entrySize] ^= 1
		if _, ok := parseEntry(torn); ok {
			t.Errorf("with byte %d changed it is an entry still", at)
		}
	})
}

// FuzzLoad: whatever the file holds, Load says so and leaves it alone, or counts what is whole, and
// what is appended then is there.
func FuzzLoad(f *testing.F) {
	whole := append([]byte(head), Entry{Key: 9, Index: 1, End: 20}.append(nil)...)
	f.Add(whole, int64(20))
	f.Add(append(whole, whole...), int64(0))
	f.Add(append(whole, Entry{Key: 8, Held: true, Index: 2, End: 20}.append(nil)...), int64(90))
	f.Add(append(append(whole, make([]byte, 70)...), whole...), int64(90))
	f.Add(append(whole, "garbage that is longer than an entry, garbage that is"...), int64(90))
	f.Add([]byte("craw"), int64(0))
	f.Add([]byte{}, int64(-1))
	f.Fuzz(func(t *testing.T, text []byte, length int64) {
		dir := t.TempDir()
		check(t, writeMeta(dir, newKey(), nil))
		check(t, os.WriteFile(filepath.Join(dir, "journal"), text, 0o600))
		j := must(Open(dir, Options{}))(t)
		found, err := j.Load(Output{Length: lengthOf(length), Held: func(e Entry) bool { return e.Index%2 == 0 }})
		if err != nil {
			j.Close()
			var foreign *ForeignError
			if now := must(os.ReadFile(filepath.Join(dir, "journal")))(t); !errors.As(err, &foreign) || !bytes.Equal(now, text) {
				t.Errorf("%v; the file is %q", err, now)
			}
			return
		}
		if length >= 0 && found.End > length {
			t.Errorf("%+v of an output of %d bytes", found, length)
		}
		check(t, j.Append(Entry{Key: 3, Index: 4, End: found.End, Turn: found.Turn}))
		check(t, j.Close())
		j = must(Open(dir, Options{}))(t)
		defer j.Close()
		again, err := j.Load(Output{Length: lengthOf(length), Held: func(Entry) bool { return true }})
		if err != nil || again.Done() != found.Done()+1 {
			t.Errorf("%+v, and with one more %+v, %v", found, again, err)
		}
	})
}

// TestStartUpOnManyLines: it takes no memory for each but its place in the
// tables. The time is only told.
func TestStartUpOnManyLines(t *testing.T) {
	n := 10_000_000
	if testing.Short() || os.Getenv("CRAWL_LARGE") == "" {
		n = 300_000
	}
	dir := t.TempDir()
	j, _ := open(t, dir)
	rnd := rand.New(rand.NewPCG(1, 2))
	batch := make([]Entry, 0, 512)
	for i := range n {
		batch = append(batch, Entry{Key: rnd.Uint64(), Index: int64(i), At: int64(i) * 300, End: int64(i)*300 + 300})
		if len(batch) == cap(batch) || i == n-1 {
			check(t, j.Append(batch...))
			batch = batch[:0]
		}
	}
	check(t, j.Close())
	began := time.Now()
	j, found := open(t, dir)
	t.Logf("%d lines in %v", n, time.Since(began))
	defer j.Close()
	if found.OK != int64(n) {
		t.Errorf("found %+v", found)
	}
	allocs := testing.AllocsPerRun(1, func() { check(t, j.each(j.size, func(Entry) error { return nil })) })
	if allocs > 20 {
		t.Errorf("reading %d entries allocates %.0f times", n, allocs)
	}
}
