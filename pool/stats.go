package pool

// Stats counts what a pool has done.
type Stats struct {
	Submitted uint64 // functions taken
	Completed uint64 // ended, in whichever way
	Panicked  uint64 // of them, by a panic
	Withdrawn uint64 // jobs cancelled before they began
	Dropped   uint64 // left in the queue by Close
	Workers   int    // goroutines that exist
	Running   int    // functions that run
	Queued    int    // functions that wait
}

// Stats is a snapshot. It does not block.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Workers, s.Queued = p.workers, p.queue.len()
	return s
}
