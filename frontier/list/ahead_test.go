package list

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"crawl/frontier"
)

// TestASearchEnds: it reads no further than it must for the hosts it looks for,
// and where it finds none it gives up.
func TestASearchEnds(t *testing.T) {
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, "http://h%d.example/\n", i)
	}
	for name, c := range map[string]struct {
		sources []Source
		most    int64
	}{
		"many hosts":        {lines(hostLines("busy", 200) + many.String()), 200 + searchHosts},
		"one host's pipe":   {shapes(hostLines("busy", 10_000))["pipe"], 2000},
		"one host's file":   {lines(hostLines("busy", 10_000)), 10_000},
		"two hosts in turn": {lines(inTurn("a", "b", 5000)), 5000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(t.Context(), c.sources, Options{Window: 100, Spill: 1 << 20})
				defer l.Close()
				synctest.Wait() // the window is full
				for {           // until a claim that brings nothing begins a search
					b, err := l.Claim(t.Context(), 10, 10, 0)
					if err != nil {
						t.Fatal(err)
					}
					if len(b.Leases) == 0 {
						break
					}
				}
				synctest.Wait() // the search has ended
				st, _ := l.Stats(t.Context())
				if st.Read <= 100 || st.Read > c.most {
					t.Errorf("%d lines were read, want 101 to %d", st.Read, c.most)
				}
			})
		})
	}
}

// TestWhatWaitsIsBounded: a search goes on once some of what waits was given
// out, and the file is no larger than what waited at once.
func TestWhatWaitsIsBounded(t *testing.T) {
	const most = 1<<20/barren + 4*blockSize
	synctest.Test(t, func(t *testing.T) {
		f := &memFile{}
		l := start(t.Context(), shapes(hostLines("busy", 10_000))["pipe"], Options{Window: 100, Spill: 1 << 20},
			func() (blockFile, error) { return f, nil })
		defer l.Close()
		synctest.Wait()
		held := claimHosts(t, l, 1, 10)
		all := 0
		for read := int64(0); ; {
			if _, err := l.Claim(t.Context(), 1, 10, 0); err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // the search has paused
			st, _ := l.Stats(t.Context())
			if ahead := st.Read - int64(all); ahead > 2000 || st.Read < min(read, 10_000) {
				t.Fatalf("%d lines ahead after %d", ahead, all)
			}
			read = int64(all) + 300 // it must go on
			var outs []frontier.Outcome
			for _, it := range held[0].Items {
				outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
			}
			if err := l.Settle(t.Context(), outs); err != nil {
				t.Fatal(err)
			}
			if all += len(outs); len(outs) == 0 {
				break
			}
			var err error
			if held, err = l.Extend(t.Context(), held, 50); err != nil {
				t.Fatal(err)
			}
		}
		if all != 10_000 || len(f.p) == 0 || len(f.p) > most {
			t.Errorf("%d lines came, and the file to %d bytes; want %d at most", all, len(f.p), most)
		}
	})
}
