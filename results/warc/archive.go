package warc

import (
	"crypto/rand"
	"io"
	"io/fs"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Options of an Archive. The zero value is usable.
type Options struct {
	// MaxSize is how large a file may become, in bytes as written, before a new one
	// begins; 0: any size. The records of one exchange stay together, and larger
	// ones than this have a file of their own. It implies Numbered.
	MaxSize int64
	// Numbered makes a series of it: site.warc.gz becomes site-00001.warc.gz, or the
	// first number that is free after all that are there.
	Numbered bool
	// Info is written at the beginning of each file, into its warcinfo record. It
	// should say which software made it, and how.
	Info []Field
	// Opening, if set, is told the path of each file before it is made, so that a
	// kill leaves none that nobody knows of. Its error ends the Archive.
	Opening func(path string) error
	// Now dates the files; nil: time.Now. Rand makes the records' identifiers, and
	// may be called from any goroutine; nil: crypto/rand.Reader.
	Now  func() time.Time
	Rand io.Reader
}

// Field is one line of a warcinfo record. A control character in it becomes a space.
type Field struct{ Name, Value string }

// Exchange is what is to be said of an exchange beside its bytes.
type Exchange struct {
	URI       string    // without userinfo and fragment
	Date      time.Time // when it began; kept to the microsecond
	IP        string    // the address that answered; "": unknown
	Truncated Reason    // why the answer was not read to its end
}

// Reason is why an answer is not whole (WARC 1.1 section 5.13). "" is whole.
type Reason string

// The reasons of the standard.
const (
	Length      Reason = "length"      // a limit of size
	Time        Reason = "time"        // a limit of time
	Disconnect  Reason = "disconnect"  // the connection broke
	Unspecified Reason = "unspecified" // any other
)

// Archive is a WARC file that grows, or a series of them. See the package comment
// for who may call what.
type Archive struct {
	o        Options
	presses  chan *gzip.Writer // nil ones are not made yet
	captures sync.Pool

	mu   sync.Mutex
	file *file
	err  error // of the first failed write, or that it is closed: final
	seen seen
}

// Create begins an archive at path, whose name should end in ".warc.gz", with 0666
// less the umask. The error is a *fs.PathError and names the path; it is fs.ErrExist
// where something is there, unless the Archive is Numbered.
func Create(path string, o Options) (*Archive, error) {
	o.Numbered = o.Numbered || o.MaxSize > 0
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	a := &Archive{o: o, presses: make(chan *gzip.Writer, runtime.GOMAXPROCS(0))}
	for range cap(a.presses) {
		a.presses <- nil
	}
	var err error
	if a.file, err = a.open(path); err != nil {
		return nil, err
	}
	return a, nil
}

// Write puts an exchange into the archive, and keeps nothing of c. One without an
// answer is passed over. After a return without an error the records are the
// system's; Sync brings them to the disk.
//
// The error names the file and wraps its cause. It is final but for those of a
// temporary file: nothing can be written after it. After Close it is fs.ErrClosed.
func (a *Archive) Write(c *Capture, e Exchange) error {
	if len(c.header) == 0 {
		return nil
	}
	if c.body.err != nil {
		return c.body.err
	}
	now, err := a.original(e)
	if err != nil {
		return err
	}
	first, again := a.find(c, e)
	if err := a.encode(c, e, now, first, again); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.append(&c.out); err != nil {
		return err
	}
	if c.repeatable(e) && !again {
		a.seen.add(c.digest(), now)
	}
	return nil
}

// original is what others may refer to if this exchange becomes a response record.
func (a *Archive) original(e Exchange) (original, error) {
	id, err := a.newID()
	return original{id: id, uri: uri(e.URI), date: date(e.Date)}, err
}

// find looks for an earlier response with the same payload.
func (a *Archive) find(c *Capture, e Exchange) (original, bool) {
	if !c.repeatable(e) {
		return original{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seen.find(c.digest())
}

// append writes whole members to the file, or to the next one. It is called with the
// lock held.
func (a *Archive) append(members *spool) error {
	if a.err != nil {
		return a.err
	}
	f := a.file
	if a.o.MaxSize > 0 && f.size > f.bare && f.size+members.size > a.o.MaxSize {
		if a.err = a.next(); a.err != nil {
			return a.err
		}
	}
	a.err = a.file.append(members)
	return a.err
}

// Sync brings to the disk what was written.
func (a *Archive) Sync() error {
	a.mu.Lock()
	f, err := a.file, a.err
	a.mu.Unlock()
	if err != nil {
		return nil // Write has told it, and what was closed is synced
	}
	return f.sync()
}

// Close brings the archive to the disk and ends it. A file in which there is no exchange
// is removed, so that it is in no later run's way. More calls do nothing.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file.closed {
		return nil
	}
	err := a.file.close()
	if a.err == nil {
		a.err = &fs.PathError{Op: "write", Path: a.file.path, Err: fs.ErrClosed}
	}
	return err
}
