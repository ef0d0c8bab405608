package progress

import (
	"fmt"
	"strings"
	"time"

	"crawl/results"
)

// State is what the line shows.
type State struct {
	Done, OK, Failed int64
	Total            int64 // lines in all; 0: not known
	Bytes            int64
	PerSecond        float64 // lines, lately
	InFlight, Parked int
	Left             time.Duration // until the end, see Left; 0: not known
	Stopping         bool          // it ends early
}

// Load is what is known of a host that lines wait for.
type Load struct {
	Queued int
	Pause  time.Duration // nobody asks it for so long
	Every  time.Duration // from one start to the next; 0: no limit
}

// Left estimates the time until the end: the rest at the present rate, but no less
// than what the slowest host needs for the lines that are known to wait for it: its
// pause, and then one after the other if it wants them so. Of lines that were not
// read yet nobody knows whose they are. 0: it cannot be said.
func Left(total, done int64, perSecond float64, hosts []Load) time.Duration {
	if total <= 0 || done >= total {
		return 0
	}
	var least time.Duration
	for _, h := range hosts {
		least = max(least, h.Pause+time.Duration(max(0, h.Queued-1))*h.Every)
	}
	if perSecond <= 0 {
		return least
	}
	const most = 1000 * time.Hour
	rest := float64(total-done) / perSecond
	return max(least, time.Duration(min(rest, most.Seconds())*float64(time.Second)))
}

// barWidth is how long a bar is at most, and minBar at least.
const barWidth, minBar = 30, 10

// Line is the state on one line of at most width columns of ASCII. What does not
// fit is left out as a whole, the least important first.
func (s State) Line(width int) string {
	parts := s.parts()
	for len(parts) > 1 && length(parts) > width {
		least := 0
		for i, p := range parts {
			if p.rank > parts[least].rank {
				least = i
			}
		}
		parts = append(parts[:least:least], parts[least+1:]...)
	}
	var b strings.Builder
	b.WriteString(s.bar(width - length(parts) - 1))
	for i, p := range parts {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(p.text)
	}
	line := b.String()
	return line[:max(0, min(len(line), width))]
}

// part is a piece of the line; of those with the highest rank the line is rid first.
type part struct {
	text string
	rank int
}

func length(parts []part) int {
	n := 2 * (len(parts) - 1)
	for _, p := range parts {
		n += len(p.text)
	}
	return n
}

// parts are the pieces in their order.
func (s State) parts() []part {
	var ps []part
	add := func(rank int, format string, args ...any) { ps = append(ps, part{fmt.Sprintf(format, args...), rank}) }
	if s.Total > 0 {
		add(0, "%s/%s", results.Count(s.Done), results.Count(max(s.Done, s.Total)))
	} else {
		add(0, "%s done", results.Count(s.Done))
	}
	add(6, "%s ok", results.Count(s.OK))
	if s.Failed > 0 {
		add(1, "%s failed", results.Count(s.Failed))
	}
	switch {
	case s.PerSecond > 0 && s.PerSecond < 9.95:
		add(3, "%.1f/s", s.PerSecond)
	case s.PerSecond > 0:
		add(3, "%s/s", results.Count(int64(s.PerSecond+0.5)))
	}
	if s.Bytes > 0 {
		add(7, "%s", results.Bytes(s.Bytes))
	}
	add(4, "%d in flight", s.InFlight)
	if s.Parked == 1 {
		add(5, "1 host parked")
	} else if s.Parked > 1 {
		add(5, "%s hosts parked", results.Count(int64(s.Parked)))
	}
	switch {
	case s.Stopping:
		add(2, "stopping")
	case s.Left >= time.Second:
		add(2, "ETA %s", eta(s.Left))
	}
	return ps
}

// eta is a time without fractions, which would pretend to know.
func eta(d time.Duration) string {
	if s := d.Round(time.Second); s < time.Minute {
		return fmt.Sprintf("%ds", s/time.Second)
	}
	return results.Duration(d)
}

// bar draws the share that is done, with a space behind it, where there is room.
func (s State) bar(room int) string {
	n := min(barWidth, room-len(" 42% []"))
	if s.Total <= 0 || n < minBar {
		return ""
	}
	share := min(1, float64(s.Done)/float64(s.Total))
	full := int(share * float64(n))
	fill := strings.Repeat("=", full)
	if full < n {
		fill += ">" + strings.Repeat(" ", n-full-1)
	}
	return fmt.Sprintf("%3d%% [%s] ", int(share*100), fill)
}
