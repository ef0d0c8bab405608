package frontier

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var errRefused = errors.New("connection refused")

// inFlight picks what host a may be asked at once, and says how much it was.
func (b *bench) inFlight() (n int) {
	for {
		if _, _, ok := b.Next(b.now); !ok {
			return n
		}
		n++
	}
}

// finish gives n slots of host a back.
func (b *bench) finish(n int) {
	for range n {
		b.Finish(b.now, "a:80")
	}
}

// busy is a bench with n items of host a.
func busy(t *testing.T, o Politeness, n int) *bench {
	b := newBench(t, o)
	for i := range n {
		b.lease(fmt.Sprintf("http://a/%d", i))
	}
	return b
}

// A host that has too much to do gets half of it, down to one request, and no
// pause; ten healthy answers bring one more, up to the limit.
func TestAnOverloadedHostIsAskedHalfAsMuch(t *testing.T) {
	b := busy(t, Politeness{PerHost: 5}, 200)
	for _, want := range []int{5, 2, 1, 1} {
		if n := b.inFlight(); n != want {
			t.Fatalf("%d in flight, want %d", n, want)
		}
		b.at(b.now.Sub(start) + time.Second)
		b.finish(want)
		for range 9 {
			b.Report(b.now, "a:80", Healthy, b.now, nil)
		}
		b.Report(b.now, "a:80", Overloaded, b.now, nil)
	}
	for _, want := range []int{1, 2, 3, 4, 5, 5} {
		if n := b.inFlight(); n != want {
			t.Fatalf("%d in flight, want %d", n, want)
		}
		b.finish(want)
		for i := range 10 {
			b.Report(b.now, "a:80", Healthy, b.now, nil)
			b.Report(b.now, "a:80", Troubled, b.now, nil) // says nothing of what it can bear
			b.Report(b.now, "a:80", Unreachable, b.now, errRefused)
			if i < 9 && b.host("a:80").window.size != want {
				t.Fatalf("more after %d answers", i+1)
			}
		}
	}
}

// A volley that was in flight when the host was halved counts once, and its
// healthy answers count nothing.
func TestAVolleyIsOneOverload(t *testing.T) {
	b := busy(t, Politeness{PerHost: 8}, 100)
	began := b.now
	b.inFlight()
	b.at(time.Second)
	for range 6 {
		b.finish(1)
		b.Report(b.now, "a:80", Overloaded, began, nil)
	}
	if n := b.inFlight(); n != 2 { // and two of the volley
		t.Errorf("%d more in flight, want 2", n)
	}
	for range 20 {
		b.Report(b.now, "a:80", Healthy, began, nil)
	}
	if n := b.inFlight(); n != 0 {
		t.Errorf("answers to what began before the halving brought %d more", n)
	}
	b.Report(b.now.Add(time.Second), "a:80", Overloaded, b.now, nil) // began when it was halved
	b.finish(3)
	if n := b.inFlight(); n != 1 {
		t.Errorf("%d more in flight, want 1", n)
	}
}

// An overload that was told when the host was halved and went to rest holds
// when it comes back.
func TestTheWindowIsRemembered(t *testing.T) {
	b := busy(t, Politeness{PerHost: 8}, 1)
	b.next()
	b.Report(b.now, "a:80", Overloaded, b.now, nil)
	b.finish(1)
	b.Settled("a:80")
	b.Idle(b.now)
	b.lease("http://a/1", "http://a/2", "http://a/3", "http://a/4", "http://a/5")
	if n := b.inFlight(); n != 4 {
		t.Errorf("%d in flight, want 4", n)
	}
}

