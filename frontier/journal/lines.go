package journal

import "crawl/frontier"

// Fate says what becomes of a line that was read.
type Fate uint8

// The fates of Meet.
const (
	New    Fate = iota // it has no record yet
	Repeat             // nor has it, but its request was made by an earlier line
	Done               // it has its record
)

// lines is what is known of lines, by their keys: a multiset, since a list may
// repeat them.
type lines struct {
	// requests has the index of the first line with each request. As long as that
	// line was not met in this run, earlier is added to it.
	requests *frontier.Seen
	// others counts, for each key, the duplicates and the invalid lines that are
	// done and were not met yet. Lines of one key get their records in the list's
	// order, so that those are the first ones.
	others *frontier.Seen
	met    int64
}

// earlier is above every index: a list of 200 billion lines is too long.
const earlier = 1 << 38

// newLines has room for so many requests.
func newLines(key frontier.SeenKey, requests int64) lines {
	l := lines{requests: frontier.NewSeenWithKey(key), others: frontier.NewSeenWithKey(key)}
	l.requests.Reserve(requests)
	return l
}

func (l *lines) close() {
	if l.requests != nil {
		l.requests.Close()
		l.others.Close()
	}
}

// note takes entries in, which none of is a mark.
func (l *lines) note(es []Entry) {
	for i := range es {
		l.noteOne(&es[i])
	}
}

func (l *lines) noteOne(e *Entry) {
	if !e.first() {
		if n, twice := l.others.AddHash(e.Key, 1); twice {
			l.others.Replace(e.Key, n+1)
		}
		return
	}
	l.requests.AddHash(e.Key, e.Index|earlier)
}

// Key is what stands for a line in the journal: the keyed hash of its request,
// or of its text, if it is none. It may be called from any goroutine.
func (j *Journal) Key(it *frontier.Item) uint64 {
	if it.Invalid != nil {
		return j.held.key.Hash("\x00" + it.Input) // no request begins like this
	}
	return j.held.key.Hash(it.Identity())
}

// Approach is called, if at all, with lines that are about to be met: to find the
// places of all of them takes as long as to find that of one, as these lie far
// apart in memory. It changes nothing.
func (j *Journal) Approach(its []frontier.Item) {
	for i := range its {
		j.lines.requests.Find(its[i].Key)
	}
}

// Meet says what becomes of the line of it, whose Key is set. As often as a line
// is done, it is met so. To a Repeat it gives DuplicateOf.
func (j *Journal) Meet(it *frontier.Item) Fate {
	fate := j.lines.meet(it)
	if fate == Done {
		j.lines.met++
	}
	return fate
}

// Met is how many lines were Done.
func (j *Journal) Met() int64 { return j.lines.met }

func (l *lines) meet(it *frontier.Item) Fate {
	if it.Invalid != nil {
		if l.take(it.Key) {
			return Done
		}
		return New
	}
	first, seen := l.requests.AddHash(it.Key, it.Index)
	switch {
	case !seen:
		return New
	case first&earlier != 0:
		l.requests.Replace(it.Key, first&^earlier)
		return Done
	case l.take(it.Key):
		return Done
	}
	it.DuplicateOf = first
	return Repeat
}

// take takes one off the count of key, if there is any.
func (l *lines) take(key uint64) bool {
	n, ok := l.others.Find(key)
	if !ok || n == 0 {
		return false
	}
	return l.others.Replace(key, n-1)
}
