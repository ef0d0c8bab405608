package list

import (
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
)

// TestWhateverWaitsComesBackAsItWas: lists of any shape, read through a small
// window by somebody who leases, refills, puts off and gives back as it happens,
// come out as they do through a window that holds them whole: each entry once,
// all of it, and a host's in their order.
func TestWhateverWaitsComesBackAsItWas(t *testing.T) {
	for seed := range uint64(25) {
		rnd := rand.New(rand.NewPCG(seed, 8))
		texts := []string{anyList(rnd), anyList(rnd), anyList(rnd)}
		want := wholeList(t, texts)
		got := roughly(t, rnd, start(t.Context(), anySources(rnd, texts), Options{
			Window: 1 + rnd.IntN(60), Method: "HEAD", Spill: int64(1) << (10 + rnd.IntN(15)),
			Now: time.Now,
		}, func() (blockFile, error) { return &memFile{}, nil }))
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d entries, want %d", seed, len(got), len(want))
		}
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Fatalf("seed %d: entry %d is\n%+v, want\n%+v", seed, i, got[i], want[i])
			}
		}
	}
}

// wholeList is the entries of texts, read at once.
func wholeList(t *testing.T, texts []string) []frontier.Item {
	l := New(t.Context(), anySources(nil, texts), Options{Method: "HEAD"})
	defer l.Close()
	all, err := drain(t, l)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].Token, all[i].Host = 0, ""
	}
	return all
}

// anySources makes sources of texts, some of which cannot be read again.
func anySources(rnd *rand.Rand, texts []string) (sources []Source) {
	for i, text := range texts {
		s := Source{Name: fmt.Sprint(i), R: strings.NewReader(text), Regular: true, NoLines: i == 2}
		if rnd != nil && rnd.IntN(2) == 0 {
			s.R = io.MultiReader(s.R)
		}
		sources = append(sources, s)
	}
	return sources
}

// anyList is a list of some shape: sorted, mixed, of few hosts or many, with
// whatever a list may hold.
func anyList(rnd *rand.Rand) string {
	var b strings.Builder
	if rnd.IntN(3) == 0 {
		b.WriteString("\xef\xbb\xbf")
	}
	hosts, sorted, end := 1+rnd.IntN(30), rnd.IntN(2) == 0, []string{"\n", "\r\n"}[rnd.IntN(2)]
	n := rnd.IntN(600)
	for i := range n {
		host := rnd.IntN(hosts)
		if sorted {
			host = i * hosts / n
		}
		path := rnd.IntN(2 * n)
		switch rnd.IntN(25) {
		case 0:
			fmt.Fprintf(&b, "# http://h%d.example/", host)
		case 1:
			b.WriteString("  ")
		case 2:
			b.WriteString("mailto:you")
		case 3:
			fmt.Fprintf(&b, "http://h%d.example/%s", host, strings.Repeat("x", rnd.IntN(3000)))
		case 4:
			fmt.Fprintf(&b, `{"url":"http://h%d.example/%d","meta":{"k":[%d]},"method":"put","headers":{"x-a":"%d"},"timeout":%d}`, host, path, i, rnd.IntN(3), 1+i)
		case 5:
			if rnd.IntN(10) > 0 {
				continue // it takes long
			}
			fmt.Fprintf(&b, "http://h%d.example/%s", host, strings.Repeat("y", maxLine-10+rnd.IntN(20)))
		default:
			fmt.Fprintf(&b, " HTTP://me:pw@H%d.example:80/%d#f\t", host, path)
		}
		if i < n-1 || rnd.IntN(2) == 0 {
			b.WriteString(end)
		}
	}
	return b.String() + "\n"
}

// roughly takes everything out of l, in any way that the interface allows, and
// returns it by index. It fails if something comes twice or out of its turn.
func roughly(t *testing.T, rnd *rand.Rand, l *List) []frontier.Item {
	t.Helper()
	defer l.Close()
	r := &rough{t: t, rnd: rnd, l: l, leases: map[uint64]frontier.Lease{}, held: map[uint64][]frontier.Item{}, last: map[string]int64{}}
	for {
		b, err := l.Claim(t.Context(), rnd.IntN(8), 1+rnd.IntN(20), 0)
		if err != nil {
			t.Fatal(err)
		}
		if b.Done {
			return r.all
		}
		r.take(b.NoFetch)
		for _, lease := range b.Leases {
			r.leases[lease.Token] = lease
			r.take(lease.Items)
		}
		r.settle()
		r.refill()
		if len(b.Leases)+len(b.NoFetch)+len(r.leases) == 0 && b.Wait == 0 {
			select { // no host may have been asked for: do not wait for ever
			case <-b.More:
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// rough is somebody who leases and settles as it happens.
type rough struct {
	t      *testing.T
	rnd    *rand.Rand
	l      *List
	leases map[uint64]frontier.Lease
	held   map[uint64][]frontier.Item // by token
	all    []frontier.Item
	last   map[string]int64 // by host, the index of its youngest item
}

// take notes items that were handed out.
func (r *rough) take(its []frontier.Item) {
	for _, it := range its {
		r.held[it.Token] = append(r.held[it.Token], it)
		if it.Token != 0 && it.Retries == 0 {
			if before, ok := r.last[it.Host]; ok && before > it.Index {
				r.t.Fatalf("%s: entry %d came after %d", it.Host, it.Index, before)
			}
			r.last[it.Host] = it.Index
		}
	}
}

// settle ends some of what is held, and puts some off.
func (r *rough) settle() {
	var outs []frontier.Outcome
	for token, its := range r.held {
		n := r.rnd.IntN(len(its) + 1)
		for _, it := range its[:n] {
			out := frontier.Outcome{Token: token, ItemID: it.ID}
			if token != 0 && it.Retries < 2 && r.rnd.IntN(10) == 0 {
				again := it
				again.Retries++
				out.Again = &again
			} else {
				r.done(it)
			}
			outs = append(outs, out)
		}
		if r.held[token] = its[n:]; n == len(its) {
			delete(r.held, token)
		}
	}
	if err := r.l.Settle(r.t.Context(), outs); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rough) done(it frontier.Item) {
	it.Token, it.Host, it.Retries = 0, "", 0
	for int64(len(r.all)) <= it.Index {
		r.all = append(r.all, frontier.Item{})
	}
	if r.all[it.Index].ID != 0 {
		r.t.Fatalf("entry %d came twice", it.Index)
	}
	r.all[it.Index] = it
}

// refill extends some leases, and gives some back with nothing held under them.
func (r *rough) refill() {
	for token, lease := range r.leases {
		switch r.rnd.IntN(4) {
		case 0:
			live, err := r.l.Extend(r.t.Context(), []frontier.Lease{lease}, 1+r.rnd.IntN(20))
			if err != nil || len(live) != 1 {
				r.t.Fatal(live, err)
			}
			r.take(live[0].Items)
		case 1:
			if len(r.held[token]) > 0 {
				continue
			}
			if err := r.l.Release(r.t.Context(), lease, 0); err != nil {
				r.t.Fatal(err)
			}
			delete(r.leases, token)
		}
	}
}
