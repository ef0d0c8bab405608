package list

import (
	"context"
	"slices"
	"time"

	"crawl/frontier"
)

// notes bounds the NoFetch items of one batch.
const notes = 1024

// Claim leases hosts in the order in which their first waiting line was read.
// It returns the error that ended reading early, once nothing else is left; that of
// the temporary file at once.
func (l *List) Claim(ctx context.Context, hosts, perHost int, _ time.Duration) (frontier.Batch, error) {
	if err := ctx.Err(); err != nil {
		return frontier.Batch{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return frontier.Batch{}, l.broken
	}
	now := l.o.Now()
	b := frontier.Batch{More: l.more}
	if hosts == 0 {
		l.want = 0
	}
	l.moreSeen = true
	for l.noFetch.Len() > 0 && len(b.NoFetch) < notes {
		it := l.noFetch.PopFront()
		l.noteOpen[it.ID] = it
		l.leased++
		b.NoFetch = append(b.NoFetch, it)
	}
	for len(b.Leases) < hosts {
		h, ok := l.turns.Next(now)
		if !ok {
			break
		}
		if h.empty() { // it stood here only for its pause to end
			delete(l.hosts, h.key)
			continue
		}
		l.token++
		h.token, h.out = l.token, map[frontier.ItemID]frontier.Item{}
		l.leases[h.token] = h
		its, err := l.hand(h, perHost, now)
		if err != nil {
			return frontier.Batch{}, err
		}
		b.Leases = append(b.Leases, frontier.Lease{Host: h.key, Token: h.token, Items: its})
	}
	if hosts > 0 && len(b.Leases) == 0 && l.held >= l.o.Window {
		l.search(hosts)
	}
	b.Wait = l.wait(now)
	b.Done = l.ended && l.held == 0
	if b.Done && l.err != nil {
		return b, l.err
	}
	return b, nil
}

// wait is how long it takes until a host may be leased or refilled; 0 if nothing
// waits for its time. The caller holds mu.
func (l *List) wait(now time.Time) time.Duration {
	for { // those whose time has come are Extend's
		if _, ok := l.refills.Next(now); !ok {
			break
		}
	}
	lease, refill := l.turns.Wait(now), l.refills.Wait(now)
	if lease == 0 || refill > 0 && refill < lease {
		return refill
	}
	return lease
}

// Extend refills leases; see frontier.Frontier.
func (l *List) Extend(ctx context.Context, ls []frontier.Lease, n int) ([]frontier.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.o.Now()
	live := make([]frontier.Lease, 0, len(ls))
	for _, lease := range ls {
		if h := l.leases[lease.Token]; h != nil {
			var err error
			if lease.Items, err = l.hand(h, n, now); err != nil {
				return nil, err
			}
			live = append(live, lease)
		}
	}
	return live, nil
}

// Release gives a host back; see frontier.Frontier.
func (l *List) Release(_ context.Context, lease frontier.Lease, delay time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.leases[lease.Token]
	if h == nil {
		return frontier.ErrFenced
	}
	now := l.o.Now()
	l.refills.Unset(h)
	l.leased -= len(h.out)
	for _, it := range byID(h.out) {
		h.queue.PushFront(it)
	}
	delete(l.leases, h.token)
	h.token, h.out = 0, nil
	h.notBefore = now.Add(delay)
	l.rank(h, now)
	l.signal()
	return nil
}

// hand moves up to n items that may be asked now to the lease of h. The caller
// holds mu.
func (l *List) hand(h *hostQueue, n int, now time.Time) ([]frontier.Item, error) {
	if lack := min(n-h.queue.Len(), l.portion(h)); lack > 0 && h.backlog.n > 0 {
		if err := l.load(h, lack); err != nil {
			return nil, err
		}
	}
	var its []frontier.Item
	for len(its) < n && l.due(h, now) {
		var it frontier.Item
		if len(h.later) > 0 && l.passed(h.later[0].NotBefore, now) {
			it = h.later[0]
			h.later = slices.Delete(h.later, 0, 1)
		} else {
			it = h.queue.PopFront()
		}
		it.Host, it.Token = h.key, h.token
		h.out[it.ID] = it
		its = append(its, it)
	}
	l.leased += len(its)
	l.rank(h, now)
	return its, nil
}

// rank lets a host be leased, or refilled, when its first item may be asked. The
// caller holds mu.
func (l *List) rank(h *hostQueue, now time.Time) {
	if h.token != 0 {
		if len(h.later) > 0 {
			l.refills.Set(h, h.later[0].NotBefore, now)
		}
		return
	}
	at := now
	if !l.due(h, now) && h.backlog.n == 0 && len(h.later) > 0 {
		at = h.later[0].NotBefore
	}
	if !l.passed(h.notBefore, at) {
		at = h.notBefore
	}
	if h.empty() && !at.After(now) {
		l.turns.Unset(h)
		delete(l.hosts, h.key)
		return
	}
	l.turns.Set(h, at, now)
}

// host returns the queue of key, made if it is new. The caller holds mu.
func (l *List) host(key string) *hostQueue {
	h := l.hosts[key]
	if h == nil {
		h = &hostQueue{key: key}
		l.hosts[key] = h
	}
	return h
}

func (h *hostQueue) empty() bool {
	return h.queue.Len() == 0 && len(h.later) == 0 && h.backlog.n == 0
}

// due says that h has an item in memory that may be asked now.
func (l *List) due(h *hostQueue, now time.Time) bool {
	return h.queue.Len() > 0 || len(h.later) > 0 && l.passed(h.later[0].NotBefore, now)
}

// passed says that nothing waits for t any more.
func (l *List) passed(t, now time.Time) bool { return l.halted || !t.After(now) }
