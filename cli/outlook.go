package cli

import (
	"time"

	"crawl/engine"
	"crawl/results/progress"
)

// outlook is what the hosts of a run are seen to need, from which the time that is
// left is estimated.
type outlook struct {
	paces  progress.Paces
	loads  []progress.Load
	parked int  // hosts
	looked bool // before, nothing can be said
}

// look takes a snapshot. behind is how many lines of a host wait in the frontier.
func (o *outlook) look(s *engine.Snapshot, behind func(host string) int) {
	if !o.looked {
		o.looked = true
		o.paces.Began = s.At.Add(-s.Elapsed)
	}
	type flights struct {
		n      int
		oldest time.Time
	}
	flying := map[string]flights{}
	for _, f := range s.Flights {
		one := flying[f.Host]
		if one.n++; one.n == 1 || f.Began.Before(one.oldest) {
			one.oldest = f.Began
		}
		flying[f.Host] = one
	}
	o.loads, o.parked = o.loads[:0], 0
	for i, w := range s.Waiting {
		l := progress.Load{Queued: w.Queued + behind(w.Host), Pause: max(0, w.Until.Sub(s.At)), Every: w.Every}
		if l.Pause > 0 {
			o.parked++
		}
		l.Done, l.Over = o.paces.See(w.Host, s.At, s.Times[i].Requests)
		if f := flying[w.Host]; f.n > 0 {
			l.InFlight, l.Age = f.n, s.At.Sub(f.oldest)
			delete(flying, w.Host)
		}
		o.loads = append(o.loads, l)
	}
	for _, f := range flying { // nothing waits behind them
		o.loads = append(o.loads, progress.Load{InFlight: f.n, Age: s.At.Sub(f.oldest), Done: 1})
	}
	o.paces.Round()
}

// left is the time until the end; 0: it cannot be said.
func (o *outlook) left(s progress.State) time.Duration {
	if !o.looked {
		return 0
	}
	return progress.Left(s.Total, s.Done, s.PerSecond, o.loads)
}
