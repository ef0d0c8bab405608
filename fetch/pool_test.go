package fetch

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// wireless is a connection of no kind.
type wireless struct {
	multi  bool
	full   bool
	closed int
	begun  int
}

func (w *wireless) begin() bool  { w.begun++; return !w.full && w.closed == 0 }
func (w *wireless) shared() bool { return w.multi }
func (w *wireless) close()       { w.closed++ }

func take(t *testing.T, p *pool, key string, fresh bool, opened *wireless) *pooled {
	t.Helper()
	pc, err := p.get(context.Background(), key, fresh, false, func() (conn, error) { return opened, nil })
	if err != nil {
		t.Fatal(err)
	}
	return pc
}

func TestTheConnectionUsedLastIsUsedAgain(t *testing.T) {
	p := newPool(2, 0)
	a, b := &wireless{}, &wireless{}
	pa, pb := take(t, p, "x", false, a), take(t, p, "x", false, b)
	p.put(pa, true)
	p.put(pb, true)
	if again := take(t, p, "x", false, nil); again != pb || !again.used {
		t.Error("not the last one")
	}
	if other := take(t, p, "y", false, &wireless{}); other == pa {
		t.Error("another origin's")
	}
	fresh := &wireless{}
	if pc := take(t, p, "x", true, fresh); pc.conn != fresh || pc.used {
		t.Error("not a fresh one, though asked for")
	}
}

func TestIdleConnectionsAreBoundedPerHostAndInAll(t *testing.T) {
	p := newPool(2, 3)
	var all []*wireless
	var out []*pooled
	for _, key := range []string{"x", "x", "x", "y", "z"} {
		w := &wireless{}
		all, out = append(all, w), append(out, take(t, p, key, false, w))
	}
	for _, pc := range out {
		p.put(pc, true)
	}
	for i, closed := range []int{1, 0, 1, 0, 0} { // the third of x; then the oldest, for z
		if all[i].closed != closed {
			t.Errorf("connection %d was closed %d times, want %d", i, all[i].closed, closed)
		}
	}
	if p.idle != 3 || len(p.origins) != 3 || p.all.Len() != 3 {
		t.Errorf("%d idle, %d origins, %d connections", p.idle, len(p.origins), p.all.Len())
	}
}

func TestAStaleConnectionIsPassedOver(t *testing.T) {
	p := newPool(2, 0)
	a := &wireless{}
	p.put(take(t, p, "x", false, a), true)
	a.full = true
	b := &wireless{}
	if pc := take(t, p, "x", false, b); pc.conn != b || a.closed != 1 {
		t.Error("the stale one was given")
	}
}

func TestABadConnectionIsClosed(t *testing.T) {
	p := newPool(2, 0)
	a := &wireless{}
	p.put(take(t, p, "x", false, a), false)
	if a.closed != 1 || len(p.origins) != 0 || p.all.Len() != 0 || p.idle != 0 {
		t.Errorf("closed %d, left %d, %d, %d", a.closed, len(p.origins), p.all.Len(), p.idle)
	}
}

func TestASharedConnectionCarriesManyUntilItIsBad(t *testing.T) {
	p := newPool(1, 0)
	a := &wireless{multi: true}
	one := take(t, p, "x", false, a)
	two := take(t, p, "x", false, nil)
	if one != two || one.users != 2 {
		t.Fatalf("not shared: %d users", one.users)
	}
	p.put(one, false)
	b := &wireless{multi: true}
	if a.closed != 0 {
		t.Error("closed under its other user")
	}
	three := take(t, p, "x", false, b)
	if three.conn != b {
		t.Error("a bad connection was shared")
	}
	p.put(three, false)
	if p.put(two, true); a.closed != 1 {
		t.Error("not closed after its last user, but shared again")
	}
}

// Who asks for a fresh connection is the only one on it, for its exchange.
func TestAFreshConnectionIsSharedOnlyAfterItsFirstExchange(t *testing.T) {
	p := newPool(1, 0)
	a, b, c := &wireless{multi: true}, &wireless{multi: true}, &wireless{multi: true}
	one := take(t, p, "x", true, a)
	two := take(t, p, "x", false, b)
	if two.conn != b {
		t.Error("the fresh one was shared")
	}
	three := take(t, p, "x", true, c)
	if p.put(three, true); c.closed != 1 {
		t.Error("a connection beside the shared one is kept")
	}
	p.put(two, false)
	p.put(one, true)
	if four := take(t, p, "x", false, nil); four != one {
		t.Error("a good connection is not shared")
	}
}

