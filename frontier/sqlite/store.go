package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"crawl/frontier"
)

// File is the name of the database within its directory.
const File = "state.db"

// Options of a Store. The zero value has the documented defaults.
type Options struct {
	// Now is the clock that paces parked hosts and items that are asked again;
	// nil: time.Now.
	Now func() time.Time
	// Cache is how many bytes of the file are kept in memory; 0: 64 MiB.
	Cache int
	// Recent is how many hashes of what was seen last are kept in memory; 0:
	// 100,000, which take about 6 MB.
	Recent int

	maxPages int // so that a test can fill the disk
}

// Defaults of a Store.
const (
	DefaultCache  = 64 << 20
	DefaultRecent = 100_000
	// recentHosts is how many hosts that are not leased are kept in memory.
	recentHosts = 20_000
)

// Validate reports values that make no sense.
func (o Options) Validate() error {
	if o.Cache < 0 || o.Recent < 0 {
		return fmt.Errorf("sqlite: a size below zero (cache %d, recent %d)", o.Cache, o.Recent)
	}
	return nil
}

// ErrClosed is the answer of a store that was closed.
var ErrClosed = errors.New("the frontier's store is closed")

// Store is a frontier in an SQLite file. Make it with Open.
type Store struct {
	now    func() time.Time
	opened Opened

	// calls go to the one goroutine that owns all that is below.
	calls   chan call
	closing chan struct{}
	close   sync.Once
	stopped chan struct{}
	ended   error // of Close; written before stopped is closed

	db       *db
	state    state
	changed  bool // state, since it was written
	resuming bool // an earlier run has left something
	seeded   bool // this run's seeds are in
	holding  bool // with seeded: not all links that waited for that are let in

	recent *lru[int64, frontier.ItemID] // hashes of what was seen
	hosts  *lru[string, *host]
	again  *frontier.Seen  // the seeds of this run, if it resumes
	lines  map[int64]int64 // and how many of them get a record only, by hash

	leases   map[uint64]*lease
	leased   map[string]*lease // the same by host
	claimed  int64             // turns up to here were looked at
	noted    int64             // notes up to this ID were handed out
	noteOpen map[frontier.ItemID]struct{}
	refills  frontier.Turns[*lease]
	token    uint64
	out      int64 // items handed out and not settled
	kept     int64 // rows of done that were written
	more     chan struct{}
	moreSeen bool // somebody holds more: closing it tells them something
}

var _ frontier.Seeder = (*Store)(nil)

// Opened is what Open found.
type Opened struct {
	Read      int64             // items that earlier runs took in
	Settled   frontier.Verdicts // of them, by Verdict
	OutputEnd int64             // Outcome.OutputEnd of the last settlement: the output is cut back to it
	Seeded    bool              // an earlier run has put all its seeds
	Pages     int64             // taken of the limit of the run
	Answered  bool              // any of the items had an answer
	// Pruning says that RetryFailed was called, and then not Pruned.
	Pruning bool
	Cuts    frontier.Cuts
}

// Open opens the store in dir, which it makes if it is missing, with rights for
// its owner alone: URLs may hold passwords. What an earlier run left unsettled is
// offered again. It blocks on the disk, for milliseconds whatever the size of the
// store, or, after a crash, until the last few MiB were put in their place.
//
// Nobody else may have it open: the caller holds a lock. The error is an *Error
// that wraps a *VersionError, ErrForeign, or what the system says.
func Open(dir string, o Options) (*Store, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Cache == 0 {
		o.Cache = DefaultCache
	}
	if o.Recent == 0 {
		o.Recent = DefaultRecent
	}
	path, err := makeFile(dir)
	if err != nil {
		return nil, &Error{Path: filepath.Join(dir, File), Op: "open", Err: err}
	}
	d := openDB(path)
	d.setUp(o)
	s := &Store{
		now: o.Now, db: d, calls: make(chan call), closing: make(chan struct{}), stopped: make(chan struct{}),
		recent: newLRU[int64, frontier.ItemID](o.Recent), hosts: newLRU[string, *host](recentHosts), lines: map[int64]int64{},
		leases: map[uint64]*lease{}, leased: map[string]*lease{}, noteOpen: map[frontier.ItemID]struct{}{},
		more: make(chan struct{}),
	}
	s.load()
	if d.err != nil {
		err := d.err
		_ = d.close() // the first error counts
		return nil, err
	}
	go s.serve()
	return s, nil
}

// makeFile makes directory and file with the owner's rights, and returns the
// absolute path.
func makeFile(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.Join(dir, File))
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	return path, f.Close()
}

// Opened is what was there when the store was opened. It does not block and may
// be called from any goroutine.
func (s *Store) Opened() Opened { return s.opened }

// OutputEnd is Opened().OutputEnd.
func (s *Store) OutputEnd() int64 { return s.opened.OutputEnd }

// Close commits what is not, and ends the store and its goroutine, for which it
// waits. It returns the error that ended the store early, if one did. Other calls
// then return ErrClosed; a second Close returns what the first did.
func (s *Store) Close() error {
	s.close.Do(func() { close(s.closing) })
	<-s.stopped
	return s.ended
}

// Stats counts what came in, is queued, leased and settled; see
// frontier.Frontier.
func (s *Store) Stats(ctx context.Context) (frontier.Stats, error) {
	var st frontier.Stats
	err := s.call(ctx, func() error {
		st = frontier.Stats{Read: s.state.read, Queued: s.open() - s.out, Leased: s.out, Settled: s.state.settled}
		now := s.now().UnixNano()
		s.db.each("SELECT name, parked FROM host WHERE at > ?1 AND parked > ?1 ORDER BY at", []any{now}, func(scan func(...any) error) error {
			var name string
			var until int64
			err := scan(&name, &until)
			st.Parked = append(st.Parked, frontier.Parked{Host: name, Until: time.Unix(0, until)})
			return err
		})
		return nil
	})
	return st, err
}
