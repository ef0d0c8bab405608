package list

import (
	"bufio"
	"io"
)

// Count returns how many entries the sources have from where they stand, and
// whether that can be known: a pipe's cannot. They stand there still afterwards. It
// blocks on the disk.
func Count(sources []Source) (n int64, ok bool) {
	for _, s := range sources {
		at, readable := rereadable(s)
		if !readable {
			return 0, false
		}
		r := io.NewSectionReader(s.R.(io.ReaderAt), at, 1<<62)
		found, err := count(r)
		if err != nil {
			return 0, false
		}
		n += found
	}
	return n, true
}

// count returns how many entries r has.
func count(r io.Reader) (n int64, err error) {
	br := bufio.NewReaderSize(r, maxLine+2)
	for first := true; ; first = false {
		text, _, _, err := readLine(br)
		if err != nil && err != io.EOF {
			return 0, err
		}
		if isEntry(trimmed(text, first)) {
			n++
		}
		if err == io.EOF {
			return n, nil
		}
	}
}
