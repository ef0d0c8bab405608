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
	e.ok(l.AddSignalHandler(syscall.SIGUSR2, func() {}))
	e.ok(l.Close())
	e.check(!l.RemoveSignalHandler(syscall.SIGUSR2), "Close removes all")
	e.is(l.AddSignalHandler(syscall.SIGUSR2, func() {}), loop.ErrLoopClosed)
}
