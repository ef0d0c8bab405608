package frontier

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"crawl/weburl"
)

// rules allow the paths that are true.
type rules map[string]bool

func (r rules) Allowed(u weburl.URL) error {
	if r[u.Path()] {
		return nil
	}
	return errors.New("disallowed")
}

func (r rules) Delay() time.Duration { return 0 }
func (r rules) Size() int            { return 0 }

// crawlDelay allows everything, with this time between two starts.
type crawlDelay time.Duration

func (crawlDelay) Allowed(weburl.URL) error { return nil }
func (d crawlDelay) Delay() time.Duration   { return time.Duration(d) }
func (crawlDelay) Size() int                { return 0 }

// rule answers a robots pick of origin.
func (b *bench) rule(origin string, r Rules) {
	b.t.Helper()
	u := mustURL(b.t, origin)
	b.SetRules(b.now, u.HostPort(), u.Origin(), r, b.now.Add(time.Hour))
}

func mustURL(t testing.TB, s string) weburl.URL {
	t.Helper()
	u, err := weburl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// robots.txt is asked once per origin, whatever waits for it; it takes a slot,
// and no rate.
func TestRobotsGate(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 2, HostRate: 1, Robots: true})
	b.lease("http://a/1", "http://a/no", "http://a/2", "http://b/1")
	b.want("robots http://a", "robots http://b", "wait 0s")
	b.SetRules(b.now, "a:80", "http://a", rules{"/1": true, "/2": true}, b.now.Add(time.Hour))
	b.want("http://a/1")
	b.Finish(b.now, "a:80")
	b.want("denied http://a/no", "wait 1s")
	b.at(time.Second).want("http://a/2", "wait 0s")
	b.Finish(b.now, "a:80")
	b.Finish(b.now, "a:80")

	b.at(time.Hour).lease("http://a/1")
	b.want("robots http://a", "wait 0s") // the rules have run out
}

func TestRobotsIsAskedAgainLater(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "https://a:80/2")
	b.want("robots http://a")
	b.Finish(b.now, "a:80")
	b.RetryRobots(b.now, "a:80", b.now.Add(2*time.Second))
	b.want("wait 2s")
	b.at(2 * time.Second).want("robots http://a")
	b.SetRules(b.now, "a:80", "http://a", rules{"/1": true}, b.now.Add(time.Hour))
	b.Finish(b.now, "a:80")
	b.want("http://a/1", "robots https://a:80") // another origin has its own
}

// The item of a robots pick says all that the request needs; a success forgets
// the tries.
func TestARobotsPickIsAnItem(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	u := mustURL(t, "http://me:pw@a/deep/page?q")
	b.Add(b.now, []Lease{{Host: "a:80", Items: []Item{{URL: u, Target: u, Foreign: true}}}})
	pick := func(tries int) {
		t.Helper()
		p, _, _ := b.Next(b.now)
		it := p.Item
		if !p.Robots || it.URL.Identity() != "http://me:pw@a/robots.txt" || it.Target != it.URL ||
			it.Retries != max(0, tries-1) || it.Again != (tries > 0) || !it.Foreign {
			t.Errorf("after %d tries: %+v", tries, p)
		}
		b.Finish(b.now, "a:80")
	}
	for tries := range 3 {
		pick(tries)
		b.RetryRobots(b.now, "a:80", b.now)
	}
	pick(3)
	b.SetRules(b.now, "a:80", "http://a", rules{}, b.now) // that have run out already
	pick(0)
}

// An origin of which nothing may be asked: what waits and what comes is denied
// at once, though the host is parked, and it is asked again when the time is up.
func TestARefusedOriginIsDeniedAtOnce(t *testing.T) {
	b := newBench(t, Politeness{Robots: true, HostDelay: time.Minute})
	b.lease("http://a/1", "http://a/2", "http://b/1")
	p, _, _ := b.Next(b.now)
	b.want("robots http://b")
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	why := errors.New("the server cannot say")
	b.Refuse(b.now, "a:80", "http://a", why, b.now.Add(2*time.Hour))
	for range 2 {
		if p, _, _ = b.Next(b.now); p.Denied != why {
			t.Fatalf("%+v, want it denied for the reason given", p)
		}
	}
	b.want("wait 0s")
	b.at(119 * time.Minute).lease("http://a/3") // its robots.txt still has the slot
	b.want("denied http://a/3", "wait 0s")
	b.Finish(b.now, "a:80")
	b.at(2 * time.Hour).lease("http://a/4")
	b.want("robots http://a", "wait 0s")
}

// Whoever has the host next need not wait to have its lines denied.
func TestARefusalIsNoPause(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "http://b/1")
	b.want("robots http://a", "robots http://b")
	for key, life := range map[string]time.Duration{"a:80": time.Hour, "b:80": time.Minute} {
		b.Park(b.now, key, b.now.Add(2*time.Hour))
		b.Refuse(b.now, key, "http://"+key[:1], errors.New("no"), b.now.Add(life))
		b.Finish(b.now, key)
	}
	b.next()
	b.next()
	b.Settled("a:80")
	b.Settled("b:80")
	b.at(time.Minute)
	for _, r := range b.Idle(b.now) {
		if want := map[string]time.Duration{"a:80": 0, "b:80": 119 * time.Minute}[r.Lease.Host]; r.Delay != want {
			t.Errorf("%s: %v, want %v", r.Lease.Host, r.Delay, want)
		}
	}
}

