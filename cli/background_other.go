//go:build !unix

package cli

// inBackground says that the process runs in the background of a terminal: there is
// no such thing.
func inBackground(int) bool { return false }
