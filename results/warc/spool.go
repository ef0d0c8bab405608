package warc

import (
	"io"
	"os"
)

// inMemory is how much of a spool is in memory; more goes to a temporary file.
const inMemory = 256 << 10

// spool holds bytes until they are written elsewhere. The zero value is empty.
type spool struct {
	mem  []byte
	f    *os.File // has everything, if it is there
	name string   // of f, where it could not be taken away at once
	size int64
	err  error // the first
}

// Write adds to it. After an error it takes nothing more.
func (s *spool) Write(p []byte) (int, error) {
	if s.err == nil && s.f == nil && len(s.mem)+len(p) > inMemory {
		s.err = s.spill()
	}
	switch {
	case s.err != nil:
		return 0, s.err
	case s.f == nil:
		s.mem = append(s.mem, p...)
	default:
		if _, s.err = s.f.Write(p); s.err != nil {
			return 0, s.err
		}
	}
	s.size += int64(len(p))
	return len(p), nil
}

// spill moves it to a temporary file, whose name goes away at once where the system
// allows that, so that no kill leaves it behind.
func (s *spool) spill() error {
	f, err := os.CreateTemp("", "crawl-warc-*")
	if err != nil {
		return err
	}
	s.f = f
	if os.Remove(f.Name()) != nil {
		s.name = f.Name()
	}
	_, err = f.Write(s.mem)
	return err
}

// WriteTo writes all of it to w. It may be called again.
func (s *spool) WriteTo(w io.Writer) (int64, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.f == nil {
		n, err := w.Write(s.mem)
		return int64(n), err
	}
	// To a plain Writer, so that an error of w is w's own, with its path.
	return io.Copy(struct{ io.Writer }{w}, io.NewSectionReader(s.f, 0, s.size))
}

// clear empties it, and keeps its memory.
func (s *spool) clear() {
	if s.f != nil {
		s.f.Close()
	}
	if s.name != "" {
		_ = os.Remove(s.name)
	}
	*s = spool{mem: s.mem[:0]}
}
