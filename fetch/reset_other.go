//go:build !windows

package fetch

// systemReset: the numbers of package syscall are all there are.
func systemReset(error) bool { return false }