// A host that fails often enough and long enough is given up: all that waits is
// denied at once, whatever it waited for, and so is what comes.
func TestAHostIsGivenUp(t *testing.T) {
	b := busy(t, Politeness{PerHost: 1, MaxErrors: 3, HostDelay: time.Hour}, 4)
	p, _, _ := b.Next(b.now)
	p.Item.NotBefore = b.now.Add(time.Second)
	b.Requeue(b.now, p.Item)
	for range 10 {
		b.Report(b.now, "a:80", Unreachable, b.now, errRefused)
	}
	b.want("wait 0s") // not for long enough
	b.at(29999*time.Millisecond).Report(b.now, "a:80", Unreachable, b.now, errRefused)
	b.want("wait 0s")
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	b.at(30*time.Second).Report(b.now, "a:80", Unreachable, b.now, errRefused)
	b.Report(b.now, "a:80", Unreachable, b.now, errors.New("yet another"))
	for range 4 {
		p, _, _ := b.Next(b.now)
		var lost *GivenUpError
		if !errors.As(p.Denied, &lost) || lost.Failures != 12 || !errors.Is(p.Denied, errRefused) {
			t.Fatalf("%+v, want it given up", p)
		}
	}
	b.want("wait 0s")
	b.lease("http://a/9")
	b.want("denied http://a/9")
	p.Item.NotBefore = b.now.Add(time.Hour)
	if !b.Requeue(b.now, p.Item) {
		t.Error("a late retry to a host that is given up has its record at once")
	}
	b.want("denied http://a/0", "wait 0s")
	b.finish(1)
	for range 6 {
		b.Settled("a:80")
	}
	if rs := b.Idle(b.now); len(rs) != 1 || rs[0].Delay != 0 {
		t.Errorf("%+v: nobody need wait to have lines denied", rs)
	}
	b.lease("http://a/10")
	b.want("denied http://a/10")
}

// A row is one only without an answer in it, and without errors no host is given
// up when that is not asked for.
func TestWhatBreaksARow(t *testing.T) {
	for _, tc := range []struct {
		name  string
		limit int
		among Health
		lost  bool
	}{
		{"nothing between", 3, Unknown, true},
		{"healthy", 3, Healthy, false},
		{"troubled", 3, Troubled, false},
		{"overloaded", 3, Overloaded, false},
		{"no limit", 0, Unknown, false},
	} {
		b := busy(t, Politeness{MaxErrors: tc.limit}, 1)
		fail := func(at time.Duration) {
			b.at(at).Report(b.now, "a:80", Unreachable, b.now, errRefused)
		}
		fail(0)
		fail(20 * time.Second)
		b.Report(b.now, "a:80", tc.among, b.now, nil)
		fail(30 * time.Second)
		if lost := b.next() == "denied http://a/0"; lost != tc.lost {
			t.Errorf("%s: given up %v, want %v", tc.name, lost, tc.lost)
		}
	}
}

// A host that answers after all is asked again.
func TestAnAnswerRevivesAHost(t *testing.T) {
	b := busy(t, Politeness{MaxErrors: 1}, 2)
	b.Report(b.now, "a:80", Unreachable, b.now, errRefused)
	b.at(time.Minute).Report(b.now, "a:80", Unreachable, b.now, errRefused)
	b.want("denied http://a/0")
	b.Report(b.now, "a:80", Healthy, b.now, nil)
	b.want("http://a/1")
}

// A robots.txt that leads to a host that is given up cannot be had.
func TestAnErrandToAHostThatIsGivenUp(t *testing.T) {
	b := newBench(t, Politeness{Robots: true, MaxErrors: 1})
	b.lease("http://c/1")
	p, _, _ := b.Next(b.now)
	b.Finish(b.now, "c:80")
	b.hop(p, "http://a/robots.txt")
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	b.Report(b.now, "a:80", Unreachable, b.now, errRefused)
	b.at(time.Minute).Report(b.now, "a:80", Unreachable, b.now, errRefused)
	if p, _, _ = b.Next(b.now); !p.Robots || !errors.Is(p.Denied, errRefused) || p.Item.URL.String() != "http://c/robots.txt" {
		t.Fatalf("%+v, want the errand denied", p)
	}
	b.Refuse(b.now, "c:80", "http://c", p.Denied, b.now.Add(time.Minute))
	b.want("denied http://c/1", "wait 0s")
}
