package list

import (
	"bufio"
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"crawl/frontier"
	"crawl/frontier/journal"
)

// Source is one input of lines.
type Source struct {
	Name string // for errors
	R    io.Reader
	// Regular says that R is a regular file: it is read on after an interrupt,
	// since its lines are all there; a pipe is not. If R is also an io.ReaderAt and
	// an io.Seeker, lines are read again instead of being kept.
	Regular bool
	// NoLines says that its entries have no line numbers, as on a command line.
	NoLines bool
}

// Options of a List. The zero value has the documented defaults.
type Options struct {
	// Window is how many lines are read ahead of what was settled as long as they
	// keep their reader busy; in memory are at most some three times as many. 0:
	// 10,000.
	Window int
	// Spill bounds the bytes that wait outside memory, in a temporary file: the
	// text of a pipe's lines, places in a file. 0: 1 GiB.
	Spill int64
	// Method is that of the lines that name none, as CheckMethod takes it; "": GET.
	Method string
	// Journal, if set, knows the lines that are done: they are read, and no more. Those
	// that are settled are noted in it, but for those with the verdict Cancelled, which
	// another run is to do. It belongs to the list until Close.
	Journal *journal.Journal
	// Unknown is told of members that do not count; nil: nobody is.
	Unknown Unknown
	// Now is the clock that paces parked hosts; nil: time.Now.
	Now func() time.Time
}

// Defaults of a List.
const (
	// DefaultWindow is the number of lines read ahead of what was settled.
	DefaultWindow = 10_000
	// DefaultSpill is the bytes that wait in a temporary file at most.
	DefaultSpill = 1 << 30
)

// List is a frontier over the lines of its sources. Make it with New.
type List struct {
	o       Options
	sources []Source
	stopped chan struct{}   // closed when the reader has ended
	unhook  func() bool     // from New's context
	items   []frontier.Item // that the reader makes at once
	unknown Unknown         // the reader's

	mu       sync.Mutex
	room     sync.Cond // the window has room, or the reader is to end
	hosts    map[string]*hostQueue
	leases   map[uint64]*hostQueue
	turns    frontier.Turns[*hostQueue] // hosts to be leased
	refills  frontier.Turns[*hostQueue] // leased hosts with an item that waits for its time
	noFetch  frontier.Queue[frontier.Item]
	noteOpen map[frontier.ItemID]frontier.Item // NoFetch items handed out
	token    uint64
	held     int // read and not settled
	away     int // of them, those in a backlog
	leased   int
	read     int64
	skipped  int64 // of them, those that the journal has
	settled  frontier.Verdicts
	more     chan struct{}
	moreSeen bool // somebody holds more: closing it tells them something
	seen     *frontier.Seen

	blocks  blocks        // of all backlogs
	waiting int64         // bytes in them
	want    int           // hosts that a search has yet to find
	found   int64         // what waited when it last found one, or less
	again   *bufio.Reader // for lines that are read again

	readable bool // the source being read can be read again
	piping   bool // the source being read is no regular file
	ended    bool // nothing more will be added
	halted   bool // after an interrupt: no pipe is read on
	closed   bool
	skim     atomic.Bool // count what is left, add nothing
	skimmed  int64
	err      error // why reading ended early
	broken   error // why lines that wait cannot: nothing is given out any more
	// complete says that every source was read, or counted, to its end.
	complete bool
}

// hostQueue is the queue of one host.
type hostQueue struct {
	key       string
	queue     frontier.Queue[frontier.Item]
	backlog   backlog         // comes after queue
	later     []frontier.Item // asked again, by NotBefore
	token     uint64          // of its lease; 0: not leased
	out       map[frontier.ItemID]frontier.Item
	notBefore time.Time
	frontier.Turn
}

var _ frontier.Frontier = (*List)(nil)

// New starts to read the sources, in their order. The reader ends with the
// input, with Close, or, unless it is inside a regular file, with ctx; a read
// that blocks on a pipe is left behind.
func New(ctx context.Context, sources []Source, o Options) *List {
	return start(ctx, sources, o, createTemp)
}

// start is New with the way to make the file for lines that wait.
func start(ctx context.Context, sources []Source, o Options, create func() (blockFile, error)) *List {
	if o.Window == 0 {
		o.Window = DefaultWindow
	}
	if o.Spill == 0 {
		o.Spill = DefaultSpill
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	l := &List{
		o: o, sources: sources, stopped: make(chan struct{}), items: make([]frontier.Item, atOnce), unknown: o.Unknown,
		hosts: map[string]*hostQueue{}, leases: map[uint64]*hostQueue{},
		noteOpen: map[frontier.ItemID]frontier.Item{},
		more:     make(chan struct{}), seen: frontier.NewSeen(),
		blocks: blocks{create: create},
		again:  bufio.NewReaderSize(nil, maxLine+2),
	}
	l.room.L = &l.mu
	l.unhook = context.AfterFunc(ctx, l.halt)
	go func() {
		defer close(l.stopped)
		l.readAll()
	}()
	return l
}

// halt is the end of ctx: a pipe is not read on, and nothing waits for its time
// any more, since lines are now claimed only to get their records.
func (l *List) halt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.halted = true
	for _, h := range l.hosts {
		l.rank(h, l.o.Now())
	}
	if l.piping {
		l.end(nil)
	}
	l.signal()
}

// end says that nothing more is added. The caller holds mu.
func (l *List) end(err error) {
	if !l.ended {
		l.ended, l.err = true, err
	}
	l.signal()
	l.room.Broadcast()
}

// signal closes the channel that the last batches carried. The caller holds mu.
func (l *List) signal() {
	if l.moreSeen {
		close(l.more)
		l.more, l.moreSeen = make(chan struct{}), false
	}
}

// Close ends the reader and waits for it, unless it is blocked on a pipe.
func (l *List) Close() {
	l.unhook()
	l.mu.Lock()
	l.closed = true
	piping := l.piping
	l.end(nil)
	l.mu.Unlock()
	if !piping {
		<-l.stopped
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.Close() // a reader left behind adds nothing any more
	l.blocks.close()
}

// Behind is how many lines of a host were read and wait here, those that were
// handed out not counted.
func (l *List) Behind(host string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.hosts[host]
	if h == nil {
		return 0
	}
	return h.queue.Len() + h.backlog.n + len(h.later)
}

// Waiting is how many lines of all hosts were read and wait here.
func (l *List) Waiting() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(l.held - l.leased)
}

// Skim reads the rest of the sources only to count its entries, and returns
// how many there were and whether that is all; ctx bounds it. Nothing is added
// to the frontier any more.
func (l *List) Skim(ctx context.Context) (unread int64, whole bool) {
	l.mu.Lock()
	l.skim.Store(true)
	l.room.Broadcast()
	left := l.ended && l.piping // the reader may be blocked in a pipe for ever
	l.mu.Unlock()
	if !left {
		select {
		case <-l.stopped:
		case <-ctx.Done():
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.skimmed, l.complete
}

// Stats counts what was read, queued, leased and settled.
func (l *List) Stats(context.Context) (frontier.Stats, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st := frontier.Stats{Read: l.read - l.skipped, Queued: int64(l.held - l.leased), Leased: int64(l.leased), Settled: l.settled}
	now := l.o.Now()
	for _, h := range l.hosts {
		if h.notBefore.After(now) {
			st.Parked = append(st.Parked, frontier.Parked{Host: h.key, Until: h.notBefore})
		}
	}
	return st, nil
}
