package list

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"crawl/frontier"
)

// maxLine is the longest line that may be a URL (cli.md §2).
const maxLine = 64 << 10

// readAll reads every source in turn and says when nothing more will come.
func (l *List) readAll() {
	var err error
	for _, s := range l.sources {
		if !l.begin(s) {
			break
		}
		if err = l.readSource(s); err != nil {
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

// begin says whether the next source is to be read.
func (l *List) begin(s Source) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.piping = !s.Regular
	if l.halted && l.piping {
		l.end(nil)
	}
	return !l.ended
}

// readSource reads one source to its end.
func (l *List) readSource(s Source) error {
	br := bufio.NewReaderSize(s.R, maxLine+2) // a line of maxLine bytes, CR and LF
	for n := int64(1); ; n++ {
		text, long, err := readLine(br)
		if err != nil && err != io.EOF {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if n == 1 {
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		if len(text) > 0 || long {
			number := n
			if s.NoLines {
				number = 0
			}
			if lerr := l.add(text, long, number); lerr != nil {
				return lerr
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readLine returns the next line without its end, good until the next call. Of
// one that is too long it returns the beginning and skips the rest: the next
// line is read all the same (a bufio.Scanner would give up).
func readLine(br *bufio.Reader) (text []byte, long bool, err error) {
	text, err = br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		text, long = bytes.Clone(text[:maxLine]), true
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = br.ReadSlice('\n')
		}
		return text, true, err
	}
	text = bytes.TrimRight(text, "\r\n")
	return text, len(text) > maxLine, err
}

// errEnded tells the reader that nothing more is wanted.
var errEnded = errors.New("reading was ended")

// add makes an entry of a line, once the window has room for it.
func (l *List) add(text []byte, long bool, number int64) error {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] == '#' {
		return nil
	}
	if l.skim.Load() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.ended {
			return errEnded
		}
		l.skimmed++
		return nil
	}
	it := parseLine(text, long)
	it.Line, it.Method = number, cmp.Or(it.Method, l.o.Method)
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held >= l.o.Window && !l.ended && !l.skim.Load() {
		l.room.Wait()
	}
	switch {
	case l.ended || l.closed:
		return errEnded
	case l.skim.Load():
		l.skimmed++
		return nil
	}
	it.Index = l.read
	it.ID = frontier.ItemID(l.read + 1)
	l.read++
	l.held++
	l.enqueue(it)
	l.signal()
	return nil
}

// enqueue puts a new entry where it belongs: with its host, or, invalid or
// asked for before, among those that get a record only. The caller holds mu.
func (l *List) enqueue(it frontier.Item) {
	if it.Invalid == nil {
		first, dup := l.seen.Add(it.Identity(), it.Index)
		if !dup {
			h := l.host(it.URL.HostPort())
			h.queue.PushBack(it)
			l.rank(h, l.o.Now())
			return
		}
		it.DuplicateOf = first
	}
	l.noFetch.PushBack(it)
}
