//go:build !windows

package cli

// terminal is what a password is read from, whatever stdin is.
const terminal = "/dev/tty"
