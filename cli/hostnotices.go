package cli

import (
	"fmt"
	"time"

	"crawl/engine"
)

const (
	// longPark is the shortest pause of a host that is worth a notice.
	longPark = 10 * time.Second
	// noticeEvery is how long after a notice the next one of its sort comes; what
	// happens meanwhile is gathered into it.
	noticeEvery = 10 * time.Second
	// maxToldHosts bounds the memory of hosts that were told of.
	maxToldHosts = 10_000
)

// hostNotices turns what happens to hosts into notices, one in ten seconds of each
// sort however many hosts there are. It has no clock.
type hostNotices struct {
	parked, lost gathered
	told         map[string]time.Time // until when a host is parked
}

// gathered are hosts that a notice is due for.
type gathered struct {
	n     int
	event engine.Event // the one to name: the longest, or else the last
	last  time.Time    // the last notice
}

// take takes an event.
func (h *hostNotices) take(now time.Time, e engine.Event) {
	switch e.Kind {
	case engine.HostParked:
		if e.Until.Sub(now) < longPark || e.Until.Sub(h.told[e.Host]) < longPark {
			return // too short, or told already
		}
		if h.told == nil || len(h.told) >= maxToldHosts {
			h.told = map[string]time.Time{}
		}
		h.told[e.Host] = e.Until
		if h.parked.n++; h.parked.n == 1 || e.Until.After(h.parked.event.Until) {
			h.parked.event = e
		}
	case engine.HostGivenUp:
		h.lost.n++
		h.lost.event = e
	}
}

// due returns the notices whose time has come.
func (h *hostNotices) due(now time.Time) (texts []string) {
	if h.parked.due(now) {
		texts = append(texts, h.parked.parkedText(now))
		h.parked = gathered{last: now}
	}
	if h.lost.due(now) {
		texts = append(texts, h.lost.lostText())
		h.lost = gathered{last: now}
	}
	return texts
}

func (g *gathered) due(now time.Time) bool { return g.n > 0 && now.Sub(g.last) >= noticeEvery }

func (g *gathered) parkedText(now time.Time) string {
	until := clockTime(now, g.event.Until)
	if g.n == 1 {
		return fmt.Sprintf("%s asks to be left alone until %s (its %d has Retry-After); the other hosts go on", g.event.Host, until, g.event.Status)
	}
	return fmt.Sprintf("%s more hosts ask to be left alone, the longest until %s: %s", grouped(int64(g.n)), until, g.event.Host)
}

func (g *gathered) lostText() string {
	if g.n == 1 {
		return fmt.Sprintf("%s is given up after too many failures in a row: %v", g.event.Host, g.event.Err)
	}
	return fmt.Sprintf("%s more hosts are given up, the last is %s: %v", grouped(int64(g.n)), g.event.Host, g.event.Err)
}

// clockTime is a moment that is near now.
func clockTime(now, at time.Time) string {
	at = at.In(now.Location())
	if at.Sub(now) > 12*time.Hour {
		return at.Format("2006-01-02 15:04")
	}
	return at.Format("15:04:05")
}
