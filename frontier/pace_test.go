package frontier

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

func TestHostRateIsEvenlySpaced(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 9, HostRate: 2})
	b.lease("http://a/1", "http://a/2", "http://a/3", "http://b/1")
	b.want("http://a/1", "http://b/1", "wait 500ms")
	b.at(499 * time.Millisecond).want("wait 1ms")
	b.at(500*time.Millisecond).want("http://a/2", "wait 500ms")
	b.at(3*time.Second).want("http://a/3", "wait 0s")
}

func TestRunRateIsEvenlySpaced(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 9, Rate: 4, HostRate: 1})
	b.lease("http://a/1", "http://a/2", "http://b/1", "http://c/1")
	b.want("http://a/1", "wait 250ms")
	b.at(250*time.Millisecond).want("http://b/1", "wait 250ms")
	b.at(500*time.Millisecond).want("http://c/1", "wait 500ms")
	b.at(time.Second).want("http://a/2", "wait 0s")
}

// What the run's rate is not charged for does not wait for it: robots.txt, here or
// elsewhere, and lines that are denied.
func TestTheRunsRateHoldsBackPagesAlone(t *testing.T) {
	b := newBench(t, Politeness{Rate: 1, Robots: true, MaxErrors: 1})
	b.lease("http://a/1", "http://a/2", "http://b/1", "http://c/no", "http://c/no2", "http://c/1", "http://d/1", "http://d/2")
	b.want("robots http://a", "robots http://b", "robots http://c", "robots http://d")
	for _, key := range []string{"a", "b", "c", "d"} {
		b.rule("http://"+key, rules{"/1": true, "/2": true})
		b.Finish(b.now, key+":80")
	}
	b.want("denied http://c/no", "denied http://c/no2", "http://a/1", "wait 1s")
	b.Report(b.now.Add(-time.Minute), "d:80", Unreachable, b.now, errRefused)
	b.Report(b.now, "d:80", Unreachable, b.now, errRefused)
	b.want("denied http://d/1", "denied http://d/2", "wait 1s")
	b.lease("http://e/1", "http://f/1")
	e, _, _ := b.Next(b.now)
	b.hop(e, "http://a/of/e")
	b.want("robots http://f", "robots http://a", "wait 1s")
	b.Finish(b.now, "a:80") // and keeps the places in the line
	b.Park(b.now, "c:80", b.now.Add(1500*time.Millisecond))
	b.at(time.Second).want("http://b/1", "wait 500ms")
	b.at(1500 * time.Millisecond).want("wait 500ms")
	b.at(2*time.Second).want("http://a/2", "wait 1s")
	b.at(3*time.Second).want("http://c/1", "wait 0s")
}

// A host keeps its place in the line for the run's rate, whatever happens to it,
// as long as it could be asked.
func TestTheLineForTheRunsRateIsKept(t *testing.T) {
	b := newBench(t, Politeness{Rate: 1, PerHost: 3})
	b.lease("http://z/1", "http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://b/2", "http://c/1")
	b.want("http://z/1", "wait 1s")
	b.at(time.Second).want("http://a/1", "wait 1s")
	b.Finish(b.now, "a:80")
	b.Report(b.now, "b:80", Healthy, b.now, nil)
	b.lease("http://b/3")
	b.at(2*time.Second).want("http://b/1", "wait 1s")
	b.Drop(b.now, "c:80")
	b.at(3*time.Second).want("http://a/2", "wait 1s")
	b.at(4*time.Second).want("http://b/2", "wait 1s")
}

// A delay runs from start to start, with one request in flight, and is none of
// robots.txt's business.
func TestADelayRunsFromStartToStart(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 9, HostDelay: 2 * time.Second, Robots: true})
	b.lease("http://a/1", "http://a/2", "http://a/3")
	b.want("robots http://a", "wait 0s")
	b.rule("http://a", crawlDelay(0))
	b.want("wait 0s") // one request in flight
	b.Finish(b.now, "a:80")
	b.want("http://a/1", "wait 0s")
	b.at(500*time.Millisecond).Finish(b.now, "a:80")
	b.want("wait 1.5s")
	b.at(2*time.Second).want("http://a/2", "wait 0s")
	b.at(7*time.Second).Finish(b.now, "a:80") // it took longer than the delay
	b.want("http://a/3")
}

// The strictest of what a host asks for and what the run asks of itself holds.
func TestTheStrictestWins(t *testing.T) {
	for _, tc := range []struct {
		rate  rate.Limit
		delay time.Duration
		crawl time.Duration
		park  time.Duration
		want  time.Duration
	}{
		{rate: 2, want: 500 * time.Millisecond},
		{rate: 3, want: 333333334 * time.Nanosecond},
		{rate: 2, delay: time.Second, want: time.Second},
		{rate: 0.25, delay: time.Second, want: 4 * time.Second},
		{rate: 2, delay: time.Second, crawl: 3 * time.Second, want: 3 * time.Second},
		{rate: 0.25, crawl: 3 * time.Second, want: 4 * time.Second},
		{rate: 1e-15, want: 1 << 62},
		{delay: 5 * time.Second, crawl: 3 * time.Second, want: 5 * time.Second},
		{crawl: 3 * time.Second, park: 2 * time.Second, want: 3 * time.Second},
		{crawl: 3 * time.Second, park: time.Minute, want: time.Minute},
	} {
		b := newBench(t, Politeness{HostRate: tc.rate, HostDelay: tc.delay, Robots: true})
		b.lease("http://a/1", "http://a/2")
		b.want("robots http://a")
		b.rule("http://a", crawlDelay(tc.crawl))
		b.Finish(b.now, "a:80")
		b.want("http://a/1")
		b.Park(b.now, "a:80", b.now.Add(tc.park))
		b.Finish(b.now, "a:80")
		_, wait, ok := b.Next(b.now)
		for ; !ok && wait > 0; _, wait, ok = b.Next(b.now) {
			b.now = b.now.Add(wait)
		}
		if got := b.now.Sub(start); got != tc.want {
			t.Errorf("%+v: after %v", tc, got)
		}
	}
}

