//go:build unix

package cli

import "golang.org/x/sys/unix"

// inBackground says that the process runs in the background of the terminal fd, as
// after Ctrl-Z and bg, or with &.
func inBackground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group != unix.Getpgrp()
}
