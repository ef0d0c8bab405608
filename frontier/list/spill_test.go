package list

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
)

// shapes are the two ways in which a list comes: one that can be read again, and
// one that cannot.
func shapes(text string) map[string][]Source {
	return map[string][]Source{
		"file": lines(text),
		"pipe": {{Name: "-", R: io.MultiReader(strings.NewReader(text))}},
	}
}

// hostLines is n lines of a host.
func hostLines(host string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "http://%s.example/%d\n", host, i)
	}
	return b.String()
}

// inTurn is n lines of each of two hosts, one after the other.
func inTurn(a, b string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "http://%s.example/%d\nhttp://%s.example/%d\n", a, i, b, i)
	}
	return text.String()
}

// noDisk fails the test if a file is wanted.
func noDisk(t *testing.T) func() (blockFile, error) {
	return func() (blockFile, error) {
		t.Error("a temporary file was made")
		return createTemp()
	}
}

// claimHosts claims until n hosts are held, and returns their leases.
func claimHosts(t *testing.T, l *List, n, perHost int) (held []frontier.Lease) {
	t.Helper()
	for {
		b, err := l.Claim(t.Context(), n-len(held), perHost, 0)
		if err != nil {
			t.Fatal(err)
		}
		if held = append(held, b.Leases...); len(held) == n {
			return held
		}
		if len(b.Leases) > 0 {
			continue // there may be others at once
		}
		select {
		case <-b.More:
		case <-time.After(10 * time.Second):
			t.Fatalf("%d hosts are at hand, want %d", len(held), n)
		}
	}
}

// settleAll settles and refills leases, and claims others one at a time, until
// nothing is left. It returns what came, in its order, and the error at its end.
func settleAll(t *testing.T, l *List, held []frontier.Lease) (all []frontier.Item, err error) {
	t.Helper()
	for {
		var outs []frontier.Outcome
		for _, lease := range held {
			for _, it := range lease.Items {
				all = append(all, it)
				outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
			}
		}
		if err := l.Settle(t.Context(), outs); err != nil {
			t.Fatal(err)
		}
		b, err := l.Claim(t.Context(), 1, 50, 0)
		if err != nil || b.Done {
			return all, err
		}
		if len(outs)+len(b.Leases) == 0 {
			<-b.More
		}
		if held, err = l.Extend(t.Context(), held, 50); err != nil {
			return all, err
		}
		held = append(held, b.Leases...)
	}
}

// TestBusyHostsArePassed: hosts far down the list are at hand though the window
// is full of the lines of others, and each host's lines come in their order.
func TestBusyHostsArePassed(t *testing.T) {
	const hosts, each = 30, 500
	text := ""
	for h := range hosts {
		text += hostLines(fmt.Sprintf("h%d", h), each)
	}
	for name, sources := range shapes(text) {
		t.Run(name, func(t *testing.T) {
			l := New(t.Context(), sources, Options{Window: 100, Spill: 2 << 20}) // a host is found before a 64th of that is full
			defer l.Close()
			all, err := settleAll(t, l, claimHosts(t, l, hosts, 10))
			if len(all) != hosts*each || err != nil {
				t.Fatalf("%d lines came, want %d; %v", len(all), hosts*each, err)
			}
			next := map[string]int64{}
			for _, it := range all {
				if i := it.Index % each; i != next[it.Host] || it.Line != it.Index+1 {
					t.Fatalf("%s: index %d, line %d, want number %d of the host", it.URL, it.Index, it.Line, next[it.Host])
				}
				next[it.Host]++
			}
		})
	}
}

// TestAListOfFreeHostsStaysOffTheDisk: whatever its size, as long as each host
// that is claimed can be settled.
func TestAListOfFreeHostsStaysOffTheDisk(t *testing.T) {
	text := hostLines("one", 3000)
	for i := range 3000 {
		text += fmt.Sprintf("http://h%d.example/\n", i)
	}
	for name, sources := range shapes(text) {
		t.Run(name, func(t *testing.T) {
			l := start(t.Context(), sources, Options{Window: 100}, noDisk(t))
			defer l.Close()
			if all, err := drain(t, l); len(all) != 6000 || err != nil {
				t.Errorf("%d lines, %v", len(all), err)
			}
		})
	}
}

// TestASortedFileStaysOffTheDisk: even if its hosts are busy, only places wait,
// and a host's lines are one.
func TestASortedFileStaysOffTheDisk(t *testing.T) {
	text := ""
	for h := range 100 {
		text += hostLines(fmt.Sprintf("h%d", h), 500)
	}
	l := start(t.Context(), lines(text), Options{Window: 100}, noDisk(t))
	defer l.Close()
	if all, err := settleAll(t, l, claimHosts(t, l, 100, 10)); len(all) != 100*500 || err != nil {
		t.Errorf("%d lines came, want %d; %v", len(all), 100*500, err)
	}
}

// memFile is a blockFile in memory.
type memFile struct {
	p    []byte
	full error // what a write past limit gives
	most int
}

