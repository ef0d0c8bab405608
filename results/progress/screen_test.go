package progress

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

func screenOn(t *terminal) *Screen { return NewScreen(t, func() int { return t.width }) }

func TestWhatIsWrittenStandsAboveTheLine(t *testing.T) {
	term := newTerminal(40)
	s := screenOn(term)
	out := s.Above(term)
	s.Show("1 done")
	fmt.Fprintln(out, "first record")
	s.Show("2 done, and more")
	fmt.Fprintln(out, "second record")
	s.Show("3 done")
	if got := term.text(); got != "first record\nsecond record\n3 done" {
		t.Errorf("%q", got)
	}
	s.Clear()
	fmt.Fprintln(out, "the summary")
	s.Clear()
	if got := term.text(); got != "first record\nsecond record\nthe summary\n" {
		t.Errorf("after it was cleared: %q", got)
	}
}

// A line that is not whole yet is not drawn over.
func TestTheLineWaitsForTheEndOfAnothersLine(t *testing.T) {
	term := newTerminal(40)
	s := screenOn(term)
	out := s.Above(term)
	s.Show("1 done")
	fmt.Fprint(out, "half")
	s.Show("2 done")
	if got := term.text(); got != "half" {
		t.Errorf("%q", got)
	}
	fmt.Fprint(out, " and whole\n")
	if got := term.text(); got != "half and whole\n2 done" {
		t.Errorf("%q", got)
	}
}

// Never wider than the terminal, with room for the ^C of Ctrl-C, which is gone with
// the next line.
func TestTheLineFitsBesideTheEchoOfCtrlC(t *testing.T) {
	term := newTerminal(20)
	s := screenOn(term)
	s.Show(strings.Repeat("x", 100))
	if got := term.text(); got != strings.Repeat("x", 17) {
		t.Errorf("%q", got)
	}
	fmt.Fprint(term, "^C")
	s.Show("stopping")
	if got := term.text(); got != "stopping" {
		t.Errorf("%q", got)
	}
	for _, width := range []int{0, 1, 2} {
		term.width = 20
		s := NewScreen(io.Discard, func() int { return width })
		s.Show("line")
		s.Show("line")
		if s.Room() < 1 {
			t.Errorf("%d columns of %d", s.Room(), width)
		}
	}
}

// While another job has the terminal, only what is to stay is written there; then
// the line comes again, and takes nothing away.
func TestNoLineIsShownInTheBackground(t *testing.T) {
	var sent strings.Builder
	width := 40
	w := writer(func(p []byte) { sent.Write(p) })
	s := NewScreen(w, func() int { return width })
	s.Show("1 done")
	width = 0
	sent.Reset()
	s.Show("2 done")
	fmt.Fprintln(s.Above(w), "a record")
	s.Show("3 done")
	s.Clear()
	if got := sent.String(); got != "a record\n" {
		t.Errorf("%q", got)
	}
	s.Show("4 done")
	width = 40
	sent.Reset()
	s.Show("5 done")
	fmt.Fprintln(s.Above(w), "a record")
	if got := sent.String(); got != "\r5 done\x1b[K\r\x1b[Ka record\n5 done" {
		t.Errorf("%q", got)
	}
}

// A line is written over: it is never taken away first, which would flicker.
func TestTheLineIsNeverBlankBetweenTwoFrames(t *testing.T) {
	var frames []string
	s := NewScreen(writer(func(p []byte) { frames = append(frames, string(p)) }), func() int { return 40 })
	s.Show("10 done, and more")
	s.Show("11 done")
	if got := strings.Join(frames, "|"); got != "\r10 done, and more\x1b[K|\r11 done\x1b[K" {
		t.Errorf("%q", got)
	}
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }

// A terminal that becomes narrower breaks the line into rows; nothing of them stays.
func TestNothingIsLeftBehindOnResizing(t *testing.T) {
	for width := 2; width <= 60; width++ {
		term := newTerminal(60)
		s := screenOn(term)
		out := s.Above(term)
		fmt.Fprintln(out, "record")
		s.Show(strings.Repeat("=", 57))
		term.width = width
		fmt.Fprintln(out, "next")
		s.Clear()
		if got := term.text(); got != "record\nnext\n" {
			t.Errorf("from 60 columns to %d: %q", width, got)
		}
	}
}

type blocking struct{ began, end chan struct{} }

func (b blocking) Write(p []byte) (int, error) {
	close(b.began)
	<-b.end
	return 1, errors.New("gone")
}
func (b blocking) Name() string { return "/dev/tty" }

// Who shows the line is not held up by a reader that has stopped.
func TestShowDoesNotWaitForOthers(t *testing.T) {
	term := newTerminal(40)
	s := screenOn(term)
	b := blocking{make(chan struct{}), make(chan struct{})}
	out := s.Above(b)
	var wg sync.WaitGroup
	wg.Go(func() {
		if n, err := out.Write([]byte("text")); n != 1 || err == nil {
			t.Errorf("%d, %v: the writer's own answer is lost", n, err)
		}
	})
	<-b.began
	s.Show("not now")
	if term.text() != "" {
		t.Errorf("%q", term.text())
	}
	close(b.end)
	wg.Wait()
	if got := out.(interface{ Name() string }).Name(); got != "/dev/tty" {
		t.Error(got)
	}
	if n, err := s.Above(io.Discard).Write(nil); n != 0 || err != nil {
		t.Error("an empty write is something")
	}
}

func TestManyMayWriteAtOnce(t *testing.T) {
	term := newTerminal(80)
	s := screenOn(term)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			out := s.Above(term)
			for range 100 {
				fmt.Fprintln(out, "a whole line")
				s.Show("progress")
			}
		})
	}
	wg.Wait()
	s.Clear()
	if got := term.text(); got != strings.Repeat("a whole line\n", 400) {
		t.Errorf("%d bytes: %.200q", len(got), got)
	}
}
