package loop_test

import (
	"context"
	"fmt"
	"time"

	"crawl/loop"
)

func ExampleRun() {
	elapsed, err := loop.Run(context.Background(), func(c *loop.Ctx) (time.Duration, error) {
		foo := loop.CreateTask(c, func(c *loop.Ctx) (string, error) { return "foo", loop.Sleep(c, time.Hour) })
		bar := loop.CreateTask(c, func(c *loop.Ctx) (string, error) { return "bar", loop.Sleep(c, 2*time.Hour) })
		both, err := loop.Await(c, loop.Gather(c.Loop(), foo, bar))
		fmt.Println(both, err)
		return c.Loop().Time(), nil
	}, loop.Options{Clock: new(loop.VirtualClock)})
	fmt.Println(elapsed, err)
	// Output:
	// [foo bar] <nil>
	// 2h0m0s <nil>
}
