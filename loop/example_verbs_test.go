package loop_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crawl/loop"
)

// onVirtualClock runs a program as loop.Run does, with hours that pass at once.
func onVirtualClock(main func(c *loop.Ctx) error) {
	_, err := loop.Run(context.Background(), func(c *loop.Ctx) (struct{}, error) {
		return struct{}{}, main(c)
	}, loop.Options{Clock: new(loop.VirtualClock)})
	if err != nil {
		fmt.Println("error:", err)
	}
}

// after makes a task that returns v after d.
func after(c *loop.Ctx, d time.Duration, v string) *loop.Task[string] {
	return loop.CreateTask(c, func(c *loop.Ctx) (string, error) { return v, loop.Sleep(c, d) }, v)
}

func ExampleGatherResults() {
	onVirtualClock(func(c *loop.Ctx) error {
		bad := loop.CreateTask(c, func(c *loop.Ctx) (string, error) { return "", errors.New("out of order") })
		rs, err := loop.Await(c, loop.GatherResults(c.Loop(), after(c, time.Hour, "foo"), bad))
		for _, r := range rs {
			fmt.Printf("%q %v\n", r.Value, r.Err)
		}
		return err
	})
	// Output:
	// "foo" <nil>
	// "" out of order
}

func ExampleWait() {
	onVirtualClock(func(c *loop.Ctx) error {
		pending := []*loop.Task[string]{after(c, 2*time.Hour, "bar"), after(c, time.Hour, "foo")}
		for len(pending) > 0 {
			var done []*loop.Task[string]
			var err error
			if done, pending, err = loop.Wait(c, pending, loop.FirstCompleted); err != nil {
				return err
			}
			for _, t := range done {
				v, err := t.Result()
				fmt.Println(c.Loop().Time(), v, err)
			}
		}
		return nil
	})
	// Output:
	// 1h0m0s foo <nil>
	// 2h0m0s bar <nil>
}

func ExampleAsCompleted() {
	onVirtualClock(func(c *loop.Ctx) error {
		for r := range loop.AsCompleted(c, after(c, 3*time.Hour, "slow"), after(c, time.Hour, "quick")) {
			fmt.Println(r.Value, r.Err, "argument", r.Index)
		}
		return nil
	})
	// Output:
	// quick <nil> argument 1
	// slow <nil> argument 0
}

func ExampleWaitFor() {
	onVirtualClock(func(c *loop.Ctx) error {
		_, err := loop.WaitFor(c, after(c, 3*time.Hour, "slow"), time.Hour)
		fmt.Println(err, errors.Is(err, loop.ErrTimeout), c.Loop().Time())
		return nil
	})
	// Output: time limit passed true 1h0m0s
}

// Cleanup that must suspend goes into Shielded: after a cancel, or at a limit,
// every other suspension fails.
func ExampleCtx_Shielded() {
	onVirtualClock(func(c *loop.Ctx) error {
		err := loop.Timeout(c, time.Hour, func(c *loop.Ctx) error {
			err := loop.Sleep(c, 5*time.Hour)
			cleanup := c.Shielded(time.Minute, func(c *loop.Ctx) error {
				return loop.Sleep(c, time.Second)
			})
			fmt.Println("cleaned up:", cleanup)
			return err
		})
		fmt.Println(err, c.Loop().Time())
		return nil
	})
	// Output:
	// cleaned up: <nil>
	// time limit passed 1h0m1s
}

func ExampleWithTaskGroup() {
	onVirtualClock(func(c *loop.Ctx) error {
		err := loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
			loop.CreateTask(g, func(c *loop.Ctx) (int, error) {
				_ = loop.Sleep(c, time.Minute)
				return 0, errors.New("no such page")
			})
			loop.CreateTask(g, func(c *loop.Ctx) (int, error) {
				err := loop.Sleep(c, time.Hour)
				fmt.Println("the sibling was cancelled:", errors.Is(err, context.Canceled))
				return 0, err
			})
			return nil
		})
		fmt.Println(err)
		return nil
	})
	// Output:
	// the sibling was cancelled: true
	// task group: no such page
}

// A producer and two consumers; Close lets the consumers end.
func ExampleQueue() {
	onVirtualClock(func(c *loop.Ctx) error {
		q := loop.NewQueue[int](c.Loop(), 2)
		consume := func(c *loop.Ctx) (int, error) {
			sum := 0
			for {
				n, err := q.Get(c)
				if errors.Is(err, loop.ErrQueueClosed) {
					return sum, nil
				}
				if err != nil {
					return sum, err
				}
				sum += n
			}
		}
		a, b := loop.CreateTask(c, consume), loop.CreateTask(c, consume)
		for n := range 10 {
			if err := q.Put(c, n); err != nil {
				return err
			}
		}
		q.Close()
		sums, err := loop.Await(c, loop.Gather(c.Loop(), a, b))
		fmt.Println(sums[0]+sums[1], err)
		return nil
	})
	// Output: 45 <nil>
}

// Three at a time: nine jobs of an hour take three.
func ExampleSemaphore() {
	onVirtualClock(func(c *loop.Ctx) error {
		three, err := loop.NewSemaphore(c.Loop(), 3)
		if err != nil {
			return err
		}
		var jobs []*loop.Task[int]
		for range 9 {
			jobs = append(jobs, loop.CreateTask(c, func(c *loop.Ctx) (int, error) {
				if err := three.Acquire(c); err != nil {
					return 0, err
				}
				defer three.Release()
				return 1, loop.Sleep(c, time.Hour)
			}))
		}
		_, err = loop.Await(c, loop.Gather(c.Loop(), jobs...))
		fmt.Println(c.Loop().Time(), err)
		return nil
	})
	// Output: 3h0m0s <nil>
}

// What blocks goes to an executor; nil is the loop's own.
func ExampleRunInExecutor() {
	onVirtualClock(func(c *loop.Ctx) error {
		sum, err := loop.Await(c, loop.RunInExecutor(c.Loop(), nil, func(ctx context.Context) (int, error) {
			return 6 * 7, nil // a file, a look-up, a parser
		}))
		fmt.Println(sum, err)
		return nil
	})
	// Output: 42 <nil>
}

// Callbacks, as call_soon and its kin: the loop runs until somebody stops it.
func ExampleLoop_CallLater() {
	l := loop.New(loop.Options{Clock: new(loop.VirtualClock)})
	defer l.Close()
	say := func(what string) func() { return func() { fmt.Println(what, "at", l.Time()) } }
	l.CallAt(2*time.Hour, func() { say("at")(); l.Stop() })
	l.CallLater(time.Hour, say("later"))
	l.CallLater(time.Minute, say("never")).Cancel()
	l.CallSoon(say("soon"))
	fmt.Println(l.RunForever())
	// Output:
	// soon at 0s
	// later at 1h0m0s
	// at at 2h0m0s
	// <nil>
}
