package frontier

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/weburl"
)

var start = time.Unix(1e9, 0)

// bench is a workbench with a virtual clock.
type bench struct {
	*Workbench
	t   *testing.T
	now time.Time
}

func newBench(t *testing.T, o Politeness) *bench {
	return &bench{Workbench: NewWorkbench(o), t: t, now: start}
}

// lease adds items for each URL, all under leases of their hosts.
func (b *bench) lease(urls ...string) {
	b.t.Helper()
	for i, s := range urls {
		u, err := weburl.Parse(s)
		if err != nil {
			b.t.Fatal(err)
		}
		it := Item{ID: ItemID(i + 1), URL: u, Target: u, Host: u.HostPort(), Token: 1}
		b.Add(b.now, []Lease{{Host: u.HostPort(), Token: 1, Items: []Item{it}}})
	}
}

// next is what Next hands out, as "path" or "robots" or "denied path", or the
// wait.
func (b *bench) next() string {
	p, wait, ok := b.Next(b.now)
	switch {
	case !ok:
		return "wait " + wait.String()
	case p.Robots && p.Denied != nil:
		return "denied robots " + p.Item.Target.Origin()
	case p.Robots:
		return "robots " + p.Item.Target.Origin()
	case p.Denied != nil:
		return "denied " + p.Item.Target.String()
	}
	return p.Item.Target.String()
}

func (b *bench) want(wants ...string) {
	b.t.Helper()
	for _, w := range wants {
		if got := b.next(); got != w {
			b.t.Fatalf("at %v: got %s, want %s", b.now.Sub(start), got, w)
		}
	}
}

func (b *bench) at(d time.Duration) *bench { b.now = start.Add(d); return b }

// A busy host holds no slot that another could use.
func TestBusyHostIsPassed(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 2})
	b.lease("http://a/1", "http://a/2", "http://a/3", "http://b/1")
	b.want("http://a/1", "http://b/1", "http://a/2", "wait 0s")
	b.Finish(b.now, "a:80")
	b.want("http://a/3", "wait 0s")
	if b.Queued() != 0 || b.Leased() != 2 {
		t.Errorf("queued %d, leased %d", b.Queued(), b.Leased())
	}
}

// Hosts take turns, whatever the order of the list.
func TestHostsTakeTurns(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 9})
	b.lease("http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://b/2")
	b.want("http://a/1", "http://b/1", "http://a/2", "http://b/2", "http://a/3")
}

// Retry-After parks the whole host; others go on, and a shorter pause does not
// end a longer one.
func TestParkedHostHoldsNothing(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2", "http://b/1", "http://b/2")
	b.want("http://a/1")
	b.Park(b.now, "a:80", b.now.Add(time.Minute))
	b.Park(b.now, "a:80", b.now.Add(time.Second))
	b.Finish(b.now, "a:80")
	b.want("http://b/1")
	b.Finish(b.now, "b:80")
	b.want("http://b/2", "wait 1m0s")
	b.at(time.Minute).want("http://a/2", "wait 0s")
}

// A host that is ready when it is parked is not handed out.
func TestParkWhileReady(t *testing.T) {
	b := newBench(t, Politeness{})
	b.lease("http://a/1", "http://b/1", "http://c/1")
	b.Park(b.now, "b:80", b.now.Add(time.Second))
	b.want("http://a/1", "http://c/1", "wait 1s")
}

// A hop or a retry that is due soon goes to the head; a later one goes back to
// the frontier.
func TestRequeue(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2", "http://a/3")
	p, _, _ := b.Next(b.now)
	hop := p.Item
	hop.Target, _ = weburl.Parse("http://a/hop")
	if !b.Requeue(b.now, hop) {
		t.Fatal("a hop on a leased host must stay")
	}
	b.Finish(b.now, "a:80")
	p, _, _ = b.Next(b.now)
	if got := p.Item.Target.String(); got != "http://a/hop" {
		t.Fatalf("next is %s, want the hop", got)
	}
	retry := p.Item
	retry.NotBefore = b.now.Add(700 * time.Millisecond)
	if !b.Requeue(b.now, retry) {
		t.Fatal("a retry within a second must stay")
	}
	b.Finish(b.now, "a:80")
	b.want("http://a/2")
	b.at(700*time.Millisecond).Finish(b.now, "a:80")
	b.want("http://a/hop")

	retry.NotBefore = b.now.Add(2 * time.Second)
	other := hop
	other.Target, _ = weburl.Parse("http://elsewhere/")
	if b.Requeue(b.now, retry) || b.Requeue(b.now, other) {
		t.Error("a long wait or an unleased host belongs into the frontier")
	}
}

// Waiting time is the record's queue time, over all waits.
func TestWaitedAddsUp(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2")
	b.want("http://a/1")
	b.at(3*time.Second).Finish(b.now, "a:80")
	p, _, _ := b.Next(b.now)
	if p.Item.Waited != 3*time.Second {
		t.Fatalf("waited %v, want 3s", p.Item.Waited)
	}
	p.Item.NotBefore = b.now.Add(time.Second)
	b.Requeue(b.now, p.Item)
	b.at(4*time.Second).Finish(b.now, "a:80")
	if p, _, _ = b.Next(b.now); p.Item.Waited != 4*time.Second {
		t.Errorf("waited %v, want 4s", p.Item.Waited)
	}
}

