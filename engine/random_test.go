package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

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

const anyHosts = 5

func anyRun(t *testing.T, rnd *rand.Rand) {
	w, promised := anyWeb(rnd)
	text, n := anyList(rnd)
	o := anyOptions(rnd, w)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var struck time.Time
	if rnd.IntN(2) == 0 {
		why := []error{nil, context.DeadlineExceeded}[rnd.IntN(2)]
		time.AfterFunc(time.Duration(rnd.IntN(8000))*time.Millisecond, func() { struck = time.Now(); cancel(why) })
	}
	f := list.New(ctx, []list.Source{{R: strings.NewReader(text), Regular: true}}, list.Options{Window: 10 + rnd.IntN(100)})
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
	if run := o.Politeness.Rate; run > 0 { // all of the web is one host then
		all := manners{spans: w.spans, gap: time.Duration(float64(time.Second)/float64(run)) - time.Microsecond}
		all.checkGaps(t)
	}
	byHost := map[string][]span{}
	for _, s := range w.spans {
		byHost[s.url.Hostname()] = append(byHost[s.url.Hostname()], s)
	}
	for host, spans := range byHost {
		m := manners{host: host, spans: spans, delay: o.Politeness.HostDelay, limit: o.Politeness.MaxErrors}
		if o.Politeness.Robots {
			m.delay = max(m.delay, promised[host])
		}
		m.gap = m.delay
		if hostRate := o.Politeness.HostRate; hostRate > 0 {
			m.gap = max(m.gap, time.Duration(float64(time.Second)/float64(hostRate)))
		}
		m.check(t)
	}
}

// anyList has n lines.
func anyList(rnd *rand.Rand) (text string, n int) {
	var b strings.Builder
	n = 1 + rnd.IntN(200)
	for range n {
		if rnd.IntN(20) == 0 {
			b.WriteString("no://url\n")
			continue
		}
		fmt.Fprintf(&b, "http://h%d.example/%d\n", rnd.IntN(anyHosts), rnd.IntN(25))
	}
	return b.String(), n
}

func anyOptions(rnd *rand.Rand, w *web) Options {
	o := opts(w)
	o.Rand = rnd.Float64
	o.Concurrency, o.Politeness.PerHost = 1+rnd.IntN(20), 1+rnd.IntN(4)
	o.Politeness.Robots, o.Retries = rnd.IntN(3) > 0, rnd.IntN(3)
	if rnd.IntN(3) == 0 {
		o.Politeness.HostRate = rate.Limit(1 + rnd.IntN(20))
	}
	if rnd.IntN(4) == 0 {
		o.Politeness.Rate = rate.Limit(1 + rnd.IntN(50))
	}
	if rnd.IntN(4) == 0 {
		o.Politeness.HostDelay = time.Duration(1+rnd.IntN(1500)) * time.Millisecond
	}
	if rnd.IntN(2) == 0 {
		o.Politeness.MaxErrors = 1 + rnd.IntN(8)
	}
	return o
}

// anyWeb has some hosts with pages, of which one may be dead, and a robots.txt
// each; promised is the Crawl-delay of those whose robots.txt can be had.
func anyWeb(rnd *rand.Rand) (w *web, promised map[string]time.Duration) {
	w = newWeb(map[string]page{})
	promised = map[string]time.Duration{}
	for h := range anyHosts {
		name := fmt.Sprintf("h%d.example", h)
		host := "http://" + name
		for i := range 20 {
			w.pages[fmt.Sprintf("%s/%d", host, i)] = anyPage(rnd)
		}
		anyRobots(rnd, w, name, promised)
		if rnd.IntN(8) == 0 {
			dead := page{takes: time.Duration(1+rnd.IntN(5)) * time.Second, err: refused}
			for url := range w.pages {
				if strings.HasPrefix(url, host+"/") {
					w.pages[url] = dead
				}
			}
			w.pages[name] = dead
			delete(promised, name)
		}
	}
	return w, promised
}

// anyRobots gives a host its robots.txt: a file, here or behind redirects, at
// once or after a failure, or anything else.
func anyRobots(rnd *rand.Rand, w *web, name string, promised map[string]time.Duration) {
	host := "http://" + name
	delay := time.Duration(rnd.IntN(3)*rnd.IntN(700)) * time.Millisecond
	file := page{takes: time.Duration(rnd.IntN(500)) * time.Millisecond,
		body: fmt.Sprintf("User-agent: *\nDisallow: /3\nCrawl-delay: %v\n", delay.Seconds())}
	switch rnd.IntN(6) {
	case 0:
		w.pages[host+"/robots.txt"] = anyPage(rnd)
		return
	case 1: // it may lead to a host that is dead, or busy
		over := fmt.Sprintf("http://h%d.example/of/%s", rnd.IntN(anyHosts), name)
		w.pages[host+"/robots.txt"] = to(over)
		w.pages[over] = file
		return
	case 2:
		for hop := range 5 {
			over := fmt.Sprintf("http://hub%d.example/of/%s", hop, name)
			w.pages[host+[]string{"/robots.txt", "/1.txt", "/2.txt", "/3.txt", "/4.txt"}[hop]] = to(over)
			w.pages[over] = to(host + fmt.Sprintf("/%d.txt", hop+1))
			if hop == 2 {
				w.pages[over] = file
				break
			}
		}
	case 3:
		w.pages[host+"/robots.txt"] = page{status: 500, again: &file}
	default:
		w.pages[host+"/robots.txt"] = file
	}
	promised[name] = delay
}

// anyPage is a page with some behaviour.
func anyPage(rnd *rand.Rand) page {
	p := page{takes: time.Duration(rnd.IntN(300)) * time.Millisecond, body: "<title>x</title>"}
	switch rnd.IntN(12) {
	case 0:
		p.err = reset
	case 1:
		p.status = 503
		p.header = http.Header{"Retry-After": {fmt.Sprint(rnd.IntN(4))}}
	case 2:
		p.status, p.header = 302, http.Header{"Location": {fmt.Sprintf("http://h%d.example/%d", rnd.IntN(anyHosts), rnd.IntN(25))}}
	case 3:
		p.panics = true
	case 4:
		p.status = 500
		p.again = &page{takes: p.takes}
	case 5:
		p.takes = 20 * time.Second
	case 6:
		p.status = 429
		p.again = &page{takes: p.takes}
	}
	return p
}
