package changes

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
)

// index knows where the entries of the old file stand: 16 bytes for each and one for
// whether it was met. It is read by many at once after load; met belongs to the one
// who writes.
type index struct {
	file  io.ReaderAt
	hash  func(Request) uint64
	slots []slot // by hash, and of the same by place
	met   []bool
}

type slot struct {
	hash uint64
	at   int64
}

// newIndex is that of a file that is still to be loaded, or an empty one.
func newIndex(f io.ReaderAt) index {
	seed := maphash.MakeSeed()
	return index{file: f, hash: func(q Request) uint64 { return maphash.String(seed, q.key()) }}
}

// lines is the file from its begin.
func (x *index) lines() *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(x.file, 0, 1<<62), 256<<10)
}

// load reads the file, which errors call path, and returns its salt.
func (x *index) load(path string) (salt []byte, err error) {
	var (
		f    frame
		at   int64
		long []byte
		r    = x.lines()
	)
	for n := int64(1); ; n++ {
		line, err := readLine(r, &long)
		switch {
		case err == io.EOF && n == 1:
			return nil, &FormatError{Path: path, Reason: "is empty"}
		case err == io.EOF:
			if reason := f.whole(int64(len(x.slots))); reason != "" {
				return nil, &FormatError{Path: path, Reason: reason}
			}
			x.sort()
			return f.salt, nil
		case errors.Is(err, errLong):
		case err != nil:
			return nil, err // it names the path
		case n == 1:
			err = f.begin(line)
		default:
			err = x.add(&f, line, at)
		}
		if err != nil {
			return nil, &FormatError{path, n, err.Error()}
		}
		at += int64(len(line))
	}
}

// add takes in a line after the first.
func (x *index) add(f *frame, line []byte, at int64) error {
	if f.last != nil {
		return errors.New("stands after the last one, which says how many entries there are")
	}
	e, err := decode(line)
	switch {
	case err == nil:
		x.slots = append(x.slots, slot{x.hash(e.request()), at})
	case errors.Is(err, errNoURL) && f.end(line):
		return nil
	}
	return err
}

func (x *index) sort() {
	slices.SortFunc(x.slots, func(a, b slot) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
	x.met = make([]bool, len(x.slots))
}

// place is where an entry stands in the index; none, below zero.
type place int

// find is the entry of a request and its place: of two in the file the last. Without
// one it is an entry that has nothing but the request. It blocks on the disk.
func (x *index) find(q Request) (entry, place, error) {
	q.URL = strings.ToValidUTF8(q.URL, "\ufffd") // as JSON has it
	none := entry{URL: q.URL, Method: q.Method, Own: q.Own}
	hash := x.hash(q)
	i, _ := slices.BinarySearchFunc(x.slots, hash, func(s slot, h uint64) int { return cmp.Compare(s.hash, h) })
	last := i
	for last < len(x.slots) && x.slots[last].hash == hash {
		last++
	}
	for last--; last >= i; last-- {
		line, err := x.lineAt(x.slots[last].at)
		if err != nil {
			return none, -1, err
		}
		e, err := decode(line)
		if err != nil {
			return none, -1, fmt.Errorf("%w: an entry %w", errWrittenOver, err)
		}
		if e.request() == q {
			return e, place(last), nil
		}
	}
	return none, -1, nil
}

// lineAt reads the line that begins at an offset.
func (x *index) lineAt(at int64) ([]byte, error) {
	buf := make([]byte, 0, 512)
	for {
		n, err := x.file.ReadAt(buf[len(buf):cap(buf)], at+int64(len(buf)))
		from := len(buf)
		buf = buf[:from+n]
		if end := bytes.IndexByte(buf[from:], '\n'); end >= 0 {
			return buf[:from+end+1], nil
		}
		switch {
		case err == io.EOF:
			return buf, nil // the last, without its end
		case err != nil:
			return nil, err
		}
		buf = slices.Grow(buf, cap(buf))
	}
}

// meet notes that an entry has a successor in the new file, and with it what stood
// before it for the same request, which would count again if it were kept. (That
// another request has the same hash is as likely as 1 in 30 million among a million.)
func (x *index) meet(at place) {
	for i := at; i >= 0 && x.slots[i].hash == x.slots[at].hash; i-- {
		x.met[i] = true
	}
}

// unmet gives the lines of the entries that were not met, in the order of the file.
func (x *index) unmet(give func(line []byte) error) error {
	var left []int64
	for i, s := range x.slots {
		if !x.met[i] {
			left = append(left, s.at)
		}
	}
	slices.Sort(left)
	var at int64
	var long []byte
	for r := x.lines(); len(left) > 0 && at <= left[0]; {
		line, err := readLine(r, &long)
		if err != nil {
			return fmt.Errorf("%w: %w", errWrittenOver, err)
		}
		this := at == left[0]
		if at += int64(len(line)); !this {
			continue
		}
		if line[len(line)-1] != '\n' {
			line = append(line, '\n')
		}
		if err := give(line); err != nil {
			return err
		}
		left = left[1:]
	}
	if len(left) > 0 {
		return errWrittenOver
	}
	return nil
}

var errWrittenOver = errors.New("the memory of the change feed was written over while it was in use")
