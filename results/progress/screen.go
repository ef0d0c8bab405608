package progress

import (
	"fmt"
	"io"
	"sync"
)

// Screen is a terminal with a line at its bottom that changes. What is written
// through Above stands above it.
type Screen struct {
	w     io.Writer
	width func() int

	mu    sync.Mutex
	line  string // what is to be seen
	drawn int    // the columns of what is seen; 0: nothing
	open  bool   // what was written above has not ended its line
}

// echo is kept free behind the line: Ctrl-C shows as ^C there.
const echo = 3

// NewScreen returns a screen on the terminal behind w, whose width in columns is
// asked whenever it counts. Where it is 0, the terminal is somebody else's for now,
// and no line is shown.
func NewScreen(w io.Writer, width func() int) *Screen { return &Screen{w: w, width: width} }

// Room is how many columns a line may have now.
func (s *Screen) Room() int { return max(1, s.width()-echo) }

// Show puts line, which is ASCII, in the place of the last one. While somebody
// else writes, it does nothing: the next one will do. It blocks as the terminal
// does.
func (s *Screen) Show(line string) {
	if !s.mu.TryLock() {
		return
	}
	defer s.mu.Unlock()
	s.line = line
	if !s.open && s.width() > 0 {
		s.put(s.redraw())
	}
}

// redraw returns what puts the line in the place of the last one: written over it,
// since a line that is taken away first flickers. The caller holds mu.
func (s *Screen) redraw() []byte {
	dst := []byte("\r")
	if s.drawn > s.width() {
		dst = s.erase(nil)
	}
	return append(append(dst, s.draw()...), "\x1b[K"...)
}

// Clear takes the line away. It blocks as the terminal does.
func (s *Screen) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = ""
	s.put(s.erase(nil))
}

// Above returns a writer to w, which leads to the same terminal, whose text
// stands above the line. Its Write has written when it returns.
func (s *Screen) Above(w io.Writer) io.Writer { return &above{s, w} }

type above struct {
	s *Screen
	w io.Writer
}

func (a *above) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s := a.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(s.erase(nil))
	n, err := a.w.Write(p)
	if n > 0 {
		s.open = p[n-1] != '\n'
	}
	if !s.open {
		s.put(s.draw())
	}
	return n, err
}

// Name is that of what lies beneath, for errors.
func (a *above) Name() string {
	if f, ok := a.w.(interface{ Name() string }); ok {
		return f.Name()
	}
	return "output"
}

// erase appends what takes the line off the terminal. The caller holds mu.
func (s *Screen) erase(dst []byte) []byte {
	if s.drawn == 0 {
		return dst
	}
	end := "\x1b[K"
	width, drawn := s.width(), s.drawn
	s.drawn = 0
	switch {
	case width <= 0: // others have written there
		return dst
	case drawn > width: // it became narrower
		dst = fmt.Appendf(dst, "\x1b[%dA", (drawn-1)/width)
		end = "\x1b[J"
	}
	return append(append(dst, '\r'), end...)
}

// draw returns what puts the line on the terminal. The caller holds mu.
func (s *Screen) draw() []byte {
	if s.width() <= 0 {
		return nil
	}
	line := s.line[:min(len(s.line), s.Room())]
	s.drawn = len(line)
	return []byte(line)
}

// put writes to the terminal, whose errors are nobody's concern.
func (s *Screen) put(text []byte) {
	if len(text) > 0 {
		_, _ = s.w.Write(text)
	}
}
