package cli

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crawl/engine"
)

func parkedEvent(host string, until time.Time) engine.Event {
	return engine.Event{Kind: engine.HostParked, Host: host, Status: 429, Until: until}
}

func TestAHostThatIsParkedForLongIsTold(t *testing.T) {
	var h hostNotices
	now := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	h.take(now, parkedEvent("short:80", now.Add(longPark-time.Second)))
	if got := h.due(now); len(got) != 0 {
		t.Errorf("of a short pause: %q", got)
	}
	h.take(now, parkedEvent("a:80", now.Add(5*time.Minute)))
	h.take(now, parkedEvent("a:80", now.Add(5*time.Minute+time.Second))) // another answer of the same volley
	got := h.due(now)
	if len(got) != 1 || got[0] != "a:80 asks to be left alone until 15:05:00 (its 429 has Retry-After); the other hosts go on" {
		t.Errorf("%q", got)
	}
	if got := h.due(now.Add(time.Hour)); len(got) != 0 {
		t.Errorf("told twice: %q", got)
	}
	if got := clockTime(now, now.Add(30*time.Hour)); got != "2026-01-03 21:00" {
		t.Error(got)
	}
}

// However many hosts there are, there is one notice in ten seconds.
func TestNoticesOfManyHostsAreGathered(t *testing.T) {
	var h hostNotices
	now := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	var texts []string
	for i := range 30_000 {
		now = now.Add(time.Millisecond)
		h.take(now, parkedEvent(fmt.Sprintf("h%d:80", i), now.Add(time.Minute)))
		texts = append(texts, h.due(now)...)
	}
	texts = append(texts, h.due(now.Add(noticeEvery))...)
	if len(texts) != 4 || !strings.HasPrefix(texts[0], "h0:80 asks") || !strings.HasPrefix(texts[1], "10,000 more hosts ask to be left alone, the longest until 15:01:10: h10000:80") {
		t.Errorf("%q", texts)
	}
	if len(h.told) > maxToldHosts {
		t.Errorf("%d hosts are remembered", len(h.told))
	}
}

func TestAHostThatIsGivenUpIsTold(t *testing.T) {
	var h hostNotices
	now := time.Now()
	lost := engine.Event{Kind: engine.HostGivenUp, Host: "a:80", Err: errors.New("connection refused")}
	h.take(now, lost)
	h.take(now, parkedEvent("b:80", now.Add(time.Hour)))
	if got := h.due(now); len(got) != 2 || got[1] != "a:80 is given up after too many failures in a row: connection refused" {
		t.Errorf("%q", got)
	}
	h.take(now, lost)
	h.take(now, lost)
	h.take(now, engine.Event{Kind: engine.Retrying, Host: "c:80"})
	if got := h.due(now.Add(noticeEvery)); len(got) != 1 || got[0] != "2 more hosts are given up, the last is a:80: connection refused" {
		t.Errorf("%q", got)
	}
}