func (f *memFile) WriteAt(p []byte, at int64) (int, error) {
	if f.full != nil && int(at)+len(p) > f.most {
		return 0, f.full
	}
	if need := int(at) + len(p); need > len(f.p) {
		f.p = append(f.p, make([]byte, need-len(f.p))...)
	}
	return copy(f.p[at:], p), nil
}
func (f *memFile) ReadAt(p []byte, at int64) (int, error) { return copy(p, f.p[at:]), nil }
func (f *memFile) Close() error                           { return nil }

// TestADiskThatIsFull: nothing is given out any more, though lines are left in
// memory, and the error says what could not be written where.
func TestADiskThatIsFull(t *testing.T) {
	text := ""
	for h := range 20 {
		text += hostLines(fmt.Sprintf("h%d", h), 500)
	}
	full := &os.PathError{Op: "write", Path: "/tmp/crawl-list-1", Err: errors.New("no space left on device")}
	l := start(t.Context(), shapes(text)["pipe"], Options{Window: 100}, func() (blockFile, error) {
		return &memFile{full: full, most: 8 * blockSize}, nil
	})
	defer l.Close()
	for { // until no further host is found
		b, err := l.Claim(t.Context(), 20, 10, 0)
		if err != nil {
			if !errors.Is(err, full) || !strings.Contains(err.Error(), full.Path) {
				t.Errorf("in the end came %v", err)
			}
			break
		}
		if len(b.Leases) == 0 {
			<-b.More
		}
	}
	if st, _ := l.Stats(t.Context()); st.Read >= 10_000 || st.Read <= 100 || st.Queued == 0 {
		t.Errorf("%d lines were read, %d are left", st.Read, st.Queued)
	}
}

// TestNoPlaceForTheFile: the error names it.
func TestNoPlaceForTheFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir) // of Windows
	_, err := createTemp()
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("a directory that is not there gives %v", err)
	}
}

// TestTheFileIsGone: at the latest once the list is closed.
func TestTheFileIsGone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	l := New(t.Context(), shapes(hostLines("a", 5000) + hostLines("b", 1))["pipe"], Options{Window: 100})
	claimHosts(t, l, 2, 10)
	if l.blocks.f == nil {
		t.Error("no file was made")
	}
	l.Close()
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestAListThatIsChangedMeanwhile: lines that are not there any more are an
// error, not lines of another host.
func TestAListThatIsChangedMeanwhile(t *testing.T) {
	for name, change := range map[string]func(f *os.File) error{
		"cut": func(f *os.File) error { return f.Truncate(3000) },
		"another": func(f *os.File) error {
			_, err := f.WriteAt([]byte(strings.Repeat("http://c.example/\n", 2000)), 0)
			return err
		},
		"no URL": func(f *os.File) error { _, err := f.WriteAt([]byte(strings.Repeat("mailto:x\n", 4000)), 0); return err },
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Create(filepath.Join(t.TempDir(), "list.txt"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			fmt.Fprint(f, hostLines("a", 1000)+hostLines("b", 1))
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			l := New(t.Context(), []Source{{Name: "list.txt", R: f, Regular: true}}, Options{Window: 100})
			defer l.Close()
			held := claimHosts(t, l, 2, 100)
			if err := change(f); err != nil {
				t.Fatal(err)
			}
			for err == nil {
				var outs []frontier.Outcome
				for _, lease := range held {
					for _, it := range lease.Items {
						outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
					}
				}
				if err := l.Settle(t.Context(), outs); err != nil || len(outs) == 0 {
					t.Fatalf("%d outcomes, %v", len(outs), err)
				}
				held, err = l.Extend(t.Context(), held, 100)
			}
			if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "list.txt: line ") {
				t.Errorf("the list was changed, and the error is %v", err)
			}
		})
	}
}

// TestInterruptGivesOutWhatWaits: lines that were read and wait for a busy host
// are claimed after an interrupt, to get their records.
func TestInterruptGivesOutWhatWaits(t *testing.T) {
	for name, sources := range shapes(hostLines("a", 3000) + hostLines("b", 3000)) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			l := New(ctx, sources, Options{Window: 100})
			defer l.Close()
			held := claimHosts(t, l, 2, 10)
			st, _ := l.Stats(t.Context())
			if st.Read <= 3000 {
				t.Fatalf("%d lines were read", st.Read)
			}
			cancel()
			for _, lease := range held {
				if err := l.Release(t.Context(), lease, time.Hour); err != nil {
					t.Fatal(err)
				}
			}
			all, err := drain(t, l)
			if name == "pipe" {
				st, _ = l.Stats(t.Context())
			} else {
				st.Read = 6000
			}
			if int64(len(all)) != st.Read || err != nil {
				t.Errorf("%d lines came of %d, %v", len(all), st.Read, err)
			}
		})
	}
}

// TestSkimWhileLinesWait: what was read and what was not add up to the list.
func TestSkimWhileLinesWait(t *testing.T) {
	text := hostLines("a", 3000) + hostLines("b", 10) + hostLines("a2", 2000)
	l := New(t.Context(), lines(text), Options{Window: 100})
	defer l.Close()
	claimHosts(t, l, 2, 10)
	unread, whole := l.Skim(t.Context())
	st, _ := l.Stats(t.Context())
	if st.Read+unread != 5010 || !whole {
		t.Errorf("%d read and %d not (whole %v), want 5010 together", st.Read, unread, whole)
	}
}
