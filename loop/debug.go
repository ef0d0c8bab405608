package loop

import (
	"fmt"
	"io"
	"time"
)

// A TaskInfo describes one unfinished task.
type TaskInfo struct {
	Name       string
	State      string // "created", "ready" (the running one too), "sleeping" or "waiting for NAME"
	Cancelling int
	Age        time.Duration // since its creation, give or take 64 turns
}

// Stats counts what a loop holds.
type Stats struct {
	Ready   int // callbacks and steps due in the next turn
	Timers  int
	Tasks   int // not done
	Jobs    int // executor jobs out
	Holds   int
	Waiting time.Duration // until the first timer; Forever without one
	Lag     time.Duration // how late the last timer was queued: what ran before it took that long
}

// Stats is a snapshot; any goroutine may ask for it.
func (l *Loop) Stats() Stats {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Stats{
		Ready: len(l.ready), Timers: len(l.timers), Tasks: l.tasks.n,
		Jobs: l.jobs.out, Holds: l.holds, Waiting: Forever, Lag: l.lag,
	}
	if len(l.timers) > 0 {
		s.Waiting = max(0, l.timers[0].when-now)
	}
	return s
}

// Tasks describes the unfinished tasks in the order of creation (B13). Any
// goroutine may ask.
func (l *Loop) Tasks() []TaskInfo {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]TaskInfo, 0, l.tasks.n)
	for lv := l.tasks.head; lv != nil; lv = lv.next {
		all = append(all, TaskInfo{lv.t.nameLocked(), lv.state(), lv.cancels, max(0, now-lv.born)})
	}
	return all
}

// Dump writes a line per unfinished task (B13).
func (l *Loop) Dump(w io.Writer) error {
	for _, t := range l.Tasks() {
		if _, err := fmt.Fprintf(w, "%s: %s, %v old", t.Name, t.State, t.Age); err != nil {
			return err
		}
		if t.Cancelling > 0 {
			fmt.Fprintf(w, ", cancelled %d×", t.Cancelling)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// about is the time without a look at the clock, which would cost a task a tenth
// of its life: while the loop runs, that of the last look; l.mu is held.
func (l *Loop) about() time.Duration {
	if l.mode.Load() != awake {
		return l.clock.Now()
	}
	return l.tick
}

func (lv *live) state() string {
	switch {
	case lv.waiting != nil && lv.waiting.status() == pending:
		return "waiting for " + lv.waiting.nameLocked()
	case lv.timer.l != nil:
		return "sleeping"
	case !lv.begun:
		return "created"
	}
	return "ready"
}

// deadlockError names the parked tasks; l.mu is held.
func (l *Loop) deadlockError() error {
	e := &DeadlockError{}
	for lv := l.tasks.head; lv != nil; lv = lv.next {
		e.Tasks = append(e.Tasks, lv.t.nameLocked()+": "+lv.state())
	}
	return e
}
