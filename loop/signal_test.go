//go:build unix

package loop_test

import (
	"os"
	"syscall"

	"crawl/loop"
)

func raise(sig syscall.Signal) { _ = syscall.Kill(os.Getpid(), sig) }

func signalRow(e *env) {
	l := loop.New(loop.Options{})
	n := 0
	e.ok(l.AddSignalHandler(syscall.SIGUSR1, func() { e.Error("replaced handler ran") }))
	e.ok(l.AddSignalHandler(syscall.SIGUSR1, func() { n++; l.Stop() }))
	l.CallSoon(func() { raise(syscall.SIGUSR1) })
	e.ok(l.RunForever())
	e.check(n == 1, "the handler ran %d times", n)
	e.check(l.RemoveSignalHandler(syscall.SIGUSR1), "remove says that there was one")
	e.check(!l.RemoveSignalHandler(syscall.SIGUSR1), "remove says that there was none")
	came := loop.NewFuture[int](l)
	e.ok(l.AddSignalHandler(syscall.SIGUSR2, func() { came.TrySet(1, nil) }))
	l.CallSoon(func() { go raise(syscall.SIGUSR2) })
	_, err := loop.RunUntilComplete(l, came) // a handler may wake the loop: no deadlock
	e.ok(err)
	e.check(l.RemoveSignalHandler(syscall.SIGUSR2), "remove says that there was one")
	_, err = loop.RunUntilComplete(l, loop.NewFuture[int](l))
	e.is(err, loop.ErrDeadlock)
	e.ok(l.AddSignalHandler(syscall.SIGUSR2, func() {}))
	e.ok(l.Close())
	e.check(!l.RemoveSignalHandler(syscall.SIGUSR2), "Close removes all")
	e.is(l.AddSignalHandler(syscall.SIGUSR2, func() {}), loop.ErrLoopClosed)
}