// Another origin of the host is not meant.
func TestARefusalIsTheOriginsOwn(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "https://a:80/2", "http://a/3")
	b.want("robots http://a")
	b.Finish(b.now, "a:80")
	b.Refuse(b.now, "a:80", "http://a", errors.New("no"), b.now.Add(time.Minute))
	b.want("denied http://a/1", "robots https://a:80", "wait 0s")
	b.rule("https://a:80", rules{"/2": true})
	b.want("https://a:80/2", "denied http://a/3")
}

// What was ready to be denied is not asked, gates unseen, when the time is up.
func TestARefusalThatRanOutOpensNoGate(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "http://a/2")
	b.want("robots http://a")
	b.Finish(b.now, "a:80")
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	b.Refuse(b.now, "a:80", "http://a", errors.New("no"), b.now.Add(time.Minute))
	b.want("denied http://a/1")
	b.at(time.Minute).want("wait 59m0s")
	b.at(time.Hour).want("robots http://a")
}

// hop sends the robots.txt that p asks for on to where a redirect leads.
func (b *bench) hop(p Pick, to string) {
	b.t.Helper()
	p.Item.Target = mustURL(b.t, to)
	b.HopRobots(b.now, p.Item)
}

// A robots.txt elsewhere waits for a slot there and for the end of a pause, but
// not for rate, delay or rules; its origin waits for it.
func TestARobotsErrandGoesThroughTheOtherGate(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1, HostRate: 0.1, HostDelay: time.Minute, Robots: true})
	b.lease("http://b/1", "http://b/2")
	b.want("robots http://b")
	b.rule("http://b", rules{"/1": true})
	b.Finish(b.now, "b:80")
	b.want("http://b/1")

	b.lease("http://a/1")
	p, _, _ := b.Next(b.now)
	b.Finish(b.now, "a:80")
	b.hop(p, "http://b/elsewhere")
	b.want("wait 0s") // b has no slot
	b.Park(b.now, "b:80", b.now.Add(time.Second))
	b.Finish(b.now, "b:80")
	b.want("wait 1s") // b is parked
	b.at(time.Second)
	p, _, _ = b.Next(b.now)
	if it := p.Item; !p.Robots || it.URL.String() != "http://a/robots.txt" || it.Target.String() != "http://b/elsewhere" {
		t.Fatalf("%+v, want the errand", p)
	}
	b.want("wait 0s") // a waits for it, and b has no slot
	b.Finish(b.now, "b:80")
	b.want("denied http://b/2", "wait 0s")
	b.rule("http://a", rules{"/1": true})
	b.want("http://a/1")
}

// Errands go before the pages of their host, in their order.
func TestErrandsKeepTheirOrder(t *testing.T) {
	b := newBench(t, Politeness{Robots: true, PerHost: 9})
	b.lease("http://a/1", "http://b/1", "http://c/1", "http://c/2")
	a, _, _ := b.Next(b.now)
	bb, _, _ := b.Next(b.now)
	b.want("robots http://c")
	b.rule("http://c", rules{"/1": true, "/2": true})
	b.hop(a, "http://c/of-a")
	b.hop(bb, "http://c/of-b")
	b.want("robots http://c", "robots http://c", "http://c/1", "http://c/2", "wait 0s")
}

// An errand that nobody waits for any more is dropped, and its origin can be
// asked again.
func TestAnErrandWithoutWaitersIsDropped(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "http://c/1")
	a, _, _ := b.Next(b.now)
	b.Finish(b.now, "a:80")
	c, _, _ := b.Next(b.now)
	b.Finish(b.now, "c:80")
	b.hop(a, "http://elsewhere/")
	b.Drop(b.now, "a:80")
	b.Drop(b.now, "c:80")
	b.hop(c, "http://elsewhere/")
	b.want("wait 0s")
	b.lease("http://a/2", "http://c/2")
	b.want("robots http://a", "robots http://c", "wait 0s")
}

// A host known only by an errand, or by a pause, is not remembered for ever.
func TestHostsOfErrandsAreForgotten(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1")
	p, _, _ := b.Next(b.now)
	b.Finish(b.now, "a:80")
	for i := range keepHosts {
		b.hop(p, fmt.Sprintf("http://h%d/", i))
		b.next()
		b.Finish(b.now, fmt.Sprintf("h%d:80", i))
		b.Park(b.now, fmt.Sprintf("p%d:80", i), b.now.Add(time.Hour))
	}
	if n := len(b.hosts); n != keepHosts+1 {
		t.Errorf("%d hosts are remembered, want %d and the leased one", n, keepHosts)
	}
}

// Where two origins share a host, the longest delay holds.
func TestTheLongestDelayOfAHostHolds(t *testing.T) {
	b := newBench(t, Politeness{Robots: true, HostDelay: time.Second})
	b.lease("http://a/1", "https://a:80/2", "http://a/3", "http://a/4")
	b.want("robots http://a")
	b.rule("http://a", crawlDelay(5*time.Second))
	b.Finish(b.now, "a:80")
	b.want("http://a/1")
	b.Finish(b.now, "a:80")
	b.want("robots https://a:80")
	b.rule("https://a:80", crawlDelay(2*time.Second))
	b.Finish(b.now, "a:80")
	b.want("wait 5s")
	b.rule("http://a", crawlDelay(4*time.Second)) // on second thoughts
	b.want("wait 4s")
	b.at(5 * time.Second).want("https://a:80/2")
	b.Finish(b.now, "a:80")
	b.rule("http://a", rules{"/3": true}) // without a delay at last
	b.at(6 * time.Second).want("wait 1s")
	b.at(7 * time.Second).want("http://a/3")
}
