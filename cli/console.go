package cli

import (
	"context"
	"io"
	"log/slog"
	"os"
	"runtime"
	"slices"

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

func newConsole(ctx context.Context, o *options, stdin io.Reader, stderr io.Writer) *console {
	c := &console{}
	if o.liveLine(stdin, stderr, os.Getenv) {
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
// taken back. It is not shown where the list is typed, on a terminal too: what is
// typed and the line would write over each other. The log of a CI system is no place
// for it either, although many have a terminal.
func (o *options) liveLine(stdin io.Reader, stderr io.Writer, getenv func(string) string) bool {
	always := o.voice.progress == whenAlways
	switch {
	case o.voice.progress == whenNever, o.voice.log == logJSON, o.quiet && !always, inCI(getenv) && !always:
		return false
	case slices.Contains(o.lists, "-") && isTerminal(stdin):
		return false
	}
	return isTerminal(stderr) && !dumb(getenv) && canErase(stderr.(*os.File))
}

// dumb says that a terminal cannot do more than a printer can, or that nobody knows
// what it can. On Windows TERM is not usual.
func dumb(getenv func(string) string) bool {
	kind := getenv("TERM")
	return kind == "dumb" || kind == "" && runtime.GOOS != "windows"
}

// inCI says that this is a job of a CI system, all of which set CI.
func inCI(getenv func(string) string) bool {
	switch getenv("CI") {
	case "", "0", "false":
		return false
	}
	return true
}

// plainLines says that progress is told in whole lines, now and then.
func (o *options) plainLines(c *console) bool {
	return o.voice.progress == whenAlways && c.screen == nil
}

// columns is the width of a terminal; one that does not know it has the usual, and
// one that another job has, 0: nothing that changes is to be drawn there.
func columns(fd int) int {
	if inBackground(fd) {
		return 0
	}
	n, _, err := term.GetSize(fd)
	if err != nil || n <= 0 {
		return width
	}
	return n
}
