//go:build unix

package cli

import "golang.org/x/sys/unix"

// openFiles is how many files the process may have open, or 0 if that is not
// known. Go has raised the soft limit to the hard one already.
func openFiles() int {
	var r unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &r) != nil || r.Cur > 1<<30 {
		return 0
	}
	return int(r.Cur)
}
