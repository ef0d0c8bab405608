package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"crawl/results"
)

// What is said on stderr: one line each, "crawl: " before it, small letters, no
// full stop; or, with -log json, an object each. Nothing in it is obeyed by a
// terminal.

// complain prints one line about err and returns code.
func complain(stderr io.Writer, code int, err error) int {
	say(stderr, slog.LevelError, err.Error())
	return code
}

// notice prints a line that -q silences.
func notice(o *options, stderr io.Writer, text string) {
	if !o.quiet {
		say(stderr, slog.LevelInfo, text)
	}
}

// say prints a line; with -log json it is an object, which attrs are members of.
func say(stderr io.Writer, level slog.Level, text string, attrs ...slog.Attr) {
	if c, ok := stderr.(*console); ok && c.log != nil {
		c.log.LogAttrs(context.Background(), level, text, attrs...)
		return
	}
	fmt.Fprintf(stderr, "crawl: %s\n", results.Visible(text))
}

// asksForJSON says that -log json is on a command line that could not be understood,
// or CRAWL_LOG=json among the variables and no -log there: a machine reads also what
// is wrong with it.
func asksForJSON(args, environ []string) bool {
	asks := slices.Contains(environ, "CRAWL_LOG="+logJSON)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, value, given := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		if name != "log" || arg[0] != '-' {
			continue
		}
		if !given && i+1 < len(args) {
			value = args[i+1]
		}
		asks = value == logJSON
	}
	return asks
}

// patient is a writer that waits for its reader, but once ctx is done no longer
// than a moment: a blocked stderr must not keep an interrupted run alive. A
// write that is given up goes on by itself, on a copy.
type patient struct {
	ctx context.Context
	w   io.Writer
}

// moment is how long an interrupted run waits for a reader of its stderr.
const moment = 100 * time.Millisecond

func (p *patient) Write(text []byte) (int, error) {
	done := make(chan error, 1)
	own := append([]byte(nil), text...)
	go func() {
		_, err := p.w.Write(own)
		done <- err
	}()
	select {
	case err := <-done:
		return len(text), err
	case <-p.ctx.Done():
	}
	select {
	case err := <-done:
		return len(text), err
	case <-time.After(moment):
		return 0, context.Cause(p.ctx)
	}
}
