package journal

import (
	"errors"
	"os"
	"time"

	"crawl/frontier"
)

// Dir is a state's directory, held by this process: what all states have, whatever
// they keep of their runs. Make it with Hold.
type Dir struct {
	path     string
	settings []Setting
	lock     *os.File
	key      frontier.SeenKey
	was      bool // the directory held a state
	known    bool // and it goes on
}

// Hold takes the state in the directory at path, which is made if there is none.
// Nothing in it changes yet but the lock. With fresh it is taken whatever its
// settings were, and is not Known. The errors are a *HeldError, a *ChangedError, a
// *ForeignError, or a *fs.PathError that names the file.
func Hold(path string, settings []Setting, fresh bool, now time.Time) (*Dir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	held, err := lock(path, now)
	if err != nil {
		return nil, err
	}
	d := &Dir{path: path, settings: settings, lock: held}
	d.key, d.was, err = readMeta(path, settings)
	var changed *ChangedError
	if fresh && errors.As(err, &changed) {
		err = nil
	}
	if err != nil {
		held.Close()
		return nil, err
	}
	if d.known = d.was && !fresh; !d.known {
		d.key = newKey()
	}
	return d, nil
}

// Known says that there was a state, and it goes on. Otherwise a new one begins.
func (d *Dir) Known() bool { return d.known }

// Begin makes a new state, once nothing of an earlier one is left there. It is
// there as a whole, or not at all.
func (d *Dir) Begin() error { return writeMeta(d.path, d.key, d.settings) }

// Close gives the state up for others.
func (d *Dir) Close() error { return d.lock.Close() }
