package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"crawl/frontier"
	"crawl/frontier/journal"
)

// maxLine is the longest line that may be a URL (cli.md §2).
const maxLine = 64 << 10

// readAll reads every source in turn and says when nothing more will come.
func (l *List) readAll() {
	var err error
	for i, s := range l.sources {
		at, ok := l.begin(s)
		if !ok {
			break
		}
		if err = l.readSource(i, at); err != nil {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complete = !l.ended && err == nil
	if errors.Is(err, errEnded) {
		err = nil
	}
	l.piping = false
	l.end(err)
}

// begin says whether the next source is to be read, and where it stands.
func (l *List) begin(s Source) (at int64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.piping = !s.Regular
	at, l.readable = rereadable(s)
	if l.halted && l.piping {
		l.end(nil)
	}
	return at, !l.ended
}

// readSource reads one source from at to its end.
func (l *List) readSource(source int, at int64) error {
	s := l.sources[source]
	br := bufio.NewReaderSize(s.R, maxLine+2) // a line of maxLine bytes, CR and LF
	var es []entry
	for n := int64(1); ; n++ {
		text, long, size, err := readLine(br)
		if err != nil && err != io.EOF {
			if lerr := l.add(es); lerr != nil {
				return lerr
			}
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		e := entry{long: long, source: source, at: at, end: at + size, line: n}
		at = e.end
		if n == 1 && bytes.HasPrefix(text, bom) {
			e.at += int64(len(bom))
		}
		e.text = trimmed(text, n == 1)
		if isEntry(e.text) {
			l.unknown = l.unknown.look(&s, e.text, n)
			es = append(es, e)
		}
		if err == nil && len(es) < atOnce && wholeLine(br) {
			continue
		}
		if lerr := l.add(es); lerr != nil || err == io.EOF {
			return lerr
		}
		es = es[:0]
	}
}

// atOnce is how many lines are added at once, at most: so many that they can be
// parsed and looked up together, and few beside a window.
const atOnce = 256

// wholeLine says that a line can be read without moving those that were read
// before it.
func wholeLine(br *bufio.Reader) bool {
	p, _ := br.Peek(br.Buffered()) // it cannot fail
	return bytes.IndexByte(p, '\n') >= 0
}

// bom is what some editors begin a file with.
var bom = []byte("\xef\xbb\xbf")

// trimmed is a line without what may stand around it.
func trimmed(text []byte, first bool) []byte {
	if first {
		text = bytes.TrimPrefix(text, bom)
	}
	return bytes.TrimSpace(text)
}

// readLine returns the next line without its end, good until the next call, and
// the size of both. Of one that is too long it returns the beginning and skips
// the rest: the next line is read all the same (a bufio.Scanner would give up).
func readLine(br *bufio.Reader) (text []byte, long bool, size int64, err error) {
	text, err = br.ReadSlice('\n')
	size = int64(len(text))
	if errors.Is(err, bufio.ErrBufferFull) {
		text = bytes.Clone(text[:maxLine])
		for errors.Is(err, bufio.ErrBufferFull) {
			var rest []byte
			rest, err = br.ReadSlice('\n')
			size += int64(len(rest))
		}
		return text, true, size, err
	}
	text = bytes.TrimRight(text, "\r\n")
	return text, len(text) > maxLine, size, err
}

// errEnded tells the reader that nothing more is wanted.
var errEnded = errors.New("reading was ended")

// add makes items of entries, as there is room for them.
func (l *List) add(es []entry) error {
	its := l.items[:len(es)]
	defer clear(its)
	l.parse(es, its)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.o.Journal != nil {
		l.o.Journal.Approach(its)
	}
	for i := range es {
		if err := l.addOne(&its[i], es[i]); err != nil {
			return err
		}
	}
	return nil
}

// parse makes the items of entries, if there are many in two goroutines: most of
// the time that reading takes is spent here.
func (l *List) parse(es []entry, its []frontier.Item) {
	if l.skim.Load() {
		return
	}
	half := 0
	done := make(chan struct{})
	if len(es) > atOnce/2 {
		half = len(es) / 2
		go func() {
			defer close(done)
			l.parseAll(es[:half], its[:half])
		}()
	} else {
		close(done)
	}
	l.parseAll(es[half:], its[half:])
	<-done
}

func (l *List) parseAll(es []entry, its []frontier.Item) {
	for i, e := range es {
		its[i] = l.item(e)
	}
}

// addOne adds an entry, once there is room for it. The caller holds mu.
func (l *List) addOne(it *frontier.Item, e entry) error {
	if !l.mayRead() {
		l.signal() // a Claim that finds no host begins a search now
	}
	for !l.mayRead() && !l.ended && !l.skim.Load() {
		l.room.Wait()
	}
	switch {
	case l.ended || l.closed:
		return errEnded
	case l.skim.Load():
		l.skimOne(e)
		return nil
	}
	e.index = l.read
	it.Index, it.ID = e.index, frontier.ItemID(e.index+1)
	l.read++
	l.held++
	return l.enqueue(it, e)
}

// enqueue puts a new entry where it belongs: with its host, or, invalid or
// asked for before, among those that get a record only. The caller holds mu.
func (l *List) enqueue(it *frontier.Item, e entry) error {
	switch fate := l.meet(it); {
	case fate == journal.Done:
		l.held--
		l.skipped++
		return nil
	case fate == journal.New && it.Invalid == nil:
		inMemory, err := l.shelve(*it, e)
		if inMemory {
			l.signal()
		}
		l.broken = err
		return err
	}
	l.noFetch.PushBack(*it)
	l.signal()
	return nil
}

// meet says what becomes of a new entry. The caller holds mu.
func (l *List) meet(it *frontier.Item) journal.Fate {
	if l.o.Journal != nil {
		return l.o.Journal.Meet(it)
	}
	if it.Invalid != nil {
		return journal.New
	}
	first, dup := l.seen.Add(it.Identity(), it.Index)
	if !dup {
		return journal.New
	}
	it.DuplicateOf = first
	return journal.Repeat
}

// skimOne counts an entry that nobody has time for, unless it is done. The caller
// holds mu.
func (l *List) skimOne(e entry) {
	if l.o.Journal != nil {
		if it := l.item(e); l.meet(&it) == journal.Done {
			return
		}
	}
	l.skimmed++
}
