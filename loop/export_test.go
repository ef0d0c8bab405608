package loop

// Waiters counts those who wait for w: tests see that hooks are taken back.
func Waiters(w Waitable) int {
	f := w.node()
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	n := 0
	if f.first != nil {
		n++
	}
	if f.ext != nil {
		n += len(f.ext.more)
	}
	return n
}

// Children counts the children that g remembers.
func Children(g *TaskGroup) int { return len(g.children) }
