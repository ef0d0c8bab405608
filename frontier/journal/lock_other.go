//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package journal

import (
	"errors"
	"os"
)

// tryLock is refused: a state that two processes may write is none.
func tryLock(*os.File) error { return errors.ErrUnsupported }