// A thousand requests to a new origin that turns out to speak HTTP/2 open one
// connection; if it does not, or is slow, nobody waits for long.
func TestANewOriginIsAskedByOneFirst(t *testing.T) {
	for _, tc := range []struct {
		name  string
		multi bool
		err   error
		takes time.Duration
		dials int32
		after time.Duration // what the last one waits
	}{
		{"shared", true, nil, 500 * time.Millisecond, 1, 500 * time.Millisecond},
		{"not shared", false, nil, 500 * time.Millisecond, 10, time.Second},
		{"failed", false, errors.New("refused"), 500 * time.Millisecond, 10, time.Second},
		{"slow", true, nil, 3 * time.Second, 10, leadTime + 3*time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPool(10, 0)
				defer p.close()
				var dials atomic.Int32
				start := time.Now()
				var last atomic.Int64
				for range 10 {
					go func() {
						pc, err := p.get(t.Context(), "x", false, true, func() (conn, error) {
							dials.Add(1)
							time.Sleep(tc.takes)
							return &wireless{multi: tc.multi}, tc.err
						})
						if !errors.Is(err, tc.err) {
							t.Error(err)
						}
						last.Store(max(last.Load(), int64(time.Since(start))))
						if err == nil {
							time.Sleep(time.Minute)
							p.put(pc, false)
						}
					}()
				}
				time.Sleep(10 * time.Second)
				if dials.Load() != tc.dials || time.Duration(last.Load()) != tc.after {
					t.Errorf("%d dials, the last after %v; want %d, %v", dials.Load(), time.Duration(last.Load()), tc.dials, tc.after)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestWhoWaitsForTheFirstConnectionCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 0)
		ctx, cancel := context.WithCancel(t.Context())
		hold := make(chan struct{})
		go func() {
			_, _ = p.get(t.Context(), "x", false, true, func() (conn, error) { <-hold; return &wireless{}, nil })
		}()
		synctest.Wait()
		time.AfterFunc(time.Millisecond, cancel)
		if _, err := p.get(ctx, "x", false, true, nil); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		close(hold)
	})
}

func TestWhatIsIdleForAMinuteIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(4, 0)
		a, b, c := &wireless{}, &wireless{multi: true}, &wireless{}
		p.put(take(t, p, "x", false, a), true)
		p.put(take(t, p, "y", false, b), true)
		busy := take(t, p, "z", false, c)
		time.Sleep(idleTimeout - time.Second)
		p.mu.Lock()
		if a.closed+b.closed != 0 {
			t.Error("closed early")
		}
		p.mu.Unlock()
		time.Sleep(idleTimeout/4 + 2*time.Second)
		p.mu.Lock()
		defer p.mu.Unlock()
		if a.closed != 1 || b.closed != 1 || c.closed != 0 || len(p.origins) != 1 || busy.users != 1 {
			t.Errorf("closed %d, %d, %d; %d origins", a.closed, b.closed, c.closed, len(p.origins))
		}
	})
}

func TestTheOldestIdleOneIsShedForAnotherFile(t *testing.T) {
	p := newPool(4, 0)
	if p.shed() {
		t.Error("there was none")
	}
	a, b, c := &wireless{}, &wireless{}, &wireless{}
	pa, pb := take(t, p, "x", false, a), take(t, p, "x", false, b)
	busy := take(t, p, "x", false, c)
	p.put(pb, true)
	p.put(pa, true)
	if !p.shed() || b.closed != 1 || a.closed != 0 || !p.shed() || a.closed != 1 || p.shed() || c.closed != 0 {
		t.Errorf("closed %d, %d, %d", a.closed, b.closed, c.closed)
	}
	p.put(busy, true)
}

func TestAClosedPoolKeepsNothing(t *testing.T) {
	p := newPool(4, 0)
	a, b := &wireless{}, &wireless{}
	pa, pb := take(t, p, "x", false, a), take(t, p, "x", false, b)
	p.put(pa, true)
	p.close()
	p.put(pb, true)
	if a.closed != 1 || b.closed != 1 || p.idle != 0 || len(p.origins) != 0 {
		t.Errorf("closed %d, %d; %d idle", a.closed, b.closed, p.idle)
	}
}
