//go:build !windows

package cli

import "os"

// terminal is what a password is read from, whatever stdin is.
const terminal = "/dev/tty"

// canErase says that the terminal f obeys ECMA-48.
func canErase(*os.File) bool { return true }
