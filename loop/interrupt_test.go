//go:build unix

package loop_test

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"crawl/loop"
)

// interruptRow runs main on a Runner and sends the process one SIGINT when main
// is suspended.
func interruptRow(main func(e *env, c *loop.Ctx) error, check func(e *env, v string, err error, interrupted bool)) func(e *env) {
	return func(e *env) {
		other := 0
		r := loop.NewRunner(context.Background(), loop.Options{HandleInterrupt: true})
		v, err := loop.RunIn(r, func(c *loop.Ctx) (string, error) {
			loop.CreateTask(c, func(c *loop.Ctx) (int, error) {
				raise(syscall.SIGINT)
				for !r.Interrupted() {
					if err := loop.Sleep(c, time.Millisecond); err != nil {
						return 0, err
					}
				}
				err := loop.Sleep(c, time.Millisecond)
				if err == nil {
					other++ // the interrupt cancels main only
				}
				return 0, err
			})
			err := main(e, c)
			e.check(c.Cancelling() >= 1, "cancelling %d", c.Cancelling())
			_ = c.Shielded(0, func(c *loop.Ctx) error {
				for !r.Interrupted() || other == 0 {
					_ = loop.Sleep(c, time.Millisecond)
				}
				return nil
			})
			return "main", err
		})
		check(e, v, err, r.Interrupted())
		e.ok(r.Close())
	}
}

// secondInterruptRow: the second SIGINT ends the process even in a stuck
// cleanup. A child process shows it.
func secondInterruptRow(e *env) {
	if os.Getenv("LOOP_SECOND_INTERRUPT") == "1" {
		_, _ = loop.Run(context.Background(), func(c *loop.Ctx) (int, error) {
			loop.CreateTask(c, func(*loop.Ctx) (int, error) { raise(syscall.SIGINT); return 0, nil })
			_ = loop.Sleep(c, time.Hour)
			raise(syscall.SIGINT)
			for {
				time.Sleep(time.Second) // blocks the loop itself
			}
		}, loop.Options{HandleInterrupt: true})
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestSpec$/^R8$")
	cmd.Env = append(os.Environ(), "LOOP_SECOND_INTERRUPT=1")
	err := cmd.Run()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	e.check(ok && status.Signaled() && status.Signal() == syscall.SIGINT, "the process ended with %v", err)
}

// restoredInterruptRow: after the run SIGINT belongs to others again, and
// without the option it is never taken.
func restoredInterruptRow(e *env) {
	mine := make(chan os.Signal, 2)
	signal.Notify(mine, os.Interrupt)
	defer signal.Stop(mine)
	for _, handle := range []bool{false, true} {
		_, err := loop.Run(context.Background(), func(c *loop.Ctx) (int, error) { return 0, nil }, loop.Options{HandleInterrupt: handle})
		e.ok(err)
		raise(syscall.SIGINT)
		<-mine
	}
	r := loop.NewRunner(context.Background(), loop.Options{})
	_, err := loop.RunIn(r, func(c *loop.Ctx) (int, error) {
		raise(syscall.SIGINT)
		<-mine
		return 0, loop.Yield(c)
	})
	e.check(err == nil && !r.Interrupted(), "not asked for, and taken: %v", err)
	e.ok(r.Close())
}

// bareInterruptRow: on a bare loop a SIGINT ends the run at a turn's border; the
// tasks are intact and go on in the next run.
func bareInterruptRow(e *env) {
	l := loop.New(loop.Options{HandleInterrupt: true})
	defer l.Close()
	gate := loop.NewEvent(l)
	t := loop.CreateTask(l, func(c *loop.Ctx) (int, error) { return 7, gate.Wait(c) })
	l.CallSoon(func() { raise(syscall.SIGINT) })
	defer l.Hold()()
	_, err := loop.RunUntilComplete(l, t)
	e.is(err, loop.ErrInterrupted)
	e.check(!t.Done() && t.Cancelling() == 0, "the task is not intact")
	l.CallSoon(gate.Set)
	v, err := loop.RunUntilComplete(l, t)
	e.check(v == 7 && err == nil, "%v %v", v, err)
}
