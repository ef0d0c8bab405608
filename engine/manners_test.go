package engine

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// manners is what a host may expect, and the requests that it got, in the order
// of their ends.
type manners struct {
	host  string
	spans []span
	gap   time.Duration // between the starts of two pages
	delay time.Duration // above zero: with a page in flight there is no other request
	limit int           // failures by connect in a row that give it up
}

func (m manners) check(t *testing.T) {
	t.Helper()
	m.checkPauses(t)
	m.checkRow(t)
	m.checkGaps(t)
}

// checkGaps: pages start far enough apart, and alone where there is a delay.
func (m manners) checkGaps(t *testing.T) {
	t.Helper()
	byStart := slices.Clone(m.spans)
	slices.SortStableFunc(byStart, func(a, b span) int { return a.start.Compare(b.start) })
	var last span
	for i, s := range byStart {
		if !s.robots {
			if gap := s.start.Sub(last.start); !last.start.IsZero() && gap < m.gap {
				t.Errorf("%s: %v after the start before, want %v", s.url, gap, m.gap)
			}
			last = s
		}
		for _, o := range byStart[:i] {
			if m.delay > 0 && s.start.Before(o.end) && !(s.robots && o.robots) {
				t.Errorf("%s began while %s was in flight; the host has a delay of %v", s.url, o.url, m.delay)
			}
		}
	}
}

// checkPauses: nothing starts before a Retry-After is over.
func (m manners) checkPauses(t *testing.T) {
	t.Helper()
	for _, s := range m.spans {
		seconds, _ := strconv.Atoi(s.page.header.Get("Retry-After"))
		until := s.end.Add(time.Duration(seconds) * time.Second)
		for _, o := range m.spans {
			if o.start.After(s.end) && o.start.Before(until) {
				t.Errorf("%s was asked for %v after %s said to wait for %d s", o.url, o.start.Sub(s.end), s.url, seconds)
			}
		}
	}
}

// checkRow: nothing starts once the host is given up.
func (m manners) checkRow(t *testing.T) {
	t.Helper()
	var row []span
	for _, s := range m.spans {
		switch {
		case s.page.panics:
		case s.page.err != refused:
			row = nil
		default:
			row = append(row, s)
		}
		if m.limit == 0 || len(row) < m.limit || s.end.Sub(row[0].end) < 30*time.Second {
			continue
		}
		for _, o := range m.spans {
			if o.start.After(s.end) {
				t.Errorf("%s was asked for %v after %d failures in a row", o.url, o.start.Sub(s.end), len(row))
			}
		}
		return
	}
}
