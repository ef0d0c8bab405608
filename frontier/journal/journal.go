package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Options of Open.
type Options struct {
	// Settings are what must not change between the runs of one state.
	Settings []Setting
	// Fresh forgets what the state holds, whatever its settings were.
	Fresh bool
	// Before brings to the disk what entries speak of. It is called before they
	// are brought there themselves; nil: nothing is.
	Before func() error
	// Now is the clock that paces that; nil: time.Now.
	Now func() time.Time
}

// syncEvery is how much time a power cut may take back, at most.
const syncEvery = 5 * time.Second

// Journal is the state of a list's run: which lines are done. Make it with Open,
// then call Load once. It is for one goroutine at a time, and its calls block on
// the disk, but for Key and Meet.
type Journal struct {
	dir    string
	o      Options
	held   *Dir
	synced time.Time

	f    *os.File // from Load on
	size int64    // of its whole entries and what comes before them
	err  error    // the first of Append: nothing is written after it
	buf  []byte

	requests int64 // that its entries are of, about
	lines    lines
}

// Open takes the state in dir, which is made if there is none. Nothing in it
// changes yet but the lock. The errors are a *HeldError, a *ChangedError, a
// *ForeignError, or a *fs.PathError that names the file.
func Open(dir string, o Options) (*Journal, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	d, err := Hold(dir, o.Settings, o.Fresh, o.Now())
	if err != nil {
		return nil, err
	}
	j := &Journal{dir: dir, o: o, held: d}
	if !d.was && j.entries() > 0 {
		d.Close()
		return nil, &ForeignError{j.path("journal"), "belongs to no state"}
	}
	return j, nil
}

// Known says that there was a state, and it goes on. Otherwise a new one begins.
func (j *Journal) Known() bool { return j.held.known }

// Empty says that no line is done. It may be asked before Load.
func (j *Journal) Empty() bool { return !j.held.known || j.entries() == 0 }

// entries is how many there are room for in the file.
func (j *Journal) entries() int64 {
	info, err := os.Stat(j.path("journal"))
	if err != nil || info.Size() <= headSize {
		return 0
	}
	return (info.Size() - headSize + entrySize - 1) / entrySize
}

func (j *Journal) path(name string) string { return filepath.Join(j.dir, name) }

// Append notes lines that are done and whose records are written, in their order.
// They are in the system's hands when it returns, so that no kill can take them
// back, and on the disk within five seconds of writing, or at Close. After an
// error the journal is as it was before, and takes nothing more.
func (j *Journal) Append(es ...Entry) error {
	if j.err != nil || len(es) == 0 {
		return j.err
	}
	j.buf = j.buf[:0]
	for _, e := range es {
		j.buf = e.append(j.buf)
	}
	if _, err := j.f.WriteAt(j.buf, j.size); err != nil {
		_ = j.f.Truncate(j.size) // what is torn would be known by its checksum, too
		j.err = err
		return err
	}
	j.size += int64(len(j.buf))
	if now := j.o.Now(); now.Sub(j.synced) >= syncEvery {
		j.err = j.sync()
		j.synced = j.o.Now()
	}
	return j.err
}

// Mark notes that the output has grown to end and that it is now the turn of turn,
// by records that were done before.
func (j *Journal) Mark(end, turn int64) error {
	return j.Append(Entry{End: end, Turn: turn, mark: true})
}

// ErrRemoved is wrapped by the error of Append and Close where the journal does not
// have its name any more: the next run would not find it.
var ErrRemoved = errors.New("was removed or replaced while it was in use")

// inPlace says that the file is still the one of its name.
func (j *Journal) inPlace() error {
	named, err := os.Stat(j.path("journal"))
	if err == nil {
		var own os.FileInfo
		if own, err = j.f.Stat(); err == nil && os.SameFile(named, own) {
			return nil
		}
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = &fs.PathError{Op: "find", Path: j.path("journal"), Err: ErrRemoved}
	}
	return err
}

// sync brings the journal to the disk, and before it what it speaks of.
func (j *Journal) sync() error {
	if err := j.inPlace(); err != nil {
		return err
	}
	if j.o.Before != nil {
		if err := j.o.Before(); err != nil {
			return err
		}
	}
	return onDisk(j.f)
}

// Close brings all to the disk and gives the state up for others.
func (j *Journal) Close() error {
	var err error
	if j.f != nil {
		if err = j.err; err == nil {
			err = j.sync()
		}
		err = errors.Join(err, j.f.Close())
	}
	j.lines.close()
	return errors.Join(err, j.held.Close())
}
