package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// DamagedError says that a file is broken in a way that no killed writer leaves
// behind. Nothing of it was changed.
type DamagedError struct {
	Path string
	At   int64 // the member that cannot be read begins here
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged at byte %d: %v", e.Path, e.At, e.Err)
}

// Unwrap gives what is wrong with the member.
func (e *DamagedError) Unwrap() error { return e.Err }

// Cut takes away a last member that a killed writer left incomplete, or zeros that a
// power cut left in its place, and reports how many bytes that were; a file of which
// nothing is left, or that is empty, is removed. It reads the whole file, and blocks as
// long. The error is a *DamagedError, or names the file.
func Cut(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	end, fault := wholeMembers(f)
	switch {
	case fault == nil && end > 0:
		return 0, nil
	case fault != nil && !errors.Is(fault, io.ErrUnexpectedEOF) && !zerosFrom(f, end):
		return 0, &DamagedError{path, end, fault}
	case end == 0:
		f.Close()
		return info.Size(), os.Remove(path)
	}
	if err := f.Truncate(end); err != nil {
		return 0, err
	}
	return info.Size() - end, f.Sync()
}

// wholeMembers is where the last member that is whole ends, and what is wrong with
// what follows it.
func wholeMembers(r io.Reader) (end int64, err error) {
	counted := &counter{r: r}
	br := bufio.NewReaderSize(counted, 64<<10)
	var z gzip.Reader
	for {
		if _, err := br.Peek(1); err == io.EOF {
			return end, nil
		}
		if err := z.Reset(br); err != nil {
			return end, cutShort(err)
		}
		z.Multistream(false)
		if _, err := io.Copy(io.Discard, &z); err != nil {
			return end, cutShort(err)
		}
		end = counted.n - int64(br.Buffered())
	}
}

// cutShort makes one of the errors for an end that came too soon.
func cutShort(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// zerosFrom says that there is nothing but zeros.
func zerosFrom(f *os.File, from int64) bool {
	b := make([]byte, 64<<10)
	for {
		n, err := f.ReadAt(b, from)
		if len(bytes.TrimLeft(b[:n], "\x00")) > 0 {
			return false
		}
		if err != nil {
			return err == io.EOF
		}
		from += int64(n)
	}
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
