package engine

import (
	"time"

	"crawl/frontier"
	"crawl/loop"
)

const (
	// pumpPicks and pumpTime bound what one turn of the loop hands out: a URL
	// that robots.txt forbids takes no slot, and to find that out takes time.
	pumpPicks = 256
	pumpTime  = 10 * time.Millisecond
)

// pump starts a flight for every URL that may be asked now while slots are
// free, and has itself called again when the next one may be. It runs on the
// loop whenever something changed, and never blocks. What takes longer than a
// turn may goes on in the next one, so that timers, landings and the interrupt
// wait for no more than that, whoever else calls it meanwhile.
func (r *run) pump() {
	if !r.pumping {
		r.hand()
	}
}

// goOn is the next turn of a pump that was not done.
func (r *run) goOn() {
	r.pumping = false
	r.hand()
}

// hand is one turn of pump.
func (r *run) hand() {
	if r.ended() != nil {
		r.interrupt() // the word of it may still be on its way
	}
	if r.stopping {
		r.drain()
		return
	}
	r.starved = false
	began := r.now()
	for n := 1; len(r.flights) < r.o.Concurrency && !r.full(); n++ {
		pick, wait, ok := r.bench.Next(r.now())
		if !ok {
			r.starved = true
			r.arm(wait)
			break
		}
		switch {
		case pick.Denied != nil:
			r.deny(pick)
		case pick.Robots:
			r.launch(&flight{item: pick.Item, robots: true})
		case r.afford(pick.Item):
			r.launch(&flight{item: pick.Item})
		}
		if n == pumpPicks || r.since(began) >= pumpTime {
			r.pumping = true
			r.l.CallSoon(r.goOn)
			break
		}
	}
	if r.wants() {
		r.hungry.Set()
	}
}

// arm sets the one alarm for the moment when a waiting host may be asked; 0 is
// none.
func (r *run) arm(wait time.Duration) {
	r.alarm.Cancel()
	if wait > 0 {
		r.alarm = r.l.CallLater(wait, r.pump)
	}
}

// launch makes a task of it.
func (r *run) launch(fl *flight) {
	fly := r.fly
	if fl.robots {
		fly = r.flyRobots
	} else if fl.item.Started.IsZero() {
		fl.item.Started = r.now()
	}
	r.sum.Tried++
	fl.began, fl.host = r.now(), fl.item.Target.HostPort()
	if fl.item.Again {
		fl.item.Again = false
		fl.item.Retries++
		if fl.due = fl.item.NotBefore; fl.robots {
			fl.due = fl.began // its host has waited, not the item
		}
	}
	t := loop.CreateTask(r.l, func(c *loop.Ctx) (landing, error) { return fly(c, fl) })
	r.flights[t] = fl
	_ = r.landings.Add(t) // it is closed only once nothing is launched any more
}

// note gives a line that needs no request its record.
func (r *run) note(it frontier.Item) {
	rec, verdict := noteRecord(it)
	r.emit(it, rec, frontier.Outcome{Verdict: verdict})
}
