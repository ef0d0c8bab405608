package progress

import "time"

// Paces watches how many requests each host has answered, to tell its pace. Made
// with the moment when all counts were 0, it is for one goroutine.
type Paces struct {
	Began time.Time
	hosts map[string]pace // seen in the last round; nil: there was none
	next  map[string]pace
}

// pace is from where a host's count is watched, and what it came to.
type pace struct {
	first sample
	n     int64
}

// Once a pace is known by so many requests in so long, what is further back counts
// no more.
const (
	memory = time.Minute
	enough = 16
)

// See takes the count of a host at a moment, and returns by how much it grew, over
// how long.
func (p *Paces) See(host string, at time.Time, n int64) (done int64, over time.Duration) {
	before, known := p.hosts[host]
	first := before.first
	switch {
	case p.hosts == nil:
		first = sample{p.Began, 0}
	case !known, n < before.n:
		first = sample{at, n}
	}
	done, over = n-first.n, at.Sub(first.at)
	if over >= memory && done >= enough { // the older half goes
		first = sample{first.at.Add(over / 2), first.n + done/2}
	}
	if p.next == nil {
		p.next = map[string]pace{}
	}
	p.next[host] = pace{first, n}
	return done, over
}

// Round ends a round of See; hosts that it did not see are forgotten.
func (p *Paces) Round() {
	if p.next == nil {
		p.next = map[string]pace{}
	}
	p.hosts, p.next = p.next, nil
}
