package loop_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

// count yields 0, 1, ... below n and notes how far it was pulled.
func count(n int, pulled *int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			*pulled = i + 1
			if !yield(i) {
				return
			}
		}
	}
}

func TestMapPullsOnlyWhenASlotIsFree(t *testing.T) {
	e := newEnv(t, loop.Options{})
	pulled, running, peak, taken := 0, 0, 0, 0
	e.ok(e.run(func(c *loop.Ctx) error {
		for r := range loop.Map(c, count(1000, &pulled), 7, func(c *loop.Ctx, in int) (int, error) {
			running++
			peak = max(peak, running)
			defer func() { running-- }()
			return in * in, loop.Sleep(c, time.Duration(1+in%5)*u)
		}) {
			e.ok(r.Err)
			e.check(r.Value == r.Index*r.Index, "%+v", r)
			e.check(pulled-taken <= 7, "%d pulled, %d taken", pulled, taken)
			e.ok(loop.Sleep(c, u/10)) // a slow consumer stops the producer
			taken++
			e.check(len(e.l.AllTasks()) <= 8, "%d tasks", len(e.l.AllTasks()))
		}
		return nil
	}))
	e.check(taken == 1000 && peak == 7, "%d results, peak %d", taken, peak)
}

func TestMapOrderedKeepsTheOrderOfInputs(t *testing.T) {
	e := newEnv(t, loop.Options{})
	var got []string
	pulled := 0
	e.ok(e.run(func(c *loop.Ctx) error {
		for r := range loop.MapOrdered(c, count(6, &pulled), 3, func(c *loop.Ctx, in int) (int, error) {
			if in == 4 {
				return 0, errBoom
			}
			return in, loop.Sleep(c, time.Duration(6-in)*u)
		}) {
			got = append(got, fmt.Sprintf("%d:%d:%v", r.Index, r.Value, r.Err))
		}
		return nil
	}))
	want := "0:0:<nil> 1:1:<nil> 2:2:<nil> 3:3:<nil> 4:0:boom 5:5:<nil>"
	e.check(strings.Join(got, " ") == want, "%v", got)
}

func TestMapLeavesNoTaskBehind(t *testing.T) {
	for _, ordered := range []bool{false, true} {
		e := newEnv(t, loop.Options{})
		pulled := 0
		over := func(c *loop.Ctx, body func(loop.Result[int]) bool) {
			fn := func(c *loop.Ctx, in int) (int, error) {
				err := loop.Sleep(c, time.Duration(in+1)*u)
				_ = c.Shielded(0, func(c *loop.Ctx) error { return loop.Sleep(c, u) })
				return in, err
			}
			seq := loop.Map(c, count(100, &pulled), 5, fn)
			if ordered {
				seq = loop.MapOrdered(c, count(100, &pulled), 5, fn)
			}
			seq(body)
		}
		e.ok(e.run(func(c *loop.Ctx) error {
			over(c, func(loop.Result[int]) bool { return false })
			e.check(len(e.l.AllTasks()) == 1, "after a break: %s", names(e.l.AllTasks()))
			return loop.Sleep(c, u)
		}))
		var last loop.Result[int]
		task := e.spawn("t", func(c *loop.Ctx) error {
			over(c, func(r loop.Result[int]) bool { last = r; return true })
			e.check(len(e.l.AllTasks()) == 1, "after a cancel: %s", names(e.l.AllTasks()))
			return last.Err
		})
		e.l.CallLater(3*u+u/2, func() { task.Cancel(errOther) })
		_, err := loop.RunUntilComplete(e.l, task)
		e.check(errors.Is(err, errOther) && last.Index == -1 && task.Cancelled(), "%v, %+v", err, last)
		e.check(pulled < 15, "%d inputs pulled", pulled)
	}
}
