package changes

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What stands around the entries: a first line that says what the file is, and a
// last one that says how many there are, so that a file that was cut off, be it
// between two lines, is known as such.

const (
	format = "crawl changes"
	// version is that of what is written. Files of version 1, which have no last
	// line, are read too.
	version = 2
	// maxLine bounds an entry: a URL has 64 KiB at most as it was typed, and each
	// of its bytes may become several in its normal form and in JSON.
	maxLine = 2 << 20
)

// head is the first line.
type head struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Salt    string `json:"salt"`
}

// foot is the last line.
type foot struct {
	Entries *int64 `json:"entries"`
}

// encode gives a head or a foot as a line.
func encode(line any) []byte {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // texts and numbers
	}
	return append(text, '\n')
}

// frame is what was read of a file's first and last line.
type frame struct {
	version int
	salt    []byte
	last    *int64 // what the last line says; nil: it was not met
}

// begin reads the first line.
func (f *frame) begin(line []byte) error {
	var h head
	if json.Unmarshal(line, &h) != nil || h.Format != format {
		return errors.New("does not begin the memory of a change feed")
	}
	if h.Version < 1 || h.Version > version {
		return fmt.Errorf("has version %d, and this program writes %d", h.Version, version)
	}
	var err error
	if f.salt, err = hex.DecodeString(h.Salt); err != nil || len(f.salt) != 16 {
		return errors.New("has no salt")
	}
	f.version = h.Version
	return nil
}

// end reads a line that may be the last, and says whether it is.
func (f *frame) end(line []byte) bool {
	var last foot
	if json.Unmarshal(line, &last) != nil {
		return false
	}
	f.last = last.Entries
	return f.last != nil
}

// whole says what is wrong with a file of so many entries, "" if nothing. People take
// lines out, and then they know the number; a disk or a copy does not.
func (f *frame) whole(entries int64) string {
	switch {
	case f.last == nil && f.version > 1:
		return fmt.Sprintf(`was cut off after %d entries (to go on with these, add a last line {"entries":%[1]d})`, entries)
	case f.last != nil && *f.last != entries:
		return fmt.Sprintf(`has %d entries, and its last line says %d (to go on with these, make that {"entries":%[1]d})`, entries, *f.last)
	}
	return ""
}

var errLong = fmt.Errorf("is longer than %d MiB", maxLine>>20)

// readLine returns the next line with its end, good until the next call; the last
// one may have none.
func readLine(r *bufio.Reader, long *[]byte) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		*long = append((*long)[:0], line...)
		for err == bufio.ErrBufferFull && len(*long) <= maxLine {
			line, err = r.ReadSlice('\n')
			*long = append(*long, line...)
		}
		line = *long
	}
	switch {
	case len(line) > maxLine:
		return nil, errLong
	case err == io.EOF && len(line) > 0:
		return line, nil
	}
	return line, err
}
