package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// terminal is what a password is read from.
const terminal = "CONIN$"

// canErase says that the console f obeys ECMA-48, which older ones have to be told
// to do.
func canErase(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
