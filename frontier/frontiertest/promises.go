package frontiertest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

func everyItemOnce(t *testing.T, x *fixture) {
	var urls []string
	for i := range 300 {
		urls = append(urls, fmt.Sprintf("http://h%d.example/%d", i%7, i))
	}
	x.hold(urls...)
	seen := map[string]int{}
	for {
		b := x.claim(3, 10)
		if b.Done {
			break
		}
		for _, l := range b.Leases {
			for _, it := range l.Items {
				seen[it.URL.String()]++
				x.settle(done(it))
			}
			x.check(x.f.Release(x.ctx, l, 0))
		}
	}
	for _, u := range urls {
		if seen[u] != 1 {
			t.Errorf("%s was handed out %d times", u, seen[u])
		}
	}
}

func oneHolder(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://a.example/2", "http://b.example/1")
	first := x.claim(10, 1)
	if len(first.Leases) != 2 {
		t.Fatalf("claimed %d hosts, want 2", len(first.Leases))
	}
	if second := x.claim(10, 1); len(second.Leases) != 0 || second.Done {
		t.Errorf("a second claim got %d hosts (done %v), though both are held", len(second.Leases), second.Done)
	}
	l := first.Leases[0]
	x.settle(done(l.Items[0]))
	x.check(x.f.Release(x.ctx, l, 0))
	next := x.claimOne(1)
	if next.Host != l.Host || next.Token <= l.Token {
		t.Errorf("after release: host %s token %d, want %s and a token over %d", next.Host, next.Token, l.Host, l.Token)
	}
}

func order(_ *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://b.example/1", "http://a.example/2", "http://a.example/3", "http://b.example/2")
	b := x.claim(2, 2)
	x.want("the first host", b.Leases[0].Items, "http://a.example/1", "http://a.example/2")
	x.want("the second host", b.Leases[1].Items, "http://b.example/1", "http://b.example/2")
}

func extend(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://a.example/2", "http://a.example/3")
	l := x.claimOne(1)
	gone := frontier.Lease{Host: "a.example:80", Token: l.Token + 99}
	live, err := x.f.Extend(x.ctx, []frontier.Lease{l, gone}, 5)
	x.check(err)
	if len(live) != 1 || live[0].Token != l.Token {
		t.Fatalf("extended %d leases, want the live one alone", len(live))
	}
	x.want("the refill", live[0].Items, "http://a.example/2", "http://a.example/3")
	x.settle(done(l.Items[0]), done(live[0].Items[0]), done(live[0].Items[1]))
	x.finished()
}

func again(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://a.example/2")
	l := x.claimOne(1)
	it := l.Items[0]
	it.Retries, it.NotBefore = 1, x.clock.Now().Add(time.Minute)
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &it})
	live, err := x.f.Extend(x.ctx, []frontier.Lease{l}, 5)
	x.check(err)
	x.want("before its time", live[0].Items, "http://a.example/2")
	if b := x.claim(1, 5); b.Wait != time.Minute {
		t.Errorf("a leased host is to be refilled in a minute, and wait is %v", b.Wait)
	}
	x.settle(done(live[0].Items[0]))
	x.check(x.f.Release(x.ctx, l, 0))
	b := x.claim(1, 5)
	if len(b.Leases) != 0 || b.Done || b.Wait != time.Minute {
		t.Fatalf("before its time: %d leases, done %v, wait %v; want none, false, 1m", len(b.Leases), b.Done, b.Wait)
	}
	x.clock.Advance(time.Minute)
	l = x.claimOne(5)
	x.want("at its time", l.Items, "http://a.example/1")
	if l.Items[0].Retries != 1 || l.Items[0].Token != l.Token {
		t.Errorf("it came back as %+v: it must carry its retries and the new lease", l.Items[0])
	}
	x.settle(done(l.Items[0]))
	x.finished()
}

