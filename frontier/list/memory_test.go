package list

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"crawl/frontier"
)

// generated is a list that nobody has to hold: line i is format with what host
// and path say of it.
type generated struct {
	n, next int
	line    func(i int) string
	rest    []byte
}

func (g *generated) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		if g.next == g.n {
			return 0, io.EOF
		}
		g.rest = append([]byte(g.line(g.next)), '\n')
		g.next++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// TestMemoryDoesNotGrowWithTheList: whatever the shape of a list, and though what
// waits is a pipe's, fifty thousand lines and a million keep to one bound
// (what was seen lies outside the heap).
func TestMemoryDoesNotGrowWithTheList(t *testing.T) {
	for name, line := range map[string]func(i int) string{
		"sorted":    func(i int) string { return fmt.Sprintf("http://host-%d.example/some/path/%d", i/1000, i) },
		"in turn":   func(i int) string { return fmt.Sprintf("http://host-%d.example/some/path/%d", i%1000, i) },
		"one host":  func(i int) string { return fmt.Sprintf("http://host.example/some/path/%d", i) },
		"all apart": func(i int) string { return fmt.Sprintf("http://host-%d.example/", i) },
	} {
		t.Run(name, func(t *testing.T) {
			n := 50_000
			switch {
			case raceDetector:
				n = 30_000
			case name == "sorted" && !testing.Short():
				n = 1_000_000
			}
			before := heap()
			l := New(t.Context(), []Source{{R: &generated{n: n, line: line}}}, Options{})
			defer l.Close()
			peak := crawlSlowly(t, l, n) - before
			t.Logf("%d lines took at most %.1f MB of heap", n, float64(peak)/1e6)
			if peak > 60e6 {
				t.Errorf("%d lines took %.1f MB of heap, want 60 at most", n, float64(peak)/1e6)
			}
		})
	}
}

// heap is the bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// crawlSlowly settles one item of each host at a time, and keeps up to 2,000
// hosts leased. It returns the largest heap on the way.
func crawlSlowly(t *testing.T, l *List, n int) (peak int64) {
	t.Helper()
	var held []frontier.Lease // with what is not settled
	for done, next := 0, 0; ; {
		b, err := l.Claim(t.Context(), 2000-len(held), 256, 0)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, b.Leases...)
		if done >= next {
			peak = max(peak, heap())
			next = done + n/10
		}
		if b.Done {
			if done != n {
				t.Errorf("%d lines came, want %d", done, n)
			}
			return peak
		}
		progress := false
		held, progress = settleOne(t, l, held, &done)
		if !progress && len(b.Leases) == 0 {
			select {
			case <-b.More:
			case <-time.After(time.Second):
			}
		}
	}
}

// settleOne settles up to 16 items of each lease, refills those that have none
// left and releases those that cannot be.
func settleOne(t *testing.T, l *List, held []frontier.Lease, done *int) (kept []frontier.Lease, progress bool) {
	t.Helper()
	for _, lease := range held {
		k := min(16, len(lease.Items))
		outs := make([]frontier.Outcome, k)
		for i, it := range lease.Items[:k] {
			outs[i] = frontier.Outcome{Token: it.Token, ItemID: it.ID}
		}
		if err := l.Settle(t.Context(), outs); err != nil {
			t.Fatal(err)
		}
		*done += k
		lease.Items = lease.Items[k:]
		if len(lease.Items) == 0 {
			live, err := l.Extend(t.Context(), []frontier.Lease{lease}, 256)
			if err != nil {
				t.Fatal(err)
			}
			lease = live[0]
		}
		if len(lease.Items) == 0 {
			if err := l.Release(t.Context(), lease, 0); err != nil {
				t.Fatal(err)
			}
			continue
		}
		progress = true
		kept = append(kept, lease)
	}
	return kept, progress
}
