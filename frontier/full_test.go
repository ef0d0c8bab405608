package frontier

import (
	"errors"
	"testing"
	"time"
)

var errFull = errors.New("full")

// asked gives an item that was asked before, as a hop or retry is.
func (b *bench) asked(url string) {
	b.t.Helper()
	it := Item{URL: mustURL(b.t, url), Target: mustURL(b.t, url), Started: start}
	if !b.Requeue(b.now, it) {
		b.t.Fatal("not taken")
	}
}

// A run that has all its pages asks nobody for more, not even for a robots.txt;
// what it has begun it ends.
func TestAClosedWorkbenchDeniesWhatWasNeverAsked(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1, Robots: true, HostDelay: time.Minute})
	b.lease("http://a/1", "http://b/1", "http://a/2")
	b.want("robots http://a", "robots http://b")
	b.SetRules(b.now, "a:80", "http://a", crawlDelay(0), start.Add(time.Hour))
	b.Finish(b.now, "a:80")
	b.want("http://a/1")
	b.Close(b.now, errFull)
	b.want("denied http://a/2", "denied http://b/1")
	b.Finish(b.now, "a:80")
	b.asked("http://a/1/hop")
	b.lease("http://a/3", "http://c/1")
	b.want("denied http://c/1")
	b.at(time.Minute).want("http://a/1/hop", "denied http://a/3")
}

// A host that has all its pages is closed, and no other.
func TestAClosedHostDeniesWhatWasNeverAsked(t *testing.T) {
	b := newBench(t, Politeness{PerHost: 1})
	b.lease("http://a/1", "http://a/2", "http://b/1")
	b.want("http://a/1", "http://b/1")
	b.CloseHost(b.now, "a:80", errFull)
	b.want("denied http://a/2", "wait 0s")
	b.lease("http://a/3", "http://b/2")
	b.want("denied http://a/3")
	b.Finish(b.now, "b:80")
	b.want("http://b/2")
	b.Finish(b.now, "a:80")
	for range 4 {
		b.Settled("a:80")
	}
	if rs := b.Idle(b.now); len(rs) != 1 || rs[0].Lease.Host != "a:80" || rs[0].Delay != 0 {
		t.Errorf("idle: %+v", rs)
	}
}

// The rules of an origin can be looked up while they are known.
func TestRulesAreKnownWhileTheyAreKept(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1")
	b.want("robots http://a")
	if r := b.Rules(b.now, "a:80", "http://a"); r != nil {
		t.Errorf("before the answer: %v", r)
	}
	rules := crawlDelay(0)
	b.SetRules(b.now, "a:80", "http://a", rules, start.Add(time.Hour))
	if r := b.Rules(b.now, "a:80", "http://a"); r == nil {
		t.Error("not known after the answer")
	}
	if r := b.Rules(b.now, "a:80", "https://a"); r != nil {
		t.Errorf("of another origin: %v", r)
	}
	if r := b.Rules(start.Add(time.Hour), "a:80", "http://a"); r != nil {
		t.Errorf("an hour later: %v", r)
	}
}