func hop(_ *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://b.example/1")
	b := x.claim(2, 5)
	it := b.Leases[0].Items[0]
	target, err := weburl.Parse("http://b.example/hop")
	x.check(err)
	moved := it
	moved.Target = target
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &moved})
	live, err := x.f.Extend(x.ctx, b.Leases[1:], 5)
	x.check(err)
	x.want("the other host", live[0].Items, "http://b.example/hop")
	x.settle(done(live[0].Items[0]))
}

func release(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://a.example/2", "http://a.example/3")
	l := x.claimOne(3)
	x.settle(done(l.Items[1]))
	x.check(x.f.Release(x.ctx, l, time.Minute))
	if b := x.claim(1, 1); len(b.Leases) != 0 || b.Wait != time.Minute {
		t.Fatalf("during the delay: %d leases, wait %v", len(b.Leases), b.Wait)
	}
	st, err := x.f.Stats(x.ctx)
	x.check(err)
	if len(st.Parked) != 1 || st.Parked[0].Host != "a.example:80" {
		t.Errorf("parked hosts: %v", st.Parked)
	}
	x.clock.Advance(time.Minute)
	x.want("after the delay", x.claimOne(5).Items, "http://a.example/1", "http://a.example/3")
}

func fenced(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://b.example/1")
	b := x.claim(2, 5)
	a, other := b.Leases[0], b.Leases[1].Items[0]
	x.check(x.f.Release(x.ctx, a, 0))
	if err := x.f.Settle(x.ctx, []frontier.Outcome{done(other), done(a.Items[0])}); !isFenced(err) {
		t.Errorf("settling under a released lease: %v, want ErrFenced", err)
	}
	if err := x.f.Release(x.ctx, a, 0); !isFenced(err) {
		t.Errorf("releasing twice: %v, want ErrFenced", err)
	}
	x.settle(done(other)) // it was not settled by the refused call
	if err := x.f.Settle(x.ctx, []frontier.Outcome{done(other)}); !isFenced(err) {
		t.Errorf("settling twice: %v, want ErrFenced", err)
	}
}

func more(t *testing.T, x *fixture) {
	x.hold("http://a.example/1")
	l := x.claimOne(1)
	b := x.claim(1, 1)
	select {
	case <-b.More:
		t.Fatal("more is closed though nothing happened")
	default:
	}
	it := l.Items[0]
	x.settle(frontier.Outcome{Token: it.Token, ItemID: it.ID, Again: &it})
	select {
	case <-b.More:
	default:
		t.Error("more is open after a settle brought an again")
	}
}

func stats(t *testing.T, x *fixture) {
	x.hold("http://a.example/1", "http://a.example/2", "http://a.example/3", "http://b.example/1")
	l := x.claimOne(2)
	fail := done(l.Items[0])
	fail.Verdict = frontier.Failed
	x.settle(fail)
	st, err := x.f.Stats(x.ctx)
	x.check(err)
	if st.Read != 4 || st.Queued != 2 || st.Leased != 1 || st.Settled[frontier.Failed] != 1 {
		t.Errorf("stats %+v, want 4 read = 2 queued + 1 leased + 1 failed", st)
	}
}

func settledOnce(t *testing.T, x *fixture) {
	x.hold("http://a.example/1")
	it := x.claimOne(1).Items[0]
	if err := x.f.Settle(x.ctx, []frontier.Outcome{done(it), done(it)}); !isFenced(err) {
		t.Errorf("settling an item twice in a call: %v, want ErrFenced", err)
	}
	x.settle(done(it))
	x.finished()
}

func putOrFixed(t *testing.T, x *fixture) {
	x.hold("http://a.example/1")
	_, err := x.f.Put(x.ctx, []frontier.Item{link(x, "http://a.example/2")})
	if _, seeder := x.f.(frontier.Seeder); seeder && err != nil || !seeder && !errors.Is(err, frontier.ErrFixed) {
		t.Errorf("put of a link: %v (a store that is filled by Put: %v)", err, seeder)
	}
}