// A delay holds for whoever has the host next, here or elsewhere.
func TestADelayOutlivesTheLease(t *testing.T) {
	b := newBench(t, Politeness{HostDelay: time.Minute, HostRate: 1})
	b.lease("http://a/1")
	b.want("http://a/1")
	b.at(10*time.Second).Finish(b.now, "a:80")
	b.Settled("a:80")
	if rs := b.Idle(b.now); len(rs) != 1 || rs[0].Delay != 50*time.Second {
		t.Errorf("idle: %+v, want a delay of 50s", rs)
	}
	b.at(20 * time.Second).lease("http://a/2")
	b.want("wait 40s")
}

// Gaps between two starts of a host are never shorter than the strictest rule
// asks, never two requests are in flight where there is a delay, and every item
// leaves once: a thousand hosts on a virtual clock.
func TestGapsOfAThousandHosts(t *testing.T) {
	const hosts, each, perSecond = 1000, 5, 4
	for _, tc := range []struct {
		delay time.Duration
		crawl func(host int) time.Duration
	}{
		{0, func(int) time.Duration { return 0 }},
		{400 * time.Millisecond, func(int) time.Duration { return 0 }},
		{0, func(host int) time.Duration { return time.Duration(host%7) * 100 * time.Millisecond }},
		{300 * time.Millisecond, func(host int) time.Duration { return time.Duration(host%7) * 100 * time.Millisecond }},
	} {
		gap := func(host int) time.Duration { return max(time.Second/perSecond, tc.delay, tc.crawl(host)) }
		c := &crowd{bench: newBench(t, Politeness{PerHost: 2, HostRate: perSecond, HostDelay: tc.delay, Robots: true}),
			gap: gap, crawl: tc.crawl, alone: func(host int) bool { return tc.delay+tc.crawl(host) > 0 }}
		c.run(hosts, each)
		if took, want := c.now.Sub(start), (each-1)*max(gap(0), gap(6)); took > want+50*time.Millisecond {
			t.Errorf("%v: took %v of virtual time, want %v", tc.delay, took, want)
		}
	}
}

// crowd asks many hosts, each request taking up to 20 ms.
type crowd struct {
	*bench
	gap, crawl func(host int) time.Duration
	alone      func(host int) bool
	last       map[int]time.Time
	inFlight   map[int]int
	ends       Queue[end] // in the order of their time
}

type end struct {
	at   time.Time
	key  string
	host int
}

func (c *crowd) run(hosts, each int) {
	for i := range hosts * each {
		c.lease(fmt.Sprintf("http://h%d/%d", i%hosts, i/hosts))
	}
	c.last, c.inFlight = map[int]time.Time{}, map[int]int{}
	for n := 0; n < hosts*each || c.ends.Len() > 0; {
		p, wait, ok := c.Next(c.now)
		switch {
		case ok && p.Robots:
			c.began(p)
			u := p.Item.URL
			c.SetRules(c.now, u.HostPort(), u.Origin(), crawlDelay(c.crawl(c.number(p))), c.now.Add(time.Hour))
		case ok:
			c.start(p)
			n++
		case c.ends.Len() > 0 && (wait == 0 || c.ends.Front().at.Before(c.now.Add(wait))):
			e := c.ends.PopFront()
			c.now = e.at
			c.inFlight[e.host]--
			c.Finish(c.now, e.key)
		case wait <= 0:
			c.t.Fatal("no work and no time to wait for")
		default:
			c.now = c.now.Add(wait)
		}
	}
}

// start notes the start of a page.
func (c *crowd) start(p Pick) {
	c.t.Helper()
	host := c.number(p)
	if gap := c.now.Sub(c.last[host]); gap < c.gap(host) {
		c.t.Fatalf("h%d: asked again after %v, want %v", host, gap, c.gap(host))
	}
	c.last[host] = c.now
	c.began(p)
	if c.inFlight[host] > 1 && c.alone(host) {
		c.t.Fatalf("h%d: %d in flight", host, c.inFlight[host])
	}
}

func (c *crowd) began(p Pick) {
	host := c.number(p)
	c.inFlight[host]++
	c.ends.PushBack(end{c.now.Add(20 * time.Millisecond), p.Item.Target.HostPort(), host})
}

func (c *crowd) number(p Pick) (host int) {
	fmt.Sscanf(p.Item.Target.Hostname(), "h%d", &host)
	return host
}
