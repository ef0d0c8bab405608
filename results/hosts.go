package results

import (
	"cmp"
	"slices"
	"time"
)

// Hosts times the requests of a run by host, to name the slowest. Its memory is
// bounded: of more than 4,096 hosts the faster half is forgotten, and begins anew
// where it is met again. So the slowest hosts of a longer list are right, and the
// counts of those that were once fast may be short. It is for one goroutine; the
// zero value is ready.
type Hosts struct {
	m map[string]*HostTime
}

// HostTime is how long the requests to a host took, failed ones included.
type HostTime struct {
	Host     string // and port
	Requests int64
	Total    time.Duration
	Max      time.Duration
}

// Mean is the time of a request.
func (h HostTime) Mean() time.Duration {
	if h.Requests == 0 {
		return 0
	}
	return h.Total / time.Duration(h.Requests)
}

// maxHosts bounds the hosts that are timed at once.
const maxHosts = 4096

// Add counts one request.
func (h *Hosts) Add(host string, took time.Duration) {
	t := h.m[host]
	if t == nil {
		if len(h.m) >= maxHosts {
			h.forget()
		}
		if h.m == nil {
			h.m = map[string]*HostTime{}
		}
		t = &HostTime{Host: host}
		h.m[host] = t
	}
	t.Requests++
	t.Total += took
	t.Max = max(t.Max, took)
}

// Len is how many hosts are known.
func (h *Hosts) Len() int { return len(h.m) }

// Of returns what is known of one host.
func (h *Hosts) Of(host string) HostTime {
	if t := h.m[host]; t != nil {
		return *t
	}
	return HostTime{Host: host}
}

// Slowest returns the n hosts whose requests took the longest in the mean, the
// slowest first.
func (h *Hosts) Slowest(n int) []HostTime {
	all := h.sorted()
	return all[:min(n, len(all))]
}

// forget lets go of the faster half.
func (h *Hosts) forget() {
	for _, t := range h.sorted()[maxHosts/2:] {
		delete(h.m, t.Host)
	}
}

func (h *Hosts) sorted() []HostTime {
	all := make([]HostTime, 0, len(h.m))
	for _, t := range h.m {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b HostTime) int {
		return cmp.Or(cmp.Compare(b.Mean(), a.Mean()), cmp.Compare(a.Host, b.Host))
	})
	return all
}
