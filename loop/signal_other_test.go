//go:build !unix

package loop_test

import "crawl/loop"

// The rows about signals need a process that can send one to itself; CI has it.

func signalRow(*env) {}

func secondInterruptRow(*env) {}

func restoredInterruptRow(*env) {}

func bareInterruptRow(*env) {}

func interruptRow(func(*env, *loop.Ctx) error, func(*env, string, error, bool)) func(*env) {
	return func(*env) {}
}
