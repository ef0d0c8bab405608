package results

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func openWaiting(t *testing.T, path string) *Waiting {
	t.Helper()
	w, err := OpenWaiting(path)
	must(t, err)
	return w
}

// TestWhatWaitsIsTakenBack: by the next process, by its place.
func TestWhatWaitsIsTakenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "held")
	w := openWaiting(t, path)
	var places []int64
	for i, text := range []string{"seven\n", "", strings.Repeat("x", 2*batch)} {
		at, err := w.put(int64(7+i), []byte(text))
		must(t, err)
		places = append(places, at)
	}
	must(t, w.Close())
	w = openWaiting(t, path)
	defer w.Close()
	for i, want := range []string{"seven\n", "", strings.Repeat("x", 2*batch)} {
		got, end, err := w.Take(places[i], int64(7+i))
		if err != nil || string(got) != want || i < 2 && end != places[i+1] {
			t.Errorf("record %d: %d bytes to %d, %v", i, len(got), end, err)
		}
		_, _, err = w.Take(places[i], int64(8+i))
		wants(t, err, ErrNotWaiting)
		_, _, err = w.Take(places[i]+1, int64(7+i))
		wants(t, err, ErrNotWaiting)
	}
	must(t, w.Cut(places[1]))
	_, _, err := w.Take(places[1], 8)
	wants(t, err, ErrNotWaiting)
	if at, err := w.put(20, []byte("x")); err != nil || at != places[1] {
		t.Errorf("after the cut a record stands at %d, %v", at, err)
	}
	must(t, w.Sync())
	if got, _, err := w.Take(places[1], 20); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestATornRecordDoesNotWait: whatever byte of it is another, or missing.
func TestATornRecordDoesNotWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "held")
	w := openWaiting(t, path)
	_, err := w.put(7, []byte("seven\n"))
	must(t, err)
	must(t, w.Close())
	whole, err := os.ReadFile(path)
	must(t, err)
	for i := range whole {
		for _, torn := range [][]byte{whole[:i], append(append(bytes.Clone(whole[:i]), whole[i]^0x80), whole[i+1:]...)} {
			must(t, os.WriteFile(path, torn, 0o600))
			w := openWaiting(t, path)
			_, _, err := w.Take(0, 7)
			wants(t, err, ErrNotWaiting)
			must(t, w.Close())
		}
	}
}

// FuzzTake: whatever the file holds, it is no record unless it was put there.
func FuzzTake(f *testing.F) {
	head := waitingHead(7, []byte("seven\n"))
	f.Add(append(head[:], "seven\n"...), int64(0), int64(7))
	f.Add([]byte{}, int64(0), int64(0))
	f.Add(bytes.Repeat([]byte{0xff}, 40), int64(3), int64(-1))
	f.Fuzz(func(t *testing.T, text []byte, at, index int64) {
		path := filepath.Join(t.TempDir(), "held")
		must(t, os.WriteFile(path, text, 0o600))
		w := openWaiting(t, path)
		defer w.Close()
		p, end, err := w.Take(at, index)
		if err != nil {
			wants(t, err, ErrNotWaiting)
			return
		}
		head := waitingHead(index, p)
		if want := append(head[:], p...); !bytes.Equal(text[at:end], want) {
			t.Errorf("%q was taken from %q", p, text[at:end])
		}
	})
}

// killed is one line of a journal: what it says of a record that was settled.
type killed struct {
	index int64
	place Place
}

// TestInputOrderThroughKills: records come in any order, in batches; at some
// moment all is lost but what was flushed, and of the journal some more; the next
// run goes on. In the end each record stands in the output once, in its order.
func TestInputOrderThroughKills(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		n := int64(1 + rnd.IntN(200))
		var journal []killed
		for runs := 0; ; runs++ {
			if runs == 20 {
				rnd = rand.New(rand.NewPCG(seed, 2)) // enough of it
			}
			if journal = orderedRun(t, rnd, dir, n, journal, runs >= 20); int64(len(journal)) == n {
				break
			}
		}
		var want strings.Builder
		for i := range n {
			fmt.Fprintf(&want, "u%d\n", i)
		}
		holds(t, filepath.Join(dir, "out"), "head\n"+want.String())
	}
}

