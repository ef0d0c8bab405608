//go:build !unix

package cli

import "os"

// sigpipe is empty where writing to a closed pipe raises no signal.
var sigpipe []os.Signal

// watchReader does nothing here: a closed pipe is noticed at the next write.
func watchReader(*os.File, func()) (stop func()) { return func() {} }

// closedAtStart cannot be known here.
func closedAtStart(*os.File) bool { return false }
