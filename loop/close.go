package loop

import "fmt"

// Close ends the loop for good (L28). Callbacks and timers are dropped. Tasks
// that are not done are unwound: whatever they are suspended in, and every later
// suspension, returns [ErrLoopClosed], so their deferred calls run; how many
// there were is reported to the handler. The contexts of executor jobs end, the
// default executor is shut down without waiting for it (L29), errors never
// looked at are reported. Close does not wait for jobs that ignore their
// context. It is idempotent; on a running loop it is refused with
// [ErrLoopRunning] and changes nothing (L26). Run cancels the tasks properly
// before it closes: prefer it.
func (l *Loop) Close() error {
	l.mu.Lock()
	if l.running {
		l.mu.Unlock()
		return ErrLoopRunning
	}
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.ready, l.batch, l.next = nil, nil, 0
	for _, k := range l.timers {
		k.t.index, k.t.r = timerIdle, nil
		k.t.gen++
	}
	l.timers, l.spareTimers = nil, nil
	closing := l.closingChan()
	dropped := l.tasks.n
	l.mu.Unlock()

	close(closing)
	l.removeSignals()
	l.unwindTasks()
	for _, co := range l.spareCoros {
		co.stop()
	}
	l.spareCoros = nil
	l.jobs.closeAll(l)
	l.helpers.Wait()
	if dropped > 0 {
		l.report(ErrContext{
			Message: "loop closed over unfinished tasks",
			Err:     fmt.Errorf("%d tasks dropped: %w", dropped, ErrLoopClosed),
		})
	}
	l.ReportUnseen()
	return nil
}

// unwindTasks ends every task, in the order of creation.
func (l *Loop) unwindTasks() {
	for {
		l.mu.Lock()
		lv := l.tasks.head
		l.mu.Unlock()
		if lv == nil {
			return
		}
		l.kill(lv)
	}
}

// closingChan is closed when the loop closes; l.mu is held.
func (l *Loop) closingChan() chan struct{} {
	if l.closing == nil {
		l.closing = make(chan struct{})
	}
	return l.closing
}
