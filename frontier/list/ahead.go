package list

import (
	"cmp"
	"io"

	"crawl/frontier"
)

// entry is a line that is not blank and no comment.
type entry struct {
	text    []byte // trimmed
	long    bool
	source  int
	at, end int64 // where it stands in its source
	line    int64 // from 1, in its source
	index   int64
}

// item makes an item of it.
func (l *List) item(e entry) frontier.Item {
	it := parseLine(e.text, e.long)
	it.Index, it.ID = e.index, frontier.ItemID(e.index+1)
	it.Method = cmp.Or(it.Method, l.o.Method)
	if !l.sources[e.source].NoLines {
		it.Line = e.line
	}
	if l.o.Journal != nil {
		it.Key = l.o.Journal.Key(&it)
	}
	return it
}

// isEntry says that a trimmed line is neither blank nor a comment.
func isEntry(text []byte) bool { return len(text) > 0 && text[0] != '#' }

// rereadable returns where a source stands, if what is read of it can be read
// again there.
func rereadable(s Source) (at int64, readable bool) {
	r, ok := s.R.(interface {
		io.ReaderAt
		io.Seeker
	})
	if !ok || !s.Regular {
		return 0, false
	}
	at, err := r.Seek(0, io.SeekCurrent)
	return at, err == nil
}

// The search for further hosts reads on though the window is full; lines of the
// hosts that are known wait outside memory then.

// searchHosts is the least that a search looks for.
const searchHosts = 16

// hostShare is how many lines a host may have in memory, however many others have
// some, unless a quarter of the window is too small for that.
const hostShare = 16

// crowded is how many times the window may be in memory for a search to go on.
const crowded = 3

// barren is the part of Options.Spill after which a search that finds nothing
// waits until some of it was given out.
const barren = 64

// search begins one, for as many hosts as are leased already: Claim found none
// to lease, though the window is full. The caller holds mu.
func (l *List) search(hosts int) {
	l.want = min(hosts, max(searchHosts, len(l.leases)))
	l.room.Broadcast()
}

// mayRead says that the next line is to be read: the window has room, or a search
// goes on and has room. The caller holds mu.
func (l *List) mayRead() bool {
	if l.held < l.o.Window {
		return true
	}
	return l.want > 0 && l.inMemory() < crowded*l.o.Window &&
		l.waiting < l.o.Spill && l.waiting-l.found < l.o.Spill/barren
}

// inMemory is how many lines are in memory, here or under a lease. The caller
// holds mu.
func (l *List) inMemory() int { return l.held - l.away }

// shelve puts an entry of a host behind the others of the host, in memory or
// not. The caller holds mu.
func (l *List) shelve(it frontier.Item, e entry) (inMemory bool, err error) {
	h := l.host(it.URL.HostPort())
	if h.backlog.n > 0 || h.queue.Len() > 0 && l.inMemory() > l.o.Window {
		took, err := h.backlog.put(&l.blocks, e, l.readable)
		l.away++
		l.waiting += int64(took)
		return false, err
	}
	if l.want > 0 && h.token == 0 && h.empty() {
		l.want--
		l.found = l.waiting
	}
	h.queue.PushBack(it)
	l.rank(h, l.o.Now())
	return true, nil
}

// portion is how many waiting lines of h may come back to memory at once: many
// while there is room, then fewer and fewer, and at last what keeps h from being
// idle. The caller holds mu.
func (l *List) portion(h *hostQueue) int {
	share := max(1, min(hostShare, l.o.Window/4/len(l.hosts)))
	return max(share-len(h.out)-h.queue.Len(), (l.o.Window-l.inMemory())/16)
}
