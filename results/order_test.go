package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// at is a record whose line shows its index.
func at(index int) *Record {
	return &Record{Index: int64(index), HasIndex: true, URL: fmt.Sprint(index)}
}

// ordered returns an Ordered with little memory that writes lines to out.
func ordered(out io.Writer, memory int64, dir string) *Ordered {
	return NewOrdered(NewWriter(out, lines{}), Options{HoldMemory: memory, HoldDir: dir})
}

func TestRecordsInAnyOrderComeOutInTheOrderOfTheirIndexes(t *testing.T) {
	const n = 100_000
	var want bytes.Buffer
	for i := range n {
		fmt.Fprintln(&want, i)
	}
	shuffles := map[string]func(rnd *rand.Rand, p []int){
		"random":      func(rnd *rand.Rand, p []int) { rnd.Shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] }) },
		"backwards":   func(_ *rand.Rand, p []int) { swapAll(p) },
		"first last":  func(_ *rand.Rand, p []int) { copy(p, p[1:]); p[n-1] = 0 },
		"near enough": func(rnd *rand.Rand, p []int) { near(rnd, p, 64) },
	}
	for name, shuffle := range shuffles {
		for _, memory := range []int64{16 << 10, 0} {
			t.Run(fmt.Sprintf("%s/%d", name, memory), func(t *testing.T) {
				dir := t.TempDir()
				perm := make([]int, n)
				for i := range perm {
					perm[i] = i
				}
				shuffle(rand.New(rand.NewPCG(3, 4)), perm)
				var got bytes.Buffer
				o := ordered(&got, memory, dir)
				for _, i := range perm {
					must(t, o.Write(at(i)))
					if limit := o.opts.HoldMemory; o.bytes > limit {
						t.Fatalf("%d bytes wait in memory, the limit is %d", o.bytes, limit)
					}
				}
				if len(o.held) != 0 || o.file.head() != noHead {
					t.Error("something waits although every index came")
				}
				must(t, o.Close())
				if !bytes.Equal(got.Bytes(), want.Bytes()) {
					t.Error("the order is wrong")
				}
				if left, _ := os.ReadDir(dir); len(left) != 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

func swapAll(p []int) {
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
}

func near(rnd *rand.Rand, p []int, window int) {
	for i := range p {
		j := min(i+rnd.IntN(window), len(p)-1)
		p[i], p[j] = p[j], p[i]
	}
}

func TestARecordWhoseTurnItIsDoesNotWait(t *testing.T) {
	var out bytes.Buffer
	o := ordered(&out, 0, t.TempDir())
	for i, want := range []string{"0\n", "0\n1\n", "0\n1\n2\n"} {
		must(t, o.Write(at(i)))
		must(t, o.Flush())
		if out.String() != want {
			t.Errorf("after record %d: %q", i, out.String())
		}
	}
	must(t, o.Write(at(4)))
	must(t, o.Flush())
	if out.String() != "0\n1\n2\n" {
		t.Errorf("record 4 did not wait for 3: %q", out.String())
	}
	must(t, o.Write(at(3)))
	must(t, o.Close())
	if out.String() != "0\n1\n2\n3\n4\n" {
		t.Errorf("at the end: %q", out.String())
	}
}

func TestARecordWithoutIndexPassesThroughAtOnce(t *testing.T) {
	var out bytes.Buffer
	o := ordered(&out, 0, "")
	must(t, o.Write(at(1)))
	must(t, o.Write(&Record{URL: "found"}))
	must(t, o.Flush())
	if out.String() != "found\n" {
		t.Errorf("wrote %q", out.String())
	}
	must(t, o.Close())
}

func TestAnInterruptedRunIsInOrderWithGaps(t *testing.T) {
	for _, memory := range []int64{1, 300, 0} {
		var out bytes.Buffer
		dir := t.TempDir()
		o := ordered(&out, memory, dir)
		var want strings.Builder
		for i := range 1000 {
			if i%7 != 0 {
				fmt.Fprintln(&want, i)
			}
		}
		for _, i := range rand.New(rand.NewPCG(5, 6)).Perm(1000) {
			if i%7 != 0 {
				must(t, o.Write(at(i)))
			}
		}
		must(t, o.Flush())
		if out.Len() != 0 {
			t.Errorf("memory %d: %q came before index 0", memory, out.String())
		}
		must(t, o.Close())
		if out.String() != want.String() {
			t.Errorf("memory %d: wrong order or loss", memory)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestASkippedIndexIsNotWaitedFor(t *testing.T) {
	for _, memory := range []int64{1, 0} {
		var out bytes.Buffer
		w := NewWriter(&out, list{})
		o := NewOrdered(w, Options{HoldMemory: memory, HoldDir: t.TempDir()})
		must(t, o.Write(at(3)))
		must(t, o.Skip(1))
		must(t, o.Skip(0))
		must(t, o.Write(at(2)))
		must(t, o.Flush())
		if out.String() != "[\n2\n,\n3\n" {
			t.Errorf("memory %d: %q", memory, out.String())
		}
		must(t, o.Close())
	}
}

func TestARecordThatCannotBeEncodedHoldsNothingUp(t *testing.T) {
	var out bytes.Buffer
	o := ordered(&out, 0, "")
	bad := at(1)
	bad.URL = "bad"
	wants(t, o.Write(bad), errBad)
	must(t, o.Write(at(2)))
	bad.Index = 0
	wants(t, o.Write(bad), errBad)
	must(t, o.Flush())
	if out.String() != "2\n" {
		t.Errorf("wrote %q", out.String())
	}
}

func TestASecondRecordOfAnIndexIsRefused(t *testing.T) {
	for _, memory := range []int64{1, 0} {
		var out bytes.Buffer
		o := ordered(&out, memory, t.TempDir())
		must(t, o.Write(at(0)))
		wants(t, o.Write(at(0)), ErrTwice)
		wants(t, o.Skip(0), ErrTwice)
		must(t, o.Write(at(2)))
		err := o.Write(at(2)) // on disk it is noticed only when its turn comes
		wants(t, errors.Join(err, o.Write(at(1))), ErrTwice)
		must(t, o.Write(at(3)))
		must(t, o.Close())
		if out.String() != "0\n1\n2\n3\n" {
			t.Errorf("memory %d: %q", memory, out.String())
		}
	}
}

func TestThePlaceOfWaitingRecordsIsGivenBack(t *testing.T) {
	o := ordered(io.Discard, 1000, t.TempDir())
	for round := range 3 {
		for i := range 100 {
			must(t, o.Write(at(round*101+i+1)))
		}
		if o.file.end == 0 {
			t.Error("nothing went to disk")
		}
		must(t, o.Write(at(round*101)))
		if info, err := o.file.f.Stat(); err != nil || info.Size() != 0 {
			t.Errorf("round %d: the file keeps %v bytes, error %v", round, info.Size(), err)
		}
	}
	must(t, o.Close())
}

func TestNoFileIsMadeWhileMemoryIsEnough(t *testing.T) {
	o := ordered(io.Discard, 0, filepath.Join(t.TempDir(), "absent"))
	for i := 1000; i >= 0; i-- {
		must(t, o.Write(at(i)))
	}
	if o.bytes != 0 {
		t.Errorf("%d bytes are said to wait, and none do", o.bytes)
	}
	must(t, o.Close())
}

func TestWhenTheHoldFileCannotBeMadeNothingIsLost(t *testing.T) {
	var out bytes.Buffer
	dir := filepath.Join(t.TempDir(), "absent")
	o := ordered(&out, 100, dir)
	must(t, o.Write(at(1)))
	err := o.Write(at(2))
	wants(t, err, os.ErrNotExist)
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("%v does not name the directory", err)
	}
	must(t, o.Close())
	if out.String() != "1\n2\n" {
		t.Errorf("wrote %q", out.String())
	}
}

func TestWhenTheHoldFileIsFullNothingIsLost(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	var out bytes.Buffer
	o := ordered(&out, 100, "")
	o.file = &holdFile{f: full}
	must(t, o.Write(at(1)))
	wants(t, o.Write(at(2)), syscall.ENOSPC)
	must(t, o.Close())
	if out.String() != "1\n2\n" {
		t.Errorf("wrote %q", out.String())
	}
}

func TestARunOfTheHoldFileThatCannotBeReadIsReportedAndTheRestWritten(t *testing.T) {
	var out bytes.Buffer
	o := ordered(&out, 200, t.TempDir())
	for i := 1; i < 6; i++ {
		must(t, o.Write(at(i)))
	}
	must(t, o.file.f.Truncate(5))
	wants(t, o.Close(), io.EOF)
	if out.String() != "5\n" {
		t.Errorf("wrote %q", out.String())
	}
}

func TestWhereAFileCannotLoseItsNameAtOnceItGoesAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	o := ordered(io.Discard, 100, dir)
	must(t, o.Write(at(1)))
	must(t, o.Write(at(2)))
	o.file.name = filepath.Join(dir, "still-there")
	must(t, os.WriteFile(o.file.name, nil, 0o600))
	must(t, o.Close())
	only(t, dir)
}

func TestRecordsLargerThanTheMemoryLimitKeepTheirOrder(t *testing.T) {
	var out bytes.Buffer
	o := ordered(&out, 1000, t.TempDir())
	var want strings.Builder
	for i := range 50 {
		want.WriteString(strings.Repeat("x", i*i*10) + "\n")
	}
	for i := 49; i >= 0; i-- {
		r := at(i)
		r.URL = strings.Repeat("x", i*i*10)
		must(t, o.Write(r))
	}
	must(t, o.Close())
	if out.String() != want.String() {
		t.Error("wrong order or loss")
	}
}

func TestReleasingManyRecordsNeedsNoMemoryForEach(t *testing.T) {
	o := ordered(io.Discard, 0, t.TempDir())
	const n = 5000 // twice, since AllocsPerRun warms up with one call
	for i := range 2 * n {
		if i%n != 0 {
			must(t, o.Write(at(i)))
		}
	}
	first := at(0)
	allocs := testing.AllocsPerRun(1, func() {
		must(t, o.Write(first))
		first.Index += n
	})
	if allocs > 10 || o.next != 2*n {
		t.Errorf("%v allocations, up to index %d", allocs, o.next)
	}
	must(t, o.Close())
}

func TestOrderEndsWhenTheReaderIsGone(t *testing.T) {
	dir := t.TempDir()
	o := ordered(&chunks{room: 1, err: syscall.EPIPE}, 100, dir)
	for i := 10; i >= 1; i-- {
		must(t, o.Write(at(i)))
	}
	must(t, o.Write(at(0)))
	wants(t, o.Flush(), syscall.EPIPE)
	wants(t, o.Write(at(12)), syscall.EPIPE)
	wants(t, o.Write(at(11)), syscall.EPIPE)
	wants(t, o.Close(), syscall.EPIPE)
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOptionsThatCannotBeMeantAreRefused(t *testing.T) {
	must(t, Options{}.Validate())
	if (Options{HoldMemory: -1}).Validate() == nil {
		t.Error("negative memory is taken")
	}
}

func BenchmarkOrdered(b *testing.B) {
	for name, memory := range map[string]int64{"memory": 0, "disk": 1 << 20} {
		b.Run(name, func(b *testing.B) {
			r := samples()[1]
			o := NewOrdered(NewWriter(io.Discard, JSONL{}), Options{HoldMemory: memory, HoldDir: b.TempDir()})
			b.ReportAllocs()
			const block = 10_000 // each waits for the last of its block
			for i := 0; b.Loop(); i++ {
				r.Index = int64(i/block*block + (i+1)%block)
				if err := o.Write(r); err != nil {
					b.Fatal(err)
				}
			}
			o.Close()
		})
	}
}

// TestSixtyFourMebibytesWaitInMemory: unless another limit is given; what is more
// goes to a file.
func TestSixtyFourMebibytesWaitInMemory(t *testing.T) {
	o := NewOrdered(NewWriter(io.Discard, lines{}), Options{HoldDir: t.TempDir()})
	url := strings.Repeat("u", 1<<20-heldCost-1)
	for i := range int64(65) {
		if i == 64 && o.file != nil {
			t.Error("a file was made for 64 MiB")
		}
		must(t, o.Write(&Record{Index: i + 1, HasIndex: true, URL: url}))
	}
	if o.file == nil || len(o.held) > 0 {
		t.Errorf("no file for 65 MiB, but %d records in memory", len(o.held))
	}
	must(t, o.Close())
}
