package loop_test

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"crawl/loop"
)

// getter makes a task that notes what it gets.
func (e *env) getter(name string, q *loop.Queue[int]) *loop.Task[string] {
	return e.spawn(name, func(c *loop.Ctx) error {
		v, err := q.Get(c)
		if err == nil {
			e.note("%s<%d", name, v)
		}
		return err
	})
}

func (e *env) putter(name string, q *loop.Queue[int], v int) *loop.Task[string] {
	return e.spawn(name, func(c *loop.Ctx) error {
		err := q.Put(c, v)
		if err == nil {
			e.note("%s>%d", name, v)
		}
		return err
	})
}

// drain takes what is in q without waiting.
func drain(q *loop.Queue[int]) string {
	var all []string
	for v, err := q.GetNowait(); err == nil; v, err = q.GetNowait() {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, " ")
}

var queueRows = []row{
	{"Q1", func(e *env) {
		for _, size := range []int{0, -1} {
			free := loop.NewQueue[int](e.l, size)
			for i := range 1000 {
				e.ok(free.PutNowait(i))
			}
		}
		q := loop.NewQueue[int](e.l, 1)
		_, err := q.GetNowait()
		e.is(err, loop.ErrQueueEmpty)
		e.ok(q.PutNowait(1))
		e.is(q.PutNowait(2), loop.ErrQueueFull)
		e.putter("p", q, 2)
		e.ticks(2)
		e.want("") // blocks while full
		e.check(drain(q) == "1", "first")
		e.ticks(1)
		e.want("p>2@0")
		e.check(drain(q) == "2" && q.Len() == 0, "second")
		e.getter("g", q)
		e.ticks(2)
		e.want("") // blocks while empty
		e.ok(q.PutNowait(3))
		e.ticks(1)
		e.want("g<3@0")
	}},
	{"Q2", func(e *env) {
		q := loop.NewQueue[int](e.l, 3)
		for _, n := range []string{"a", "b", "c"} {
			e.getter(n, q)
		}
		e.ticks(1)
		for i := range 3 {
			e.ok(q.PutNowait(i))
		}
		e.ticks(1)
		e.want("a<0@0 b<1@0 c<2@0")
		for i := range 3 {
			e.ok(q.PutNowait(i))
		}
		for i, n := range []string{"p", "q", "r"} {
			e.putter(n, q, 10+i)
		}
		e.ticks(1)
		v, _ := q.GetNowait()
		e.is(q.PutNowait(99), loop.ErrQueueFull) // nobody overtakes the one who was woken
		e.ticks(1)
		e.check(v == 0, "%d", v)
		e.want("p>10@0")
		got := drain(q)
		e.ticks(2)
		e.check(got+" "+drain(q) == "1 2 10 11 12", "items first in, first out")
		pair := loop.NewQueue[int](e.l, 2)
		e.ok(pair.PutNowait(1))
		e.ok(pair.PutNowait(2))
		e.putter("first", pair, 3)
		e.ticks(1)
		e.check(drain(pair) == "1 2", "two places are free, one of them kept")
		e.is(pair.PutNowait(4), loop.ErrQueueFull) // it would come before 3
		e.putter("second", pair, 4)
		e.ticks(2)
		e.check(drain(pair) == "3 4", "a newcomer overtook a putter that was woken")
		e.tape = nil
	}},
	{"Q3", func(e *env) {
		q := loop.NewQueue[int](e.l, 1)
		a, _ := e.getter("a", q), e.getter("b", q)
		e.ticks(1)
		e.ok(q.PutNowait(1)) // a is chosen
		a.Cancel()           // and cancelled in the same turn
		e.ticks(2)
		e.want("b<1@0")
		alone := e.getter("alone", q)
		e.ticks(1)
		e.ok(q.PutNowait(2))
		alone.Cancel()
		e.ticks(2)
		e.check(q.Len() == 1, "the item is lost")
		p, _ := e.putter("p", q, 3), e.putter("q", q, 4)
		e.ticks(1)
		e.check(drain(q) == "2", "first") // p has the place
		p.Cancel()
		e.ticks(2)
		e.want("q>4@0")
		e.check(drain(q) == "4", "the cancelled item is not in")
	}},
	{"Q4", func(e *env) {
		q := loop.NewQueue[int](e.l, 0)
		join := func() *loop.Task[string] {
			return e.spawn("join", func(c *loop.Ctx) error { err := q.Join(c); e.note("joined"); return err })
		}
		join()
		e.ticks(1)
		e.want("joined@0") // a fresh queue
		e.is(q.TaskDone(), loop.ErrTooManyDones)
		e.ok(q.PutNowait(1))
		e.ok(q.PutNowait(2))
		join()
		drain(q)
		e.ticks(2)
		e.want("") // get alone is not enough
		e.ok(q.TaskDone())
		e.ticks(2)
		e.want("")
		e.ok(q.TaskDone())
		e.ticks(2)
		e.want("joined@0")
		e.is(q.TaskDone(), loop.ErrTooManyDones)
	}},
	{"Q5", func(e *env) {
		type job struct {
			prio int
			name string
		}
		p := loop.NewPriorityQueue(e.l, 0, func(a, b job) int { return cmp.Compare(a.prio, b.prio) })
		for i, prio := range []int{2, 1, 2, 0, 1, 2, 0, 1} {
			e.ok(p.PutNowait(job{prio, fmt.Sprint(i)}))
		}
		var got []string
		for v, err := p.GetNowait(); err == nil; v, err = p.GetNowait() {
			got = append(got, v.name)
		}
		e.check(strings.Join(got, "") == "36147025", "ties in the order of arrival: %v", got)
		l := loop.NewLifoQueue[int](e.l, 0)
		for i := range 4 {
			e.ok(l.PutNowait(i))
		}
		e.check(drain(l) == "3 2 1 0", "newest first")
	}},
	{"Q6", func(e *env) {
		q := loop.NewQueue[int](e.l, 2)
		e.ok(q.PutNowait(1))
		e.ok(q.PutNowait(2))
		p := e.putter("p", q, 3)
		e.ticks(1)
		q.Close()
		q.Close()
		e.ticks(2)
		e.is(p.Err(), loop.ErrQueueClosed)
		e.is(q.PutNowait(4), loop.ErrQueueClosed)
		e.check(drain(q) == "1 2", "getters drain first")
		_, err := q.GetNowait()
		e.is(err, loop.ErrQueueClosed)
		r := loop.NewQueue[int](e.l, 0)
		g, h := e.getter("g", r), e.getter("h", r)
		e.ticks(1)
		r.Close()
		e.ticks(2)
		e.is(g.Err(), loop.ErrQueueClosed)
		e.is(h.Err(), loop.ErrQueueClosed)
	}},
	{"Q7", func(e *env) {
		s, err := loop.NewSemaphore(e.l, 1)
		e.ok(err)
		take := func(name string) *loop.Task[string] {
			return e.spawn(name, func(c *loop.Ctx) error { err := s.Acquire(c); e.note("%s", name); return err })
		}
		take("a")
		take("b")
		take("c")
		e.ticks(1)
		e.want("a@0")
		e.ok(s.Release())
		e.check(s.Locked(), "the permit is b's already")
		take("newcomer")
		e.ticks(1)
		e.want("b@0")
		e.ok(s.Release())
		e.ok(s.Release())
		e.ticks(1)
		e.want("c@0 newcomer@0")
	}},
	{"Q8", func(e *env) {
		s, _ := loop.NewSemaphore(e.l, 1)
		take := func(name string) *loop.Task[string] {
			return e.spawn(name, func(c *loop.Ctx) error {
				err := s.Acquire(c)
				e.note("%s %v", name, err == nil)
				return err
			})
		}
		take("a")
		b := take("b")
		take("c")
		gone := take("gone")
		e.ticks(1)
		gone.Cancel() // before its turn
		e.ok(s.Release())
		b.Cancel() // granted, and cancelled in the same turn
		e.ticks(2)
		e.want("a true@0 gone false@0 b false@0 c true@0")
		e.ok(s.Release())
		e.check(!s.Locked(), "the permit is lost")
	}},
	{"Q9", func(e *env) {
		_, err := loop.NewSemaphore(e.l, -1)
		e.check(err != nil, "negative start value")
		s, _ := loop.NewSemaphore(e.l, 1)
		e.is(s.Release(), loop.ErrNotAcquired)
	}},
	{"Q10", func(e *env) {
		s, _ := loop.NewSemaphore(e.l, 3)
		running, peak := 0, 0
		var ts []*loop.Task[string]
		for range 9 {
			ts = append(ts, e.spawn("job", func(c *loop.Ctx) error {
				if err := s.Acquire(c); err != nil {
					return err
				}
				running++
				peak = max(peak, running)
				err := loop.Sleep(c, u)
				running--
				e.ok(s.Release())
				return err
			}))
		}
		_, err := loop.RunUntilComplete(e.l, loop.Gather(e.l, ts...))
		e.ok(err)
		e.check(peak == 3 && e.l.Time() == 3*u, "peak %d, %v", peak, e.l.Time())
	}},
	{"Q11", func(e *env) {
		ev := loop.NewEvent(e.l)
		for _, n := range []string{"a", "b"} {
			e.spawn(n, func(c *loop.Ctx) error { err := ev.Wait(c); e.note("%s", n); return err })
		}
		gone := e.spawn("gone", ev.Wait)
		e.ticks(1)
		gone.Cancel()
		ev.Set()
		ev.Clear()
		e.ticks(1)
		e.want("a@0 b@0")
		e.check(!ev.IsSet() && gone.Cancelled(), "cleared")
		ev.Set()
		e.ok(e.run(ev.Wait))
		k := loop.NewLock(e.l)
		e.is(k.Release(), loop.ErrNotAcquired)
		e.ok(e.run(k.Acquire))
		second := e.spawn("second", k.Acquire)
		e.l.CallLater(u, func() { e.check(k.Locked() && !second.Done(), "two hold it"); e.ok(k.Release()) })
		_, err := loop.RunUntilComplete(e.l, second)
		e.ok(err)
		e.check(e.l.Time() == time.Duration(u), "at %v", e.l.Time())
	}},
}
