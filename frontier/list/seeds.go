package list

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"crawl/frontier"
)

// SeedOptions are those of Seed. The zero value has the documented defaults.
type SeedOptions struct {
	// Method is that of the lines that name none; "": GET.
	Method string
	// Each is called for every line that is a URL, in their order, before it is put
	// into the store, and not at the same time as Claim hands out anything; nil: nobody
	// is.
	Each func(*frontier.Item)
	// Unknown is told of members that do not count; nil: nobody is.
	Unknown Unknown
}

// Seeds is a store of a crawl that is filled with the lines of a list: nothing is
// handed out before all of them are in, so that what is both a line and a link is
// a line, and the scope of links is known. Make it with Seed.
type Seeds struct {
	frontier.Seeder
	o       SeedOptions
	sources []Source
	ready   chan struct{} // closed when the store may be claimed from
	stopped chan struct{} // closed when the reader has ended
	unhook  func() bool

	mu       sync.Mutex
	halted   bool // count what is left, put nothing
	open     bool // ready is closed
	piping   bool // the source being read is no regular file
	index    int64
	batch    []frontier.Item // to be put into the store
	unread   int64
	complete bool
	err      error
}

// seedsAtOnce is how many lines are put into the store at a time.
const seedsAtOnce = 500

// halter is a store that is told of an interrupt.
type halter interface{ Halt() }

// Seed starts to read the sources, in their order, into the store, which stays
// its caller's to close, after Close. When ctx ends, what is in the store may be
// claimed, and the rest of a regular file is only counted.
func Seed(ctx context.Context, sources []Source, store frontier.Seeder, o SeedOptions) *Seeds {
	s := &Seeds{Seeder: store, o: o, sources: sources, ready: make(chan struct{}), stopped: make(chan struct{})}
	s.unhook = context.AfterFunc(ctx, s.halt)
	go func() {
		defer close(s.stopped)
		s.readAll()
	}()
	return s
}

// halt is the end of ctx. Lines that were read are put into the store, for a record;
// their reader may be blocked in a pipe.
func (s *Seeds) halt() {
	s.mu.Lock()
	if !s.halted {
		if err := s.flush(); err != nil && s.err == nil {
			s.err = err
		}
	}
	s.halted = true
	s.mu.Unlock()
	if h, ok := s.Seeder.(halter); ok {
		h.Halt()
		_ = s.Seeder.EndSeeds(context.Background()) // a store in memory cannot fail
	}
	s.release()
}

// release lets the store be claimed from.
func (s *Seeds) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		s.open = true
		close(s.ready)
	}
}

// Claim is the store's, once the seeds are in. It returns the error that ended
// reading early, once nothing else is left.
func (s *Seeds) Claim(ctx context.Context, hosts, perHost int, lease time.Duration) (frontier.Batch, error) {
	select {
	case <-s.ready:
	default:
		return frontier.Batch{More: s.ready}, ctx.Err()
	}
	b, err := s.Seeder.Claim(ctx, hosts, perHost, lease)
	if err == nil && b.Done {
		s.mu.Lock()
		defer s.mu.Unlock()
		err = s.err
	}
	return b, err
}

// Close ends the reader and waits for it, unless it is blocked on a pipe.
func (s *Seeds) Close() {
	s.unhook()
	s.halt()
	s.mu.Lock()
	piping := s.piping
	s.mu.Unlock()
	if !piping {
		<-s.stopped
	}
}

// Skim waits until the rest of the sources is counted, no longer than ctx, and
// returns how many entries are not in the store and whether those are all. It is
// for a run whose context has ended.
func (s *Seeds) Skim(ctx context.Context) (unread int64, whole bool) {
	s.mu.Lock()
	piping := s.piping
	s.mu.Unlock()
	if !piping {
		select {
		case <-s.stopped:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unread, s.complete
}

// readAll reads every source in turn and says that all seeds are in.
func (s *Seeds) readAll() {
	var err error
	for _, src := range s.sources {
		if !s.begin(src) {
			err = errEnded
			break
		}
		if err = s.read(src); err != nil {
			break
		}
	}
	whole := err == nil
	s.mu.Lock()
	halted := s.halted
	if !halted { // after an error of the list the lines before it are fetched all the same
		if ferr := s.flush(); err == nil {
			err = ferr
		}
	}
	s.mu.Unlock()
	if !halted { // else nobody may be there any more
		if serr := s.Seeder.EndSeeds(context.Background()); err == nil {
			err = serr
		}
	}
	s.mu.Lock()
	s.piping, s.complete = false, whole
	if err != errEnded && s.err == nil {
		s.err = err
	}
	s.mu.Unlock()
	s.release()
}

// begin says whether the next source is to be read.
func (s *Seeds) begin(src Source) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.piping = !src.Regular
	return !s.halted || src.Regular
}

// read reads one source to its end.
func (s *Seeds) read(src Source) error {
	br := bufio.NewReaderSize(src.R, maxLine+2)
	for n := int64(1); ; n++ {
		text, long, _, err := readLine(br)
		if err != nil && err != io.EOF {
			return fmt.Errorf("%s: %w", src.Name, err)
		}
		if text = trimmed(text, n == 1); isEntry(text) {
			s.o.Unknown = s.o.Unknown.look(&src, text, n)
			if aerr := s.add(src, text, long, n); aerr != nil {
				return aerr
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// add puts an entry into the store, or counts it.
func (s *Seeds) add(src Source, text []byte, long bool, line int64) error {
	it := parseLine(text, long)
	it.Method = cmp.Or(it.Method, s.o.Method)
	if !src.NoLines {
		it.Line = line
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halted {
		s.unread++
		if !src.Regular {
			return errEnded
		}
		return nil
	}
	it.Index = s.index
	s.index++
	if it.Invalid == nil && s.o.Each != nil {
		s.o.Each(&it)
	}
	s.batch = append(s.batch, it)
	if len(s.batch) < seedsAtOnce {
		return nil
	}
	return s.flush()
}

// flush puts into the store what is gathered. The caller holds mu.
func (s *Seeds) flush() error {
	if len(s.batch) == 0 {
		return nil
	}
	_, err := s.Seeder.Put(context.Background(), s.batch)
	s.batch = s.batch[:0]
	return err
}
