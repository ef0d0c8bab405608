package pool

// worker takes functions off the queue until the pool is closed and the queue
// empty. A function that ends its goroutine with runtime.Goexit ends the worker
// with it; another one takes its place.
func (p *Pool) worker(woken bool) {
	returned := false
	defer func() {
		if !returned {
			go p.worker(false)
		}
	}()
	for {
		fn, ok := p.take(woken)
		woken = false
		if !ok {
			returned = true
			return
		}
		p.runOne(fn)
	}
}

// take waits for the next function. Whoever was woken for the queue's head, or
// started for it, wakes the next worker if there is more in the queue.
func (p *Pool) take(woken bool) (fn func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if woken {
			p.waking = false
		}
		if it, ok := p.queue.pop(); ok {
			p.stats.Running++
			if p.queue.len() > 0 {
				p.wakeOne()
			}
			return it.fn, true
		}
		if p.closed {
			p.workers--
			if p.workers == 0 {
				close(p.finished)
				p.stop(ErrClosed)
			}
			return nil, false
		}
		p.idle++
		p.work.Wait()
		woken = true
	}
}

// runOne runs fn and keeps count, whichever way fn ends.
func (p *Pool) runOne(fn func()) {
	defer func() {
		v := recover()
		var err *PanicError
		if v != nil {
			err = newPanicError(v)
		}
		p.done(err)
	}()
	fn()
}

func (p *Pool) done(err *PanicError) {
	p.mu.Lock()
	p.stats.Running--
	p.stats.Completed++
	if err != nil {
		p.stats.Panicked++
		if p.onPanic == nil && p.panicked == nil {
			p.panicked = err
		}
	}
	p.mu.Unlock()
	if err != nil && p.onPanic != nil {
		p.report(err)
	}
}

// report shields the worker from a handler that panics itself.
func (p *Pool) report(err *PanicError) {
	defer func() { _ = recover() }()
	p.onPanic(err)
}
