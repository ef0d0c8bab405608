package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"

	"golang.org/x/term"

	"crawl/engine"
	"crawl/results"
)

// output is where the records go.
type output struct {
	sink     results.Sink
	file     *results.File // nil: stdout, or a file that grows in place
	state    kept          // nil without -state
	pipe     bool          // it is stdout
	brief    *brief        // nil: every record is shown
	template *unfailing    // nil without -template
}

// openOutput makes the sink that the flags ask for. A file that cannot be
// written is told here, before anything is fetched. It blocks on a FIFO that
// nobody reads, but no longer than ctx.
func openOutput(ctx context.Context, o *options, stdout io.Writer) (*output, error) {
	out := &output{pipe: o.toStdout()}
	w := stdout
	if !out.pipe && (o.state == "" || !results.CanGrow(o.output)) {
		f, err := orStopped(ctx, func() (*results.File, error) { return results.Create(o.output) })
		if err != nil {
			return nil, err
		}
		out.file, w = f, f
	}
	terminal := isTerminal(w) && (out.pipe || out.file != nil)
	enc, format := o.shape.encoder(terminal, os.Getenv)
	if text, ok := enc.(results.Text); ok && terminal {
		fd := int(w.(*os.File).Fd())
		out.brief = &brief{Text: text, width: func() int { return columns(fd) }}
		enc = out.brief
	}
	if t, ok := enc.(*results.Template); ok {
		out.template = &unfailing{Template: t}
		enc = out.template
	}
	if o.state != "" {
		return out, out.resume(o, w, enc, format)
	}
	writer := results.NewWriter(o.console.above(w), enc)
	if terminal {
		writer.Prompt()
	}
	if o.changes != "" && out.pipe && o.shape.headed() {
		writer.NoFrameAlone() // cron would mail a line of names, which tells nothing
	}
	out.sink = writer
	if o.order == orderInput {
		out.sink = results.NewOrdered(writer, results.Options{})
	}
	return out, nil
}

// toStdout says that the records go to standard output.
func (o *options) toStdout() bool { return o.output == "" || o.output == "-" }

// isStdout says that a name is one of standard output's, whatever that is.
func isStdout(name string) bool {
	return slices.Contains([]string{"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}, name)
}

// checkHeard refuses a standard output that is closed where the run remembers what it
// has told: it would keep as told what nobody heard.
func (o *options) checkHeard(stdout io.Writer) error {
	f, ok := stdout.(*os.File)
	if !ok || o.changes == "" && o.state == "" || !o.toStdout() || !closedAtStart(f) {
		return nil
	}
	return errors.New("standard output is closed, and the records would be lost: -o FILE keeps them, -o /dev/null does without")
}

// resume makes the sink of a run with -state.
func (out *output) resume(o *options, w io.Writer, enc results.Encoder, format string) error {
	open := openState
	if o.crawls() {
		open = openCrawlState
	}
	s, err := open(o, !out.pipe && out.file == nil, format)
	if err != nil {
		return err
	}
	out.state = s
	if out.pipe && s.earlier().Lines() > 0 {
		if err := endLine(w); err != nil {
			_ = s.close() // the first error says it all
			return err
		}
	}
	writer := results.NewWriter(o.console.above(w), enc)
	grown, end := s.output()
	switch {
	case grown != nil:
		writer = results.NewWriterAt(grown, enc, end)
	case s.earlier().Lines() > 0:
		writer.Opened() // it was, in an earlier run
	}
	if grown == nil && isTerminal(w) {
		writer.Prompt()
	}
	if out.sink, err = s.sink(writer); err != nil {
		_ = s.close() // the first error says it all
	}
	return err
}

// publish lets a file appear under its name, or, if the run's error is one of the
// output, leaves what was there before. complete says that every line has its
// record.
func (out *output) publish(fault error, complete bool) error {
	var err error
	if out.state != nil && !errors.Is(fault, engine.ErrStuck) { // else it is still in use, to the end of the process
		err = out.state.finish(complete)
	}
	var unwritten *engine.SinkError
	switch {
	case out.file == nil:
		return err
	case errors.As(fault, &unwritten):
		out.file.Abort()
		return err
	}
	return errors.Join(err, out.file.Commit())
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// earlier is how many lines earlier runs have done.
func (out *output) earlier() int64 {
	if out.state == nil {
		return 0
	}
	return out.state.earlier().Lines()
}
