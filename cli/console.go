package cli

import (
	"context"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"crawl/results/progress"
)

// Words that -log takes.
const (
	logText = "text"
	logJSON = "json"
)

// voice is how a run speaks on stderr, by its flags.
type voice struct {
	progress string // auto, always, never
	log      string // text, json
	verbose  bool
	metrics  string // where to serve them; "": nowhere
}

// console is stderr as a run has it: what is written to it stands above the
// progress line, and a blocked reader keeps no interrupted run alive. Any goroutine
// may write.
type console struct {
	w      io.Writer
	log    *slog.Logger     // nil: messages are text
	screen *progress.Screen // nil: there is no line that changes
	asked  <-chan os.Signal // SIGUSR1 and the like
}

func newConsole(ctx context.Context, o *options, stderr io.Writer) *console {
	c := &console{}
	if o.liveLine(stderr, os.Getenv) {
		f := stderr.(*os.File)
		fd := int(f.Fd())
		c.screen = progress.NewScreen(f, func() int { return columns(fd) })
		stderr = c.screen.Above(f)
	}
	c.w = &patient{ctx: ctx, w: stderr}
	if o.voice.log == logJSON {
		c.log = slog.New(slog.NewJSONHandler(c.w, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return c
}

func (c *console) Write(p []byte) (int, error) { return c.w.Write(p) }

// above returns a writer to w that respects the progress line, where w is a
// terminal too.
func (c *console) above(w io.Writer) io.Writer {
	if c == nil || c.screen == nil || !isTerminal(w) {
		return w
	}
	return c.screen.Above(w)
}

// logger is where the library tells of faults of ours.
func (c *console) logger() *slog.Logger {
	if c.log != nil {
		return c.log
	}
	return slog.New(slog.NewTextHandler(c, nil))
}

// liveLine says that a line which changes is to be shown on stderr: only on a
// terminal that can erase, whatever the flags say, since elsewhere nothing can be
// taken back.
func (o *options) liveLine(stderr io.Writer, getenv func(string) string) bool {
	switch {
	case o.voice.progress == whenNever, o.voice.log == logJSON, o.quiet && o.voice.progress != whenAlways:
		return false
	}
	return isTerminal(stderr) && getenv("TERM") != "dumb" && canErase(stderr.(*os.File))
}

// plainLines says that progress is told in whole lines, now and then.
func (o *options) plainLines(c *console) bool {
	return o.voice.progress == whenAlways && c.screen == nil
}

// columns is the width of a terminal; one that does not know it has the usual.
func columns(fd int) int {
	n, _, err := term.GetSize(fd)
	if err != nil || n <= 0 {
		return width
	}
	return n
}