// Leases run low before they run dry, and go back once all is settled, with
// what is left of the host's pause.
func TestLeasesLowAndIdle(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 2, HostRate: 1})
	for i := range Stock(2) / 2 {
		b.lease(fmt.Sprintf("http://a/%d", i))
	}
	b.lease("http://b/1")
	low := func() (keys string) {
		for _, l := range b.Low() {
			keys += l.Host + " "
		}
		return keys
	}
	if got := low(); got != "b:80 " {
		t.Errorf("low: %s, want b alone", got)
	}
	b.want("http://a/0", "http://b/1")
	if got := low(); !strings.Contains(got, "a:80") {
		t.Errorf("low: %s, want a too", got)
	}
	b.Finish(b.now, "b:80")
	if rs := b.Idle(b.now); len(rs) != 0 {
		t.Errorf("idle before it was settled: %v", rs)
	}
	b.Settled("b:80")
	rs := b.Idle(b.now)
	if len(rs) != 1 || rs[0].Lease.Host != "b:80" || b.Leased() != 1 {
		t.Fatalf("idle: %v", rs)
	}
	b.lease("http://b/2") // its pace is remembered
	b.want("wait 1s")
}

func TestIdleTellsTheRestOfAPause(t *testing.T) {
	b := newBench(t, Politeness{})
	b.lease("http://a/1")
	b.want("http://a/1")
	b.Park(b.now, "a:80", b.now.Add(time.Minute))
	b.Finish(b.now, "a:80")
	b.Settled("a:80")
	b.at(20 * time.Second)
	if rs := b.Idle(b.now); len(rs) != 1 || rs[0].Delay != 40*time.Second {
		t.Errorf("idle: %v, want a delay of 40s", rs)
	}
}

func TestDropForgetsAFencedHost(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2", "http://b/1")
	b.want("http://a/1")
	b.Drop(b.now, "a:80")
	b.Finish(b.now, "a:80")
	b.Settled("a:80")
	b.want("http://b/1", "wait 0s")
	if b.Queued() != 0 || b.Leased() != 1 {
		t.Errorf("queued %d, leased %d", b.Queued(), b.Leased())
	}
}

func TestDrainGivesAllThatWaits(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2", "http://a/3", "http://b/1")
	p, _, _ := b.Next(b.now)
	p.Item.NotBefore = b.now.Add(time.Second)
	b.Requeue(b.now, p.Item)
	var got []string
	for its := b.Drain(b.now, 3); len(its) > 0; its = b.Drain(b.now, 3) {
		for _, it := range its {
			got = append(got, it.Target.String())
		}
	}
	slices.Sort(got)
	if want := []string{"http://a/1", "http://a/2", "http://a/3", "http://b/1"}; !slices.Equal(got, want) || b.Queued() != 0 {
		t.Errorf("drained %v, %d left", got, b.Queued())
	}
	b.Finish(b.now, "a:80")
	b.want("wait 0s")
}

// The memory of hosts that went back is bounded.
func TestRetiredHostsAreForgotten(t *testing.T) {
	b := newBench(t, Politeness{})
	for i := range keepHosts + 100 {
		b.lease(fmt.Sprintf("http://h%d/", i))
		b.next()
		b.Finish(b.now, fmt.Sprintf("h%d:80", i))
		b.Settled(fmt.Sprintf("h%d:80", i))
		b.Idle(b.now)
	}
	if len(b.hosts) != keepHosts {
		t.Errorf("%d hosts are remembered, want %d", len(b.hosts), keepHosts)
	}
}

// What a resting host is remembered by is small, however many items it had.
func TestARestingHostHoldsNoRoomForItems(t *testing.T) {
	b := newBench(t, Politeness{})
	b.lease("http://a/1", "http://a/2", "http://a/3")
	for range 3 {
		b.next()
		b.Finish(b.now, "a:80")
		b.Settled("a:80")
	}
	if b.Idle(b.now); b.hosts["a:80"].queue.ring != nil {
		t.Error("it keeps the room that its items took")
	}
}

// A host that comes and goes ten thousand times keeps its rules and its pace.
func TestAHostThatComesOftenIsRemembered(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	asked := 0
	for range keepHosts + 100 {
		b.lease("http://a/1")
		p, _, _ := b.Next(b.now)
		if p.Robots {
			asked++
			b.SetRules(b.now, "a:80", "http://a", rules{"/1": true}, b.now.Add(time.Hour))
			b.Finish(b.now, "a:80")
			b.next()
		}
		b.Finish(b.now, "a:80")
		b.Settled("a:80")
		b.Idle(b.now)
	}
	if asked != 1 {
		t.Errorf("robots.txt was asked %d times", asked)
	}
}

// A host that rests and is told of again and again drives no other out.
func TestNewsOfARestingHostIsNoNewRest(t *testing.T) {
	b := newBench(t, Politeness{})
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	for i := range keepHosts {
		b.Park(b.now, "b:80", b.now.Add(time.Duration(i)))
	}
	b.lease("http://a/1")
	b.want("wait 1h0m0s")
}

// One with a request in flight does not rest, even if its lease is gone.
func TestAHostInUseIsNotForgotten(t *testing.T) {
	b := newBench(t, Politeness{})
	b.lease("http://a/1")
	b.want("http://a/1")
	b.Drop(b.now, "a:80")
	for i := range keepHosts {
		b.Park(b.now, fmt.Sprintf("p%d:80", i), b.now)
	}
	b.Finish(b.now, "a:80")
	if len(b.hosts) != keepHosts {
		t.Errorf("%d hosts are remembered", len(b.hosts))
	}
}
