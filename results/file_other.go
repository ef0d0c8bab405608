//go:build !unix

package results

import (
	"errors"
	"io/fs"
	"os"
)

// Elsewhere there are no descriptors with a path, no owner to keep and no
// directory to sync.

func dupFD(int, string) (*os.File, error) { return nil, errors.ErrUnsupported }

func keepOwner(*os.File, fs.FileInfo) {}

func syncDir(string) {}
