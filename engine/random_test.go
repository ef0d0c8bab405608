package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"crawl/fetch"
	"crawl/frontier/list"
)

// Whatever the web does, and whenever the run is interrupted: one line in, one
// record out, politeness kept, and an end. A web, a list and the options are
// drawn from each seed.
func TestAnyWebAnyInterrupt(t *testing.T) {
	for seed := range uint64(150) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { anyRun(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func anyRun(t *testing.T, rnd *rand.Rand) {
	const hosts = 5
	w := newWeb(map[string]page{})
	for h := range hosts {
		host := fmt.Sprintf("http://h%d.example", h)
		robots := anyPage(rnd, hosts)
		robots.header = nil // its hops are made by robots.Fetch, past the gates of other hosts
		w.pages[host+"/robots.txt"] = robots
		for i := range 20 {
			w.pages[fmt.Sprintf("%s/%d", host, i)] = anyPage(rnd, hosts)
		}
	}
	var text strings.Builder
	n := 1 + rnd.IntN(200)
	for range n {
		if rnd.IntN(20) == 0 {
			text.WriteString("no://url\n")
			continue
		}
		fmt.Fprintf(&text, "http://h%d.example/%d\n", rnd.IntN(hosts), rnd.IntN(25))
	}
	o := opts(w)
	o.Rand = rnd.Float64
	o.Concurrency, o.Politeness.PerHost = 1+rnd.IntN(20), 1+rnd.IntN(4)
	o.Politeness.Robots, o.Retries = rnd.IntN(2) == 0, rnd.IntN(3)
	if rnd.IntN(3) == 0 {
		o.Politeness.HostRate = rate.Limit(1 + rnd.IntN(20))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var struck time.Time
	if rnd.IntN(2) == 0 {
		time.AfterFunc(time.Duration(rnd.IntN(5000))*time.Millisecond, func() { struck = time.Now(); cancel() })
	}
	f := list.New(ctx, []list.Source{{R: strings.NewReader(text.String()), Regular: true}}, list.Options{Window: 10 + rnd.IntN(100)})
	defer f.Close()
	k := &keeper{}
	sum, err := Run(ctx, o, f, k)
	if err != nil {
		t.Fatal(err)
	}
	k.byIndex(t, n)
	if sum.Lines() != int64(n) || sum.Unrecorded != 0 {
		t.Errorf("%d lines, summary %+v", n, sum)
	}
	if !struck.IsZero() && time.Since(struck) > DefaultGrace {
		t.Errorf("it took %v to end", time.Since(struck))
	}
	for host, peak := range w.peak {
		if limit := o.Politeness.PerHost; host != "" && peak > limit || peak > o.Concurrency {
			t.Errorf("%s had %d requests at once", host, peak)
		}
	}
}

// anyPage is a page with some behaviour.
func anyPage(rnd *rand.Rand, hosts int) page {
	p := page{takes: time.Duration(rnd.IntN(300)) * time.Millisecond, body: "<title>x</title>"}
	switch rnd.IntN(10) {
	case 0:
		p.err = &fetch.Error{Kind: fetch.KindReset, Phase: fetch.PhaseHeaders, Err: syscall.ECONNRESET}
	case 1:
		p.status = 503
		p.header = http.Header{"Retry-After": {fmt.Sprint(rnd.IntN(4))}}
	case 2:
		p.status, p.header = 302, http.Header{"Location": {fmt.Sprintf("http://h%d.example/%d", rnd.IntN(hosts), rnd.IntN(25))}}
	case 3:
		p.panics = true
	case 4:
		p.status = 500
		p.again = &page{takes: p.takes}
	case 5:
		p.takes = 20 * time.Second
	}
	return p
}
