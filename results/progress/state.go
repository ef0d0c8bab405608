package progress

import (
	"fmt"
	"slices"
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
	Left             time.Duration // until the end, see the function Left; 0: not known
	Stopping         bool          // it ends early
}

// barWidth is how long a bar is at most, and minBar at least.
const barWidth, minBar = 30, 8

// Line is the state on one line of at most width columns of ASCII. What does not
// fit is left out as a whole, the least important first. What is shown, and how long
// the bar is, depends on how much room the parts take at most, so that it does not
// change with each digit.
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
	spare := width - length(parts)
	for i := range parts {
		if parts[i].rank == rankBar {
			parts[i].text = s.bar(min(barWidth, minBar+spare))
		}
	}
	line := joined(parts)
	return line[:max(0, min(len(line), width))]
}

// Text is the whole state in ASCII, without a bar, for where a line stays.
func (s State) Text() string {
	parts := slices.DeleteFunc(s.parts(), func(p part) bool { return p.rank == rankBar })
	return strings.TrimLeft(joined(parts), " ")
}

func joined(parts []part) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// part is a piece of the line; of those with the highest rank the line is rid first.
type part struct {
	text string
	rank int
	room int // columns that are kept for it
}

// The ranks, the most important first.
const (
	rankDone = iota
	rankFailed
	rankEnd
	rankShare
	rankRate
	rankInFlight
	rankParked
	rankBar
	rankOK
	rankBytes
)

func length(parts []part) int {
	n := 2 * (len(parts) - 1)
	for _, p := range parts {
		n += p.room
	}
	return n
}

// parts are the pieces in their order.
func (s State) parts() []part {
	var ps []part
	add := func(rank, room int, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		ps = append(ps, part{text, rank, max(room, len(text))})
	}
	if s.Total > 0 {
		total := results.Count(max(s.Done, s.Total))
		add(rankShare, 4, "%3d%%", int(s.share()*100))
		add(rankBar, len("[]")+minBar, "")
		add(rankDone, 2*len(total)+1, "%s/%s", results.Count(s.Done), total)
		add(rankOK, len(total)+3, "%s ok", results.Count(s.OK))
	} else {
		add(rankDone, 0, "%s done", results.Count(s.Done))
		add(rankOK, 0, "%s ok", results.Count(s.OK))
	}
	if s.Failed > 0 {
		add(rankFailed, 0, "%s failed", results.Count(s.Failed))
	}
	switch {
	case s.PerSecond > 0 && s.PerSecond < 9.95:
		add(rankRate, 5, "%.1f/s", s.PerSecond)
	default:
		add(rankRate, 5, "%s/s", results.Count(int64(s.PerSecond+0.5)))
	}
	if s.Bytes > 0 {
		add(rankBytes, 8, "%s", results.Bytes(s.Bytes))
	}
	add(rankInFlight, len("64 in flight"), "%d in flight", s.InFlight)
	if s.Parked == 1 {
		add(rankParked, 0, "1 host parked")
	} else if s.Parked > 1 {
		add(rankParked, 0, "%s hosts parked", results.Count(int64(s.Parked)))
	}
	const endRoom = len("ETA 10m10s")
	switch {
	case s.Stopping:
		add(rankEnd, endRoom, "stopping")
	case s.Total <= 0 || s.Done >= s.Total:
	case s.Left > 0:
		add(rankEnd, endRoom, "ETA %s", eta(s.Left))
	default:
		add(rankEnd, endRoom, "ETA ?")
	}
	return ps
}

// eta is a time without fractions, which would pretend to know.
func eta(d time.Duration) string {
	s := max(d.Round(time.Second), time.Second)
	if s < time.Minute {
		return fmt.Sprintf("%ds", s/time.Second)
	}
	return results.Duration(s)
}

func (s State) share() float64 { return min(1, float64(s.Done)/float64(s.Total)) }

// bar draws the share that is done, n columns long between its ends.
func (s State) bar(n int) string {
	full := int(s.share() * float64(n))
	fill := strings.Repeat("=", full)
	if full < n {
		fill += ">" + strings.Repeat(" ", n-full-1)
	}
	return "[" + fill + "]"
}
