package progress

import "time"

// Load is what is known of a host that lines wait for, or that is being asked.
type Load struct {
	Queued   int           // lines that are known to wait for it
	InFlight int           // requests on their way
	Age      time.Duration // of the oldest of those
	Pause    time.Duration // nobody asks it for so long
	Every    time.Duration // from one start to the next; 0: no limit
	Done     int64         // requests that ended in the time Over
	Over     time.Duration
}

// needs is how long the host will take for what waits for it, at the pace that it
// wants and at the one that it was seen to have.
func (l Load) needs() time.Duration {
	d := l.Pause + time.Duration(max(0, l.Queued-1))*l.Every
	if l.paced() {
		began := float64(l.Done) + float64(l.InFlight)/2 // those on their way are half done
		d = max(d, time.Duration(float64(l.Over)/began*float64(l.Queued)))
	}
	return d
}

// paced says that enough was answered to tell a pace: more than robots.txt.
func (l Load) paced() bool { return l.Done > 0 && l.Done >= int64(l.InFlight) }

// stalls is how long the host will take at least, judged by a request that has not
// ended: as long again, and, where its pace is not known, as long for each of those
// that wait behind it.
func (l Load) stalls() time.Duration {
	if l.InFlight == 0 {
		return 0
	}
	if l.paced() {
		return l.Age
	}
	return time.Duration(float64(l.Age) * float64(l.Queued+l.InFlight) / float64(l.InFlight))
}

// Left estimates the time until the end: the rest at the present rate, but no less
// than what the slowest host needs for the lines that are known to wait for it. Of
// lines that were not read yet nobody knows whose they are. 0: it cannot be said,
// also because a request is on its way for longer than all else would take.
func Left(total, done int64, perSecond float64, hosts []Load) time.Duration {
	if total <= 0 || done >= total {
		return 0
	}
	var left, stalls time.Duration
	for _, h := range hosts {
		left, stalls = max(left, h.needs()), max(stalls, h.stalls())
	}
	if perSecond > 0 {
		const most = 1000 * time.Hour
		rest := float64(total-done) / perSecond
		left = max(left, time.Duration(min(rest, most.Seconds())*float64(time.Second)))
	}
	if stalls > left {
		return 0
	}
	return left
}
