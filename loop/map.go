package loop

import "iter"

// Map runs fn on every input, at most limit at once, each in a task of its own,
// and ranges over the results as they come (B6). The next input is pulled only
// when a slot is free, and a slot is free when its result was taken: ten
// million inputs cost limit tasks, and a slow consumer stops the producer. Index
// counts the inputs. It suspends the calling task; seq is pulled on the loop and
// must not block. When the range ends early, by a break or a cancel of the
// calling task, the tasks under way are cancelled and waited for; after a cancel
// a last Result has its error and Index -1. A limit below 1 counts as 1.
func Map[In, Out any](c *Ctx, seq iter.Seq[In], limit int, fn func(c *Ctx, in In) (Out, error)) iter.Seq[Result[Out]] {
	return func(yield func(Result[Out]) bool) {
		m := newMapping(c, seq, limit, fn)
		defer m.end()
		q := &completions[*indexed[*Task[Out]]]{l: c.t.l}
		for m.fill(func(t *indexed[*Task[Out]]) { _ = q.add(t) }) {
			t, err := q.next(c)
			if err != nil {
				yield(Result[Out]{Err: err, Index: -1})
				return
			}
			if !m.deliver(t, yield) {
				return
			}
		}
	}
}

// MapOrdered is Map with the results in the order of the inputs: a slow one
// holds back those behind it, and with them the pulling of inputs.
func MapOrdered[In, Out any](c *Ctx, seq iter.Seq[In], limit int, fn func(c *Ctx, in In) (Out, error)) iter.Seq[Result[Out]] {
	return func(yield func(Result[Out]) bool) {
		m := newMapping(c, seq, limit, fn)
		defer m.end()
		var line fifo[*indexed[*Task[Out]]]
		for m.fill(line.push) {
			t, _ := line.pop()
			// The wait is on a shield: whether to cancel is for end to say.
			if _, err := Await(c, Shield(t.a)); err != nil && !t.Done() {
				yield(Result[Out]{Err: err, Index: -1})
				return
			}
			if !m.deliver(t, yield) {
				return
			}
		}
	}
}

// A mapping is one range over Map or MapOrdered.
type mapping[In, Out any] struct {
	c     *Ctx
	limit int
	fn    func(*Ctx, In) (Out, error)
	pull  func() (In, bool)
	stop  func()
	more  bool
	count int
	under map[*Task[Out]]struct{} // tasks whose result was not taken
}

func newMapping[In, Out any](c *Ctx, seq iter.Seq[In], limit int, fn func(*Ctx, In) (Out, error)) *mapping[In, Out] {
	m := &mapping[In, Out]{c: c, limit: max(1, limit), fn: fn, more: true, under: map[*Task[Out]]struct{}{}}
	m.pull, m.stop = iter.Pull(seq)
	return m
}

// fill starts tasks while slots are free; false when none is left to wait for.
func (m *mapping[In, Out]) fill(started func(*indexed[*Task[Out]])) bool {
	for m.more && len(m.under) < m.limit {
		in, ok := m.pull()
		if !ok {
			m.more = false
			break
		}
		t := CreateTask(m.c, func(c *Ctx) (Out, error) { return m.fn(c, in) })
		m.under[t] = struct{}{}
		started(&indexed[*Task[Out]]{t, t, m.count})
		m.count++
	}
	return len(m.under) > 0
}

func (m *mapping[In, Out]) deliver(t *indexed[*Task[Out]], yield func(Result[Out]) bool) bool {
	v, err := t.a.Result()
	ok := yield(Result[Out]{v, err, t.i})
	delete(m.under, t.a)
	return ok
}

// end leaves no task behind.
func (m *mapping[In, Out]) end() {
	m.stop()
	for t := range m.under {
		t.Cancel()
	}
	for t := range m.under {
		if _, err := m.c.join(t.node(), true); err != nil {
			return // the loop closes
		}
	}
}
