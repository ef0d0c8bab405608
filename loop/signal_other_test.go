//go:build !unix

package loop_test

// signalRow needs a process that can send itself a signal; CI has one.
func signalRow(e *env) {}
