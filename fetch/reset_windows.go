package fetch

import (
	"errors"
	"syscall"
)

// systemReset knows Winsock's own numbers, which syscall.ECONNRESET is not.
func systemReset(err error) bool {
	return errors.Is(err, syscall.WSAECONNRESET) || errors.Is(err, syscall.WSAECONNABORTED)
}