// orderedRun is one of them. It returns the journal, which grows from run to run.
func orderedRun(t *testing.T, rnd *rand.Rand, dir string, n int64, journal []killed, last bool) []killed {
	t.Helper()
	g, err := Grow(filepath.Join(dir, "out"))
	must(t, err)
	defer g.Close()
	wait := openWaiting(t, filepath.Join(dir, "held"))
	defer wait.f.Close() // without a flush, as a kill leaves it
	var end Place
	if len(journal) > 0 {
		end = journal[len(journal)-1].place
	}
	must(t, g.Cut(end.End))
	o := NewOrdered(NewWriterAt(g, framed{}, end.End), Options{Waiting: wait, Turn: end.Turn, HoldMemory: 1 + rnd.Int64N(2000)})
	done, used := map[int64]bool{}, int64(0)
	for _, k := range journal {
		done[k.index] = true
		if k.place.Held && k.index >= end.Turn {
			p, to, err := wait.Take(k.place.At, k.index)
			must(t, err)
			must(t, o.Resume(k.index, p))
			used = to
		}
	}
	must(t, wait.Cut(used))
	var left []int64
	for i := range n {
		if !done[i] {
			left = append(left, i)
		}
	}
	rnd.Shuffle(len(left), func(a, b int) { left[a], left[b] = left[b], left[a] })
	if !last {
		left = left[:rnd.IntN(len(left)+1)]
	}
	var batch []killed
	for _, i := range left {
		must(t, o.Write(&Record{HasIndex: true, Index: i, URL: fmt.Sprint("u", i)}))
		batch = append(batch, killed{i, o.Place()})
		if rnd.IntN(5) == 0 || last {
			must(t, o.Flush())
			journal, batch = append(journal, batch...), nil
		}
	}
	if len(batch) > 0 { // of the last batch not all, or nothing, came so far
		must(t, o.Flush())
		journal = append(journal, batch[:rnd.IntN(len(batch))]...)
	}
	must(t, o.file.close())
	return journal
}

// TestARecordWhoseTurnWasBefore: in a list that has changed, is written at once;
// so is one that comes under an index that waits already.
func TestARecordWhoseTurnWasBefore(t *testing.T) {
	for _, memory := range []int64{0, 1} {
		var b bytes.Buffer
		wait := openWaiting(t, filepath.Join(t.TempDir(), "held"))
		o := NewOrdered(NewWriter(&b, framed{}), Options{Waiting: wait, Turn: 3, HoldMemory: memory})
		must(t, o.Resume(4, []byte("old 4\n")))
		for _, r := range []Record{{Index: 1, URL: "late 1"}, {Index: 4, URL: "new 4"}, {Index: 6, URL: "6"}, {Index: 3, URL: "3"}} {
			r.HasIndex = true
			must(t, o.Write(&r))
		}
		must(t, o.Flush())
		want := "head\nlate 1\nnew 4\n3\nold 4\n"
		if memory == 1 {
			want = "head\nlate 1\n3\nold 4\nnew 4\n" // they are in a file, and found late
		}
		if b.String() != want || o.Place().Turn != 5 {
			t.Errorf("memory %d: %q, turn %d", memory, b.String(), o.Place().Turn)
		}
		must(t, o.Close())
		if b.String() != want {
			t.Errorf("what waits was written at the end: %q", b.String())
		}
		must(t, wait.Close())
	}
}

// TestWhatWaitsIsReleased: once the list is done, past those that never came.
func TestWhatWaitsIsReleased(t *testing.T) {
	var b bytes.Buffer
	wait := openWaiting(t, filepath.Join(t.TempDir(), "held"))
	defer wait.Close()
	o := NewOrdered(NewWriter(&b, framed{}), Options{Waiting: wait})
	for _, i := range []int64{5, 2, 7} {
		must(t, o.Write(&Record{HasIndex: true, Index: i, URL: fmt.Sprint(i)}))
		if p := o.Place(); !p.Held || p.Turn != 0 || p.End != 0 {
			t.Errorf("%d stands at %+v", i, p)
		}
	}
	must(t, o.Release())
	must(t, o.Flush())
	if p := o.Place(); b.String() != "head\n2\n5\n7\n" || p.Turn != 8 || p.End != int64(b.Len()) {
		t.Errorf("%q, at %+v", b.String(), p)
	}
	must(t, o.Close())
}
